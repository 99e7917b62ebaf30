"""What a replay could not do: acts made while the server was away that somebody has to look at."""

from django.db import models

from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron


class KeptAct(models.Model):
    """An act of a device without a network, or of a machine that was superseded, which the books would not take.

    Its key is the act's own operation id, so that the same act sent again is kept once. Personal data: who stood there,
    until services.settling forgets it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="kept_acts")
    account = models.CharField(max_length=80)  # who scanned it
    door = models.CharField(max_length=10)
    verb = models.CharField(max_length=10)  # scan, or what was done on the other machine
    code = models.CharField(max_length=200)
    patron = models.ForeignKey(
        Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="kept_acts"
    )
    is_certain = models.BooleanField(default=True)  # whether it was that reader who stood there
    at = models.DateTimeField()  # by the server's clock, as far as it could be reckoned
    outcome = models.CharField(max_length=20)  # how the replay ended
    reasons = models.JSONField(default=list)  # [[code, weight, params], …]
    received_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=80, blank=True)
    remark = models.CharField(max_length=200, blank=True)  # why it was dismissed

    class Meta:
        indexes = [models.Index(fields=["library", "state", "at"], name="kept_act_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
                name="kept_act_settled_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.at:%Y-%m-%d %H:%M} {self.state}"
