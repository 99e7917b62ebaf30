"""What the engine and the importers pass to each other: rows of a source, plans, contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.tables import FieldSpec
from shuxiang.libraries.models import Library
from shuxiang.marc import RawRecord

MADE, CHANGED, SKIPPED, REFUSED = (
    RunRow.Verdict.MADE.value,
    RunRow.Verdict.CHANGED.value,
    RunRow.Verdict.SKIPPED.value,
    RunRow.Verdict.REFUSED.value,
)

Exporter = Callable[[Library, Path, datetime], int]
"""Writes a library's rows to a file in a form that import reads back equal; returns how many."""

Progress = Callable[[int, int | None], None]
"""Told after each chunk: rows done, rows in all (None while unknown)."""


@dataclass(frozen=True, slots=True)
class Note:
    """A reason, warning or remark: a code with words in messages, and what the words name."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row or record of the file. `values` by field name; `cells` by column title, as they stand.

    `titles` gives the column title of a field. `skip` says why the row is no data at all, `problem` why it cannot be
    read; `numeric` names the fields that the spreadsheet stored as numbers; `read` is what the importer's own module
    has read of the record ahead.
    """

    number: int
    sheet: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    numeric: frozenset[str] = frozenset()
    marc: RawRecord | None = None
    skip: Note | None = None
    problem: Note | None = None
    read: tuple[Any, ...] | None = None

    def get(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Ahead:
    """How large MARC files are read in a process beside this one: imports.ahead says what the module must have."""

    module: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class RowPlan:
    """The verdict on a row before anything is written. `payload` is the importer's own; `effects` fill at the act."""

    number: int
    sheet: str
    verdict: str
    label: str = ""
    notes: list[Note] = field(default_factory=list)
    payload: object = None
    effects: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls, row: SourceRow, verdict: str, label: str = "", *notes: Note, payload: object = None
    ) -> RowPlan:
        return cls(row.number, row.sheet, verdict, label[:200], [*row.notes, *notes], payload)


@dataclass(frozen=True, slots=True)
class Context:
    """Who imports what where, and when. `run_id` is None in a dry run: nothing may be written then."""

    library: Library
    by: Actor
    at: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    run_id: UUID | None = None
    file_name: str = ""

    def option(self, name: str) -> str:
        return self.options.get(name, "")


class CannotBegin(Exception):
    """The options or the library do not allow this import; `note` says why and what to do."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.note = Note(code, params)


class Overtaken(Exception):
    """Another act changed what a plan was made on: the engine begins a fresh session and plans the rows again."""


class Session(Protocol):
    """One pass over a file. It remembers what the file has said so far; the database remembers the rest."""

    def order(self, rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
        """The rows in the order in which they are to be carried out."""

    def plan(self, rows: Sequence[SourceRow]) -> list[RowPlan]:
        """A verdict for each row, reading only."""

    def carry_out(self, plans: Sequence[RowPlan], operation: Operation) -> None:
        """Write what the plans say and note it in their effects; the engine holds the transaction."""

    def finish(self, progress: Progress) -> None:
        """The run's last step (posting a batch …), in transactions of its own; a second call does no harm."""

    def totals(self) -> dict[str, int]:
        """Numbers for the last line: {"records": 2662, "items": 9945, …}."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo took back, and by name what it left because other acts have touched it since."""

    reversed: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an undo would take back and leave now: `stays` things, of which `notes` name the first."""

    goes: Mapping[str, int] = field(default_factory=dict)
    stays: int = 0
    notes: tuple[Note, ...] = ()


class Importer(Protocol):
    """How one kind of file is imported; rooms register theirs downward."""

    kind: str
    fields: Sequence[FieldSpec]
    left_out: frozenset[str]  # fields that are recognised in order to be named and never stored
    reads_marc: bool
    ahead: Ahead | None
    keeps_file: (
        bool  # False: the bytes go when the run is done, since they hold more about people than is kept
    )

    def begin(self, context: Context) -> Session:
        """A session, at the start of a file or anywhere in it: what earlier rows made is in the database."""

    def undo(self, run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
        """Take back what the run made, in chunks with transactions of their own; going on after a stop is safe."""
