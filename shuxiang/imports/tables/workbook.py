"""Excel workbooks, .xlsx and .xls, read by calamine after a look at what they would cost."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import olefile  # type: ignore[import-untyped]
import python_calamine as calamine

from shuxiang.imports.tables.cells import lost_digits, value_text
from shuxiang.imports.tables.errors import TableError
from shuxiang.imports.tables.merges import MergeFiller, Region
from shuxiang.imports.tables.model import CellNote, Limits, RawRow

_T = TypeVar("_T")
_CHUNK: Final = 1 << 22
_KEPT = re.compile(
    r"(?!.*(/media/|/drawings/|/charts/|/theme/|/embeddings/|/ctrlProps/|/printerSettings/)).*\.(xml|rels)$"
)
_ATTRIBUTE: Final = rb"""\s++[\w:.\-]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+')"""
_TAG = re.compile(
    rb"<(?:[\w.\-]{1,32}:)?(row|c)(?=[\s/>])"
    rb"(?:\s++r\s*+=\s*+[\"'](?:([A-Z]{1,7})?(\d{1,10}))[\"']|\s++t\s*+=\s*+[\"'](e)[\"']|"
    + _ATTRIBUTE
    + rb")*+"
    rb"\s*+(/?+)>"
)
_TAG_START = re.compile(rb"<(?:[\w.\-]{1,32}:)?(?:row|c)[\s/>]")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MAX_ERROR_CELLS: Final = 10_000


class Extent:
    """The last row and column in use and the cells that show an error, as a sheet's XML tells them."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.last_row = self.last_column = 0
        self.errors: set[tuple[int, int]] = set()
        self._columns: dict[bytes, int] = {}

    def scan(self, xml: bytes) -> None:
        """Take in whole tags; raises ValueError where a tag is not written as spreadsheet programs write it."""
        tags = _TAG.findall(xml)
        if len(tags) != len(_TAG_START.findall(xml)):
            raise ValueError("malformed cell")
        for name, letters, number, error, empty in tags:
            if name == b"row":
                self.row, self.column = int(number) if number else self.row + 1, 0
                continue
            row = int(number) if number else self.row
            self.column = self._column(letters) if letters else self.column + 1
            if empty:
                continue
            self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, self.column)
            if error and len(self.errors) < _MAX_ERROR_CELLS:
                self.errors.add((row - 1, self.column - 1))

    def _column(self, letters: bytes) -> int:
        known = self._columns.get(letters)
        if known is None:
            known = 0
            for letter in letters:
                known = known * 26 + letter - 64
            self._columns[letters] = known
        return known

    def check(self, limits: Limits, name: str, sheet: str) -> None:
        """Refuse before a reader reserves memory for every cell between the corners."""
        if self.last_column > limits.max_columns:
            raise TableError("too_many_columns", name=name, sheet=sheet, limit=limits.max_columns)
        if self.last_row > limits.max_rows:
            raise TableError("too_many_rows", name=name, sheet=sheet, limit=limits.max_rows)
        if self.last_row * self.last_column > limits.max_cells:
            raise TableError("too_many_cells", name=name, sheet=sheet, limit=limits.max_cells)


def check_zip(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Judge an archive by its directory, before anything is unpacked."""
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise TableError("encrypted", name=name)
    if len(entries) > 10_000 or sum(entry.file_size for entry in entries) > limits.max_unpacked_bytes:
        raise TableError("unpacks_too_large", name=name, limit_mb=limits.max_unpacked_bytes >> 20)
    for entry in entries:
        ratio = entry.file_size // max(entry.compress_size, 1)
        if entry.file_size > limits.ratio_applies_above_bytes and ratio > limits.max_ratio:
            raise TableError("suspicious_compression", name=name, ratio=ratio)


def safe_copy(archive: zipfile.ZipFile, target: Path, name: str, limits: Limits) -> set[tuple[str, int, int]]:
    """Write the parts that hold cells to a plain archive, checked byte by byte: what was checked is what is read.

    Returns the error cells as (part, row, column), 0-based. Raises `TableError`.
    """
    check_zip(archive, name, limits)
    errors: set[tuple[str, int, int]] = set()
    left = limits.max_unpacked_bytes
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        written: set[str] = set()
        for entry in archive.infolist():
            part = entry.filename.replace("\\", "/")
            if part in written or not _KEPT.match(part):
                continue
            written.add(part)
            extent = Extent() if part.endswith(".xml") else None  # any part may be named as a sheet
            with archive.open(entry) as source, copy.open(part, "w", force_zip64=True) as sink:
                left -= _copy_part(source, sink, extent, left, name)
            if left < 0:
                raise TableError("unpacks_too_large", name=name, limit_mb=limits.max_unpacked_bytes >> 20)
            if extent:
                extent.check(limits, name, Path(part).stem)
                errors.update((part, row, column) for row, column in extent.errors)
    return errors


