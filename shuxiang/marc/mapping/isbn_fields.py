"""ISBN and price share a field in both profiles; this writes them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shuxiang.marc.fields import data_field
from shuxiang.marc.mapping.edit import insert, put, swap, without
from shuxiang.marc.mapping.projection import Isbn
from shuxiang.marc.types import Field, MarcRecord


@dataclass(frozen=True, slots=True)
class IsbnForm:
    """Where a profile keeps ISBNs: the tag, and the codes of qualifier and price."""

    tag: str
    qualifier: str
    price: str
    order: str
    read: Callable[[Field], list[Isbn]]


def write_isbns(record: MarcRecord, form: IsbnForm, wanted: tuple[Isbn, ...]) -> MarcRecord:
    """The record with these ISBNs; fields that lose theirs keep what else they hold."""
    left = list(wanted)
    for item in list(record.each(form.tag)):
        found = form.read(item)
        if not found:
            continue
        if all(isbn in left for isbn in found):
            for isbn in found:
                left.remove(isbn)
            continue
        record = swap(record, item, put(item, "6a" + form.qualifier, [], form.order))
    record = insert(record, [_make(form, isbn) for isbn in left])
    return _in_order(record, form, wanted)


def _make(form: IsbnForm, isbn: Isbn) -> Field:
    pairs = [("a", isbn.raw), (form.qualifier, isbn.qualifier)]
    return data_field(form.tag, "  ", [pair for pair in pairs if pair[1]])


def _in_order(record: MarcRecord, form: IsbnForm, wanted: tuple[Isbn, ...]) -> MarcRecord:
    """The same with the fields that hold ISBNs in the order wanted."""
    places = {isbn: at for at, isbn in reversed(list(enumerate(wanted)))}
    holders = [item for item in record.each(form.tag) if form.read(item)]
    queue = iter(sorted(holders, key=lambda item: places.get(form.read(item)[0], len(wanted))))
    mine = {id(item) for item in holders}
    return MarcRecord(
        record.leader, tuple(next(queue) if id(item) in mine else item for item in record.fields)
    )


def write_prices(record: MarcRecord, form: IsbnForm, wanted: tuple[str, ...], elsewhere: str) -> MarcRecord:
    """The record with these prices: one to each ISBN in turn, the rest alone; none in the fields `elsewhere`."""
    for item in [each for each in record.fields if each.tag in elsewhere.split() and each.get(form.price)]:
        record = swap(record, item, put(item, form.price, [], form.order))
    left = list(wanted)
    for item in list(record.each(form.tag)):
        price = left.pop(0) if left and (form.read(item) or item.get(form.price)) else ""
        if item.all(form.price) != ([price] if price else []):
            record = swap(record, item, put(item, form.price, [(form.price, price)], form.order))
    return insert(record, [data_field(form.tag, "  ", [(form.price, price)]) for price in left])


def write_cancelled(record: MarcRecord, form: IsbnForm, wanted: tuple[str, ...]) -> MarcRecord:
    """The record with these cancelled or wrong ISBNs ($z), each in a field of its own if new."""
    left = list(wanted)
    for item in list(record.each(form.tag)):
        old = item.all("z")
        if not old:
            continue
        stay = [value for value in old if value in left]
        for value in stay:
            left.remove(value)
        if stay != old:
            record = swap(record, item, put(item, "z", [("z", value) for value in stay], form.order))
    record = insert(record, [data_field(form.tag, "  ", [("z", value)]) for value in left])
    return without(record, lambda item: item.tag == form.tag and not item.subfields)
