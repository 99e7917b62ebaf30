"""Builds rows from the events of a markup parser and keeps them within the limits."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Final

from shuxiang.imports.tables.cells import lost_digits
from shuxiang.imports.tables.merges import MergeFiller, Region
from shuxiang.imports.tables.model import CellNote, Limits, RawRow

MANY: Final = 1 << 20


class TooMany(Exception):
    """A limit was passed; the argument is a code of `errors.MESSAGES`."""


class Forbidden(Exception):
    """The XML declares a document type."""


class RowBuilder:
    """Collects the cells of one sheet, row by row, where cells and rows may name their place or repeat."""

    def __init__(self, limits: Limits) -> None:
        self.ready: deque[RawRow] = deque()
        self._limits = limits
        self._filler = MergeFiller()
        self._number = 0
        self._seen = 0
        self._start_row(1)

    def _start_row(self, repeat: int) -> None:
        self._cells: list[str] = []
        self._column = 0
        self._notes: list[CellNote] = []
        self._numeric = 0
        self._repeat = repeat

    def start_row(self, index: int | None = None, repeat: int = 1) -> None:
        """`index` is 1-based and may skip rows; `repeat` says how often the row stands there."""
        if index is not None and index > self._number:
            self._number = index - 1
        self._start_row(max(repeat, 1))

    def place(self, index: int | None) -> None:
        """The next cell stands in this 1-based column."""
        if index is not None and index > self._column:
            self._column = index - 1

    def skip_covered(self, covered: set[int]) -> None:
        while self._column in covered:
            self._column += 1

    @property
    def column(self) -> int:
        return self._column

    def cell(self, text: str, *, number: bool = False, error: bool = False, repeat: int = 1) -> None:
        """One cell, `repeat` times. Empty ones cost nothing."""
        repeat = max(repeat, 1)
        if error and self._column < self._limits.max_columns:
            self._notes.append(CellNote(self._column, "error_cell"))
        elif text:
            last = self._column + repeat
            if last > self._limits.max_columns:
                raise TooMany("too_many_columns")
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells.extend([text[: self._limits.max_cell_chars]] * repeat)
            for column in range(self._column, last):
                self._note(column, text, number)
        self._column += min(repeat, MANY)

    def _note(self, column: int, text: str, number: bool) -> None:
        if number:
            self._numeric |= 1 << column
        if text[0].isdigit() and lost_digits(text):
            self._notes.append(CellNote(column, "lost_digits", text))
        if len(text) > self._limits.max_cell_chars:
            self._notes.append(CellNote(column, "cell_cut", str(self._limits.max_cell_chars)))

    def merge(self, column: int, across: int, down: int) -> None:
        """The cell just placed at `column` reaches so many columns and rows further."""
        if across > 0 or down > 0:
            right = min(column + across, self._limits.max_columns)
            self._filler.add(
                Region(self._number, column, min(self._number + down, self._limits.max_rows), right)
            )

    def end_row(self) -> None:
        """Finish the row; blank ones only move the number on."""
        blank = not any(self._cells) and not self._filler.covers_more
        for _ in range(1 if blank else min(self._repeat, self._limits.max_rows + 1)):
            self._number += 1
            row = self._filler.fill(
                RawRow(self._number, list(self._cells), tuple(self._notes), self._numeric)
            )
            if any(row.cells):
                self._seen += len(row.cells)
                if self._number > self._limits.max_rows:
                    raise TooMany("too_many_rows")
                if self._seen > self._limits.max_cells:
                    raise TooMany("too_many_cells")
                self.ready.append(row)
            elif not self._filler.covers_more:
                break
        if blank and self._repeat > 1:
            self._number += self._repeat - 1
        self._start_row(1)

    def drain(self) -> Iterator[RawRow]:
        """The rows completed since the last call."""
        while self.ready:
            yield self.ready.popleft()


def count(text: str | None, default: int = 0) -> int:
    """A repeat, span or index attribute; anything but a plain number is the default."""
    return min(int(text), MANY * 4) if text and re.fullmatch(r"[0-9]{1,9}", text.strip()) else default
