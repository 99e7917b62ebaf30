"""What the server carries out for pages, as jobs: the dry run, the import, its undo."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock, locks
from shuxiang.common.actors import Actor
from shuxiang.imports import registry
from shuxiang.imports.messages import sentence, totals_line
from shuxiang.imports.models import Draft, Run
from shuxiang.imports.services.checking import check
from shuxiang.imports.services.drafts import abandoned, clear_rows, sweep
from shuxiang.imports.services.running import NotImported, carry_out
from shuxiang.imports.services.undoing import CannotUndo, may_undo, undo
from shuxiang.imports.shapes import Note

_LOOK_EVERY_SECONDS = 0.05


def _by(job: Job) -> Actor:
    return Actor(str(job.params["by"]), "desk", job.params.get("account"))


@jobs.handles("imports.check")
def check_draft(job: Job, progress: jobs.Progress) -> str:
    """The dry run of one round of a draft."""
    draft = Draft.objects.select_related("library", "file").filter(
        pk=job.params["draft"], round=job.params["round"], state=Draft.State.WAITING
    )
    for one in draft:
        check(one, by=_by(job), at=clock.now(), progress=progress)
    return ""


@jobs.handles("imports.run")
def carry_out_run(job: Job, progress: jobs.Progress) -> str:
    """Carry out a run, or what an interruption left of it; while another import of the library runs, later."""
    key, rows = UUID(str(job.params["run"])), int(str(job.params["rows"]))
    try:
        run = carry_out(
            key, by=_by(job), at=clock.now(), progress=lambda done, total: progress(done, total or rows)
        )
    except locks.Taken:
        raise jobs.Later from None
    except NotImported as problem:
        _forget_rows(key)
        return sentence(problem.note)
    except Exception:
        _forget_rows(key)
        raise
    _forget_rows(key)
    return totals_line(counts_of(run))


def _forget_rows(run_id: UUID) -> None:
    """The run has verdicts of its own; rows to be corrected stay for a while where the file may stay too."""
    for draft in Draft.objects.filter(run=run_id):
        if not registry.get(draft.kind).keeps_file:
            clear_rows(draft)


def counts_of(run: Run) -> dict[str, int]:
    """Rows by verdict."""
    return {
        "made": run.rows_made,
        "changed": run.rows_changed,
        "skipped": run.rows_skipped,
        "refused": run.rows_refused,
    }


def undo_later(run: Run, *, by: Actor, at: datetime) -> Run:
    """Have the server undo it; asked twice, it is undone once. Raises CannotUndo."""
    with transaction.atomic():
        now = Run.objects.select_for_update().select_related("library", "file").get(pk=run.pk)
        if now.state in (Run.State.UNDOING, Run.State.UNDONE):
            return now
        may_undo(now, at)
        now.state = Run.State.UNDOING
        now.job = jobs.queue(
            "imports.undo",
            by=by,
            library_code=now.library.code,
            params={"run": str(now.pk), "by": by.name, "account": by.account_id},
        )
        now.save(update_fields=["state", "job"])
        return now


@jobs.handles("imports.undo")
def undo_run(job: Job, progress: jobs.Progress) -> str:
    """Undo a run, or what an interruption left of its undo."""
    key = UUID(str(job.params["run"]))
    if not Run.objects.filter(pk=key, state=Run.State.UNDOING).exists():
        return ""
    try:
        undone = undo(key, by=_by(job), at=clock.now(), progress=progress)
    except CannotUndo as problem:
        raise jobs.Later from problem
    return sentence(Note("undone", {"count": sum(undone.reversed.values()), "kept": len(undone.kept)}))


@jobs.handles("imports.tidy")
def tidy(_job: Job, _progress: jobs.Progress) -> str:
    """Throw away drafts that were abandoned: lists of readers must not lie about."""
    return str(sweep(clock.now()))


jobs.when_idle("imports.tidy", lambda at: {} if abandoned(at).exists() else None)


def settle(job_id: UUID | None, *, seconds: float) -> bool:
    """Wait a moment for a job, when somebody works: most files are small, and their page need not come back twice."""
    end = time.monotonic() + seconds
    while job_id and jobs.is_attended() and time.monotonic() < end:
        if not Job.objects.filter(pk=job_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
            return True
        time.sleep(_LOOK_EVERY_SECONDS)
    return False
