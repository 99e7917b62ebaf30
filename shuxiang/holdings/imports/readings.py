"""A row read as far as that goes without the database: its facts, the record it describes, and the row as it is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shuxiang.catalogue.models import Original
from shuxiang.catalogue.rules import describe
from shuxiang.catalogue.services import Described, OriginalValues, RecordValues, prepare, projection_text
from shuxiang.holdings.imports.matching import Earlier
from shuxiang.holdings.reading import ahead
from shuxiang.holdings.reading.columns import facts_of_row
from shuxiang.holdings.reading.facts import BookFacts
from shuxiang.holdings.reading.marcrows import facts_of_record, format_of
from shuxiang.imports.shapes import SourceRow


@dataclass(slots=True)
class Reading:
    """What one row says. `original.record_id` is filled when the record is known."""

    facts: BookFacts
    described: Described
    original: OriginalValues


def read_row(row: SourceRow) -> Reading:
    """Read a row or a record, or take over what was read of it ahead."""
    if row.read is not None:
        return _taken_over(row.read)
    facts = facts_of_record(row.marc) if row.marc else facts_of_row(row)
    values = prepare(RecordValues(**facts.columns, warnings=tuple(facts.warnings)))  # type: ignore[arg-type]
    content = row.marc.raw if row.marc else json.dumps(dict(row.cells), ensure_ascii=False).encode()
    original = OriginalValues(
        record_id=0,
        format=format_of(content) if row.marc else Original.Format.ROW.value,
        content=content,
        profile=row.marc.profile if row.marc else "",
        encoding=row.marc.encoding if row.marc else "utf-8",
        projection=projection_text(values.as_projection()),
    )
    return Reading(facts, describe(values), original)


def _taken_over(packed: tuple[Any, ...]) -> Reading:
    facts, described, one = ahead.unpack(packed)
    original = OriginalValues(
        record_id=0,
        format=one.format,
        content=one.content,
        profile=one.profile,
        encoding=one.encoding,
        projection=one.projection,
        sha256=one.sha256,
    )
    return Reading(facts, described, original)


def cells_before(earlier: Earlier) -> dict[str, str] | None:
    if earlier.format != Original.Format.ROW:
        return None
    cells: dict[str, str] = json.loads(earlier.content)
    return cells
