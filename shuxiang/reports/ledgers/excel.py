"""A book as an Excel file: written row by row; a new sheet where one is full begins with what is carried forward."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import pgettext

from shuxiang.reports.ledgers.rows import Adder, Cell, Column, Look, Row
from shuxiang.reports.ledgers.sources import stream
from shuxiang.reports.ledgers.words import sum_values
from shuxiang.reports.rules import NOT_IN_XML

if TYPE_CHECKING:
    import xlsxwriter

    from shuxiang.reports.ledgers.reading import Chosen, Volume

ROWS_OF_EXCEL = 1_048_576
HEAD = 3  # title, period, headings
TAIL = 2  # sum and what is carried over
MM_A_CHARACTER = 1.9
_NAMED = re.compile(r"[\[\]:*?/\\]")
_MOST_SIGNS = 32_767

_LOOKS: dict[str, dict[str, Any]] = {
    "red": {"font_color": "#B3261E"},
    "struck": {"font_strikeout": True, "font_color": "#666666"},
    "sub": {"bold": True, "bg_color": "#F1EEE6"},
    "head": {"bold": True, "bg_color": "#E6E1D5", "align": "center", "text_wrap": True},
    "title": {"bold": True, "font_size": 16, "border": 0, "text_wrap": False},
    "plain": {"border": 0, "text_wrap": False},
}

Tell = Callable[[int], None]


def write(path: Path, volume: Volume, tell: Tell, *, rows_a_sheet: int = ROWS_OF_EXCEL) -> int:
    """Write the book; returns how many entries. Memory stays flat: a row is on the disk when the next one comes.

    `tell` is called with the entries written so far. Raises OSError when the disk does not take it.
    """
    import xlsxwriter  # noqa: PLC0415  a tenth of a second that no page needs
    import xlsxwriter.exceptions  # noqa: PLC0415

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    written = 0
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            book.use_zip64()
            formats = _Formats(book)
            for part in volume.parts:
                sheets = _Sheets(book, formats, volume, part, rows_a_sheet)
                written = sheets.fill(written, tell)
    except xlsxwriter.exceptions.XlsxWriterException as problem:
        raise OSError(str(problem)) from problem
    return written


class _Formats:
    """One format for each look and kind, made when first needed."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def of(self, look: Look | str, kind: str) -> Any:
        if (look, kind) not in self._made:
            self._made[look, kind] = self._book.add_format(self._properties(look, kind))
        return self._made[look, kind]

    @staticmethod
    def _properties(look: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
        found |= {"yuan": {"num_format": "#,##0.00"}, "count": {"num_format": "#,##0"}}.get(kind, {})
        if kind == "text":
            found |= {"text_wrap": True}  # what is long is read and printed whole
        if kind == "day":
            found |= {"num_format": "yyyy-mm-dd", "align": "left"}
        return found | _LOOKS.get(look, {})


class _Sheets:
    """The sheets of one part."""

    def __init__(
        self, book: xlsxwriter.Workbook, formats: _Formats, volume: Volume, part: Chosen, rows_a_sheet: int
    ) -> None:
        self._book, self._formats, self._volume, self._part = book, formats, volume, part
        self._most, self._number, self._at = rows_a_sheet, 0, 0
        self._columns: Sequence[Column] = part.columns
        self._sums = Adder(self._columns)
        self._sheet: Any = None

    def fill(self, written: int, tell: Tell) -> int:
        """Opening, entries, sum, closing; returns how many entries there are with those before."""
        self._turn()
        for row in self._part.opening:
            self._put(row)
        closing = len(self._part.closing)
        for row in stream(self._part.source):
            if self._at >= self._most - TAIL - closing:
                self._sum(pgettext("ledger", "Carried over"))
                self._turn()
                self._sum(pgettext("ledger", "Brought over"))
            self._put(row)
            self._sums.add(row)
            written += row.look != "sub"
            if not written % 1000:
                tell(written)
        if any(column.sums for column in self._columns):
            self._sum(pgettext("ledger", "Sum"))
        for row in self._part.closing:
            self._put(row)
        if self._part.note:
            self._sheet.write_string(self._at, 0, self._part.note, self._formats.of("plain", "text"))
        return written

    def _turn(self) -> None:
        """A new sheet with its headings, set up for paper."""
        self._number += 1
        title = (
            f"{self._volume.title} {self._part.title}" if len(self._volume.parts) > 1 else self._volume.title
        )
        sheet = self._sheet = self._book.add_worksheet(_sheet_name(self._part.sheet, self._number))
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, max(6, column.width / MM_A_CHARACTER))
        sheet.freeze_panes(HEAD, 0)
        # numbers of batches and volumes are names: no green corner in each cell
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS_OF_EXCEL}"})
        sheet.repeat_rows(HEAD - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.set_footer("&L" + self._volume.signatures.replace("&", "&&") + "&R&P / &N")
        sheet.write_string(0, 0, title, self._formats.of("title", "text"))
        sheet.write_string(1, 0, self._volume.subtitle, self._formats.of("plain", "text"))
        for place, column in enumerate(self._columns):
            sheet.write_string(HEAD - 1, place, str(column.title), self._formats.of("head", "text"))
        self._at = HEAD

    def _put(self, row: Row) -> None:
        self._line([row.cells.get(column.key) for column in self._columns], row.look)

    def _sum(self, label: str) -> None:
        self._line(sum_values(self._columns, self._sums.sums, label, self._part.unit), "sub")

    def _line(self, values: Sequence[Cell], look: Look) -> None:
        sheet, at = self._sheet, self._at
        for place, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            if isinstance(value, str):
                text = NOT_IN_XML.sub("", value)[:_MOST_SIGNS]
                sheet.write_string(at, place, text, self._formats.of(look, "text"))
                continue
            form = self._formats.of(look, column.kind)
            if value is None:
                sheet.write_blank(at, place, None, form)
            elif isinstance(value, date):
                sheet.write_datetime(at, place, value, form)
            else:
                sheet.write_number(at, place, value / 100 if column.kind == "yuan" else value, form)
        self._at += 1


def _sheet_name(title: str, number: int) -> str:
    """A name that Excel takes: at most 31 signs, none of []:*?/\\; the second sheet of a part bears its number."""
    plain = _NAMED.sub(" ", NOT_IN_XML.sub("", title)).strip().strip("'") or "1"
    tail = f" {number}" if number > 1 else ""
    return plain[: 31 - len(tail)] + tail
