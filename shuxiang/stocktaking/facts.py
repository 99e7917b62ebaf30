"""The facts behind the heaps, asked of the books set by set: of each volume for closing, of groups of them while it runs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from shuxiang.audit import bulk
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.rules import ON_BOOKS, sort_key
from shuxiang.stocktaking.models import Scan, Stocktake
from shuxiang.stocktaking.rules import MISPLACED, Facts, class_prefixes, heap_of, range_keys

Verdict = Scan.Verdict
FOREIGN = (  # codes that are no volume to be counted: they lie with what is misplaced
    Verdict.UNKNOWN,
    Verdict.OTHER_LIBRARY,
    Verdict.WITHDRAWN,
    Verdict.NOT_POSTED,
    Verdict.LABELLED,
    Verdict.NO_MORE,
)


def expected(stocktake: Stocktake) -> QuerySet[Item]:
    """The volumes on the books that stand, or would stand, in what is counted."""
    items = Item.objects.filter(library_id=stocktake.library_id, account__in=ON_BOOKS)
    places = place_ids(stocktake)
    if places:
        items = items.filter(
            Q(current__in=places) | Q(current__isnull=True, home__in=places)
        )  # where it stands now
    prefixes = class_prefixes(stocktake.classes)
    if prefixes:
        begins = Q()
        for prefix in prefixes:
            begins |= Q(holding__clc__startswith=prefix)
        items = items.filter(begins)
    return _in_range(items, stocktake)


def _in_range(items: QuerySet[Item], stocktake: Stocktake) -> QuerySet[Item]:
    first, last = (
        sort_key(text) if text else "" for text in (stocktake.from_call_number, stocktake.to_call_number)
    )
    low, high = range_keys(first, last)
    if low:
        items = items.filter(holding__call_number_sort__gte=low)
    return items.filter(holding__call_number_sort__lt=high) if high else items


def place_ids(stocktake: Stocktake) -> list[int]:
    """The locations that were named; none means everywhere."""
    return [place.location_id for place in stocktake.places.all()]


_SCANNED = ("is_scanned", "is_elsewhere", "moved_since_scan")
_FACTS = ("account", "is_expected", "moved_since_open", *_SCANNED)


def with_facts(items: QuerySet[Item], stocktake: Stocktake, *, is_expected: bool) -> QuerySet[Item]:
    """The items with the facts that rules.heap_of wants, and their scan, if one counts."""
    counts = Q(
        stocktake_scans__stocktake=stocktake,
        stocktake_scans__verdict=Verdict.COUNTED,
        stocktake_scans__is_late=False,
    )
    moves = Movement.objects.filter(item=OuterRef("pk"))
    since = moves.filter(at__gte=stocktake.opened_at).exclude(cause="reversal")
    place = Coalesce("current_id", "home_id")
    elsewhere = Case(
        When(Q(scan__stream__location__isnull=False) & ~Q(scan__stream__location=place), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return items.annotate(
        scan=FilteredRelation("stocktake_scans", condition=counts),
        is_scanned=Case(
            When(scan__isnull=False, then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        is_elsewhere=elsewhere,
        is_expected=Value(is_expected, output_field=BooleanField()),
        moved_since_scan=Exists(moves.filter(at__gt=OuterRef("scan__at"))),
        moved_since_open=Exists(since),
        scanned_at=F("scan__at"),
        found_at=F("scan__stream__location_id"),
    )


def strangers(stocktake: Stocktake) -> QuerySet[Item]:
    """Volumes that were counted and do not belong to what is counted."""
    scanned = Scan.objects.filter(stocktake=stocktake, verdict=Verdict.COUNTED, is_late=False)
    items = Item.objects.filter(pk__in=scanned.values("item"))
    return items.exclude(pk__in=expected(stocktake).values("pk"))


def facts_from(row: dict[str, Any], *, corners_counted: bool) -> Facts:
    """Facts from the columns of `with_facts`."""
    return Facts(
        account=row["account"],
        is_scanned=row["is_scanned"],
        is_expected=row["is_expected"],
        is_elsewhere=row["is_elsewhere"],
        moved_since_scan=row["moved_since_scan"],
        moved_since_open=row["moved_since_open"],
        corners_counted=corners_counted,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stocktake is: volumes to be counted, of these scanned; volumes and codes by heap as things stand."""

    expected: int
    scanned: int
    heaps: Counter[str]
    again: int  # scans of what was counted already

    @property
    def share(self) -> int:
        """Per cent of what is to be counted that has been scanned, rounded down."""
        return self.scanned * 100 // self.expected if self.expected else 0


