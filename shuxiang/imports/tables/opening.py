"""Opens a table of any format, told by its content; what the file is called only serves in messages."""

from __future__ import annotations

import csv
import gzip
import re
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePath
from typing import IO, Final, cast

from shuxiang.imports.tables import htmltable, markup, textfile
from shuxiang.imports.tables.child import read_in_child
from shuxiang.imports.tables.encoding import Encoding, detect_encoding
from shuxiang.imports.tables.errors import TableError
from shuxiang.imports.tables.markupsheet import MarkupSheet, text_chunks, zip_chunks
from shuxiang.imports.tables.model import DEFAULT, Limits, RawRow, Source, TableWarning
from shuxiang.imports.tables.sheet import Sheet, TableFile
from shuxiang.imports.tables.workbook import check_zip, guarded

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: Final = (
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"BM\x00", "image"), (b"II*\x00", "image"),
    (b"MM\x00*", "image"), (b"%PDF", "pdf"), (b"{\\rtf", "word"), (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"),
    (b"\xfd7zXZ\x00", "archive"), (b"BZh", "archive"), (b"MZ", "not_a_table"), (b"\x7fELF", "not_a_table"),
    (b"SQLite format 3\x00", "not_a_table"), (b"\x00\x01\x00\x00Standard", "not_a_table"), (b"RIFF", "not_a_table"),
    (b"ID3", "not_a_table"), (b"MIME-Version:", "unknown_format"),
)  # fmt: skip
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ISO_2709 = re.compile(rb"\d{5}[ -~]{5}22\d{5}[ -~]{3}4[ -~]{3}\d{12}")
_SAME: Final = {
    "xls": ("xls", "csv", "html", "xml", "xlsx"),
    "htm": ("html",),
    "txt": ("csv",),
    "tsv": ("csv",),
}
_EXTENSIONS: Final = frozenset(("xlsx", "xlsm", "xls", "ods", "csv", "tsv", "txt", "html", "htm", "xml"))
_CHUNK: Final = 1 << 20


def open_table(source: Path | bytes, *, name: str, limits: Limits = DEFAULT) -> TableFile:
    """Open a table file; `name` is what its owner calls it. Close the result. Raises `TableError`, nothing else."""
    folder = tempfile.TemporaryDirectory(prefix="shuxiang-table-", ignore_cleanup_errors=True)
    try:
        path = _as_file(source, Path(folder.name), name, limits)
        return _open(path, folder, name, limits)
    except OSError as error:
        folder.cleanup()
        raise TableError("cannot_read", name=name, reason=error.strerror or type(error).__name__) from error
    except BaseException:
        folder.cleanup()
        raise


def _as_file(source: Path | bytes, folder: Path, name: str, limits: Limits) -> Path:
    """The source as an uncompressed file of allowed size."""
    if isinstance(source, bytes):
        path = folder / "source"
        path.write_bytes(source)
    else:
        path = source
    size = path.stat().st_size
    if size == 0:
        raise TableError("empty", name=name)
    if size > limits.max_bytes:
        raise TableError("file_too_large", name=name, size_mb=size >> 20, limit_mb=limits.max_bytes >> 20)
    start = _start(path, 8)
    if not start.startswith((_GZIP, _ZSTD)):
        return path
    unpacked = folder / "unpacked"
    try:
        with _decompressor(path, start) as packed, unpacked.open("wb") as plain:
            _copy(packed, plain, name, limits)
    except (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError) as error:
        raise TableError("damaged", name=name) from error
    if unpacked.stat().st_size == 0:
        raise TableError("empty", name=name)
    return unpacked


def _decompressor(path: Path, start: bytes) -> IO[bytes]:
    if start.startswith(_GZIP):
        return cast("IO[bytes]", gzip.open(path))
    window = {int(zstd.DecompressionParameter.window_log_max): 27}  # 128 MB, what zstd --long writes
    return cast("IO[bytes]", zstd.ZstdFile(path, options=window))


def _copy(packed: IO[bytes], plain: IO[bytes], name: str, limits: Limits) -> None:
    left = limits.max_unpacked_bytes
    while chunk := packed.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise TableError("unpacks_too_large", name=name, limit_mb=limits.max_unpacked_bytes >> 20)
        plain.write(chunk)


def _start(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _open(path: Path, folder: tempfile.TemporaryDirectory[str], name: str, limits: Limits) -> TableFile:
    start = _start(path, 4096)
    for signature, code in _SIGNATURES:
        if start.startswith(signature):
            raise TableError(code, name=name)
    encoding = delimiter = ""
    warnings: list[TableWarning] = []
    sources: list[Source]
    if start.startswith(b"PK"):
        kind, sources = _open_zip(path, Path(folder.name), name, limits)
    elif start.startswith(_OLE):
        kind, sources = "xls", _workbook_sheets(path, Path(folder.name) / "source.xls", name, limits)
    else:
        found = detect_encoding(path)
        encoding = found.codec
        kind, sources, delimiter = _open_text(path, found, name, limits)
        if found.mixed:
            warnings.append(TableWarning("mixed_encoding", {"name": name}))
        elif not found.sure:
            warnings.append(TableWarning("uncertain_encoding", {"name": name, "encoding": encoding}))
    warnings += _extension_warning(name, kind)
    sheets = tuple(Sheet(source, name, limits) for source in sources)
    if all(sheet.is_empty for sheet in sheets):
        raise TableError("no_table", name=name)
    return TableFile(
        name, kind, sheets, folder.cleanup, encoding=encoding, delimiter=delimiter, warnings=tuple(warnings)
    )


def _extension_warning(name: str, kind: str) -> list[TableWarning]:
    """Tell when the name lies; .xls with text or a page inside is so common that only .xlsx and others count."""
    suffixes = [
        part.lower().lstrip(".") for part in PurePath(name).suffixes if part.lower() not in (".gz", ".zst")
    ]
    extension = suffixes[-1] if suffixes else ""
    if extension not in _EXTENSIONS or kind in (extension, *_SAME.get(extension, ())) or extension == "xlsm":
        return []
    return [TableWarning("wrong_extension", {"name": name, "extension": extension, "format": kind})]


def _open_zip(path: Path, folder: Path, name: str, limits: Limits) -> tuple[str, list[Source]]:
    def look() -> str:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, name, limits)
            return _zip_kind(archive, name)

    kind = guarded(look, name)
    if kind == "ods":
        return kind, _open_document_sheets(path, name, limits)
    return kind, _workbook_sheets(path, folder / "source.xlsx", name, limits)


