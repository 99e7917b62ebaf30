"""Keep what was delivered, byte for byte."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import bulk
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.values import projection_text
from shuxiang.libraries.models import Library

_THERE = "SELECT record_id, sha256 FROM catalogue_original WHERE library_id = %s AND record_id IN ({keys})"
_COLUMNS = ("id", "record_id", "format", "profile", "encoding", "content", "sha256", "projection")


@dataclass(slots=True, kw_only=True)
class OriginalValues:
    """One delivered record: its bytes as they came, and the columns as they were first read from it, as JSON."""

    record_id: int
    format: str  # Original.Format
    content: bytes
    profile: str = ""  # cnmarc | marc21
    encoding: str = ""
    projection: str = "{}"
    sha256: str = ""  # of the content; reckoned when it is not known

    def __post_init__(self) -> None:
        self.sha256 = self.sha256 or hashlib.sha256(self.content).hexdigest()


@transaction.atomic
def keep_originals(
    originals: Iterable[OriginalValues], *, library: Library, at: datetime, run_id: UUID | None = None
) -> int:
    """Keep many; the same bytes for the same record of a library are kept once. Gives how many were handed in."""
    handed = list(originals)
    wanted = {(one.record_id, one.sha256): one for one in reversed(handed)}
    records = (record_id for record_id, _digest in wanted)
    for key in bulk.rows_in(_THERE, records, library.pk):
        wanted.pop(key, None)
    fresh = list(reversed(wanted.values()))
    keys = bulk.take_keys(Original, len(fresh))
    rows = [
        (key, one.record_id, one.format, one.profile, one.encoding, one.content, one.sha256, one.projection)
        for key, one in zip(keys, fresh, strict=True)
    ]
    bulk.insert(
        Original, _COLUMNS, rows, constants={"library": library.pk, "run_id": run_id, "received_at": at}
    )
    return len(handed)


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
        projection=projection_text(projection or {}),
    )
    keep_originals([values], library=library, at=at, run_id=run_id)
    return Original.objects.get(library=library, record=record, sha256=values.sha256)
