"""Tables out: CSV and .xlsx that open_table reads back equal, and that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shuxiang.imports.tables.cells import clean_text
from shuxiang.imports.tables.errors import TableError

if TYPE_CHECKING:
    import xlsxwriter

_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_MAX_CELL: Final = 32_767
_MAX_ROWS: Final = 1_048_576
_WIDTHS: Final = (8, 60)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write UTF-8 with a mark (so that Excel sees Chinese) and CRLF; returns how many rows. Raises `TableError`.

    A value that a spreadsheet program would run as a formula gets an apostrophe in front; reading takes it off.
    """
    count = -1
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for row in _with_header(columns, rows):
                writer.writerow([_guarded(clean_text(value)) for value in row])
                count += 1
    except OSError as error:
        raise TableError("cannot_write", name=path.name, reason=error.strerror or "") from error
    return count


def _with_header(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield columns
    yield from rows


def _guarded(value: str) -> str:
    return f"'{value}" if _FORMULA.match(value) else value


def write_xlsx(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], sheet: str = "Sheet1"
) -> int:
    """Write one sheet with a fixed header row, every cell as text; returns how many rows. Raises `TableError`.

    Memory stays flat: rows go to disk as they come.
    """
    import xlsxwriter  # noqa: PLC0415  a tenth of a second that no page needs: loaded with the first workbook
    import xlsxwriter.exceptions  # noqa: PLC0415

    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    try:
        path.touch()  # the writer leaves temporary files behind when it finds out too late
        with xlsxwriter.Workbook(str(path), options) as book:
            page = book.add_worksheet(_sheet_name(sheet))
            page.freeze_panes(1, 0)
            for index, title in enumerate(columns):
                page.set_column(index, index, max(_WIDTHS[0], min(_WIDTHS[1], 2 * len(title) + 4)))
            return _write_rows(page, book.add_format({"bold": True}), columns, rows)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise TableError(
            "cannot_write", name=path.name, reason=getattr(error, "strerror", "") or str(error)
        ) from error


def _write_rows(
    page: xlsxwriter.worksheet.Worksheet,
    bold: xlsxwriter.format.Format,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> int:
    count = -1
    for count, row in enumerate(_with_header(columns, rows)):
        if count >= _MAX_ROWS:
            raise TableError("too_many_rows_to_write", limit=_MAX_ROWS - 1)
        for index, value in enumerate(row):
            text = clean_text(value)
            if len(text.encode("utf-16-le")) // 2 > _MAX_CELL:
                raise TableError(
                    "cell_too_long", row=count + 1, column=columns[index], length=len(text), limit=_MAX_CELL
                )
            if text:
                page.write_string(count, index, text, bold if count == 0 else None)
    return count


def _sheet_name(name: str) -> str:
    """A name Excel accepts: no []:*?/\\ nor apostrophe at an end, at most 31 characters."""
    return re.sub(r"[\[\]:*?/\\]", " ", clean_text(name)).strip("'")[:31].strip() or "Sheet1"