def _zip_kind(archive: zipfile.ZipFile, name: str) -> str:
    members = {member.replace("\\", "/") for member in archive.namelist()}
    if any(
        member.endswith("xl/workbook.xml") or ("/worksheets/" in member and ".xml" in member)
        for member in members
    ):
        return "xlsx"
    if "content.xml" in members:
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in members else b""
        if b"encryption-data" in manifest:
            raise TableError("encrypted", name=name)
        return "ods"
    if any(member.startswith("word/") for member in members):
        raise TableError("word", name=name)
    if any(member.startswith(("ppt/", "xl/", "_rels/")) for member in members):
        raise TableError("unknown_format", name=name)
    raise TableError("archive", name=name)


def _open_document_sheets(path: Path, name: str, limits: Limits) -> list[Source]:
    names = markup.SheetNames("table", limits)

    def read(index: int) -> Iterator[RawRow]:
        return markup.parse_xml(zip_chunks(path, "content.xml"), markup.OpenDocumentHandler(index, limits))

    first = MarkupSheet("", name, lambda: markup.parse_xml(zip_chunks(path, "content.xml"), names), limits)
    return _sheets_of(first, names, read, name, limits)


def _excel_2003_sheets(path: Path, encoding: Encoding, name: str, limits: Limits) -> list[Source]:
    names = markup.SheetNames("Worksheet", limits)

    def read(index: int) -> Iterator[RawRow]:
        return markup.parse_xml(text_chunks(path, encoding), markup.Excel2003Handler(index, limits))

    first = MarkupSheet("", name, lambda: markup.parse_xml(text_chunks(path, encoding), names), limits)
    return _sheets_of(first, names, read, name, limits)


def _sheets_of(
    first: MarkupSheet, names: markup.SheetNames, read: markup.ReadSheet, name: str, limits: Limits
) -> list[Source]:
    for _ in first.raw_rows():  # only gathers the names
        pass
    if len(names.names) > limits.max_sheets:
        raise TableError("too_many_sheets", name=name, limit=limits.max_sheets)
    return [
        MarkupSheet(title, name, lambda index=index: read(index), limits)  # type: ignore[misc]
        for index, title in enumerate(names.names)
    ]


def _workbook_sheets(path: Path, copy: Path, name: str, limits: Limits) -> list[Source]:
    """Workbooks are read by extension, whatever the source is called."""
    shutil.copyfile(path, copy)
    return list(read_in_child(copy, copy.parent, name, limits))


def _open_text(path: Path, found: Encoding, name: str, limits: Limits) -> tuple[str, list[Source], str]:
    start = next(iter(text_chunks(path, found)), "")
    head = start[:4096].lstrip("\ufeff \t\r\n").lower()
    if (
        _ISO_2709.match(_start(path, 40))
        or "<leader>" in head
        or "marc21/slim" in head
        or "marcxchange" in head
    ):
        raise TableError(
            "marc" if b"\x1e" in _start(path, 4096) or "<" in head[:1] else "marc_damaged", name=name
        )
    read = "\n".join(islice(textfile.lines(path, found), 200)) if found.mixed else start
    if _is_binary(read[:65536]):
        raise TableError("unknown_format", name=name)
    if head.startswith(("<?xml", "<workbook", "<ss:workbook")) and "office:spreadsheet" in head:
        return "xml", _excel_2003_sheets(path, found, name, limits), ""
    if re.search(r"<(!doctype html|html|table|head|body|meta|style|div)\b", head) and head.startswith("<"):
        page = MarkupSheet("", name, lambda: htmltable.parse_html(text_chunks(path, found), limits), limits)
        return "html", [page], ""
    if head.startswith(("<?xml", "<!doctype", '{"', "[{")):
        raise TableError("not_a_table", name=name)
    delimiter = textfile.sniff_delimiter(path, found)
    return "csv", [TextSheet(path, found, delimiter, name, limits)], delimiter


def _is_binary(text: str) -> bool:
    """Whether the text holds more control characters than any table would."""
    control = sum(1 for char in text if char < " " and char not in "\t\r\n\f\x1a")
    strange = text.count("\N{REPLACEMENT CHARACTER}")
    return control * 50 > len(text) or strange * 5 > len(text)


class TextSheet:
    """The only sheet of a delimited text file."""

    name = ""
    hidden = False

    def __init__(self, path: Path, encoding: Encoding, delimiter: str, file: str, limits: Limits) -> None:
        self._arguments = (path, encoding, delimiter, limits)
        self._file = file

    def raw_rows(self) -> Iterator[RawRow]:
        try:
            yield from textfile.records(*self._arguments)
        except OSError as error:
            raise TableError("cannot_read", name=self._file, reason=error.strerror or "") from error
        except (csv.Error, UnicodeError) as error:
            raise TableError("damaged", name=self._file) from error
