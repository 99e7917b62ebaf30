"""Files of offline collectors: one code a line, or a table with the codes in some column; text, CSV or workbook."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path

from shuxiang.common.codes import clean_scan
from shuxiang.imports.tables import TableError, open_table
from shuxiang.imports.tables.model import RawRow

_SAMPLE = 200  # rows looked at to find the column of the codes
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-_/]{2,59}")
_NO_CODE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}:\d{2}(:\d{2})?")
Known = Callable[[Collection[str]], Collection[str]]


def codes_in(path: Path, name: str, known: Known) -> Iterator[tuple[int, str]]:
    """(line, code) from top to bottom, of every sheet; lines count on over sheets.

    `known` says which of some codes the library has, to tell the column of the codes from the others; a title above it is
    no code. Raises TableError for what is no table of text.
    """
    with open_table(path, name=name) as table:
        before = 0
        for sheet in table.filled_sheets:
            last = 0
            column = _column(list(islice(sheet.raw_rows(), _SAMPLE)), known)
            for row in sheet.raw_rows():
                last = row.number
                code = _cell(row, column)
                if code and not _is_title(row, column, code):
                    yield before + row.number, code
            before += last


def _cell(row: RawRow, column: int) -> str:
    text = row.cells[column] if column < len(row.cells) else ""
    return clean_scan(text)[:200]


def _is_title(row: RawRow, column: int, code: str) -> bool:
    """A word above the codes: “条码”, “Barcode”."""
    return row.number == 1 and not any(sign.isdigit() for sign in code)


def _column(rows: list[RawRow], known: Known) -> int:
    """The column with the most codes that the library knows; failing that, the first with the most that look like codes."""
    cells: dict[int, list[str]] = {}
    for row in rows:
        for column, text in enumerate(row.cells):
            if text.strip():
                cells.setdefault(column, []).append(clean_scan(text))
    if len(cells) <= 1:
        return next(iter(cells), 0)
    there = set(known({code for texts in cells.values() for code in texts if code}))
    score: Counter[int] = Counter()
    for column, texts in cells.items():
        looks = sum(1 for text in texts if _CODE.fullmatch(text) and not _NO_CODE.fullmatch(text))
        different = (
            len(set(texts)) > len(texts) // 2 or len(texts) < 4
        )  # a column of quantities repeats itself
        score[column] = sum(text in there for text in texts) * 1000 + looks * different
    return max(sorted(score), key=lambda column: score[column])


__all__ = ["TableError", "codes_in"]
