"""More tables of the stack room, kept apart for length: shelves, carrying volumes about, strikings taken back."""

from django.db import models

from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library


class Shelf(models.Model):
    """One shelf of a place and where its row begins in shelf order, as the last re-shelving laid it out."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        "holdings.ShelvingLocation", on_delete=models.CASCADE, related_name="shelves"
    )
    bay = models.PositiveSmallIntegerField()  # from 1, left to right
    number = models.PositiveSmallIntegerField()  # from 1, top to bottom
    first = models.CharField(max_length=100, blank=True)  # call numbers; both empty on an empty shelf
    last = models.CharField(max_length=100, blank=True)
    first_sort = models.CharField(max_length=300, blank=True)
    last_sort = models.CharField(max_length=300, blank=True)
    volumes = models.PositiveIntegerField(default=0)  # when it was laid out
    laid_out_on = models.DateField()

    class Meta:
        verbose_name_plural = "shelves"
        constraints = [models.UniqueConstraint(fields=["location", "bay", "number"], name="shelf_in_place")]

    def __str__(self) -> str:
        return f"{self.bay}-{self.number}"


class Carriage(models.Model):
    """Volumes carried from place to place together: foreseen, done, perhaps taken back."""

    class State(models.TextChoices):
        FORESEEN = "foreseen"
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="carriages")
    to = models.ForeignKey(  # empty: each to its home
        "holdings.ShelvingLocation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    to_name = models.CharField(max_length=60, blank=True)
    is_home = models.BooleanField(default=True)  # for good, not for now
    chosen = models.JSONField(default=dict)  # how the volumes were chosen, to be told
    unknown = models.JSONField(default=list)  # scanned codes that are no volume of the library
    state = models.CharField(max_length=8, choices=State.choices, default=State.FORESEEN)
    volumes = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0)  # carried back by undo
    job_id = models.UUIDField(null=True, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    on = models.DateField(null=True, blank=True)  # when it was done

    class Meta:
        indexes = [models.Index(fields=["library", "-created_at"], name="carriage_latest")]

    def __str__(self) -> str:
        return f"{self.to_name} {self.state}"


class CarriageLine(models.Model):
    """One volume of a carriage, and where it stood before."""

    class State(models.TextChoices):
        PLANNED = "planned"
        MOVED = "moved"
        SKIPPED = "skipped"
        BACK = "back"
        KEPT = "kept"  # moved on by another act since: undo left it alone

    carriage = models.ForeignKey(Carriage, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey("holdings.Item", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    why = models.CharField(max_length=40, blank=True)  # reason code of what is skipped or kept
    home_before = models.ForeignKey(
        "holdings.ShelvingLocation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    current_before = models.ForeignKey(
        "holdings.ShelvingLocation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    was_elsewhere = models.BooleanField(default=False)  # current_before was set

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carriage", "item"], name="carriage_item_once")]
        indexes = [models.Index(fields=["carriage", "state"], name="carriage_line_state")]

    def __str__(self) -> str:
        return f"{self.carriage_id}:{self.item_id}"


class StrikeReversal(models.Model):
    """A striking taken back (红冲): the line stood struck from one day until another.

    The line has no withdrawal line any more, and may be struck again; this row keeps what was, so that the books of
    those days and the totals of both entries stay as they were printed.
    """

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        "holdings.PropertyLine", on_delete=models.PROTECT, related_name="strikings_reversed"
    )
    withdrawal = models.ForeignKey(
        "holdings.Withdrawal", on_delete=models.PROTECT, related_name="lines_reversed"
    )
    reversal = models.ForeignKey(
        "holdings.Withdrawal", on_delete=models.PROTECT, related_name="lines_restored"
    )
    withdrawn_on = models.DateField()
    restored_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "withdrawal"], name="strike_reversed_once")]
        indexes = [models.Index(fields=["library", "withdrawn_on"], name="strike_reversed_on")]

    def __str__(self) -> str:
        return f"{self.withdrawal_id}:{self.line_id}"