def _copy_part(source: IO[bytes], sink: IO[bytes], extent: Extent | None, left: int, name: str) -> int:
    """Copy one part up to `left` bytes; returns how many there were (more than `left` when it does not fit)."""
    size, tail = 0, b""
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > left:
            return size
        sink.write(chunk)
        text = tail + chunk
        if size == len(chunk) and text[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise TableError("damaged", name=name)
        if _FORBIDDEN.search(text):
            raise TableError("forbidden_xml", name=name)
        cut = text.rfind(b"<")
        tail = text[cut:] if cut >= 0 else b""
        if len(tail) > _CHUNK:
            raise TableError("damaged", name=name)
        if extent:
            _scan(extent, text[: len(text) - len(tail)], name)
    if extent:
        _scan(extent, tail, name)
    return size


def _scan(extent: Extent, xml: bytes, name: str) -> None:
    try:
        extent.scan(xml)
    except ValueError as error:
        raise TableError("damaged", name=name) from error


def check_xls(path: Path, name: str, limits: Limits) -> None:
    """Refuse an .xls that is something else, is encrypted, or whose cells lie so far apart that reading would hurt."""
    with olefile.OleFileIO(str(path)) as ole:
        if ole.exists("EncryptedPackage"):
            raise TableError("encrypted", name=name)
        if ole.exists("WordDocument"):
            raise TableError("word", name=name)
        stream = next((part for part in ("Workbook", "WORKBOOK", "Book", "BOOK") if ole.exists(part)), None)
        if stream is None:
            raise TableError("not_a_table", name=name)
        if ole.get_size(stream) > limits.max_bytes:
            raise TableError("unpacks_too_large", name=name, limit_mb=limits.max_bytes >> 20)
        data = ole.openstream(stream).read()
    _check_records(data, name, limits)


def _check_records(data: bytes, name: str, limits: Limits) -> None:
    extent, at = Extent(), 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == 0x002F:  # FILEPASS
            raise TableError("encrypted", name=name)
        if kind == 0x0809:  # BOF: a new sheet
            extent = Extent()
        elif kind == 0x0200 and size >= 12:  # DIMENSIONS: the reader reserves that much
            extent.last_row, extent.last_column = struct.unpack_from("<4xI2xH", data, at + 4)
            extent.check(limits, name, "")
            extent = Extent()
        elif kind in _CELL_RECORDS and size >= 6:
            row, column = struct.unpack_from("<HH", data, at + 4)
            if kind in (0x00BD, 0x00BE):  # several cells; the last two bytes name the last column
                (column,) = struct.unpack_from("<H", data, at + 2 + size)
            extent.last_row, extent.last_column = (
                max(extent.last_row, row + 1),
                max(extent.last_column, column + 1),
            )
            extent.check(limits, name, "")
        at += 4 + size


_CELL_RECORDS: Final = frozenset((0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0207))


class WorkbookSheet:
    """One sheet of a workbook that calamine has opened."""

    def __init__(
        self,
        workbook: calamine.CalamineWorkbook,
        meta: calamine.SheetMetadata,
        *,
        file: str,
        limits: Limits,
        errors: Iterable[tuple[int, int]],
    ) -> None:
        self.name = meta.name
        self.hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        self._workbook = workbook
        self._file = file
        self._limits = limits
        self._errors: dict[int, list[int]] = {}
        for row, column in sorted(errors):
            self._errors.setdefault(row + 1, []).append(column)

    def raw_rows(self) -> Iterator[RawRow]:
        sheet = guarded(lambda: self._workbook.get_sheet_by_name(self.name), self._file)
        if sheet.start is None:
            return
        if sheet.total_width > self._limits.max_columns:
            raise TableError(
                "too_many_columns", name=self._file, sheet=self.name, limit=self._limits.max_columns
            )
        left = sheet.start[1]
        filler = MergeFiller(_regions(sheet))
        rows = guarded(sheet.iter_rows, self._file)
        number = 0
        while (values := guarded(lambda: next(rows, None), self._file)) is not None:
            number += 1
            row = filler.fill(self._row(number, left, values))
            if any(row.cells):
                yield row

    def _row(self, number: int, left: int, values: list[Any]) -> RawRow:
        cells, notes, numeric = [""] * left, [], 0
        for column, value in enumerate(values, left):
            text = value if value == "" else value_text(value)
            cells.append(text)
            if not text:
                continue
            if isinstance(value, float | int) and not isinstance(value, bool):
                numeric |= 1 << column
                if abs(value) >= 1e15:
                    notes.append(CellNote(column, "lost_digits", text))
            elif text[0].isdigit() and lost_digits(text):
                notes.append(CellNote(column, "lost_digits", text))
        notes += [CellNote(column, "error_cell") for column in self._errors.get(number, ())]
        return RawRow(number, cells, tuple(notes), numeric)


def _regions(sheet: calamine.CalamineSheet) -> list[Region]:
    return [
        Region(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]


def guarded(read: Callable[[], _T], name: str) -> _T:
    """Call into the reading library; whatever it throws at a hostile or damaged file is a `TableError`."""
    try:
        return read()
    except TableError:
        raise
    except calamine.PasswordError as error:
        raise TableError("encrypted", name=name) from error
    except Exception as error:
        raise TableError("damaged", name=name) from error
    except BaseException as error:  # a panic in the Rust library is no Exception
        if type(error).__name__ == "PanicException":
            raise TableError("damaged", name=name) from error
        raise


def open_workbook(
    path: Path, name: str, limits: Limits, errors: set[tuple[str, int, int]]
) -> list[WorkbookSheet]:
    """The worksheets (no charts or macros) in workbook order."""
    workbook = guarded(lambda: calamine.CalamineWorkbook.from_path(path), name)
    sheets = [meta for meta in workbook.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    if len(sheets) > limits.max_sheets:
        raise TableError("too_many_sheets", name=name, limit=limits.max_sheets)
    # Parts are numbered in workbook order by every program met; a wrong guess only misplaces a note.
    return [
        WorkbookSheet(
            workbook,
            meta,
            file=name,
            limits=limits,
            errors=[(row, column) for part, row, column in errors if Path(part).stem == f"sheet{index}"],
        )
        for index, meta in enumerate(sheets, 1)
    ]
