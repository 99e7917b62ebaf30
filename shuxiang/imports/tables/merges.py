"""Merged cells: the text stands in the upper left cell only, but is meant for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from shuxiang.imports.tables.model import CellNote, RawRow

_MAX_OPEN: Final = 2_000  # regions that may cover one row; a sheet of tables never comes near it


class Region(NamedTuple):
    """A merged region, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class MergeFiller:
    """Walks down a sheet and repeats the text of vertically merged cells; rows must come in order."""

    def __init__(self, regions: Iterable[Region] = ()) -> None:
        self._coming = sorted(regions, reverse=True)
        self._open: list[tuple[Region, str]] = []

    def add(self, region: Region) -> None:
        """A region found while reading (its top is the row that comes next)."""
        self._coming.append(region)

    @property
    def covers_more(self) -> bool:
        """Whether a region still reaches below the last row given."""
        return bool(self._open)

    def fill(self, row: RawRow) -> RawRow:
        """The row with texts repeated and its horizontal spans told."""
        if not self._coming and not self._open:
            return row
        index = row.number - 1
        self._open = [(region, text) for region, text in self._open if region.bottom >= index]
        cells, notes, spans = list(row.cells), list(row.notes), []
        for region, text in self._open:
            if text and not _text_at(cells, region.left):
                cells.extend([""] * (region.left + 1 - len(cells)))
                cells[region.left] = text
                notes.append(CellNote(region.left, "filled_from_merged"))
            if region.right > region.left:
                spans.append((region.left, region.right))
        while self._coming and self._coming[-1].top <= index:
            region = self._coming.pop()
            if region.top == index and region.right > region.left:
                spans.append((region.left, region.right))
            if region.bottom > index and region.top == index and len(self._open) < _MAX_OPEN:
                self._open.append((region, _text_at(cells, region.left)))
        return row._replace(cells=cells, notes=tuple(notes), spans=tuple(sorted(spans)))


def _text_at(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""
