"""Rows as they are kept beside the record."""

from __future__ import annotations

import json

from shuxiang.catalogue.models import Original
from shuxiang.catalogue.services import OriginalValues, RecordValues
from shuxiang.holdings.imports.matching import Earlier
from shuxiang.imports.shapes import SourceRow


def content_of_row(row: SourceRow) -> tuple[bytes, str]:
    """The row as it will be kept: MARC byte for byte, a table row with its column titles."""
    if row.marc is None:
        return json.dumps(dict(row.cells), ensure_ascii=False).encode(), Original.Format.ROW
    start = row.marc.raw.lstrip()[:1]
    if start == b"<":
        return row.marc.raw, Original.Format.MARCXML
    return row.marc.raw, Original.Format.ISO2709 if b"\x1e" in row.marc.raw else Original.Format.TEXT


def original_of_row(row: SourceRow, content: bytes, kind: str, values: RecordValues) -> OriginalValues:
    return OriginalValues(
        record_id=0,
        format=kind,
        content=content,
        profile=row.marc.profile if row.marc else "",
        encoding=row.marc.encoding if row.marc else "utf-8",
        projection=values.as_projection(),
    )


def cells_before(earlier: Earlier) -> dict[str, str] | None:
    if earlier.format != Original.Format.ROW:
        return None
    cells: dict[str, str] = json.loads(earlier.content)
    return cells
