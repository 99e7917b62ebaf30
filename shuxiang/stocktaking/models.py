"""Counting the shelves: what is to be counted, who scans, what was scanned, and the lines frozen when it is closed."""

from django.db import models
from django.db.models import Q

from shuxiang.audit.models import Job
from shuxiang.common.ids import uuid7
from shuxiang.files.models import StoredFile
from shuxiang.holdings.models import Item, ShelvingLocation
from shuxiang.libraries.models import Library


class Stocktake(models.Model):
    """One counting (清点) of a library or a part of it. Closing freezes its lines; nothing else changes by itself."""

    class State(models.TextChoices):
        COUNTING = "counting"
        CLOSING = "closing"  # lines are being written; finished at next start if the power went
        CLOSED = "closed"
        ABANDONED = "abandoned"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="stocktakes")
    number = models.PositiveIntegerField()  # 1, 2, 3 … in the library
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=9, choices=State.choices, default=State.COUNTING)
    # what is counted; what is empty sets no bounds. Its locations are StocktakePlace rows.
    classes = models.CharField(max_length=200, blank=True)  # beginnings of class numbers: "I H1 TP3"
    from_call_number = models.CharField(max_length=100, blank=True)
    to_call_number = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    scans = models.PositiveIntegerField(
        default=0
    )  # touched by each scan, so that a closing desk is waited for
    written = models.BigIntegerField(default=0)  # key of the last item whose line was written while closing
    totals = models.JSONField(default=dict)  # volumes by heap, once closed
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="stocktake_number"),
            models.CheckConstraint(
                condition=Q(state__in=["counting", "abandoned"]) | Q(closed_at__isnull=False),
                name="stocktake_closed_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StocktakePlace(models.Model):
    """A location that a stocktake counts."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="places")
    location = models.ForeignKey(ShelvingLocation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stocktake", "location"], name="stocktake_place")]

    def __str__(self) -> str:
        return f"{self.stocktake_id}/{self.location_id}"


class Stream(models.Model):
    """Scans that follow each other: one desk, one telephone, or one file of an offline collector."""

    class Kind(models.TextChoices):
        SCANNER = "scanner"
        FILE = "file"

    class State(models.TextChoices):
        OPEN = "open"
        READING = "reading"  # a file whose lines are not all counted yet
        UNREADABLE = "unreadable"

    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="streams")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    name = models.CharField(max_length=100)
    location = models.ForeignKey(
        ShelvingLocation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # where it scans, when one place was named
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    operation_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lines = models.PositiveIntegerField(default=0)  # of the file, read so far
    problem = models.JSONField(default=dict)  # why a file cannot be read: code and params
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """One code that was scanned. Of a volume's scans one counts; the others are kept, and say so."""

    class Verdict(models.TextChoices):
        COUNTED = "counted"
        AGAIN = "again"  # the volume has been counted already
        UNKNOWN = "unknown"
        OTHER_LIBRARY = "other-library"
        WITHDRAWN = "withdrawn"
        NOT_POSTED = "not-posted"
        LABELLED = "labelled"  # an ISBN of a title whose volumes have barcodes of their own
        NO_MORE = "no-more"  # an ISBN, and every volume of the title is counted
        CARD = "card"  # a reader's card; its number is not kept

    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="+")
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="scan_rows")
    item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="stocktake_scans"
    )
    code = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=13, choices=Verdict.choices)
    detail = models.CharField(max_length=80, blank=True)  # the library a code belongs to
    at = models.DateTimeField()
    line = models.PositiveIntegerField(null=True, blank=True)  # in the file
    is_late = models.BooleanField(default=False)  # came after the stocktake was closed: kept, not counted

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stocktake", "item"],
                condition=Q(verdict="counted", is_late=False),
                name="scan_counts_once",
            )
        ]
        indexes = [
            models.Index(fields=["stocktake", "verdict"], name="scan_verdict"),
            models.Index(fields=["stream", "id"], name="scan_stream"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.verdict}"


class Settlement(models.Model):
    """A heap, or some of its lines, dealt with by one act: chosen, carried out in chunks, perhaps undone."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="settlements")
    heap = models.CharField(max_length=10)
    act = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    proposed = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.heap} {self.act}"


class Line(models.Model):
    """One volume, or one foreign code, as the closing found it. Frozen but for what was done about it afterwards."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    heap = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    is_expected = models.BooleanField(default=False)  # belongs to what was to be counted
    account = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=20, blank=True)  # accession number
    record_id = models.BigIntegerField(
        null=True, blank=True
    )  # to count titles; a merged record keeps its number
    title = models.CharField(max_length=200, blank=True)
    call_number = models.CharField(max_length=100, blank=True)
    call_number_sort = models.CharField(max_length=300, blank=True)
    clc_main = models.CharField(max_length=1, blank=True)
    place = models.CharField(max_length=60, blank=True)
    home = models.ForeignKey(
        ShelvingLocation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    found_at = models.ForeignKey(
        ShelvingLocation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    price_fen = models.PositiveIntegerField(null=True, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    settlement = models.ForeignKey(
        Settlement, null=True, blank=True, on_delete=models.SET_NULL, related_name="lines"
    )
    outcome = models.CharField(max_length=4, blank=True)  # "", done, kept
    why = models.CharField(max_length=20, blank=True)  # it was kept
    operation_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stocktake", "item"], condition=Q(item__isnull=False), name="line_of_item"
            )
        ]
        indexes = [
            models.Index(fields=["stocktake", "heap", "call_number_sort", "id"], name="line_heap"),
        ]

    def __str__(self) -> str:
        return f"{self.heap} {self.code or self.title}"
