"""HTML pages with tables, which many systems call .xls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from shuxiang.imports.tables.cells import clean_text
from shuxiang.imports.tables.markup import float_text, is_padded
from shuxiang.imports.tables.model import Limits, RawRow
from shuxiang.imports.tables.rowbuilder import MANY, RowBuilder, count

_SHOWN_NUMBER = re.compile(r"[-+]?[¥￥$]?[\d,]*\.?\d*(E[+-]?\d+)?%?", re.IGNORECASE)


class HtmlHandler:
    """Rows of all tables of a page, one below the other, as a spreadsheet program shows them."""

    def __init__(self, limits: Limits) -> None:
        self.builder = RowBuilder(limits)
        self._covered: dict[int, int] = {}  # column → rows still covered by a cell above
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._in_row = False
        self._silent = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("script", "style", "title"):
            self._silent += 1
        elif tag == "tr":
            self._end_row()
            self._in_row = True
            self.builder.start_row()
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell, self._text = dict(attributes), []
        elif tag in ("br", "p", "div", "li") and self._cell is not None:
            self._text.append("\r")
        elif tag == "table":
            self._cell = None  # a table inside a cell counts instead of the cell
            self._covered.clear()

    def data(self, text: str) -> None:
        if self._cell is not None and not self._silent:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag in ("script", "style", "title"):
            self._silent -= 1
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def close(self) -> None:
        self._end_row()

    def _end_row(self) -> None:
        if self._in_row:
            self._end_cell()
            self.builder.end_row()
            self._covered = {column: rows - 1 for column, rows in self._covered.items() if rows > 1}
        self._in_row = False

    def _end_cell(self) -> None:
        if self._cell is None or not self._in_row:
            return
        cell, self._cell = self._cell, None
        self.builder.skip_covered(set(self._covered))
        column = self.builder.column
        shown = re.sub(r"[ \t\n]+", " ", "".join(self._text))
        shown = clean_text(re.sub(r" ?\r ?", "\n", shown))
        stored = cell.get("x:num")
        text = shown if stored is None else _htmlcount(stored, shown)
        self.builder.cell(text, number=stored is not None)
        across = max(count(cell.get("colspan"), 1), 1) - 1
        down = min(max(count(cell.get("rowspan"), 1), 1) - 1, MANY)
        self.builder.merge(column, across, down)
        self.builder.place(column + across + 2)
        if down and column + across < 10_000:
            self._covered |= dict.fromkeys(range(column, column + across + 1), down + 1)


def _htmlcount(stored: str, shown: str) -> str:
    """Excel keeps the whole number in x:num beside what it shows (for a date, the days since 1900: not wanted)."""
    text = float_text(stored) if stored.strip() and _SHOWN_NUMBER.fullmatch(shown) else shown
    return shown if is_padded(shown, text) else text


def parse_html(chunks: Iterable[str], limits: Limits) -> Iterator[RawRow]:
    """Rows of a page as they are completed; broken markup is repaired as browsers do."""
    handler = HtmlHandler(limits)
    parser = etree.HTMLParser(target=_LxmlTarget(handler), no_network=True, remove_comments=True)
    for chunk in chunks:
        parser.feed(chunk)
        yield from handler.builder.drain()
    parser.close()
    handler.close()
    yield from handler.builder.drain()


class _LxmlTarget:
    def __init__(self, handler: HtmlHandler) -> None:
        self.start: Callable[[str, dict[str, str]], None] = handler.start
        self.end: Callable[[str], None] = handler.end
        self.data: Callable[[str], None] = handler.data

    def close(self) -> None:
        pass
