"""A batch is drafted: items are written down, outside the books until it is posted (decision 0008)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import bulk, operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import (
    AccessionBatch,
    Holding,
    Item,
    ItemIdentifier,
    PropertyLine,
    ShelvingLocation,
)
from shuxiang.holdings.refusals import refuse, refuse_all
from shuxiang.holdings.services.holding import HeldTitle
from shuxiang.holdings.services.places import default_places
from shuxiang.libraries.models import Library

_TAKEN = "SELECT value FROM holdings_itemidentifier WHERE library_id = %s AND value IN ({keys})"
_LAST_COPY = (
    "SELECT holding_id, MAX(copy_number) FROM holdings_item WHERE holding_id IN ({keys}) GROUP BY holding_id"
)
_ITEM = ("id", "uuid", "holding_id", "volume_mark", "copy_number", "home_id", "note")
_LINE = (
    "item_id",
    "series",
    "legacy_number",
    "list_price_fen",
    "paid_price_fen",
    "price_text",
    "clc_main",
)


@dataclass(slots=True, kw_only=True)
class ItemValues:
    """One volume of a holding to be written down; an unknown price is None, never 0."""

    holding: Holding | HeldTitle
    home: ShelvingLocation
    list_price_fen: int | None = None
    paid_price_fen: int | None = None
    price_text: str = ""
    volume_mark: str = ""
    barcode: str = ""
    legacy_number: str = ""
    series: str = "B"
    note: str = ""


def draft_batch(
    *,
    library: Library,
    source: str,
    received_on: date,
    by: Actor,
    at: datetime,
    document: str = "",
    supplier: str = "",
    note: str = "",
    run_id: UUID | None = None,
    operation_id: UUID | None = None,
) -> AccessionBatch:
    """Open a batch; `source` is one of AccessionBatch.Source."""
    request = {"source": source, "received_on": received_on, "document": document, "supplier": supplier}
    with transaction.atomic():
        begun = operations.begin(
            "holdings.draft_batch",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return AccessionBatch.objects.get(pk=str(begun.operation.result["batch"]))
        batch = AccessionBatch.objects.create(
            library=library,
            source=AccessionBatch.Source(source),
            document=document[:100],
            supplier=supplier[:100],
            received_on=received_on,
            note=note[:200],
            run_id=run_id,
            created_at=at,
        )
        operations.finish(begun.operation, subject=f"holdings.batch:{batch.pk}", result={"batch": batch.pk})
    return batch


def add_items(
    *,
    batch: AccessionBatch,
    holding: Holding,
    copies: int,
    by: Actor,
    at: datetime,
    home: ShelvingLocation | None = None,
    list_price_fen: int | None = None,
    paid_price_fen: int | None = None,
    price_text: str = "",
    volume_mark: str = "",
    barcodes: Sequence[str] = (),
    legacy_numbers: Sequence[str] = (),
    series: str = "B",
    operation_id: UUID | None = None,
) -> list[Item]:
    """Write down `copies` volumes of one holding; barcodes and old numbers go to the first of them, in order."""
    if copies < max(len(barcodes), len(legacy_numbers)):
        raise refuse("more_barcodes_than_volumes", copies=copies, barcodes=len(barcodes))
    place = home or default_places(batch.library).location
    values = [
        ItemValues(
            holding=holding,
            home=place,
            list_price_fen=list_price_fen,
            paid_price_fen=paid_price_fen,
            price_text=price_text,
            volume_mark=volume_mark,
            barcode=barcodes[copy] if copy < len(barcodes) else "",
            legacy_number=legacy_numbers[copy] if copy < len(legacy_numbers) else "",
            series=series,
        )
        for copy in range(copies)
    ]
    return add_items_many(values, batch=batch, by=by, at=at, operation_id=operation_id)


def add_items_many(
    values: Sequence[ItemValues],
    *,
    batch: AccessionBatch,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> list[Item]:
    """Write down volumes of many holdings in order, all or none. Refuses a batch that is no draft, a taken barcode."""
    keys = write_down(values, batch=batch, by=by, at=at, operation_id=operation_id)
    items = Item.objects.in_bulk(keys)
    return [items[key] for key in keys if key in items]


def write_down(
    values: Sequence[ItemValues],
    *,
    batch: AccessionBatch,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> list[int]:
    """The same, giving the items' keys: for acts that write thousands."""
    request = {"batch": batch.pk, "items": [[one.holding.pk, one.barcode] for one in values]}
    with transaction.atomic():
        begun = operations.begin(
            "holdings.add_items",
            by=by,
            at=at,
            library_code=batch.library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return list(begun.operation.result["items"])
        draft = AccessionBatch.objects.filter(pk=batch.pk, state=AccessionBatch.State.DRAFT)
        if not draft.update(
            state=AccessionBatch.State.DRAFT
        ):  # touching the row keeps posting out until we are done
            raise refuse("batch_not_draft", batch=batch.pk)
        refuse_taken(batch.library_id, [one.barcode for one in values if one.barcode])
        keys = _write(values, batch, at)
        operations.finish(begun.operation, subject=f"holdings.batch:{batch.pk}", result={"items": keys})
    return keys


def refuse_taken(library_id: int, barcodes: Sequence[str]) -> None:
    """Raise Refused naming every barcode that has ever been given in the library, or twice in the list."""
    wrong = {barcode for barcode, count in Counter(barcodes).items() if count > 1}
    wrong.update(value for (value,) in bulk.rows_in(_TAKEN, barcodes, library_id))
    refuse_all(Reason("barcode_taken", Weight.REFUSE, {"barcode": barcode}) for barcode in sorted(wrong))


def _write(values: Sequence[ItemValues], batch: AccessionBatch, at: datetime) -> list[int]:
    keys, uuids = list(bulk.take_keys(Item, len(values))), bulk.new_uuids(len(values))
    bulk.insert(
        Item,
        _ITEM,
        [
            (key, uuid, one.holding.pk, one.volume_mark[:60], number, one.home.pk, one.note[:200])
            for key, uuid, one, number in zip(keys, uuids, values, _copy_numbers(values), strict=True)
        ],
        constants={"library": batch.library_id, "created_at": at, "modified_at": at},
    )
    _enter(keys, values, batch)
    bulk.insert(
        ItemIdentifier,
        ("item_id", "value"),
        [(key, one.barcode) for key, one in zip(keys, values, strict=True) if one.barcode],
        constants={"library": batch.library_id, "from_at": at},
    )
    return keys


def _enter(keys: Sequence[int], values: Sequence[ItemValues], batch: AccessionBatch) -> None:
    """Give each item its property line; the number comes with the posting."""
    rows = [
        (
            key,
            one.series,
            one.legacy_number[:40],
            one.list_price_fen,
            one.paid_price_fen,
            one.price_text[:100],
            one.holding.clc[:1],
        )
        for key, one in zip(keys, values, strict=True)
    ]
    bulk.insert(PropertyLine, _LINE, rows, constants={"library": batch.library_id, "batch": batch.pk})


def _copy_numbers(values: Iterable[ItemValues]) -> list[int]:
    rows = list(values)
    last: dict[int, int] = defaultdict(int)
    last.update(bulk.rows_in(_LAST_COPY, (one.holding.pk for one in rows)))
    numbers = []
    for one in rows:
        last[one.holding.pk] += 1
        numbers.append(last[one.holding.pk])
    return numbers
