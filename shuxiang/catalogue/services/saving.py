"""Save records with everything that is reckoned from their columns."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import CharField
from django.utils.translation import gettext as _

from shuxiang.audit import bulk, operations
from shuxiang.catalogue import index
from shuxiang.catalogue.duplicates import DuplicateFinder, Match
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.rules import describe, prepared, stored_keys
from shuxiang.catalogue.values import COLUMNS, KEYS, Described, RecordValues
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library

CHUNK = 500
LIMITS = {
    field.name: field.max_length
    for field in BibliographicRecord._meta.get_fields()
    if isinstance(field, CharField) and field.name in COLUMNS and field.max_length
}

_PLAIN = tuple(name for name in COLUMNS if name != "warnings")
_plain, _keys = attrgetter(*_PLAIN), attrgetter(*KEYS)


def prepare(values: RecordValues) -> RecordValues:
    """The values as they will be stored; a record without title gets a title to be shown and is not complete."""
    ready = prepared(values, LIMITS)
    if ready.title:
        return ready
    title = _("[Title missing] %(number)s") % {"number": ready.isbn or ready.issn}
    return replace(ready, title=title.strip()[: LIMITS["title"]])


def values_of(record: BibliographicRecord) -> RecordValues:
    """The columns of a record as plain values, for a form or a comparison."""
    columns = {name: getattr(record, name) for name in COLUMNS}
    return RecordValues(**{**columns, "warnings": tuple(record.warnings)})


def find_duplicate(values: RecordValues) -> Match | None:
    """The record that these values describe, if it is there already; for many rows use DuplicateFinder."""
    ready = prepare(values)
    return DuplicateFinder([ready]).find(ready)


def _fill(record: BibliographicRecord, values: RecordValues, at: datetime) -> None:
    for name in COLUMNS:
        setattr(record, name, getattr(values, name))
    record.warnings = list(values.warnings)
    for name, key in asdict(stored_keys(values)).items():
        setattr(record, name, key)
    record.modified_at = at


@transaction.atomic
def save_record(
    *,
    record: BibliographicRecord | None,
    values: RecordValues,
    library: Library | None,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> BibliographicRecord:
    """Make a record, or write all columns of one that is there; keys and index follow in the same transaction."""
    values = prepare(values)
    request = {"record": record.pk if record else None, "values": values.as_projection()}
    code = library.code if library else ""
    begun = operations.begin(
        "catalogue.save_record", by=by, at=at, library_code=code, operation_id=operation_id, request=request
    )
    if begun.repeated:
        return BibliographicRecord.objects.get(pk=str(begun.operation.result["record"]))
    before = {} if record is None else values_of(record).as_projection()
    record = write_columns(record, values, library=library, at=at)
    operations.finish(
        begun.operation,
        subject=f"catalogue.record:{record.pk}",
        result={"record": record.pk},
        detail={"before": before} if before else None,
    )
    return record


def write_columns(
    record: BibliographicRecord | None, values: RecordValues, *, library: Library | None, at: datetime
) -> BibliographicRecord:
    """Write prepared columns with keys and index, into a new record if there is none, in the caller's transaction."""
    is_new = record is None
    record = record or BibliographicRecord(created_by_library=library, created_at=at)
    _fill(record, values, at)
    record.save()
    index.write([record], are_new=is_new)
    return record


def bulk_save_records(
    values: Sequence[RecordValues], *, library: Library | None, by: Actor, at: datetime
) -> list[BibliographicRecord]:
    """Make many records, in order; one operation for all, a transaction for every chunk unless the caller holds one."""
    made: list[BibliographicRecord] = []
    for start in range(0, len(values), CHUNK):
        described = [describe(prepare(one)) for one in values[start : start + CHUNK]]
        keys = write_records(described, library=library, by=by, at=at)
        found = BibliographicRecord.objects.in_bulk(keys)
        made += [found[key] for key in keys]
    return made


@transaction.atomic
def write_records(
    described: Sequence[Described], *, library: Library | None, by: Actor, at: datetime
) -> list[int]:
    """Write new records and their index in one transaction; gives their keys, in order."""
    if not described:
        return []
    code = library.code if library else ""
    begun = operations.begin("catalogue.save_records", by=by, at=at, library_code=code)
    keys = list(bulk.take_keys(BibliographicRecord, len(described)))
    uuids = bulk.new_uuids(len(described))
    bulk.insert(
        BibliographicRecord,
        ("id", "uuid", *_PLAIN, "warnings", *KEYS),
        [
            (key, uuid, *_plain(one.values), json.dumps(one.values.warnings), *_keys(one.keys))
            for key, uuid, one in zip(keys, uuids, described, strict=True)
        ],
        constants={"created_by_library": library and library.pk, "created_at": at, "modified_at": at},
    )
    index.write_words([(key, one.words) for key, one in zip(keys, described, strict=True)])
    ends = {"first": keys[0], "last": keys[-1], "count": len(keys)}
    operations.finish(begun.operation, subject=f"catalogue.record:{keys[0]}", result=ends)
    return keys
