"""A row read as far as that goes without the database: its facts, the record it describes, and the row as it is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass

from shuxiang.catalogue.models import Original
from shuxiang.catalogue.rules import describe
from shuxiang.catalogue.services import Described, OriginalValues, RecordValues, prepare, projection_text
from shuxiang.holdings.imports.matching import Earlier
from shuxiang.holdings.reading.columns import facts_of_row
from shuxiang.holdings.reading.facts import BookFacts
from shuxiang.holdings.reading.marcrows import facts_of_record
from shuxiang.imports.shapes import SourceRow


@dataclass(slots=True)
class Reading:
    """What one row says. `original.record_id` is filled when the record is known."""

    facts: BookFacts
    described: Described
    original: OriginalValues


def read_row(row: SourceRow) -> Reading:
    """Read a row or a record."""
    facts = facts_of_record(row.marc) if row.marc else facts_of_row(row)
    values = prepare(RecordValues(**facts.columns, warnings=tuple(facts.warnings)))  # type: ignore[arg-type]
    content, kind = content_of_row(row)
    original = OriginalValues(
        record_id=0,
        format=kind,
        content=content,
        profile=row.marc.profile if row.marc else "",
        encoding=row.marc.encoding if row.marc else "utf-8",
        projection=projection_text(values.as_projection()),
    )
    return Reading(facts, describe(values), original)


def content_of_row(row: SourceRow) -> tuple[bytes, str]:
    """The row as it will be kept: MARC byte for byte, a table row with its column titles."""
    if row.marc is None:
        return json.dumps(dict(row.cells), ensure_ascii=False).encode(), Original.Format.ROW.value
    start = row.marc.raw.lstrip()[:1]
    if start == b"<":
        return row.marc.raw, Original.Format.MARCXML.value
    is_iso2709 = b"\x1e" in row.marc.raw
    return row.marc.raw, (Original.Format.ISO2709 if is_iso2709 else Original.Format.TEXT).value


def cells_before(earlier: Earlier) -> dict[str, str] | None:
    if earlier.format != Original.Format.ROW:
        return None
    cells: dict[str, str] = json.loads(earlier.content)
    return cells
