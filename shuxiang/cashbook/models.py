"""The cash book: numbered entries that are never changed, and the closings of days. What an entry is for is a value only."""

from django.db import models
from django.db.models import F, Q

from shuxiang.audit.models import Operation
from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library


class Till(models.Model):
    """The cash box of a library: one row, which every entry and every closing writes first, so that they come one by one."""

    library = models.OneToOneField(Library, on_delete=models.PROTECT, related_name="till")
    closed_to = models.DateField(null=True, blank=True)  # the last day that was closed
    entries = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.library_id}: {self.closed_to}"


class CashYear(models.Model):
    """The last number given to an entry of a calendar year."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "year"], name="cash_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CashEntry(models.Model):
    """One line of the cash book: money that came (above zero) or went. Personal data: who paid, as on the receipt."""

    class Act(models.TextChoices):
        RECEIPT = "receipt"
        REFUND = "refund"
        REVERSAL = "reversal"  # 红冲 of one entry, whole
        HANDOVER = "handover"  # 上交: to the school's accounts

    class Kind(models.TextChoices):
        COMPENSATION = "compensation"
        CARD = "card"
        COPY = "copy"
        SERVICE = "service"
        OTHER = "other"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="cash_entries")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=8, choices=Act.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_fen = models.IntegerField()
    payer = models.CharField(max_length=60)  # who paid, was paid back, or took the money over
    words = models.CharField(max_length=200, blank=True)  # what for
    subject = models.CharField(max_length=80, blank=True)  # "compensation.case:12": who else accounts for it
    # the entry that a refund gives back (a part of) or that a reversal takes back
    of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "cash entries"
        constraints = [
            models.UniqueConstraint(fields=["library", "year", "number"], name="cash_number"),
            models.UniqueConstraint(fields=["of"], condition=Q(act="reversal"), name="cash_reversed_once"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="cash_not_nothing"),
            models.CheckConstraint(
                condition=Q(act="receipt", amount_fen__gt=0, of__isnull=True)
                | Q(act="refund", amount_fen__lt=0, of__isnull=False)
                | Q(act="handover", amount_fen__lt=0, of__isnull=True)
                | Q(act="reversal", of__isnull=False),
                name="cash_act_and_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["library", "on"], name="cash_on"),
            models.Index(fields=["library", "subject"], condition=~Q(subject=""), name="cash_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:04d}"


class DayClose(models.Model):
    """What was counted in the box against the book, for all days since the closing before; never changed, never undone."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="day_closes")
    from_on = models.DateField()
    on = models.DateField()
    entries = models.PositiveIntegerField()
    opening_fen = models.IntegerField()  # what was counted last time
    in_fen = models.IntegerField()
    out_fen = models.IntegerField()  # below zero or nothing
    book_fen = models.IntegerField()
    counted_fen = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    signed_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "on"], name="day_closed_once"),
            models.CheckConstraint(condition=Q(on__gte=F("from_on")), name="day_close_order"),
            models.CheckConstraint(
                condition=Q(book_fen=F("opening_fen") + F("in_fen") + F("out_fen")), name="day_close_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(book_fen=F("counted_fen")) | ~Q(note=""), name="day_difference_noted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.on}"

    @property
    def difference_fen(self) -> int:
        """What was counted less what the book says."""
        return self.counted_fen - self.book_fen
