"""Requests at the service desk: reference questions, literature searches, copies, deliveries."""

from django.db import models
from django.db.models import Q

from shuxiang.cashbook.models import CashEntry
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron


class Inquiry(models.Model):
    """One request, from the question to the answer. Personal data: who asked."""

    class Kind(models.TextChoices):
        REFERENCE = "reference"
        SEARCH = "search"
        COPY = "copy"
        DELIVERY = "delivery"
        OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        DROPPED = "dropped"  # withdrawn by who asked, or written down by mistake

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="inquiries")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    patron = models.ForeignKey(
        Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="inquiries"
    )
    asker = models.CharField(max_length=60, blank=True)  # in free words, where it is no reader
    question = models.CharField(max_length=1000)
    answer = models.CharField(max_length=2000, blank=True)
    sources = models.CharField(max_length=500, blank=True)  # what was given or looked up
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    fee_fen = models.PositiveIntegerField(default=0)
    receipt = models.ForeignKey(
        CashEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries"
    )
    asked_on = models.DateField()
    asked_by = models.CharField(max_length=80)  # who wrote it down
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    modified_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "inquiries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="inquiry_answered_is_whole",
            )
        ]
        indexes = [models.Index(fields=["library", "state", "-asked_on"], name="inquiry_state")]

    def __str__(self) -> str:
        return self.question[:60]
