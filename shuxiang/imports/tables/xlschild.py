"""Reads .xls in a process of its own: the reading library ends its process at some damaged files of this format.

`python -m shuxiang.imports.tables.xlschild SOURCE FOLDER NAME LIMITS` writes FOLDER/index.json (sheets, or the error)
and one FOLDER/N.jsonl of rows per sheet; the parent reads those.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from shuxiang.imports.tables.errors import TableError
from shuxiang.imports.tables.model import CellNote, Limits, RawRow
from shuxiang.imports.tables.workbook import check_xls, guarded, open_workbook

_PATIENCE_SECONDS: Final = 600


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
    """The sheets of an .xls; a child that dies means a damaged file. Raises `TableError`."""
    command = [
        sys.executable,
        "-m",
        __name__,
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


def write_sheets(path: Path, folder: Path, name: str, limits: Limits) -> None:
    """The child's work."""
    try:
        guarded(lambda: check_xls(path, name, limits), name)
        sheets = open_workbook(path, name, limits, set())
        for number, sheet in enumerate(sheets):
            with (folder / f"{number}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in sheet.raw_rows())
        index: dict[str, Any] = {"sheets": [(sheet.name, sheet.hidden) for sheet in sheets]}
    except TableError as error:
        index = {"code": error.code, "params": error.params}
    (folder / "index.json").write_text(json.dumps(index), "utf-8")


if __name__ == "__main__":
    write_sheets(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Limits(**json.loads(sys.argv[4])))
