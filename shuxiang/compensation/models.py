"""What readers lost or damaged, by which rule it is made good, and how it was."""

from django.db import models
from django.db.models import F, Q

from shuxiang.cashbook.models import CashEntry
from shuxiang.circulation.models import Loan
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron


class Severity(models.TextChoices):
    LOST = "lost"
    HEAVY = "heavy"  # pages torn out, soaked: cannot be lent any more
    LIGHT = "light"  # scribbles, stains: can be read
    COVER = "cover"


class CompensationPolicy(models.Model):
    """What holds for every case of a library, and which shipped set its rules began as."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="compensation_policy")
    set_code = models.CharField(max_length=20, blank=True)  # of shipped.SETS; empty: rules of its own
    unknown_price_fen = models.PositiveIntegerField(
        null=True, blank=True
    )  # counts as price where none is known
    refund_days = models.PositiveSmallIntegerField(
        default=30
    )  # within which a found volume is paid back unasked
    replacement_fee_fen = models.PositiveIntegerField(default=0)  # for making a new volume ready
    modified_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "compensation policies"

    def __str__(self) -> str:
        return f"{self.library_id}: {self.set_code}"


class CompensationRule(models.Model):
    """One row of the rule table; the first that fits counts. An empty condition fits everything."""

    class Material(models.TextChoices):
        BOOK = "book"
        REFERENCE = "reference"
        SERIAL = "serial"
        SET = "set"  # a volume of a set

    class Base(models.TextChoices):
        LIST = "list"
        CURRENT = "current"
        SET = "set"
        NONE = "none"  # the fee alone

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="compensation_rules")
    position = models.PositiveSmallIntegerField()
    severity = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    material = models.CharField(max_length=9, choices=Material.choices, blank=True)
    copies_from = models.PositiveSmallIntegerField(null=True, blank=True)
    copies_to = models.PositiveSmallIntegerField(null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(null=True, blank=True)  # published in that year or before
    base = models.CharField(max_length=7, choices=Base.choices)
    factor = models.PositiveSmallIntegerField(default=100)  # per cent of the base
    fee_fen = models.PositiveIntegerField(default=0)
    min_fen = models.PositiveIntegerField(null=True, blank=True)
    max_fen = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "position"], name="compensation_rule_place"),
            models.CheckConstraint(
                condition=Q(min_fen=None) | Q(max_fen=None) | Q(max_fen__gte=F("min_fen")),
                name="compensation_rule_limits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.base} × {self.factor}"


class Case(models.Model):
    """One volume that a reader lost or damaged, from the report to what became of it. Personal data: the reader."""

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        FOUND = "found"  # the volume turned up; what was paid was given back or not
        CANCELLED = "cancelled"  # opened by mistake

    class Way(models.TextChoices):
        CASH = "cash"
        EDITION = "edition"  # 同版新书
        WAIVER = "waiver"
        REPAIR = "repair"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="compensation_cases")
    loan = models.ForeignKey(Loan, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    item = models.ForeignKey(  # empty: lent without a volume
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    class_label = models.CharField(max_length=30, blank=True)  # as it was then
    title = models.CharField(max_length=500)
    severity = models.CharField(max_length=5, choices=Severity.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    way = models.CharField(max_length=7, choices=Way.choices, blank=True)
    # how the sum came about, as the rules were then
    price_fen = models.PositiveIntegerField(null=True, blank=True)
    reckoning = models.JSONField(default=dict)  # rules.Reckoning
    due_fen = models.PositiveIntegerField()
    paid_fen = models.PositiveIntegerField(default=0)  # received less given back
    waived_fen = models.PositiveIntegerField(default=0)
    approved_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # of a waiver, or what was repaired
    note = models.CharField(max_length=200, blank=True)
    replacement = models.OneToOneField(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="replaces_case"
    )
    withdrawal = models.ForeignKey(
        Withdrawal, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    was_restored = models.BooleanField(default=False)  # when it was found: the withdrawal was taken back
    marked_lost = models.BooleanField(default=False)  # by this case, not before it
    opened_on = models.DateField()
    opened_by = models.CharField(max_length=80)
    settled_on = models.DateField(null=True, blank=True)
    found_on = models.DateField(null=True, blank=True)
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="open", item__isnull=False), name="case_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | (Q(settled_on__isnull=False) & ~Q(way="")),
                name="case_settled_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(waived_fen=0) | (~Q(approved_by="") & ~Q(reason="")), name="case_waiver_is_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["library", "opened_on"], name="case_opened"),
            models.Index(fields=["library", "state"], name="case_state"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.severity} {self.state}"

    @property
    def left_fen(self) -> int:
        """What is still to be paid, in fen."""
        return max(0, self.due_fen - self.paid_fen - self.waived_fen)


class Payment(models.Model):
    """A line of the cash book that belongs to a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    entry = models.OneToOneField(CashEntry, on_delete=models.PROTECT, related_name="case_payment")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.entry_id}"
