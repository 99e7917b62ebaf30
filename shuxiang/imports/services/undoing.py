"""Take back an import: what nobody has touched since goes, the rest stays and is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common import locks
from shuxiang.common.actors import Actor
from shuxiang.imports import registry
from shuxiang.imports.models import Run
from shuxiang.imports.services.alone import alone
from shuxiang.imports.shapes import Note, Progress, Undone

UNDO_DAYS = 30


class CannotUndo(Exception):
    """The run stays as it is; `note` says why."""

    def __init__(self, note: Note) -> None:
        super().__init__(note.code)
        self.note = note


def _nothing(done: int, total: int | None) -> None:
    del done, total


def undo(run_id: UUID, *, by: Actor, at: datetime, progress: Progress = _nothing) -> Undone:
    """Undo a run within 30 days. Raises CannotUndo. Safe to call again after an interruption."""
    try:
        with alone(run_id):
            return _undo(run_id, by, at, progress)
    except locks.Taken:
        name = Run.objects.select_related("file").get(pk=run_id).file.name
        raise CannotUndo(Note("still_running", {"file": name})) from None


def _undo(run_id: UUID, by: Actor, at: datetime, progress: Progress) -> Undone:
    with transaction.atomic():
        run = Run.objects.select_related("library", "file").get(pk=run_id)
        may_undo(run, at)
        run.state = Run.State.UNDOING
        run.save(update_fields=["state"])
        operation = operations.begin("imports.undo", by=by, at=at, library_code=run.library.code).operation
    undone = registry.get(run.kind).undo(run, by=by, at=at, operation=operation, progress=progress)
    with transaction.atomic():
        run.state, run.undone_at = Run.State.UNDONE, at
        run.save(update_fields=["state", "undone_at"])
        operations.finish(
            operation,
            subject=f"imports.run:{run.pk}",
            result=dict(undone.reversed),
            detail={"kept": [note.to_json() for note in undone.kept[:1000]]},
        )
    return undone


def may_undo(run: Run, at: datetime) -> None:
    """Raises CannotUndo, with the reason, when the run cannot be undone now."""
    params = {"file": run.file.name}
    if run.state == Run.State.UNDONE:
        raise CannotUndo(Note("already_undone", params))
    if run.state == Run.State.RUNNING:
        raise CannotUndo(Note("still_running", params))
    if run.state != Run.State.UNDOING and at - run.started_at > timedelta(days=UNDO_DAYS):
        raise CannotUndo(Note("undo_too_late", {**params, "days": UNDO_DAYS}))
    if run.state != Run.State.UNDOING and (later_ones := above(run, at)):
        later = "; ".join(f"{one.file.name} (shuxiang undo {one.pk})" for one in later_ones)
        raise CannotUndo(Note("undo_later_first", {**params, "later": later}))


def above(run: Run, at: datetime) -> list[Run]:
    """Later imports that rest on this one and can still be undone, the latest first."""
    later = Run.objects.filter(
        library=run.library_id,
        started_at__range=(max(run.started_at, at - timedelta(days=UNDO_DAYS)), at),
        state__in=[Run.State.DONE, Run.State.FAILED],
    ).exclude(pk=run.pk)
    return [
        one
        for one in later.select_related("file").order_by("-started_at", "-pk")
        if registry.rests_on(run, one)
    ]
