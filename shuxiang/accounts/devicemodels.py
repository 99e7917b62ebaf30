"""Machines that readers serve themselves at: registered by a one-time code, known afterwards by a key in a cookie."""

from django.db import models
from django.db.models import Q

from shuxiang.libraries.models import Library, Room


class Kiosk(models.Model):
    """A self-service machine (自助借还机): where it stands, what it may do, until when. Digests only, no key is kept."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="kiosks")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL, related_name="kiosks")
    name = models.CharField(max_length=40)
    may_lend = models.BooleanField(default=True)
    may_return = models.BooleanField(default=True)
    may_renew = models.BooleanField(default=True)
    by_class = models.BooleanField(default=True)  # readers without a card: class, name, picture code
    shows_pinyin = models.BooleanField(default=True)
    reset_seconds = models.PositiveSmallIntegerField(default=30)
    expires_on = models.DateField(null=True, blank=True)  # its last day
    code_digest = models.CharField(
        max_length=64, blank=True
    )  # of the one-time code that waits to be typed in
    code_expires_at = models.DateTimeField(null=True, blank=True)
    key_digest = models.CharField(max_length=64, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "name"], name="kiosk_name"),
            models.UniqueConstraint(fields=["key_digest"], condition=~Q(key_digest=""), name="kiosk_key"),
            models.CheckConstraint(
                condition=Q(reset_seconds__gte=10, reset_seconds__lte=600), name="kiosk_reset"
            ),
        ]

    def __str__(self) -> str:
        return self.name