def progress(stocktake: Stocktake) -> Progress:
    """Ask the books as they are now: some statements over groups, none a volume."""
    corners = bool(place_ids(stocktake))
    heaps: Counter[str] = Counter()
    total = scanned = 0
    for items, is_expected in ((expected(stocktake), True), (strangers(stocktake), False)):
        groups = with_facts(items, stocktake, is_expected=is_expected).values(*_FACTS).annotate(n=Count("pk"))
        for row in groups.order_by():
            heap, _reason = heap_of(facts_from(row, corners_counted=corners))
            heaps[heap] += row["n"]
            total += row["n"] if is_expected else 0
            scanned += row["n"] if is_expected and row["is_scanned"] else 0
    heaps[MISPLACED] += foreign_codes(stocktake).count()
    again = Scan.objects.filter(stocktake=stocktake, verdict=Verdict.AGAIN, is_late=False).count()
    return Progress(total, scanned, heaps, again)


def foreign_codes(stocktake: Stocktake) -> QuerySet[Scan, Any]:
    """Codes that are no volume to be counted, each once: its verdict and what is known of it."""
    scans = Scan.objects.filter(stocktake=stocktake, verdict__in=FOREIGN, is_late=False)
    return scans.values("code", "verdict", "detail", "item").distinct().order_by("code", "verdict")


@dataclass(frozen=True, slots=True)
class Found:
    """One volume with its heap, as it would be frozen now."""

    item_id: int
    heap: str
    reason: str
    is_expected: bool
    account: str
    code: str
    number: str
    record_id: int
    title: str
    call_number: str
    call_number_sort: str
    clc: str
    place: str
    home_id: int
    found_at_id: int | None
    price_fen: int | None
    scanned_at: datetime | None


_COLUMNS = (
    "pk",
    "holding__record_id",
    "holding__record__title",
    "holding__call_number",
    "holding__call_number_sort",
    "holding__clc",
    "home_id",
    "home__name",
    "current__name",
    "property_line__series",
    "property_line__number",
    "property_line__list_price_fen",
    "scanned_at",
    "found_at",
    *_FACTS,
)


def found(items: QuerySet[Item], stocktake: Stocktake, *, is_expected: bool) -> Iterator[Found]:
    """These items with their heaps, by their keys."""
    corners = bool(place_ids(stocktake))
    rows = list(with_facts(items, stocktake, is_expected=is_expected).order_by("pk").values(*_COLUMNS))
    named = barcodes(row["pk"] for row in rows)
    for row in rows:
        heap, reason = heap_of(facts_from(row, corners_counted=corners))
        number = row["property_line__number"]
        yield Found(
            item_id=row["pk"],
            heap=heap,
            reason=reason,
            is_expected=is_expected,
            account=row["account"],
            code=named.get(row["pk"], ""),
            number=f"{row['property_line__series']}{number}" if number is not None else "",
            record_id=row["holding__record_id"],
            title=row["holding__record__title"],
            call_number=row["holding__call_number"],
            call_number_sort=row["holding__call_number_sort"],
            clc=row["holding__clc"],
            place=row["current__name"] or row["home__name"],
            home_id=row["home_id"],
            found_at_id=row["found_at"],
            price_fen=row["property_line__list_price_fen"],
            scanned_at=row["scanned_at"],
        )


def barcodes(item_ids: Iterable[int]) -> dict[int, str]:
    """The label that each item carries now; items without one are left out."""
    rows = bulk.rows_in(
        "SELECT item_id, value FROM holdings_itemidentifier"
        " WHERE to_at IS NULL AND item_id IN ({keys}) ORDER BY id",
        item_ids,
    )
    return dict(rows)
