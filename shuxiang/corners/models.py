"""Books that go to the classes: boxes and delivery rounds, class corners and their term-end check, paper registers."""

from django.db import models
from django.db.models import F, Q

from shuxiang.circulation.models import Loan
from shuxiang.common.ids import uuid7
from shuxiang.corners import besides  # the tables of what is nobody's property
from shuxiang.holdings.models import Item, ShelvingLocation
from shuxiang.holdings.placemodels import Carriage
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Patron


class DeliveryRound(models.Model):
    """Books brought to the classes and groups on one day (送书上门): its stops are boxes."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="delivery_rounds")
    name = models.CharField(max_length=80)
    on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["library", "on"], name="delivery_round_on")]

    def __str__(self) -> str:
        return self.name


class Box(models.Model):
    """A collective loan put together: planned volume by volume, then lent to a class or a group in one go."""

    class State(models.TextChoices):
        PLANNED = "planned"
        GOING = "going"  # being lent; gone on with after a stop
        OUT = "out"  # lent: what is back is seen from the loans
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="class_boxes")
    number = models.PositiveIntegerField()
    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="class_boxes")
    label = models.CharField(max_length=60)  # of the class or group when it was planned
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    note = models.CharField(max_length=200, blank=True)
    round = models.ForeignKey(
        DeliveryRound, null=True, blank=True, on_delete=models.PROTECT, related_name="boxes"
    )
    came_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="went_to"
    )
    out_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    is_delivered = models.BooleanField(default=False)  # ticked on the round
    is_collected = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        verbose_name_plural = "boxes"
        constraints = [models.UniqueConstraint(fields=["library", "number"], name="box_number")]
        indexes = [models.Index(fields=["library", "state", "out_on"], name="box_state")]

    def __str__(self) -> str:
        return f"#{self.number} {self.label}"


class BoxLine(models.Model):
    """One volume of a box; once lent, its loan."""

    class State(models.TextChoices):
        PLANNED = "planned"
        LENT = "lent"
        SKIPPED = "skipped"

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    why = models.CharField(max_length=40, blank=True)  # reason code of what was skipped
    loan = models.OneToOneField(
        Loan, null=True, blank=True, on_delete=models.PROTECT, related_name="box_line"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["box", "item"], name="box_item_once"),
            models.CheckConstraint(
                condition=Q(state="lent", loan__isnull=False) | (~Q(state="lent") & Q(loan__isnull=True)),
                name="box_line_lent_has_loan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.box_id}: {self.item_id}"


class CornerMove(models.Model):
    """Volumes carried to a class corner, home from it, or exchanged between two: one or two carriages as one act."""

    class Kind(models.TextChoices):
        FILL = "fill"
        EXCHANGE = "exchange"
        HOME = "home"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="corner_moves")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    one = models.ForeignKey(ShelvingLocation, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(
        ShelvingLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    first = models.ForeignKey(Carriage, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Carriage, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["library", "-created_at"], name="corner_move_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.one_id}"


class CornerCheck(models.Model):
    """What stood in a class corner when it was scanned through at the end of a term."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="corner_checks")
    location = models.ForeignKey(ShelvingLocation, on_delete=models.PROTECT, related_name="corner_checks")
    label = models.CharField(max_length=60)  # of the class then
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True, blank=True)
    missing_operation = models.UUIDField(null=True, blank=True)  # that marked the missing ones

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location"], condition=Q(closed_at__isnull=True), name="corner_check_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.opened_at:%Y-%m-%d}"


class CornerScan(models.Model):
    """One code scanned in a check, whatever it was."""

    of = models.ForeignKey(CornerCheck, on_delete=models.CASCADE, related_name="scans")
    code = models.CharField(max_length=60)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    own = models.ForeignKey(
        besides.OwnBook, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "code"], name="corner_scan_once")]

    def __str__(self) -> str:
        return self.code


class CornerLine(models.Model):
    """What a closed check said of one book: written down when it was closed."""

    of = models.ForeignKey(CornerCheck, on_delete=models.CASCADE, related_name="lines")
    heap = models.CharField(max_length=8)  # of rules.HEAPS
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    own = models.ForeignKey(
        besides.OwnBook, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=500)
    who = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    price_fen = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["of", "heap"], name="corner_line_heap")]

    def __str__(self) -> str:
        return f"{self.heap}: {self.title}"


class PaperSheet(models.Model):
    """A page of a class's paper register, typed in: every row is tried, then entered as acts of its day."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ENTERED = "entered"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="paper_sheets")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["library", "-created_at"], name="paper_sheet_latest")]

    def __str__(self) -> str:
        return f"{self.label} {self.state}"


class PaperRow(models.Model):
    """One line of the sheet as it was typed, what it was understood as, and what became of it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        DONE = "done"
        REFUSED = "refused"
        UNDONE = "undone"

    sheet = models.ForeignKey(PaperSheet, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    on_text = models.CharField(max_length=20, blank=True)
    reader_text = models.CharField(max_length=60, blank=True)
    book_text = models.CharField(max_length=200, blank=True)
    back_text = models.CharField(max_length=20, blank=True)
    on = models.DateField(null=True, blank=True)
    back_on = models.DateField(null=True, blank=True)
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    own_loan = models.ForeignKey(
        besides.OwnLoan, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    reasons = models.JSONField(default=list)  # [code, weight, params] as said when it was last tried

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "position"], name="paper_row_position"),
            models.CheckConstraint(
                condition=Q(back_on__isnull=True) | Q(back_on__gte=F("on")), name="paper_row_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.reader_text} {self.book_text}"
