"""What the engine and the importers pass to each other: rows of a source, plans, contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
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

    `skip` says why it is no data at all, `problem` why it cannot be read; `numeric` names the fields that the
    spreadsheet stored as numbers.
    """

    number: int
    sheet: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    numeric: frozenset[str] = frozenset()
    marc: RawRecord | None = None
    skip: Note | None = None
    problem: Note | None = None

    def get(self, name: str) -> str:
        return self.values.get(name, "")


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
    def of(cls, row: SourceRow, verdict: str, label: str = "", *notes: Note, payload: object = None) -> RowPlan:
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


class Importer(Protocol):
    """How one kind of file is imported; rooms register theirs downward."""

    kind: str
    fields: Sequence[FieldSpec]
    reads_marc: bool

    def begin(self, context: Context, done: Iterable[RunRow]) -> Session:
        """A session; `done` are the rows of this run that an interrupted process carried out already."""

    def undo(self, run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
        """Take back what the run made, in chunks with transactions of their own; going on after a stop is safe."""

