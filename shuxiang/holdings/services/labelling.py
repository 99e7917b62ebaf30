"""Barcodes: proposed in order, unique in the library for ever, never given again (decision 0004)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Length

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import AccessionSeries, Item, ItemAccount, ItemIdentifier
from shuxiang.holdings.refusals import refuse, refuse_all
from shuxiang.holdings.rules import MAX_BARCODE
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services.drafting import refuse_taken
from shuxiang.holdings.services.numbering import BARCODES
from shuxiang.libraries.models import Library

WIDTH = 7  # 0000001 to 9999999, the range that school scanners and label sheets are set to, where no volume has a label
MOST_WIDTH = 12  # longer rows of digits are EANs and the like, no numbering of the school's
_LATELY = 100
UNLABELLED = (ItemAccount.WITHDRAWN, ItemAccount.VOID)


def next_barcode(library: Library) -> str:
    """The next free number, as a proposal: nothing is taken."""
    row = AccessionSeries.objects.filter(library=library, series=BARCODES).first()
    return _free(library.pk, row.last if row else 0, 1)[0]


def barcode_width(library_id: int) -> int:
    """How many digits the library's barcodes have, as most of those given lately: 00000123 and 0000123 are two books."""
    newest = ItemIdentifier.objects.filter(library_id=library_id).order_by("-pk")
    lately = newest.values_list("value", flat=True)[:_LATELY]
    widths = Counter(len(value) for value in lately if value.isascii() and value.isdigit())
    likely = [width for width, _count in widths.most_common() if width <= MOST_WIDTH]
    return likely[0] if likely else WIDTH


def _highest(library_id: int, width: int) -> int:
    """The highest barcode of so many digits; 0 where there is none. Text of one length sorts as numbers do."""
    there = ItemIdentifier.objects.filter(library_id=library_id, value__range=("0" * width, "9" * width))
    values = there.annotate(digits=Length("value")).filter(digits=width).order_by("-value")
    found = (int(value) for value in values.values_list("value", flat=True)[:_LATELY] if value.isdecimal())
    return next(found, 0)


def _free(library_id: int, last: int, count: int) -> list[str]:
    """`count` numbers after the `last` one given that no item of the library ever had.

    Where none was given by the program yet, the numbers go on behind the labels that the books came with.
    """
    width = barcode_width(library_id)
    start = (last or _highest(library_id, width)) + 1
    free: list[str] = []
    while len(free) < count:
        block = [f"{number:0{width}d}" for number in range(start, start + max(count - len(free), 50))]
        known = ItemIdentifier.objects.filter(library_id=library_id, value__in=block)
        taken = set(known.values_list("value", flat=True))
        free += [value for value in block if value not in taken]
        start += len(block)
    return free[:count]


def assign_barcode(
    item: Item,
    value: str,
    *,
    by: Actor,
    at: datetime,
    replaces: bool = False,
    operation_id: UUID | None = None,
) -> ItemIdentifier:
    """Give an item this barcode; with `replaces` its other barcodes are closed and still resolve. Refuses a taken one."""
    assign_barcodes(
        {item.pk: value}, library=item.library, by=by, at=at, replaces=replaces, operation_id=operation_id
    )
    return ItemIdentifier.objects.get(library_id=item.library_id, value=clean_scan(value))


def assign_barcodes(
    wanted: Mapping[int, str] | Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    replaces: bool = False,
    operation_id: UUID | None = None,
) -> dict[int, str]:
    """Give items barcodes, all or none: the given ones (item id → barcode), or for a list of ids the next free ones."""
    with transaction.atomic():
        begun = operations.begin(
            "holdings.assign_barcodes",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"items": dict(wanted) if isinstance(wanted, Mapping) else list(wanted)},
        )
        if begun.repeated:
            return {int(key): value for key, value in begun.operation.result["barcodes"].items()}
        if isinstance(wanted, Mapping):
            given = {key: clean_scan(value) for key, value in wanted.items()}
        else:
            given = dict(zip(wanted, _take(library, len(wanted)), strict=True))
        _refuse_unfit(given, library)
        _write(given, library, at, replaces)
        operations.finish(
            begun.operation, subject=f"holdings.item:{min(given, default=0)}", result={"barcodes": given}
        )
    return given


def _take(library: Library, count: int) -> list[str]:
    row, _is_new = AccessionSeries.objects.get_or_create(library=library, series=BARCODES)
    series = AccessionSeries.objects.filter(pk=row.pk)
    series.update(last=F("last"))  # touching the row makes other labellers wait until we are done
    row.refresh_from_db()
    values = _free(library.pk, row.last, count)
    series.update(last=max([row.last, *map(int, values)]))
    return values


def _refuse_unfit(given: Mapping[int, str], library: Library) -> None:
    items = Item.objects.select_related("property_line").in_bulk(list(given))
    wrong = [key for key in given if key not in items or items[key].library_id != library.pk]
    if wrong:
        raise refuse("no_such_item", items=wrong)
    refuse_all(
        Reason("cannot_label", Weight.REFUSE, {"item": item_label(item), "account": item.account})
        for item in items.values()
        if item.account in UNLABELLED
    )
    refuse_all(
        Reason("bad_barcode", Weight.REFUSE, {"barcode": value})
        for value in given.values()
        if not 0 < len(value) <= MAX_BARCODE
    )
    refuse_taken(library.pk, list(given.values()))


def _write(given: Mapping[int, str], library: Library, at: datetime, replaces: bool) -> None:
    if replaces:
        ItemIdentifier.objects.filter(item_id__in=list(given), to_at__isnull=True).update(to_at=at)
    rows = [
        ItemIdentifier(library=library, item_id=key, value=value, from_at=at) for key, value in given.items()
    ]
    try:
        with transaction.atomic():
            ItemIdentifier.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:  # given by another desk between our look and our write
        refuse_taken(library.pk, list(given.values()))
        raise
