"""A table file and its sheets, as the import services see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from types import TracebackType

from shuxiang.imports.tables.errors import TableError
from shuxiang.imports.tables.header import LOOK_AHEAD, RowJudge, column_letter, find_header
from shuxiang.imports.tables.model import CellNote, Header, Limits, RawRow, Row, Source, TableWarning


class Sheet:
    """One sheet: its header and, as often as asked, a fresh pass over its rows. Nothing is kept in memory by it."""

    def __init__(self, source: Source, file: str, limits: Limits) -> None:
        self.name = source.name
        self.hidden = source.hidden
        self._source = source
        self._file = file
        self._limits = limits

    @cached_property
    def _first_rows(self) -> list[RawRow]:
        return list(islice(self._source.raw_rows(), LOOK_AHEAD))

    @cached_property
    def header(self) -> Header:
        """The column titles, found when first asked for (reads the first rows). Raises `TableError`."""
        header = find_header(self._first_rows)
        if len(header.titles) > self._limits.max_columns:
            raise TableError(
                "too_many_columns", name=self._file, sheet=self.name, limit=self._limits.max_columns
            )
        return header

    @property
    def is_empty(self) -> bool:
        """Whether the sheet has no cell with text at all."""
        return not self._first_rows

    @property
    def rows(self) -> Iterator[Row]:
        """The data rows from top to bottom, a new pass each time. Raises `TableError` where the file breaks off."""
        return (row for row in self.every_row() if not row.skip)

    def raw_rows(self) -> Iterator[RawRow]:
        """Every row with text from the top, whatever it is: for lists that need no titles. Raises `TableError`."""
        return self._source.raw_rows()

    def every_row(self) -> Iterator[Row]:
        """Like `rows`, with the rows below the header that are no data: those say why in `skip`. Blank rows never."""
        header = self.header
        width = len(header.titles)
        judge = RowJudge(header)
        last = header.row_numbers[-1] if header.row_numbers else 0
        for count, raw in enumerate(self._source.raw_rows(), 1):
            if raw.number <= last:
                continue
            if raw.number > self._limits.max_rows or count * width > self._limits.max_cells * 2:
                raise TableError(
                    "too_many_rows", name=self._file, sheet=self.name, limit=self._limits.max_rows
                )
            yield _row(raw, width, judge.reason(raw))

    def sample(self, count: int = 200) -> list[Row]:
        """The first data rows, for guessing a mapping and for a preview."""
        return list(islice(self.rows, count))

    @cached_property
    def warnings(self) -> tuple[TableWarning, ...]:
        """What is worth telling about the sheet as a whole."""
        header = self.header
        found: list[TableWarning] = []
        if self.hidden:
            found.append(TableWarning("hidden_sheet", {"sheet": self.name}))
        if not header.found and not self.is_empty:
            found.append(TableWarning("no_header", {"sheet": self.name}))
        if header.found:
            untitled = [column_letter(index) for index, parts in enumerate(header.parts) if not parts]
            if untitled:
                found.append(
                    TableWarning("untitled_columns", {"sheet": self.name, "columns": ", ".join(untitled)})
                )
            joined = ["/".join(parts) for parts in header.parts if parts]
            for title in dict.fromkeys(title for title in joined if joined.count(title) > 1):
                found.append(TableWarning("duplicate_titles", {"sheet": self.name, "title": title}))
        return tuple(found)


def _row(raw: RawRow, width: int, skip: str) -> Row:
    cells, notes = raw.cells, raw.notes
    if len(cells) > width:
        if any(cells[width:]):
            notes = (*(note for note in notes if note.column < width), CellNote(-1, "extra_cells"))
        cells = cells[:width]
    elif len(cells) < width:
        cells = cells + [""] * (width - len(cells))
    return Row(raw.number, tuple(cells), notes, raw.numeric, skip)


class TableFile:
    """An opened file; use it in a `with` block, or close it, so that temporary copies go."""

    def __init__(
        self, name: str, kind: str, sheets: tuple[Sheet, ...], close: Callable[[], None],
        *, encoding: str = "", delimiter: str = "", warnings: tuple[TableWarning, ...] = (),
    ) -> None:  # fmt: skip
        self.name = name
        self.format = kind  # 'xlsx', 'xls', 'ods', 'csv', 'html', 'xml' as found in the content
        self.sheets = sheets
        self.encoding = encoding  # of text formats, as a Python codec name
        self.delimiter = delimiter
        self.file_warnings = warnings
        self._close = close

    @property
    def filled_sheets(self) -> tuple[Sheet, ...]:
        """The visible sheets that hold anything; if all of these are hidden, the hidden ones."""
        filled = tuple(sheet for sheet in self.sheets if not sheet.is_empty)
        return tuple(sheet for sheet in filled if not sheet.hidden) or filled

    def close(self) -> None:
        self._close()

    def __enter__(self) -> TableFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
