"""Reads workbooks in a process of its own: the reading library ends its process at some damaged files.

The child, given SOURCE FOLDER NAME LIMITS, writes FOLDER/index.json (sheets, or the error) and
one FOLDER/N.jsonl of rows per sheet; the parent reads those, so its memory stays flat too.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from shuxiang.imports.tables.errors import TableError
from shuxiang.imports.tables.model import CellNote, Limits, RawRow
from shuxiang.imports.tables.workbook import WorkbookSheet, check_xls, guarded, open_workbook, safe_copy

_PATIENCE_SECONDS: Final = 600
_START: Final = f"from {__name__} import main; main()"


class SpooledSheet:
    """A sheet whose rows the child has written to a file."""

    def __init__(self, name: str, hidden: bool, rows: Path, file: str) -> None:
        self.name = name
        self.hidden = hidden
        self._rows = rows
        self._file = file

    def raw_rows(self) -> Iterator[RawRow]:
        try:
            with self._rows.open(encoding="utf-8") as lines:
                for line in lines:
                    number, cells, notes, numeric, spans = json.loads(line)
                    noted = tuple(CellNote(*note) for note in notes)
                    yield RawRow(number, cells, noted, numeric, tuple((left, right) for left, right in spans))
        except OSError as error:
            raise TableError("cannot_read", name=self._file, reason=error.strerror or "") from error


def read_in_child(path: Path, folder: Path, name: str, limits: Limits) -> list[SpooledSheet]:
    """The sheets of `path`, .xlsx or .xls; a child that dies means a damaged file. Raises `TableError`."""
    command = [
        sys.executable,
        "-c",
        _START,
        str(path),
        str(folder),
        name,
        json.dumps(dataclasses.asdict(limits)),
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    try:
        subprocess.run(  # noqa: S603 - our own module, no shell
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE_SECONDS,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        index: dict[str, Any] = json.loads((folder / "index.json").read_text("utf-8"))
    except (subprocess.SubprocessError, FileNotFoundError) as error:
        raise TableError("damaged", name=name) from error
    if "code" in index:
        raise TableError(index["code"], **index["params"])
    return [
        SpooledSheet(title, hidden, folder / f"{number}.jsonl", name)
        for number, (title, hidden) in enumerate(index["sheets"])
    ]


def _open(path: Path, folder: Path, name: str, limits: Limits) -> list[WorkbookSheet]:
    if path.suffix == ".xls":
        guarded(lambda: check_xls(path, name, limits), name)
        return open_workbook(path, name, limits, set())

    def copy() -> set[tuple[str, int, int]]:
        with zipfile.ZipFile(path) as archive:
            return safe_copy(archive, folder / "safe.xlsx", name, limits)

    errors = guarded(copy, name)
    return open_workbook(folder / "safe.xlsx", name, limits, errors)


def write_sheets(path: Path, folder: Path, name: str, limits: Limits) -> None:
    """The child's work."""
    try:
        sheets = _open(path, folder, name, limits)
        for number, sheet in enumerate(sheets):
            with (folder / f"{number}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in sheet.raw_rows())
        index: dict[str, Any] = {"sheets": [(sheet.name, sheet.hidden) for sheet in sheets]}
    except TableError as error:
        index = {"code": error.code, "params": error.params}
    (folder / "index.json").write_text(json.dumps(index), "utf-8")


def main() -> None:
    source, folder, name, limits = sys.argv[1:]
    write_sheets(Path(source), Path(folder), name, Limits(**json.loads(limits)))
