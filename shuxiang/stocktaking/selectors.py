"""Reads for the pages and papers of stocktakes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from shuxiang.audit.models import Job
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.libraries.models import Library
from shuxiang.stocktaking.facts import FOREIGN
from shuxiang.stocktaking.models import Line, Scan, Settlement, Stocktake, Stream
from shuxiang.stocktaking.rules import ALL_HEAPS, out_of_order

StreamKind = Stream.Kind
StocktakeState, StreamState, SettlementState = Stocktake.State, Stream.State, Settlement.State


def stocktakes_of(library: Library) -> QuerySet[Stocktake]:
    """All stocktakes of a library, the latest first."""
    takes = Stocktake.objects.filter(library=library).prefetch_related("places__location")
    return takes.order_by("-number")


def stocktake_of(library: Library, pk: int) -> Stocktake | None:
    found = Stocktake.objects.filter(library=library, pk=pk).select_related("library", "job")
    return found.prefetch_related("places__location").first()


def stream_of(library: Library, pk: int) -> Stream | None:
    found = Stream.objects.filter(stocktake__library=library, pk=pk)
    return found.select_related("stocktake__library", "location", "job", "file").first()


def settlement_of(library: Library, pk: UUID) -> Settlement | None:
    found = Settlement.objects.filter(stocktake__library=library, pk=pk)
    return found.select_related("stocktake__library", "job").first()


def locations_of(library: Library) -> list[ShelvingLocation]:
    """Every place, class corners behind the others."""
    places = ShelvingLocation.objects.filter(library=library)
    return sorted(places.order_by("code"), key=lambda place: place.school_class_id is not None)


def streams_of(stocktake: Stocktake) -> QuerySet[Stream]:
    """Who scans, with scans in all and those that counted a volume."""
    return (
        Stream.objects.filter(stocktake=stocktake)
        .select_related("location", "job")
        .annotate(
            scans=Count("scan_rows"), counted=Count("scan_rows", filter=Q(scan_rows__verdict="counted"))
        )
        .order_by("pk")
    )


def last_scans(stream: Stream, most: int) -> list[Scan]:
    """The latest scans of a desk or a telephone."""
    rows = Scan.objects.filter(stream=stream).select_related("item__holding__record", "stocktake__library")
    return list(rows.order_by("-pk")[:most])


def last_scan_of(stream: Stream, pk: int) -> Scan | None:
    return Scan.objects.filter(stream=stream, pk=pk).select_related("stocktake__library").first()


def remarks(stream: Stream) -> QuerySet[Scan]:
    """The scans of a stream that counted nothing, in their order."""
    rows = Scan.objects.filter(stream=stream).exclude(verdict=Scan.Verdict.COUNTED)
    return rows.select_related("item__holding__record").order_by("pk")


@dataclass(frozen=True, slots=True)
class Ending:
    """The reconciling last line of a file or a desk: read = counted + again + other."""

    read: int
    counted: int
    again: int
    other: int


def sum_of(stream: Stream) -> Ending:
    """What became of its scans; every scan is in one of the parts."""
    rows = Scan.objects.filter(stream=stream)
    found = rows.aggregate(
        read=Count("pk"),
        counted=Count("pk", filter=Q(verdict="counted")),
        again=Count("pk", filter=Q(verdict="again")),
    )
    return Ending(**found, other=found["read"] - found["counted"] - found["again"])


def late_scans(stocktake: Stocktake) -> QuerySet[Scan]:
    rows = Scan.objects.filter(stocktake=stocktake, is_late=True)
    return rows.select_related("item__holding__record", "stream").order_by("pk")


def foreign_scans(stocktake: Stocktake) -> QuerySet[Scan]:
    """Scans of codes that are no volume to be counted, as long as it runs."""
    rows = Scan.objects.filter(stocktake=stocktake, verdict__in=FOREIGN, is_late=False)
    return rows.select_related("item__holding__record", "stream").order_by("-pk")


def lines_of(stocktake: Stocktake, heap: str) -> QuerySet[Line]:
    """The frozen lines of a heap as they would stand on the shelf; foreign codes at the end."""
    lines = Line.objects.filter(stocktake=stocktake, heap=heap)
    return lines.select_related("settlement", "found_at").order_by("call_number_sort", "pk")


def settlements_of(stocktake: Stocktake) -> list[Settlement]:
    return list(Settlement.objects.filter(stocktake=stocktake).select_related("job").order_by("-at"))


def kept_lines(settlement: Settlement) -> QuerySet[Line]:
    """What a settlement, or its undo, had to leave."""
    lines = Line.objects.filter(settlement=settlement).exclude(why="")
    return lines.order_by("call_number_sort", "pk")


@dataclass(frozen=True, slots=True)
class Heap:
    """A heap in numbers: volumes (codes, where foreign), titles, known value, volumes of unknown price, dealt with."""

    code: str
    volumes: int = 0
    titles: int = 0
    fen: int = 0
    unknown: int = 0
    settled: int = 0

    @property
    def open(self) -> int:
        return self.volumes - self.settled


def heaps_of(stocktake: Stocktake) -> dict[str, Heap]:
    """Every heap of a closed stocktake, from its frozen lines."""
    rows = (
        Line.objects.filter(stocktake=stocktake)
        .values("heap")
        .annotate(
            volumes=Count("pk"),
            titles=Count("record_id", distinct=True),
            fen=Sum("price_fen"),
            unknown=Count("pk", filter=Q(price_fen__isnull=True, item__isnull=False)),
            settled=Count("pk", filter=Q(outcome="done")),
        )
        .order_by()
    )
    found = {
        row["heap"]: Heap(
            row["heap"], row["volumes"], row["titles"], row["fen"] or 0, row["unknown"], row["settled"]
        )
        for row in rows
    }
    return {heap: found.get(heap, Heap(heap)) for heap in ALL_HEAPS}


@dataclass(frozen=True, slots=True)
class Parted:
    """One class, or one place, of a stocktake: expected = there + missing + away."""

    key: str
    expected: int
    there: int
    missing: int
    away: int
    missing_fen: int


def parted_by(stocktake: Stocktake, column: str) -> list[Parted]:
    """The expected volumes by `clc_main` or `place`, from the frozen lines."""
    lines = Line.objects.filter(stocktake=stocktake, is_expected=True)
    rows = lines.values(column).annotate(
        expected=Count("pk"),
        missing=Count("pk", filter=Q(heap="missing")),
        away=Count("pk", filter=Q(heap="away")),
        missing_fen=Sum("price_fen", filter=Q(heap="missing")),
    )
    return [
        Parted(
            row[column],
            row["expected"],
            row["expected"] - row["missing"] - row["away"],
            row["missing"],
            row["away"],
            row["missing_fen"] or 0,
        )
        for row in rows.order_by(column)
    ]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A book as it was scanned, in its place of the sequence."""

    position: int  # from 1
    title: str
    call_number: str
    code: str


