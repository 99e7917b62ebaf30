"""The plain values that the readers, the header finder and the mapping pass to each other."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of the machine; whatever goes beyond raises `TableError`."""

    max_bytes: int = 300 * 2**20
    max_unpacked_bytes: int = 2**30
    max_ratio: int = 200
    ratio_applies_above_bytes: int = 32 * 2**20
    max_sheets: int = 256
    max_columns: int = 512
    max_rows: int = 3_000_000
    max_cells: int = 24_000_000
    max_cell_chars: int = 200_000


DEFAULT = Limits()


class CellNote(NamedTuple):
    """Something to tell about one cell (`column` is 0-based) or a whole row (`column` is -1)."""

    column: int
    code: str  # a key of errors.NOTES
    text: str = ""


class Row(NamedTuple):
    """One row as text. `cells` is as long as the header; missing cells are ''."""

    number: int  # 1-based, as the spreadsheet program shows it
    cells: tuple[str, ...]
    notes: tuple[CellNote, ...] = ()
    numeric: int = 0  # bit i is set where cell i was stored as a number (leading zeros may be lost there)
    skip: str = ""  # '' for data, else a key of errors.SKIPS

    def is_number(self, column: int) -> bool:
        """Whether the cell was stored as a number, not as text (always False in CSV)."""
        return bool(self.numeric >> column & 1)


class RawRow(NamedTuple):
    """What a reader of one format hands on: blank rows left out, nothing padded or judged.

    Cells under a vertically merged one repeat its text with the note 'filled_from_merged'; `spans` are the
    horizontally merged ranges of this row as (first column, last column).
    """

    number: int
    cells: list[str]
    notes: tuple[CellNote, ...] = ()
    numeric: int = 0
    spans: tuple[tuple[int, int], ...] = ()


class Source(Protocol):
    """One sheet of any format; `raw_rows` starts anew at each call and raises `TableError`."""

    name: str
    hidden: bool

    def raw_rows(self) -> Iterator[RawRow]: ...


@dataclass(frozen=True, slots=True)
class Header:
    """The column titles of a sheet.

    `titles` are unique and never empty: a second 价格 is '价格 (2)', a column without title is its letter.
    `parts` are the words as they stand (two for a two-row header, parent first; none for an untitled column).
    `row_numbers` (1-based) is empty when the sheet has no header and columns are known by letter only.
    """

    titles: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...] = ()
    above: tuple[
        str, ...
    ] = ()  # texts of the rows above the header: the name of the list, its date, a batch number

    @property
    def found(self) -> bool:
        return bool(self.row_numbers)


@dataclass(frozen=True, slots=True)
class TableWarning:
    """Something to tell about a file or a sheet: `errors.WARNINGS[code] % params`."""

    code: str
    params: AbstractMapping[str, object] = field(default_factory=dict)
