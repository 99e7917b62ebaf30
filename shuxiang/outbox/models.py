"""Messages on their way out, and the sender that a library has chosen. What a message is about it knows by value only."""

from django.db import models
from django.db.models import Q

from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library


class SenderSettings(models.Model):
    """By which way a library's messages go. The password is not here: it lies in a file of the data folder (secrets.py)."""

    class Kind(models.TextChoices):
        NONE = "none"  # nothing is sent: slips are printed
        SMTP = "smtp"

    class Security(models.TextChoices):
        TLS = "tls"
        STARTTLS = "starttls"
        PLAIN = "plain"

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="sender_settings")
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.NONE)
    host = models.CharField(max_length=200, blank=True)
    port = models.PositiveIntegerField(default=465)
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    username = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=254, blank=True)
    modified_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "sender settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="none") | (~Q(host="") & ~Q(from_address="")), name="sender_is_whole"
            )
        ]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.kind}"


class Message(models.Model):
    """One letter to one address. Personal data: the address, and names in the body, emptied 90 days after it went."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        CANCELLED = "cancelled"

    uuid = models.UUIDField(
        default=uuid7, unique=True, editable=False
    )  # its Message-ID: the same at every try
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="messages")
    to_address = models.CharField(max_length=254)
    to_name = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    about = models.CharField(max_length=80, blank=True)  # "urging.round:12"
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=30, blank=True)  # a code of messages.ERRORS
    error_text = models.CharField(max_length=200, blank=True)  # what the server said
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)  # sent, given up or cancelled

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", ended_at__isnull=True)
                | (~Q(state="queued") & Q(ended_at__isnull=False)),
                name="message_ended_is_whole",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="queued"), name="message_due"),
            models.Index(fields=["library", "-created_at"], name="message_lately"),
            models.Index(fields=["ended_at"], condition=~Q(body=""), name="message_with_body"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"
