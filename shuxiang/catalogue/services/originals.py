"""Keep what was delivered, byte for byte."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.libraries.models import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalValues:
    """One delivered record: its bytes as they came, and the columns as they were first read from it."""

    record_id: int
    format: str  # Original.Format
    content: bytes
    profile: str = ""  # cnmarc | marc21
    encoding: str = ""
    projection: Mapping[str, object] = field(default_factory=dict)


def keep_originals(
    originals: Iterable[OriginalValues], *, library: Library, at: datetime, run_id: UUID | None = None
) -> int:
    """Keep many; the same bytes for the same record of a library are kept once. Gives how many were handed in."""
    rows = [
        Original(
            record_id=one.record_id,
            library=library,
            format=one.format,
            profile=one.profile,
            encoding=one.encoding,
            content=one.content,
            sha256=hashlib.sha256(one.content).hexdigest(),
            projection=dict(one.projection),
            run_id=run_id,
            received_at=at,
        )
        for one in originals
    ]
    Original.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def keep_original(
    record: BibliographicRecord,
    *,
    library: Library,
    format: str,
    content: bytes,
    at: datetime,
    profile: str = "",
    encoding: str = "",
    projection: Mapping[str, object] | None = None,
    run_id: UUID | None = None,
) -> Original:
    """Keep one original and give it, also when it had been kept before."""
    values = OriginalValues(
        record_id=record.pk,
        format=format,
        content=content,
        profile=profile,
        encoding=encoding,
        projection=projection or {},
    )
    keep_originals([values], library=library, at=at, run_id=run_id)
    return Original.objects.get(library=library, record=record, sha256=hashlib.sha256(content).hexdigest())
