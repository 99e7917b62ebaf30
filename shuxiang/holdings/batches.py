"""Accession batches as a desk shows them: drafts, what is in one and what it comes to, what was posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from shuxiang.holdings.models import (
    AccessionBatch,
    Item,
    ItemIdentifier,
    PropertyLine,
    ShelvingLocation,
    WithdrawalLine,
)
from shuxiang.holdings.services.reversing import untouched
from shuxiang.holdings.services.totals import Totals, totals_of
from shuxiang.libraries.models import Library

MOST_FORESEEN = 30_000  # volumes of a batch that a page counts before it is reversed
_CHUNK = 500
State = AccessionBatch.State
SOURCES = AccessionBatch.Source


def batches(library: Library) -> QuerySet[AccessionBatch]:
    """Every batch of a library that is not void, the latest first."""
    return AccessionBatch.objects.filter(library=library).exclude(state=State.VOID).order_by("-pk")


def drafts(library: Library) -> QuerySet[AccessionBatch]:
    """Batches that are still being filled, the latest first."""
    return batches(library).filter(state=State.DRAFT)


def find_batch(library: Library, pk: int) -> AccessionBatch | None:
    """A batch of the library, undone ones too."""
    return AccessionBatch.objects.filter(library=library, pk=pk).first() if pk < 2**63 else None


def totals(batch: AccessionBatch) -> Totals:
    """What a batch comes to now; a posted one as it was entered."""
    if batch.state in (State.POSTED, State.POSTING):
        return Totals(batch.titles, batch.volumes, batch.amount_fen, batch.unknown_prices)
    return totals_of(PropertyLine.objects.filter(batch=batch))


@dataclass(frozen=True, slots=True)
class Line:
    """Volumes of one title, price and place in a batch, as one line of a list."""

    record_id: int
    title: str
    volume_mark: str
    call_number: str
    clc: str
    place: str
    price_fen: int | None
    copies: int
    barcodes: tuple[str, ...]
    numbers: tuple[str, ...]  # accession numbers, once posted
    items: tuple[int, ...]


def lines(batch: AccessionBatch) -> QuerySet[PropertyLine]:
    """The lines of a batch in the order in which they were written down."""
    own = PropertyLine.objects.filter(batch=batch).order_by("-pk")
    return own.select_related("item__holding__record", "item__home")


def folded(rows: Sequence[PropertyLine]) -> list[Line]:
    """Neighbouring volumes of one title, price and place as one line, in their order."""
    codes: dict[int, list[str]] = {}
    keys = [row.item_id for row in rows]
    for item, value in ItemIdentifier.objects.filter(item_id__in=keys, to_at=None).values_list(
        "item_id", "value"
    ):
        codes.setdefault(item, []).append(value)
    groups: list[tuple[tuple[object, ...], list[PropertyLine]]] = []
    for row in rows:
        key = (row.item.holding_id, row.item.volume_mark, row.item.home_id, row.list_price_fen)
        if not groups or groups[-1][0] != key:
            groups.append((key, []))
        groups[-1][1].append(row)
    return [_line(some, codes) for _key, some in groups]


def _line(some: Sequence[PropertyLine], codes: dict[int, list[str]]) -> Line:
    first, holding = some[0], some[0].item.holding
    return Line(
        record_id=holding.record_id,
        title=holding.record.title,
        volume_mark=first.item.volume_mark or holding.record.volume_mark,
        call_number=holding.call_number,
        clc=holding.clc,
        place=first.item.home.name,
        price_fen=first.list_price_fen,
        copies=len(some),
        barcodes=tuple(sorted(code for row in some for code in codes.get(row.item_id, []))),
        numbers=tuple(sorted(f"{row.series}{row.number}" for row in some if row.number is not None)),
        items=tuple(row.item_id for row in some),
    )


def unlabelled(batch: AccessionBatch) -> int:
    """Volumes of a batch without a barcode."""
    return PropertyLine.objects.filter(batch=batch, item__identifiers__isnull=True).count()


def places_of(library: Library) -> QuerySet[ShelvingLocation]:
    """The places where volumes may stand, the open shelves first."""
    return ShelvingLocation.objects.filter(library=library).order_by("pk")


def last_line(library: Library, record_id: int) -> PropertyLine | None:
    """The latest volume of a title: its price and place are what the next copies usually have."""
    own = PropertyLine.objects.filter(library=library, item__holding__record=record_id)
    return own.select_related("item__home", "batch").order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What reversing a batch would strike and leave."""

    struck: int
    left: int


def foreseen(batch: AccessionBatch) -> Foreseen | None:
    """How many volumes of a posted batch nobody has touched since; as services.reversing tells them apart.

    Asked in chunks (some 0.1 s for 10,000 volumes); None for more than MOST_FORESEEN, which a page does not wait for.
    """
    if batch.volumes > MOST_FORESEEN:
        return None
    struck = set(
        WithdrawalLine.objects.filter(withdrawal__reverses=batch).values_list("line__item_id", flat=True)
    )
    posted = PropertyLine.objects.filter(batch=batch, number__isnull=False)
    keys = [key for key in posted.order_by("pk").values_list("item_id", flat=True) if key not in struck]
    free = sum(
        untouched(Item.objects.filter(pk__in=keys[start : start + _CHUNK])).count()
        for start in range(0, len(keys), _CHUNK)
    )
    return Foreseen(free, len(keys) - free)
