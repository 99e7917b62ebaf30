"""Small files and a small school for tests of imports; used by the rooms above as well."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from shuxiang.common.actors import Actor
from shuxiang.imports import services
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.services import Preview
from shuxiang.imports.shapes import Undone
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library

BY = Actor("tests", "system")
AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
Table = Sequence[Sequence[str]]


def new_library(code: str = "yl") -> Library:
    return create_library(code=code, name=f"{code}小学", kind="primary", by=BY, at=AT)


class Desk:
    """Writes tables to a folder and imports them into one library."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self._count = 0

    def table(self, rows: Table, name: str = "list.csv") -> Path:
        self._count += 1
        path = self.folder / f"{self._count}-{name}"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def load(self, kind: str, rows: Table | Path | bytes, *, at: datetime = AT, **options: str) -> Run:
        """Import a table, a file or bytes."""
        path = self._path(rows)
        return services.import_file(
            kind, path, library=self.library, name=path.name, by=BY, at=at, options=options
        )

    def preview(self, kind: str, rows: Table | Path | bytes, **options: str) -> Preview:
        path = self._path(rows)
        return services.preview(
            kind, path, library=self.library, name=path.name, by=BY, at=AT, options=options
        )

    def undo(self, run: Run | UUID, *, at: datetime = AT) -> Undone:
        return services.undo(run.pk if isinstance(run, Run) else run, by=BY, at=at)

    def _path(self, rows: Table | Path | bytes) -> Path:
        if isinstance(rows, Path):
            return rows
        if isinstance(rows, bytes):
            self._count += 1
            path = self.folder / f"{self._count}-file"
            path.write_bytes(rows)
            return path
        return self.table(rows)


def verdicts(run: Run) -> list[str]:
    """The verdict on each row, in the order of the file."""
    return list(run.rows.order_by("sheet", "number").values_list("verdict", flat=True))


def codes(run: Run) -> list[list[str]]:
    """The codes of each row's notes, in the order of the file."""
    rows: list[RunRow] = list(run.rows.order_by("sheet", "number"))
    return [[reason["code"] for reason in row.reasons] for row in rows]
