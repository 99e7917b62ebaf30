"""What labels, cards and marks say of volumes, and choosing the volumes that get them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.codes import readings
from shuxiang.holdings.choosing import in_bytes, items_by_code
from shuxiang.holdings.models import AccessionBatch, Item, ItemAccount, ItemIdentifier, PropertyLine
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.libraries.models import Library

ORDERS = ("call_number", "accession", "barcode")
MOST_BATCHES = 30
_AT_ONCE = 500  # keys in one statement
_PRINTED = ON_BOOKS | {
    ItemAccount.DRAFT
}  # labels are stuck on before or after posting; withdrawn volumes get none
_ACCESSION = re.compile(r"([A-Za-z]{0,10})0*(\d{1,9})")
FIRST_SERIES = "B"
Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class VolumeWords:
    """A volume in words for a label; '' where nothing is known."""

    pk: int
    barcode: str
    accession: str  # B123; of a volume that came with its number, that one
    clc: str
    book_number: str  # what follows the class: 种次号 or what the source had
    call_number: str
    volume_mark: str
    copy_number: int
    location: str
    location_code: str
    posted_on: str
    record: BibliographicRecord


def volumes(library: Library, keys: Sequence[int]) -> list[VolumeWords]:
    """The volumes of the library in the order of the keys; a key that is none of them, or was withdrawn, is left out."""
    found: dict[int, VolumeWords] = {}
    for some in _parts(keys):
        rows = Item.objects.filter(library=library, pk__in=some, account__in=_PRINTED)
        codes = _barcodes(some)
        for item in rows.select_related("holding__record", "home", "property_line"):
            found[item.pk] = _words(item, codes.get(item.pk, ""))
    return [found[key] for key in keys if key in found]


def _words(item: Item, barcode: str) -> VolumeWords:
    holding, line = item.holding, getattr(item, "property_line", None)
    clc, _slash, rest = holding.call_number.partition("/")
    accession = ""
    if line is not None:
        accession = line.legacy_number or (f"{line.series}{line.number}" if line.number is not None else "")
    return VolumeWords(
        pk=item.pk,
        barcode=barcode,
        accession=accession,
        clc=clc or holding.clc,
        book_number=rest,
        call_number=holding.call_number,
        volume_mark=item.volume_mark or holding.record.volume_mark,
        copy_number=item.copy_number,
        location=item.home.name,
        location_code=item.home.code,
        posted_on=line.posted_on.isoformat() if line is not None and line.posted_on else "",
        record=holding.record,
    )


def _barcodes(keys: Sequence[int]) -> dict[int, str]:
    """The valid barcode of each volume, the newest where there are several."""
    rows = ItemIdentifier.objects.filter(
        item__in=keys, to_at__isnull=True, kind=ItemIdentifier.Kind.BARCODE
    ).order_by("pk")
    return dict(rows.values_list("item_id", "value"))


def batches(library: Library) -> QuerySet[AccessionBatch]:
    """The batches that came last, drafts among them; those undone are left out."""
    states = (AccessionBatch.State.DRAFT, AccessionBatch.State.POSTED)
    return AccessionBatch.objects.filter(library=library, state__in=states).order_by("-pk")[:MOST_BATCHES]


def of_batch(library: Library, batch: int) -> list[int]:
    """The volumes of a batch in the order in which they were entered."""
    lines = PropertyLine.objects.filter(library=library, batch=batch, item__account__in=_PRINTED)
    return list(lines.order_by("number", "pk").values_list("item_id", flat=True))


def of_accessions(library: Library, first: str, last: str) -> list[int] | None:
    """The volumes from one accession number to another (B101 to B250, or 101 to 250); None when these are no numbers of
    one series."""
    one, other = _ACCESSION.fullmatch(first.strip()), _ACCESSION.fullmatch((last or first).strip())
    if one is None or other is None or (one[1] and other[1] and one[1].upper() != other[1].upper()):
        return None
    series = (one[1] or other[1] or FIRST_SERIES).upper()
    ends = sorted((int(one[2]), int(other[2])))
    lines = PropertyLine.objects.filter(library=library, series=series, number__range=ends)
    return list(lines.filter(item__account__in=_PRINTED).order_by("number").values_list("item_id", flat=True))


def of_barcodes(library: Library, first: str, last: str) -> list[int] | None:
    """The volumes whose barcodes lie between two of equal length, both included; None when these are no such pair."""
    first, last = first.strip(), (last or first).strip()
    if not first or len(first) != len(last):
        return None
    first, last = min(first, last), max(first, last)
    codes = ItemIdentifier.objects.alias(signs=Length("value")).filter(
        library=library,
        kind=ItemIdentifier.Kind.BARCODE,
        to_at__isnull=True,
        item__account__in=_PRINTED,
        value__startswith=_shared(first, last),
        signs=len(first),
    )
    found = sorted(
        (value, item) for value, item in codes.values_list("value", "item_id") if first <= value <= last
    )
    return [item for _value, item in found]


def _shared(first: str, last: str) -> str:
    """What two texts of equal length begin with alike."""
    return "".join(sign for place, sign in enumerate(first) if first[: place + 1] == last[: place + 1])


def of_list(library: Library, codes: Iterable[str]) -> tuple[list[int], list[str]]:
    """The volumes that a list names by barcode or accession number, in its order, and what names none that is here."""
    wanted = list(dict.fromkeys(codes))
    ways = {code: readings(code) for code in wanted}
    by_code = items_by_code(library, (way for found in ways.values() for way in found))
    numbers = _by_accession(
        library, [code for code in wanted if not any(way in by_code for way in ways[code])]
    )
    found = {
        code: next((by_code[way] for way in ways[code] if way in by_code), numbers.get(code))
        for code in wanted
    }
    here = _standing([item for item in found.values() if item is not None])
    keys = list(dict.fromkeys(item for item in found.values() if item in here))
    return [key for key in keys if key is not None], [code for code in wanted if found[code] not in here]


def _by_accession(library: Library, codes: Sequence[str]) -> dict[str, int]:
    """Volumes by their own numbers, or by the numbers that they came with."""
    found: dict[str, int] = {}
    for some in _parts(codes):
        legacy = PropertyLine.objects.filter(library=library, legacy_number__in=some)
        found |= dict(legacy.values_list("legacy_number", "item_id"))
        read = {code: match for code in some if (match := _ACCESSION.fullmatch(code))}
        wanted = {(match[1].upper() or FIRST_SERIES, int(match[2])): code for code, match in read.items()}
        lines = PropertyLine.objects.filter(
            library=library, number__in={number for _series, number in wanted}
        )
        for series, number, item in lines.values_list("series", "number", "item_id"):
            code = wanted.get((series, number or 0))
            if code is not None:
                found.setdefault(code, item)
    return found


def _standing(keys: Sequence[int]) -> set[int | None]:
    """Those that still get labels."""
    return {
        key
        for some in _parts(keys)
        for key in Item.objects.filter(pk__in=some, account__in=_PRINTED).values_list("pk", flat=True)
    }


def of_class(library: Library, clc: str, place: int | None) -> list[int]:
    """The volumes of a class (all that begins so; '' for every class) that are at home in a place, or anywhere, in shelf
    order."""
    items = Item.objects.filter(library=library, account__in=_PRINTED)
    if clc:
        own = Q(holding__clc__startswith=clc)
        items = items.filter(own | Q(holding__clc="", holding__record__clc__startswith=clc))
    if place is not None:
        items = items.filter(home=place)
    ordered = items.annotate(in_order=in_bytes("holding__call_number_sort"))
    return list(ordered.order_by("in_order", "holding", "copy_number", "pk").values_list("pk", flat=True))


def in_order(library: Library, keys: Sequence[int], order: str) -> list[int]:
    """The same volumes by call number, accession number or barcode (one of ORDERS); those without one go last."""
    ranks: dict[int, tuple[bool, str, int]] = {}
    for some in _parts(keys):
        if order == "barcode":
            ranks |= {key: (False, code, 0) for key, code in _barcodes(some).items()}
        elif order == "accession":
            lines = PropertyLine.objects.filter(library=library, item__in=some, number__isnull=False)
            ranks |= {
                row[0]: (False, row[1], row[2] or 0)
                for row in lines.values_list("item_id", "series", "number")
            }
        else:
            items = Item.objects.filter(library=library, pk__in=some).exclude(holding__call_number_sort="")
            rows = items.values_list("pk", "holding__call_number_sort", "copy_number")
            ranks |= {key: (False, sort, copy) for key, sort, copy in rows}
    return sorted(keys, key=lambda key: ranks.get(key, (True, "", 0)))


def _parts(keys: Sequence[Key]) -> list[Sequence[Key]]:
    return [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]


def one_of_each_title(library: Library, keys: Sequence[int]) -> list[int]:
    """Of the volumes of one title the first."""
    titles: dict[int, int] = {}
    for some in _parts(keys):
        rows = Item.objects.filter(library=library, pk__in=some).values_list("pk", "holding__record")
        titles |= dict(rows)
    first: dict[int, int] = {}
    for key in keys:
        if key in titles:
            first.setdefault(titles[key], key)
    return list(first.values())
