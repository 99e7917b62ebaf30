"""Changing a record piece by piece, everything else left as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from shuxiang.marc.types import Field, MarcRecord, Subfield

T = TypeVar("T")


def swap(record: MarcRecord, old: Field | None, new: Field | None) -> MarcRecord:
    """The record with `new` where `old` stood (in the order of tags if there was none), or without it."""
    if new is not None and new.data is None and not new.subfields:
        new = None
    if old is None:
        return record if new is None else insert(record, [new])
    fields: list[Field] = []
    for item in record.fields:
        if item is not old:
            fields.append(item)
        elif new is not None:
            fields.append(new)
    return MarcRecord(record.leader, tuple(fields))


def insert(record: MarcRecord, new: Sequence[Field]) -> MarcRecord:
    """The record with these fields added, each behind the last field whose tag is not higher."""
    fields = list(record.fields)
    for item in new:
        later = [at for at, known in enumerate(fields) if known.tag > item.tag]
        fields.insert(later[0] if later else len(fields), item)
    return MarcRecord(record.leader, tuple(fields))


def without(record: MarcRecord, gone: Callable[[Field], bool]) -> MarcRecord:
    """The record without the fields for which `gone` holds."""
    return MarcRecord(record.leader, tuple(item for item in record.fields if not gone(item)))


def put(item: Field, codes: str, pairs: Sequence[tuple[str, str]], order: str) -> Field:
    """The field with all its subfields of `codes` replaced by `pairs`, empty ones left out.

    They go where the first of the old ones stood, else where `order` (the codes in their usual order) wants them.
    """
    kept: list[Subfield] = []
    place: int | None = None
    for subfield in item.subfields:
        if subfield.code not in codes:
            kept.append(subfield)
        elif place is None:
            place = len(kept)
    new = [Subfield(code, value) for code, value in pairs if value]
    if place is None:
        if not new:
            return item
        rank = order.find(new[0].code)
        behind = [at for at, each in enumerate(kept) if -1 < rank < order.find(each.code)]
        place = behind[0] if behind else len(kept)
    kept[place:place] = new
    return Field(item.tag, item.indicators, tuple(kept))


def put_first(item: Field, code: str, value: str, order: str) -> Field:
    """The field with its first subfield `code` set to `value`; with '' all of that code are taken out."""
    others = item.all(code)[1:] if value else []
    return put(item, code, [(code, each) for each in (value, *others)], order)


def rewrite(
    record: MarcRecord,
    old: Sequence[tuple[Field, Sequence[T]]],
    wanted: Sequence[T],
    make: Callable[[T], Field],
) -> MarcRecord:
    """The record whose fields `old` (each with the values it is read as) are made to say `wanted`, in that order.

    A field whose values stay is kept as it is; one that is read as nothing is not touched.
    """
    free = [(item, tuple(values)) for item, values in old if values]
    new: list[Field] = []
    at = 0
    while at < len(wanted):
        match = next(
            ((item, seen) for item, seen in free if tuple(wanted[at : at + len(seen)]) == seen), None
        )
        if match:
            free.remove(match)
            new.append(match[0])
            at += len(match[1])
        else:
            new.append(make(wanted[at]))
            at += 1
    mine = {id(item) for item, values in old if values}
    fields: list[Field] = []
    placed = False
    for item in record.fields:
        if id(item) not in mine:
            fields.append(item)
        elif not placed:
            fields += new
            placed = True
    bare = MarcRecord(record.leader, tuple(fields))
    return bare if placed else insert(bare, new)
