"""Preview a file, carry it out in chunks, go on with a run that was interrupted."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction

from shuxiang.audit import bulk, operations
from shuxiang.audit.models import Job
from shuxiang.audit.statistics import know_sizes
from shuxiang.common import locks
from shuxiang.common.actors import Actor
from shuxiang.files import selectors as files
from shuxiang.files import services as file_store
from shuxiang.imports import profiles, registry
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.services.alone import alone, one_at_a_time
from shuxiang.imports.shapes import (
    CHANGED,
    MADE,
    REFUSED,
    SKIPPED,
    CannotBegin,
    Context,
    Importer,
    Note,
    Overtaken,
    Progress,
    RowPlan,
    Session,
    SourceRow,
)
from shuxiang.imports.sources import Source, SourceError, open_source
from shuxiang.imports.tables import TableError
from shuxiang.libraries.models import Library

_ROW = ("number", "sheet", "verdict", "reasons", "label", "effects")
_FIRST_CHUNK, _SMALLEST, _LARGEST = 50, 25, 2000
_ATTEMPTS = 3
# A chunk holds the write lock and the desk waits. Our own computing is measured, not what other programs take of the
# machine meanwhile: smaller chunks would not shorten that.
_GOAL_SECONDS = 0.05
_PREVIEWED_AT_ONCE = 500
_ROWS_SHOWN = 5000


class NotImported(Exception):
    """Nothing was written; `note` is the reason."""

    def __init__(self, note: Note) -> None:
        super().__init__(note.code)
        self.note = note


@dataclass
class Preview:
    """What an import would do. `rows` are those a person should look at: all but the plainly made ones."""

    mapping: dict[str, object]
    warnings: list[Note]
    counts: Counter[str] = field(default_factory=Counter)
    totals: dict[str, int] = field(default_factory=dict)
    rows: list[RowPlan] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        return sum(self.counts.values())

    def add(self, plans: Iterable[RowPlan]) -> None:
        for plan in plans:
            self.counts[plan.verdict] += 1
            self.notes.update(note.code for note in plan.notes)
            if (plan.verdict != MADE or plan.notes) and len(self.rows) < _ROWS_SHOWN:
                self.rows.append(plan)


def _nothing(done: int, total: int | None) -> None:
    del done, total


def _unseen(rows: Sequence[SourceRow], plans: Sequence[RowPlan]) -> None:
    del rows, plans


def preview(
    kind: str,
    path: Path,
    *,
    library: Library,
    name: str,
    by: Actor,
    at: datetime,
    options: Mapping[str, str] | None = None,
    mapping: Mapping[str, object] | None = None,
    progress: Progress = _nothing,
    seen: Callable[[Sequence[SourceRow], Sequence[RowPlan]], None] = _unseen,
) -> Preview:
    """A verdict for every row, given to `seen` some rows at a time; nothing is written.

    Raises NotImported when the file cannot be read at all.
    """
    importer = registry.get(kind)
    context = Context(library, by, at, dict(options or {}), file_name=name)
    with _opened(importer, path, name, _chosen(library, kind, context.options, mapping)) as source:
        result = Preview(source.mapping, source.warnings)
        session = _begun(importer, context)
        try:
            rows = iter(session.order(source.rows()))
            while chunk := list(islice(rows, _PREVIEWED_AT_ONCE)):
                plans = _plan(session, chunk)
                result.add(plans)
                seen(chunk, plans)
                progress(result.read, None)
        except TableError as problem:
            raise NotImported(_note_of(problem, name)) from problem
        result.totals = session.totals()
    return result


def import_file(
    kind: str,
    path: Path,
    *,
    library: Library,
    name: str,
    by: Actor,
    at: datetime,
    options: Mapping[str, str] | None = None,
    mapping: Mapping[str, object] | None = None,
    progress: Progress = _nothing,
) -> Run:
    """Keep the file, start a run and carry it out. Raises NotImported when nothing could be done."""
    importer = registry.get(kind)
    chosen = _chosen(library, kind, options or {}, mapping)
    try:
        with one_at_a_time(library.pk), _opened(importer, path, name, chosen) as source:
            run = _start(importer, source, library=library, by=by, at=at, options=dict(options or {}))
            _finish(run, importer, source, by=by, at=at, progress=progress)
    except locks.Taken:
        raise NotImported(Note("other_import_running", {"library": library.name})) from None
    return run


def _start(
    importer: Importer, source: Source, *, library: Library, by: Actor, at: datetime, options: dict[str, str]
) -> Run:
    _begun(importer, Context(library, by, at, options, file_name=source.name))  # only to hear objections
    with source.path.open("rb") as content:
        try:
            stored = file_store.store(content, name=source.name, library=library, by=by, at=at)
        except file_store.NotStored as problem:
            note = Note("not_stored", {"name": source.name, "problem": problem.problem})
            raise NotImported(note) from problem
    with transaction.atomic():
        if profile := options.get("profile"):
            profiles.save(library, importer.kind, profile, source.mapping, at=at)
        return Run.objects.create(
            library=library,
            kind=importer.kind,
            file=stored,
            mapping=source.mapping,
            options={**options, "warnings": [note.to_json() for note in source.warnings]},
            state=Run.State.RUNNING,
            requested_by=by.name[:80],
            started_at=at,
        )


def carry_out(run_id: UUID, *, by: Actor, at: datetime, progress: Progress = _nothing) -> Run:
    """Carry out the rest of a run, chunk by chunk: each is one transaction with its rows' verdicts and its place.

    What cannot go on leaves the run FAILED with everything done so far named, so that it can be undone.
    """
    run = Run.objects.select_related("library", "file").get(pk=run_id)
    if run.state != Run.State.RUNNING:
        return run
    importer = registry.get(run.kind)
    try:
        with (
            one_at_a_time(run.library_id),
            _opened(importer, files.path(run.file), run.file.name, run.mapping) as source,
        ):
            _finish(run, importer, source, by=by, at=at, progress=progress)
    except NotImported as problem:
        if run.state == Run.State.RUNNING:
            _fail(run, at, problem.note)
        raise
    return run


def _finish(
    run: Run, importer: Importer, source: Source, *, by: Actor, at: datetime, progress: Progress
) -> None:
    """Carry out the rest; a run that cannot go on is FAILED, and says why. Raises locks.Taken, having done nothing."""
    try:
        with alone(run.pk):
            run.refresh_from_db(fields=["state", "next_row"])  # another process may have finished it just now
            if run.state == Run.State.RUNNING:
                with bulk.checkpoints_apart():
                    _carry_out(run, importer, source, by, progress)
    except locks.Taken:
        raise
    except (SourceError, TableError) as problem:
        note = problem.note if isinstance(problem, SourceError) else _note_of(problem, run.file.name)
        _fail(run, at, note)
        raise NotImported(note) from problem
    except Exception as problem:
        _fail(run, at, Note("run_failed", {"problem": str(problem)[:300]}))
        raise


def _note_of(problem: TableError, name: str) -> Note:
    return Note(problem.code, {"name": name, **problem.params})


def _fail(run: Run, at: datetime, note: Note) -> None:
    logging.getLogger("shuxiang.imports").exception("run %s", run.pk)
    run.state, run.finished_at = Run.State.FAILED, at
    run.options = {**run.options, "failure": note.to_json()}
    run.save(update_fields=["state", "finished_at", "options"])


def _carry_out(run: Run, importer: Importer, source: Source, by: Actor, progress: Progress) -> None:
    options = {key: value for key, value in run.options.items() if isinstance(value, str)}
    # The instant of the run, not of the resumption: what it makes is dated alike before and after a stop.
    context = Context(run.library, by, run.started_at, options, run.pk, run.file.name)
    session = importer.begin(context)
    ordered = iter(session.order(source.rows()))
    for _ in islice(ordered, run.next_row):
        pass
    size = _FIRST_CHUNK
    while chunk := list(islice(ordered, size)):
        session, seconds = _one_chunk(run, session, chunk, by, lambda: importer.begin(context))
        bulk.settle()
        size = max(_SMALLEST, min(_LARGEST, int(size * min(2.0, _GOAL_SECONDS / max(seconds, 0.001)))))
        progress(run.next_row, None)
    know_sizes()
    session.finish(progress)
    know_sizes()
    _close(run, session, at=run.started_at)


def _one_chunk(
    run: Run, session: Session, chunk: list[SourceRow], by: Actor, anew: Callable[[], Session]
) -> tuple[Session, float]:
    """Plan, then write in one transaction; gives the seconds for which it was open, and the session to go on with.

    When another act was faster, nothing of the chunk is written: it is planned again on what is true now.
    """
    for attempt in range(_ATTEMPTS):
        plans = _plan(session, chunk)
        began = time.thread_time()
        try:
            with transaction.atomic():
                _write(run, session, plans, by)
            return session, time.thread_time() - began
        except (Overtaken, IntegrityError):
            if attempt == _ATTEMPTS - 1:
                raise
            run.refresh_from_db()
            session = anew()
    raise AssertionError("unreachable")


def _write(run: Run, session: Session, plans: list[RowPlan], by: Actor) -> None:
    acting = [plan for plan in plans if plan.verdict in (MADE, CHANGED)]
    if acting:
        operation = operations.begin(
            f"imports.{run.kind}", by=by, at=run.started_at, library_code=run.library.code
        ).operation
        session.carry_out(acting, operation)
        operations.finish(operation, subject=f"imports.run:{run.pk}", detail={"rows": len(acting)})
    bulk.insert(RunRow, _ROW, [_row(plan) for plan in plans], constants={"run": run.pk})
    _count(run, plans)


def _row(plan: RowPlan) -> tuple[object, ...]:
    reasons = json.dumps([note.to_json() for note in plan.notes]) if plan.notes else "[]"
    return plan.number, plan.sheet, plan.verdict, reasons, plan.label, json.dumps(plan.effects)


def _count(run: Run, plans: list[RowPlan]) -> None:
    counts = Counter(plan.verdict for plan in plans)
    run.next_row += len(plans)
    run.rows_read += len(plans)
    run.rows_made += counts[MADE]
    run.rows_changed += counts[CHANGED]
    run.rows_skipped += counts[SKIPPED]
    run.rows_refused += counts[REFUSED]
    run.save(
        update_fields=["next_row", "rows_read", "rows_made", "rows_changed", "rows_skipped", "rows_refused"]
    )


def _close(run: Run, session: Session, *, at: datetime) -> None:
    run.state, run.finished_at, run.totals = Run.State.DONE, at, session.totals()
    run.save(update_fields=["state", "finished_at", "totals"])
    if not registry.get(run.kind).keeps_file:
        file_store.discard(run.file)


def recover(*, by: Actor, at: datetime, is_serving: bool = False) -> list[Run]:
    """Called at start: go on with runs and undos that a power cut interrupted. Returns them, finished or failed.

    What another living process is at work on is left to it; a server leaves those that its jobs take up to them, so
    that the library opens at once.
    """
    from shuxiang.imports.services.undoing import CannotUndo, undo  # noqa: PLC0415  the two acts resume each other

    resumed = []
    interrupted = Run.objects.filter(state__in=[Run.State.RUNNING, Run.State.UNDOING]).order_by("started_at")
    if is_serving:
        interrupted = interrupted.exclude(job__state__in=[Job.State.QUEUED, Job.State.RUNNING])
    for run in interrupted:
        try:
            if run.state == Run.State.UNDOING:
                undo(run.pk, by=by, at=at)
            else:
                carry_out(run.pk, by=by, at=at)
        except (locks.Taken, CannotUndo):
            continue
        except Exception:  # one broken run must not keep the library closed; it says why, or is tried again
            logging.getLogger("shuxiang.imports").exception("run %s", run.pk)
        run.refresh_from_db()
        resumed.append(run)
    return resumed


def _begun(importer: Importer, context: Context) -> Session:
    try:
        return importer.begin(context)
    except CannotBegin as problem:
        raise NotImported(problem.note) from problem


def _chosen(
    library: Library, kind: str, options: Mapping[str, str], mapping: Mapping[str, object] | None
) -> Mapping[str, object] | None:
    if mapping is not None:
        return mapping
    return profiles.find(library, kind, options["profile"]) if options.get("profile") else None


def _opened(importer: Importer, path: Path, name: str, saved: Mapping[str, object] | None) -> Source:
    try:
        return open_source(
            path,
            name=name,
            kind=importer.kind,
            fields=importer.fields,
            reads_marc=importer.reads_marc,
            left_out=importer.left_out,
            keeps_rows=importer.keeps_file,
            saved=saved,
            ahead=importer.ahead,
        )
    except SourceError as problem:
        raise NotImported(problem.note) from problem


def _plan(session: Session, chunk: list[SourceRow]) -> list[RowPlan]:
    """The importer's verdicts, and the engine's own for rows that are no data or cannot be read; in file order."""
    plans = iter(session.plan([row for row in chunk if row.skip is None and row.problem is None]))
    result = []
    for row in chunk:
        if row.skip is not None:
            result.append(RowPlan.of(row, SKIPPED, "", row.skip))
        elif row.problem is not None:
            result.append(RowPlan.of(row, REFUSED, "", row.problem))
        else:
            result.append(next(plans))
    return result
