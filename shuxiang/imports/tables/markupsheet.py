"""A sheet of a markup file, and the file as pieces for a parser."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from shuxiang.imports.tables.encoding import Encoding
from shuxiang.imports.tables.errors import TableError
from shuxiang.imports.tables.model import Limits, RawRow
from shuxiang.imports.tables.rowbuilder import Forbidden, TooMany

_CHUNK: Final = 1 << 18


class MarkupSheet:
    """One sheet of a markup file; `read` starts a pass over the file with a fresh handler."""

    def __init__(self, name: str, file: str, read: Callable[[], Iterator[RawRow]], limits: Limits) -> None:
        self.name = name
        self.hidden = False
        self._file = file
        self._read = read
        self._limits = limits

    def raw_rows(self) -> Iterator[RawRow]:
        try:
            yield from self._read()
        except TooMany as error:
            limit = {"too_many_columns": self._limits.max_columns, "too_many_rows": self._limits.max_rows}
            code = str(error)
            raise TableError(
                code, name=self._file, sheet=self.name, limit=limit.get(code, self._limits.max_cells)
            ) from error
        except Forbidden as error:
            raise TableError("forbidden_xml", name=self._file) from error
        except Exception as error:  # parsers and unpackers throw a dozen kinds at a damaged file
            raise TableError("damaged", name=self._file) from error


def text_chunks(path: Path, encoding: Encoding) -> Iterator[str]:
    """A markup file as text in the encoding its bytes show, so what it declares about itself does not matter."""
    with path.open(encoding=encoding.codec, errors="replace", newline=None) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def zip_chunks(path: Path, member: str) -> Iterator[bytes]:
    """One part of an archive, unpacked piece by piece."""
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            yield chunk
