"""Operations (every act, once) and jobs. Lowest of the rooms with tables: it names libraries by code, people as text."""

from django.db import models
from django.db.models import Q

from shuxiang.common.ids import uuid7


class Operation(models.Model):
    """One act, written in the act's own transaction; the same id a second time returns the first result.

    Holds personal data only as the acting person's account name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.CharField(max_length=60)  # dotted: circulation.check_out
    library_code = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=80)
    door = models.CharField(max_length=10)
    at = models.DateTimeField()
    subject = models.CharField(max_length=80, blank=True)  # "holdings.item:123"
    request_digest = models.CharField(
        max_length=64, blank=True
    )  # a reused id with another request is refused
    result = models.JSONField(default=dict)
    detail = models.JSONField(default=dict)
    undone_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undoes"
    )

    class Meta:
        indexes = [
            models.Index(fields=["library_code", "-at"], name="operation_library_at"),
            models.Index(fields=["subject"], name="operation_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Job(models.Model):
    """A long act that runs in chunks in the server's process or the command line, and survives a power cut."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    library_code = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    params = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)  # the reconciling last line, or why it failed
    requested_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="job_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(state__in=["done", "failed"]),
                name="job_finished_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
