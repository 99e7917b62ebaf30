"""Loans and the policies they follow."""

from django.db import models
from django.db.models import F, Q

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import holdmodels, keptmodels  # noqa: F401  the rest of the tables
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Item, Movement, ShelvingLocation
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Patron, PatronCategory


class LoanPolicy(models.Model):
    """What a category of readers may borrow. The most specific row wins: location over category over library.

    An empty value leaves the question to the next less specific row; the library's own row answers all.
    """

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="loan_policies")
    category = models.ForeignKey(PatronCategory, null=True, blank=True, on_delete=models.CASCADE)
    location = models.ForeignKey(ShelvingLocation, null=True, blank=True, on_delete=models.CASCADE)
    loan_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    loan_days = models.PositiveSmallIntegerField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(null=True, blank=True)
    renewal_days = models.PositiveSmallIntegerField(null=True, blank=True)
    in_room_only = models.BooleanField(null=True, blank=True)
    hold_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_days = models.PositiveSmallIntegerField(null=True, blank=True)  # on the pick-up shelf
    suspension_per_day_late = models.PositiveSmallIntegerField(null=True, blank=True)  # days; 0: never

    class Meta:
        verbose_name_plural = "loan policies"
        constraints = [  # one row a scope; spelled out, as NULLs are distinct on SQLite
            models.UniqueConstraint(fields=["library", "category", "location"], name="policy_scope"),
            models.UniqueConstraint(
                fields=["library"],
                condition=Q(category__isnull=True, location__isnull=True),
                name="policy_library",
            ),
            models.UniqueConstraint(
                fields=["library", "category"],
                condition=Q(category__isnull=False, location__isnull=True),
                name="policy_category",
            ),
            models.UniqueConstraint(
                fields=["library", "location"],
                condition=Q(category__isnull=True, location__isnull=False),
                name="policy_location",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}/{self.category_id}/{self.location_id}"


class Loan(models.Model):
    """A loan, open or closed, with what was true when it began. Personal data: the patron, until anonymised."""

    class Kind(models.TextChoices):
        PERSONAL = "personal"
        COLLECTIVE = "collective"
        IN_ROOM = "in-room"
        CORNER = "corner"

    class Outcome(models.TextChoices):
        RETURNED = "returned"
        LOST = "lost"
        CANCELLED = "cancelled"  # undone at the desk: does not count as a loan

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="loans")
    record = models.ForeignKey(BibliographicRecord, on_delete=models.PROTECT, related_name="loans")
    item = models.ForeignKey(  # empty: lent beyond the copies held, an exception that reconcile allows
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="loans"
    )
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.PROTECT, related_name="loans")
    pseudonym = models.CharField(max_length=32, blank=True)  # per year, once the patron is anonymised
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSONAL)
    out_at = models.DateTimeField()
    out_on = models.DateField()
    due_on = models.DateField()
    in_at = models.DateTimeField(null=True, blank=True)
    in_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)
    out_movement = models.OneToOneField(
        Movement, null=True, blank=True, on_delete=models.PROTECT, related_name="loan_out"
    )
    in_movement = models.OneToOneField(
        Movement, null=True, blank=True, on_delete=models.PROTECT, related_name="loan_in"
    )
    # as it was when lent
    patron_kind = models.CharField(max_length=8, choices=PatronCategory.Kind.choices)
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    class_label = models.CharField(max_length=30, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    clc = models.CharField(max_length=60, blank=True)
    clc_main = models.CharField(max_length=1, blank=True)
    location_name = models.CharField(max_length=60, blank=True)
    price_fen = models.PositiveIntegerField(null=True, blank=True)
    out_operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    in_operation = models.ForeignKey(
        Operation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    run_id = models.UUIDField(null=True, blank=True, db_index=True)
    modified_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(in_at__isnull=True, item__isnull=False), name="loan_one_open"
            ),
            models.CheckConstraint(
                condition=Q(in_at__isnull=True, in_on__isnull=True, outcome="")
                | (Q(in_at__isnull=False, in_on__isnull=False) & ~Q(outcome="")),
                name="loan_closed_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(in_at__isnull=True) | Q(in_at__gte=F("out_at")), name="loan_order"
            ),
        ]
        indexes = [
            models.Index(fields=["library", "out_on"], name="loan_out_on"),
            models.Index(fields=["patron", "in_at"], name="loan_patron"),
            models.Index(fields=["library", "due_on"], condition=Q(in_at__isnull=True), name="loan_due"),
            models.Index(fields=["record"], name="loan_record"),
            # the few among millions that the compensation register lists
            models.Index(fields=["library", "in_on"], condition=Q(outcome="lost"), name="loan_lost"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} → {self.patron_id}"


class Renewal(models.Model):
    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="renewal_rows")
    at = models.DateTimeField()
    due_before = models.DateField()
    due_after = models.DateField()
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.due_after}"


class InRoomUse(models.Model):
    """A volume that was read in the room and left on the table: counted when it is put back, and nobody is named."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="in_room_uses")
    at = models.DateTimeField()
    on = models.DateField()
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["library", "on"], name="in_room_use_on")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.on}"
