"""More tables of circulation, kept apart for length: holds, recalls, and periods that lend by rules of their own."""

from django.db import models
from django.db.models import F, Q

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Patron, PatronCategory


class Hold(models.Model):
    """A reader waits for a title, or for one volume of it. Personal data: the patron."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"  # a volume is kept for the reader, on the pick-up shelf
        FILLED = "filled"
        EXPIRED = "expired"  # not fetched in time
        CANCELLED = "cancelled"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="holds")
    record = models.ForeignKey(BibliographicRecord, on_delete=models.PROTECT, related_name="holds")
    item = models.ForeignKey(  # empty: any volume of the title
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="holds")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    placed_at = models.DateTimeField()
    queued_at = models.DateTimeField()  # the order of the queue: placed_at, unless somebody moved it
    moved_because = models.CharField(max_length=120, blank=True)
    ready_item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="holds_ready"
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    ready_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=120, blank=True)
    needs_shelving = models.BooleanField(default=False)  # ended; its volume still stands on the pick-up shelf
    loan = models.OneToOneField(
        "circulation.Loan", null=True, blank=True, on_delete=models.PROTECT, related_name="hold"
    )
    placed_operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    modified_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "patron", "record"],
                condition=Q(state__in=["waiting", "ready"], item__isnull=True),
                name="hold_title_once",
            ),
            models.UniqueConstraint(
                fields=["library", "patron", "item"],
                condition=Q(state__in=["waiting", "ready"], item__isnull=False),
                name="hold_volume_once",
            ),
            models.UniqueConstraint(fields=["ready_item"], condition=Q(state="ready"), name="hold_one_ready"),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(ready_item__isnull=False, ready_at__isnull=False, ready_until__isnull=False),
                name="hold_ready_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready"], ended_at__isnull=True)
                | Q(state__in=["filled", "expired", "cancelled"], ended_at__isnull=False),
                name="hold_ended_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["library", "state"], name="hold_state"),
            models.Index(fields=["state", "ready_until"], name="hold_until"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} for {self.patron_id}: {self.state}"


class Recall(models.Model):
    """Loans called in before they were due, with the reason: one loan, a title, a class, or all."""

    class Scope(models.TextChoices):
        LOAN = "loan"
        TITLE = "title"
        CLASS = "class"
        ALL = "all"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="recalls")
    scope = models.CharField(max_length=5, choices=Scope.choices)
    record = models.ForeignKey(
        BibliographicRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=200, blank=True)  # the title, or the class as it was called then
    reason = models.CharField(max_length=120)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    reversed_at = models.DateTimeField(null=True, blank=True)
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["library", "-made_at"], name="recall_made")]

    def __str__(self) -> str:
        return f"{self.scope} {self.due_on}"


class RecalledLoan(models.Model):
    """One loan of a recall, with the day it had been due."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="rows")
    loan = models.ForeignKey("circulation.Loan", on_delete=models.CASCADE, related_name="recall_rows")
    due_before = models.DateField()
    due_after = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "loan"], name="recalled_once"),
            models.CheckConstraint(condition=Q(due_after__lt=F("due_before")), name="recalled_earlier"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.due_before} → {self.due_after}"


class Vacation(models.Model):
    """Days on which is lent by rules of their own, for the holidays (寒暑假借阅); an empty value leaves it to the policy."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="vacations")
    name = models.CharField(max_length=40)
    from_on = models.DateField()  # days of lending, both included
    to_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)  # the first week of the next term
    loan_days = models.PositiveSmallIntegerField(null=True, blank=True)
    loan_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    categories = models.ManyToManyField(PatronCategory, blank=True, related_name="+")  # none: all readers
    classes = models.ManyToManyField(SchoolClass, blank=True, related_name="+")  # none: all classes

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="vacation_order"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("to_on")), name="vacation_due_after"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(loan_days__isnull=True), name="vacation_day_or_days"
            ),
        ]
        indexes = [models.Index(fields=["library", "to_on"], name="vacation_to")]

    def __str__(self) -> str:
        return self.name
