"""Delimited text: CSV, tab-separated text and what calls itself .xls but is one of these."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from shuxiang.imports.tables.cells import clean_text, lost_digits
from shuxiang.imports.tables.encoding import Encoding
from shuxiang.imports.tables.model import CellNote, Limits, RawRow

_DELIMITERS: Final = (",", "\t", ";", "|", "\uff0c")
_SNIFF_LINES: Final = 200
_MAX_RECORD_LINES: Final = 400
_MAX_RECORD_CHARS: Final = 200_000
_GUARDED = re.compile("'+[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")  # writing.py puts the first apostrophe there

csv.field_size_limit(2**30)  # records are bounded below, before the csv module sees them


def lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """The physical lines without their ends (CR, LF or CRLF); bytes that do not decode become U+FFFD."""
    if encoding.codec == "utf-8" and encoding.mixed:
        yield from _mixed_lines(path)
        return
    codec = "big5hkscs" if encoding.codec == "big5" else encoding.codec
    with path.open(encoding=codec, errors="replace", newline=None) as file:
        while line := file.readline(_MAX_RECORD_CHARS * 5):
            yield line.removesuffix("\n")


def _mixed_lines(path: Path) -> Iterator[str]:
    """Lines of a file in which another encoding got in between UTF-8: each is read as what it is."""
    with path.open("rb") as file:
        while line := file.readline(_MAX_RECORD_CHARS * 5):
            plain = line.rstrip(b"\r\n")
            try:
                yield plain.decode("utf-8")
            except UnicodeDecodeError:
                yield _likelier(plain)


def _likelier(line: bytes) -> str:
    """Another encoding's line, or a UTF-8 one with a few broken bytes: whichever leaves fewer signs unread."""
    readings = [line.decode(codec, "replace") for codec in ("utf-8", "gb18030")]
    return min(readings, key=lambda text: text.count("\N{REPLACEMENT CHARACTER}"))


def sniff_delimiter(path: Path, encoding: Encoding) -> str:
    """The delimiter that cuts the first lines most evenly into two or more columns; a comma if none does."""
    sample = [line for line in islice(lines(path, encoding), _SNIFF_LINES) if line.strip()]
    if sample and (named := re.fullmatch(r"sep=(.)", sample[0].strip(), re.IGNORECASE)):
        return named[1]
    best, chosen = 0.0, ","
    for delimiter in _DELIMITERS:
        widths = Counter(len(cells) for _, cells, _ in _records(iter(sample), delimiter))
        width, times = max(
            widths.items(), key=lambda pair: (pair[1] * min(pair[0], 30), pair[0]), default=(1, 0)
        )
        if width < 2 or times * 5 < sum(widths.values()) * 2:
            continue
        score = times / sum(widths.values()) * (1 + min(width, 30) / 100)
        if score > best + 1e-9:
            best, chosen = score, delimiter
    return chosen


def records(path: Path, encoding: Encoding, delimiter: str, limits: Limits) -> Iterator[RawRow]:
    """Each record with its number as a spreadsheet program would show it (a record over three lines is one row)."""
    source = lines(path, encoding)
    skip_declaration = True
    for number, cells, unclosed in _records(source, delimiter):
        if skip_declaration and re.fullmatch(r"sep=.?", delimiter.join(cells).strip(), re.IGNORECASE):
            continue
        skip_declaration = False
        notes = [CellNote(-1, "unclosed_quote")] if unclosed else []
        row = _row(number, cells[: limits.max_columns + 1], notes, limits)
        if any(row.cells):
            yield row


def _row(number: int, cells: list[str], notes: list[CellNote], limits: Limits) -> RawRow:
    for index, cell in enumerate(cells):
        if cell.startswith("'") and _GUARDED.match(cell):
            cells[index] = cell = cell[1:]
        if cell[:1].isdigit() and lost_digits(cell.strip()):
            notes.append(CellNote(index, "lost_digits", cell.strip()))
        if "\N{REPLACEMENT CHARACTER}" in cell:
            notes.append(CellNote(index, "undecodable"))
        cells[index] = cell = clean_text(cell)
        if len(cell) > limits.max_cell_chars:
            cells[index] = cell[: limits.max_cell_chars]
            notes.append(CellNote(index, "cell_cut", str(limits.max_cell_chars)))
    return RawRow(number, cells, tuple(notes))


def _records(source: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str], bool]]:
    """(number, cells, whether a quote was never closed). A stray quote costs its own line only, not the file."""
    number = 0
    waiting: list[str] = []  # lines read too far behind an unclosed quote
    while True:
        first = waiting.pop(0) if waiting else next(source, None)
        if first is None:
            return
        number += 1
        record, taken = first, 0
        while '"' in record and _quote_is_open(record, delimiter):
            more = _following(waiting, source, taken)
            if more is None or taken >= _MAX_RECORD_LINES or len(record) > _MAX_RECORD_CHARS:
                yield number, first.split(delimiter), True
                break
            record, taken = f"{record}\n{more}", taken + 1
        else:
            del waiting[:taken]
            yield number, _cells(record, delimiter), False


def _following(waiting: list[str], source: Iterator[str], index: int) -> str | None:
    """The line `index` places ahead, read from the source when needed and kept in `waiting`."""
    if index >= len(waiting):
        line = next(source, None)
        if line is None:
            return None
        waiting.append(line)
    return waiting[index]


def _cells(record: str, delimiter: str) -> list[str]:
    if '"' not in record:
        return record.split(delimiter)
    return next(csv.reader([record.replace("\r", "\n")], delimiter=delimiter), [])


def _quote_is_open(record: str, delimiter: str) -> bool:
    """Whether the record ends inside a quoted cell (a quote counts only at the start of a cell)."""
    at = 0
    while True:
        if record.startswith('"', at):
            at = record.find('"', at + 1)
            while at >= 0 and record.startswith('""', at):
                at = record.find('"', at + 2)
            if at < 0:
                return True
        at = record.find(delimiter, at)
        if at < 0:
            return False
        at += 1
