"""Two records of one publication become one, and can be parted again: nothing is thrown away, only pointed elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.catalogue import index
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.refusals import refuse
from shuxiang.catalogue.services.marc_editing import IN_MARC, move_to, move_to_end
from shuxiang.catalogue.services.saving import prepare, values_of, write_columns
from shuxiang.catalogue.services.undoing import subject_of
from shuxiang.catalogue.values import RecordValues
from shuxiang.common.actors import Actor

MERGE = "catalogue.merge"
# What says the same of every copy of one publication; what tells two publications apart is never filled in.
FILLED = (
    "parallel_title", "publisher", "place", "published", "extent", "size", "series", "isbn", "issn", "price_text", "clc",
    "clc_edition", "subjects", "summary", "language", "audience",
)  # fmt: skip


class Companion(NamedTuple):
    """What a room above does with its own rows: (gone, into, at) → what it noted as JSON, and the way back from that."""

    merge: Callable[[int, int, datetime], Any]
    part: Callable[[int, int, Any, datetime], None]


_companions: dict[str, Companion] = {}


def accompany(room: str, companion: Companion) -> None:
    """Register what a room does in the transaction of a merge; in the order of the storeys, the lowest first."""
    _companions[room] = companion


def filled(into: RecordValues, gone: RecordValues) -> tuple[str, ...]:
    """The blank columns of one record that the other can fill."""
    return tuple(name for name in FILLED if not getattr(into, name) and getattr(gone, name))


@transaction.atomic
def merge(
    record: BibliographicRecord,
    *,
    into: BibliographicRecord,
    by: Actor,
    at: datetime,
    library_code: str = "",
    operation_id: UUID | None = None,
) -> UUID:
    """Make a record a tombstone that points to the one that stays; originals, parts, holdings and loans follow.

    Blank columns of the one that stays are filled. Gives the operation, by which part() takes it back. Raises ValueError
    for a record merged into itself or into a tombstone; refuses a record merged into a part of its own.
    """
    request = {"record": record.pk, "into": into.pk}
    begun = operations.begin(
        MERGE, by=by, at=at, library_code=library_code, operation_id=operation_id, request=request
    )
    if begun.repeated:
        return begun.operation.pk
    if record.pk == into.pk or into.deleted_at is not None or record.deleted_at is not None:
        raise ValueError("a record can only be merged into another living one")
    if into.parent_id == record.pk:
        raise refuse("merge_into_own_part", title=into.title)
    detail: dict[str, Any] = {"parts": list(record.parts.values_list("pk", flat=True))}
    detail["originals"], detail["rekeyed"] = _originals(record, into)
    record.parts.update(parent=into, modified_at=at)
    detail["filled"] = _fill(into, values_of(record), at)
    detail["rooms"] = {room: one.merge(record.pk, into.pk, at) for room, one in _companions.items()}
    record.merged_into, record.deleted_at, record.modified_at = into, at, at
    record.save(update_fields=["merged_into", "deleted_at", "modified_at"])
    index.remove([record.pk])
    operations.finish(
        begun.operation,
        subject=subject_of(into.pk),
        result={"record": into.pk, "into": into.pk, "gone": record.pk},
        detail=detail,
    )
    return begun.operation.pk


def _originals(record: BibliographicRecord, into: BibliographicRecord) -> tuple[list[int], list[list[int]]]:
    """Move the originals; a library's own latest one stays the latest. The same bytes twice stay where they are."""
    there = set(into.originals.values_list("library_id", "sha256"))
    current: dict[int, Original] = {
        original.library_id: original for original in into.originals.filter(format__in=IN_MARC).order_by("pk")
    }
    moved: list[int] = []
    overtaken: dict[int, Original] = {}
    for original in record.originals.order_by("pk"):
        if (original.library_id, original.sha256) in there:
            continue
        Original.objects.filter(pk=original.pk).update(record=into)
        moved.append(original.pk)
        stays = current.get(original.library_id)
        if stays is not None and original.pk > stays.pk and original.format in IN_MARC:
            overtaken[stays.pk] = stays
    return moved, [[old, move_to_end(stays)] for old, stays in overtaken.items()]


def _fill(into: BibliographicRecord, gone: RecordValues, at: datetime) -> dict[str, Any]:
    now = values_of(into)
    names = filled(now, gone)
    if not names:
        return {}
    values = prepare(replace(now, **{name: getattr(gone, name) for name in names}))
    write_columns(into, values, library=None, at=at)
    return {"before": now.as_projection(), "after": values.as_projection()}


@transaction.atomic
def part(
    merge_id: UUID, *, by: Actor, at: datetime, library_code: str = "", operation_id: UUID | None = None
) -> BibliographicRecord:
    """Take a merge back: the record lives again, with what it brought. Refuses one that is no merge, or was taken back."""
    begun = operations.begin(
        "catalogue.part",
        by=by,
        at=at,
        library_code=library_code,
        operation_id=operation_id,
        request={"merge": merge_id},
    )
    done = Operation.objects.filter(pk=merge_id, action=MERGE).first()
    if done is None or "gone" not in done.result:
        raise refuse("nothing_to_undo")
    record = BibliographicRecord.objects.get(pk=done.result["gone"])
    if begun.repeated:
        return record
    into = BibliographicRecord.objects.get(pk=done.result["into"])
    if done.undone_by_id is not None or into.deleted_at is not None or record.merged_into_id != into.pk:
        raise refuse("cannot_part", title=record.title)
    _part(record, into, done.detail, at)
    Operation.objects.filter(pk=done.pk).update(undone_by=begun.operation)
    operations.finish(begun.operation, subject=subject_of(into.pk), result={"record": record.pk})
    return record


def _part(
    record: BibliographicRecord, into: BibliographicRecord, detail: dict[str, Any], at: datetime
) -> None:
    record.merged_into, record.deleted_at, record.modified_at = None, None, at
    record.save(update_fields=["merged_into", "deleted_at", "modified_at"])
    BibliographicRecord.objects.filter(pk__in=detail["parts"], parent=into).update(parent=record)
    Original.objects.filter(pk__in=detail["originals"], record=into).update(record=record)
    for old, new in detail["rekeyed"]:
        if Original.objects.filter(pk=new).exists():
            move_to(new, old)
    for room, companion in _companions.items():
        if room in detail["rooms"]:
            companion.part(record.pk, into.pk, detail["rooms"][room], at)
    if detail["filled"]:
        _unfill(into, detail["filled"]["before"], detail["filled"]["after"], at)
    index.write([record, into])


def _unfill(into: BibliographicRecord, before: dict[str, Any], after: dict[str, Any], at: datetime) -> None:
    """What the merge filled in goes, where nobody changed it since."""
    now, blank = values_of(into), RecordValues()
    said = now.as_projection()
    back = {
        name: before.get(name, getattr(blank, name))
        for name in after
        if name != "warnings" and after[name] != before.get(name) and said.get(name) == after[name]
    }
    if back:
        write_columns(into, prepare(replace(now, **back)), library=None, at=at)