@dataclass(frozen=True, slots=True)
class Move:
    """Take a book from between `left` and `right`, put it behind `behind` (None: in front of all)."""

    book: Shelf
    left: Shelf | None
    right: Shelf | None
    behind: Shelf | None


@dataclass(frozen=True, slots=True)
class Order:
    """A shelf as it was scanned: how many books, which to move (the fewest), how many have no call number."""

    books: int
    moves: Sequence[Move]
    unnumbered: int


def order_of(stream: Stream) -> Order:
    """The shelf that a stream scanned, against the order of call numbers; scanned again counts where it was first."""
    rows = Scan.objects.filter(stream=stream, verdict=Scan.Verdict.COUNTED, is_late=False).order_by("pk")
    columns = (
        "code",
        "item__holding__record__title",
        "item__holding__call_number",
        "item__holding__call_number_sort",
    )
    scans = list(rows.values_list(*columns))
    numbered = [scan for scan in scans if scan[2]]
    shelf = [
        Shelf(position, title, number, code)
        for position, (code, title, number, _key) in enumerate(numbered, 1)
    ]

    def at(index: int) -> Shelf | None:
        return shelf[index] if 0 <= index < len(shelf) else None

    strays = out_of_order([key for _code, _title, _number, key in numbered])
    moves = [
        Move(shelf[stray.index], at(stray.index - 1), at(stray.index + 1), at(stray.behind))
        for stray in strays
    ]
    return Order(len(shelf), moves, len(scans) - len(shelf))


def previous_of(stocktake: Stocktake) -> QuerySet[Stocktake]:
    """Closed stocktakes before this one, the latest first: to be compared with."""
    earlier = Stocktake.objects.filter(library=stocktake.library_id, state=Stocktake.State.CLOSED)
    return earlier.filter(number__lt=stocktake.number).order_by("-number")


@dataclass(frozen=True, slots=True)
class Compared:
    """This stocktake against an earlier one, by volumes that were in both."""

    missing_again: QuerySet[Line]
    newly_missing: QuerySet[Line]
    found_again: QuerySet[Line]
    only_here: int  # expected volumes that the earlier one did not look for


_GONE = Q(heap="missing") | Q(heap="away", reason__in=("still_missing", "missing_since"))


def compare(stocktake: Stocktake, earlier: Stocktake) -> Compared:
    """Which volumes are missing again, newly missing, found again."""
    then = Line.objects.filter(stocktake=earlier, item=OuterRef("item"))
    lines = Line.objects.filter(stocktake=stocktake, item__isnull=False)
    gone_then, known_then = Exists(then.filter(_GONE)), Exists(then)
    ordered = ("call_number_sort", "pk")
    return Compared(
        missing_again=lines.filter(_GONE, gone_then).order_by(*ordered),
        newly_missing=lines.filter(_GONE, ~gone_then).order_by(*ordered),
        found_again=lines.exclude(_GONE).filter(gone_then).order_by(*ordered),
        only_here=lines.filter(~known_then, is_expected=True).count(),
    )


def is_waiting(job: Job | None) -> bool:
    """Whether a job still waits or works."""
    return job is not None and job.state in (Job.State.QUEUED, Job.State.RUNNING)
