"""Spreadsheets written as XML, read as a stream: XML Spreadsheet 2003 and OpenDocument."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol
from xml.parsers import expat

from shuxiang.imports.tables.cells import clean_text, number_text, value_text
from shuxiang.imports.tables.model import Limits, RawRow
from shuxiang.imports.tables.rowbuilder import Forbidden, RowBuilder, count

ReadSheet = Callable[[int], Iterator[RawRow]]


class Handler(Protocol):
    """What a parser calls; `builder` belongs to the sheet that is wanted."""

    builder: RowBuilder

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def parse_xml(chunks: Iterable[bytes | str], handler: Handler) -> Iterator[RawRow]:
    """Rows as they are completed. A document type is refused, so no entity can grow or reach out."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Forbidden

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: handler.start(
        _local(tag), {_local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda tag: handler.end(_local(tag))
    parser.CharacterDataHandler = handler.data
    for chunk in chunks:
        parser.Parse(chunk, False)
        yield from handler.builder.drain()
    parser.Parse("", True)
    yield from handler.builder.drain()


class SheetNames:
    """First pass over a workbook in markup: the names (and visibility) of its sheets."""

    def __init__(self, tag: str, limits: Limits) -> None:
        self.builder = RowBuilder(limits)
        self.names: list[str] = []
        self._tag = tag
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._tag:
            if self._depth == 0:
                self.names.append(
                    attributes.get("name") or attributes.get("Name") or str(len(self.names) + 1)
                )
            self._depth += 1

    def end(self, tag: str) -> None:
        self._depth -= tag == self._tag

    def data(self, text: str) -> None:
        pass


class Excel2003Handler:
    """XML Spreadsheet 2003: Worksheet > Table > Row > Cell > Data."""

    def __init__(self, sheet: int, limits: Limits) -> None:
        self.builder = RowBuilder(limits)
        self._wanted = sheet
        self._sheet = -1
        self._text: list[str] | None = None
        self._type = ""
        self._cell: dict[str, str] = {}
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Worksheet":
            self._sheet += 1
        if self._sheet != self._wanted:
            return
        if tag == "Row":
            self.builder.start_row(count(attributes.get("Index")) or None)
        elif tag == "Cell":
            self._cell, self._value, self._type = attributes, "", ""
            self.builder.place(count(attributes.get("Index")) or None)
        elif tag == "Data":
            self._text, self._type = [], attributes.get("Type", "String")

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if self._sheet != self._wanted:
            return
        if tag == "Data" and self._text is not None:
            self._value, self._text = "".join(self._text), None
        elif tag == "Cell":
            column = self.builder.column
            number, error = self._type == "Number", self._type == "Error"
            text = "" if error else _typed_text(self._type, self._value)
            self.builder.cell(text, number=number, error=error)
            across = count(self._cell.get("MergeAcross"))
            self.builder.merge(column, across, count(self._cell.get("MergeDown")))
            self.builder.place(column + across + 2)
        elif tag == "Row":
            self.builder.end_row()


def _typed_text(kind: str, value: str) -> str:
    """The text of a value stored as its type and a string, as XML formats do."""
    match kind:
        case "Number":
            return float_text(value)
        case "DateTime":
            return _iso_text(value)
        case "Boolean":
            return value_text(value.strip() in ("1", "true"))
    return clean_text(value)


def float_text(value: str) -> str:
    try:
        return number_text(float(value))
    except ValueError:
        return clean_text(value)


def _iso_text(value: str) -> str:
    """2017-05-27T00:00:00.000 as a date; a time of day on Excel's day zero as a time."""
    try:
        instant = dt.datetime.fromisoformat(value.strip().removesuffix("Z"))
    except ValueError:
        return clean_text(value)
    return value_text(instant.time() if instant.date() == dt.date(1899, 12, 31) else instant)


class OpenDocumentHandler:
    """OpenDocument spreadsheets: table:table > table:table-row > table:table-cell > text:p."""

    def __init__(self, sheet: int, limits: Limits) -> None:
        self.builder = RowBuilder(limits)
        self._wanted = sheet
        self._sheet = -1
        self._inside = 0  # tables may hold tables
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[list[str]] = []
        self._note_depth = 0  # a comment's paragraphs are no content
        self._open_paragraph = 0

    @property
    def _wanted_now(self) -> bool:
        return self._sheet == self._wanted and self._inside == 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self._sheet += self._inside == 0
            self._inside += 1
        elif not self._wanted_now:
            return
        elif tag == "annotation":
            self._note_depth += 1
        elif tag == "table-row":
            self.builder.start_row(repeat=count(attributes.get("number-rows-repeated"), 1))
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._paragraphs, self._open_paragraph = attributes, [], 0
        elif self._cell is not None and not self._note_depth:
            self._start_text(tag, attributes)

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("p", "h"):
            self._paragraphs.append([])
            self._open_paragraph += 1
        elif tag in ("s", "tab", "line-break") and self._open_paragraph:
            blank = "\n" if tag == "line-break" else " " * min(count(attributes.get("c"), 1), 100)
            self._paragraphs[-1].append(blank)

    def data(self, text: str) -> None:
        if self._open_paragraph and not self._note_depth:
            self._paragraphs[-1].append(text)

    def end(self, tag: str) -> None:
        if tag == "table":
            self._inside -= 1
        elif not self._wanted_now:
            return
        elif tag == "annotation":
            self._note_depth -= 1
        elif tag in ("p", "h") and not self._note_depth:
            self._open_paragraph = max(self._open_paragraph - 1, 0)
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
        elif tag == "table-row":
            self.builder.end_row()

    def _end_cell(self, cell: dict[str, str]) -> None:
        shown = clean_text("\n".join("".join(parts) for parts in self._paragraphs))
        kind, column = cell.get("value-type", ""), self.builder.column
        number = kind in ("float", "percentage", "currency")
        error = kind == "error" or bool(
            re.fullmatch(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d+", shown)
        )
        text = "" if error else _open_document_text(cell, kind, shown)
        self.builder.cell(
            text, number=number, error=error, repeat=count(cell.get("number-columns-repeated"), 1)
        )
        across = count(cell.get("number-columns-spanned"), 1) - 1
        self.builder.merge(column, across, count(cell.get("number-rows-spanned"), 1) - 1)
        self._cell = None


def _open_document_text(cell: dict[str, str], kind: str, shown: str) -> str:
    if kind in ("float", "percentage", "currency"):
        text = float_text(cell.get("value", shown))
        return shown if is_padded(shown, text) else text
    if kind == "date":
        return _iso_text(cell.get("date-value", shown))
    if kind == "boolean":
        return value_text(cell.get("boolean-value") == "true")
    return shown or clean_text(cell.get("string-value", ""))


def is_padded(shown: str, stored: str) -> bool:
    """Whether the cell shows leading zeros that its stored number lacks: 0001 for 1."""
    return shown.isascii() and shown.isdigit() and shown != stored and shown.lstrip("0") == stored.lstrip("0")
