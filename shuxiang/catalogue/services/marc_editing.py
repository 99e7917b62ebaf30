"""The record as MARC: the library's own original with the columns as they are now, and what an editor makes of it.

An edited record is kept as a further original of the library, so export gives back every field of it and undo finds the
one before. The first delivered bytes are never touched.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang import marc
from shuxiang.audit import operations
from shuxiang.catalogue.marcs import DERIVED, after_editing, columns_of, projection_of, with_columns, with_set
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.refusals import refuse
from shuxiang.catalogue.services.originals import keep_original
from shuxiang.catalogue.services.saving import prepare, values_of, write_columns
from shuxiang.catalogue.values import COLUMNS, RecordValues
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.marc.check import cannot_write

SAVE_MARC = "catalogue.save_marc"
IN_MARC = (Original.Format.ISO2709, Original.Format.MARCXML, Original.Format.TEXT)


@dataclass(frozen=True, slots=True)
class MarcNow:
    """A record in MARC as it would be exported now, without the volumes; `digest` tells it from a later one."""

    record: marc.MarcRecord
    profile: marc.Profile
    digest: str
    is_own: bool  # there is an original in MARC that this library brought


def own_original(record: BibliographicRecord, library: Library) -> Original | None:
    """The library's own latest original in MARC."""
    return record.originals.filter(library=library, format__in=IN_MARC).order_by("-pk").first()


def marc_now(record: BibliographicRecord, library: Library, *, profile: marc.Profile = "cnmarc") -> MarcNow:
    """The record in MARC: from the library's own original, another's without its volumes, or the columns.

    `profile` is asked only where there is no original.
    """
    own = own_original(record, library)
    raw = read_original(own) if own else None
    is_own = raw is not None
    if raw is None:
        other = record.originals.filter(format__in=IN_MARC).order_by("-pk").first()
        raw = read_original(other) if other else None
    if raw is None:
        built = marc.build_record(_with_set(projection_of(_columns(record)), record), profile)
        return MarcNow(built, profile, digest_of(built), is_own=False)
    fields = with_changes(record, raw)
    if not is_own:
        fields = marc.with_local_holdings(fields, raw.profile, ())
    return MarcNow(fields, raw.profile, digest_of(fields), is_own)


def digest_of(record: marc.MarcRecord) -> str:
    return hashlib.sha256(marc.write_iso2709(record)).hexdigest()


def read_original(original: Original) -> marc.RawRecord | None:
    """The record in an original; None when nothing can be made of its bytes."""
    profile: marc.Profile = "marc21" if original.profile == "marc21" else "cnmarc"
    encoding = original.encoding if original.format == Original.Format.ISO2709 else "utf-8"
    read = list(marc.read_marc(bytes(original.content), encoding=encoding or None, profile=profile))
    return read[0] if read and isinstance(read[0], marc.RawRecord) else None


def with_changes(record: BibliographicRecord, raw: marc.RawRecord) -> marc.MarcRecord:
    """An original with those columns written into it that are others now; every other field is the very same."""
    projection = marc.project(raw.record, raw.profile)
    first = prepare(RecordValues(**columns_of(projection)))  # type: ignore[arg-type]
    now = values_of(record)
    changed = frozenset(
        name for name in COLUMNS if name not in DERIVED and getattr(now, name) != getattr(first, name)
    )
    wanted = with_columns(projection, _columns(record), changed) if changed else projection
    wanted = _with_set(wanted, record)
    return raw.record if wanted == projection else marc.apply_projection(raw.record, raw.profile, wanted)


def from_columns(record: BibliographicRecord) -> marc.MarcRecord:
    """A record made of the columns alone, in CNMARC."""
    return marc.build_record(_with_set(projection_of(_columns(record)), record), "cnmarc")


def _columns(record: BibliographicRecord) -> dict[str, object]:
    columns = {name: getattr(values_of(record), name) for name in COLUMNS if name not in DERIVED}
    return columns if record.is_complete else columns | {"title": ""}


def _with_set(projection: marc.Projection, record: BibliographicRecord) -> marc.Projection:
    if record.parent is None:
        return projection
    volume = record.volume_mark or (str(record.part_number) if record.part_number else "")
    return with_set(projection, record.parent.title, volume)


def values_in(record: marc.MarcRecord, profile: marc.Profile) -> RecordValues:
    """The columns as they are read from a MARC record, ready to be stored."""
    return prepare(RecordValues(**columns_of(marc.project(record, profile))))  # type: ignore[arg-type]


def refuse_unwritable(record: marc.MarcRecord) -> None:
    """Raise Refused with everything that ISO 2709 has no place for."""
    found = cannot_write(record)
    if found:
        raise Refused(Decision.of(Reason(one.code, Weight.REFUSE, one.params) for one in found))


@transaction.atomic
def save_marc(
    *,
    record: BibliographicRecord | None,
    edited: marc.MarcRecord,
    profile: marc.Profile,
    library: Library,
    by: Actor,
    at: datetime,
    seen: str = "",
    operation_id: UUID | None = None,
) -> BibliographicRecord:
    """Keep a MARC record as the library's own; columns follow where it reads differently than before.

    `seen` is the digest of the record that was edited: another one there now means that somebody saved in between, and is
    refused. Refuses what ISO 2709 cannot hold. A record that was not changed is not kept again.
    """
    refuse_unwritable(edited)
    content = marc.write_iso2709(edited)
    request = {"record": record.pk if record else None, "content": hashlib.sha256(content).hexdigest()}
    begun = operations.begin(
        SAVE_MARC, by=by, at=at, library_code=library.code, operation_id=operation_id, request=request
    )
    if begun.repeated:
        return BibliographicRecord.objects.get(pk=str(begun.operation.result["record"]))
    after = values_in(edited, profile)
    detail: dict[str, object] = {}
    if record is None:
        record = write_columns(None, after, library=library, at=at)
    else:
        now = marc_now(record, library, profile=profile)
        if seen and seen != now.digest:
            raise refuse("changed_meanwhile", title=record.title)
        values = prepare(after_editing(values_of(record), values_in(now.record, now.profile), after))
        detail["before"] = values_of(record).as_projection()
        if values != values_of(record):
            write_columns(record, values, library=library, at=at)
    detail |= _keep(record, content, profile, library, at)
    operations.finish(
        begun.operation, subject=f"catalogue.record:{record.pk}", result={"record": record.pk}, detail=detail
    )
    return record


def _keep(
    record: BibliographicRecord, content: bytes, profile: str, library: Library, at: datetime
) -> dict[str, object]:
    """Make these bytes the library's latest original; bytes it had before are moved to the end, not kept twice."""
    digest = hashlib.sha256(content).hexdigest()
    there = record.originals.filter(library=library, sha256=digest).first()
    if there is not None:
        was = there.pk
        return {"original": move_to_end(there), "was": was}
    kept = keep_original(
        record,
        library=library,
        format=Original.Format.ISO2709,
        content=content,
        at=at,
        profile=profile,
        encoding="utf-8",
        projection=values_of(record).as_projection(),
    )
    return {"original": kept.pk}


def move_to_end(original: Original) -> int:
    """Give an original a new key, above all others: the highest key is the current one. Gives the key."""
    return move_to(original.pk, None)


def move_to(key: int, wanted: int | None) -> int:
    """Write an original anew under another key, or the next one. An insert, so that the table learns of the key."""
    original = Original.objects.get(pk=key)
    original.delete()
    original.pk = wanted
    original.save(force_insert=True)
    return original.pk
