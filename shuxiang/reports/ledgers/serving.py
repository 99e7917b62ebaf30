"""Files and closings that the server makes for pages, as jobs with progress; files are kept for some days."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.holdings.messages import say
from shuxiang.holdings.services import close_year
from shuxiang.libraries.models import Library
from shuxiang.libraries.selectors import find_library
from shuxiang.reports.ledgers.services import write_ledger
from shuxiang.ui.numbers import grouped

FILE, CLOSING, TIDY = "reports.ledger", "reports.close_year", "reports.tidy_ledgers"
KEPT_DAYS = 3


def folder() -> Path:
    """Where the files lie until they are fetched: no web address reaches it, no backup holds it."""
    return Path(settings.HOME) / "exports"


def path_of(job: Job) -> Path:
    """The file of a job."""
    return folder() / f"{job.pk}.{job.params['format']}"


def write_later(*, library: Library, code: str, period: str, form: str, with_names: bool, by: Actor) -> Job:
    """Have the server write a book to a file. KeyError for a format that is none."""
    form = {"xlsx": "xlsx", "pdf": "pdf"}[form]
    params: dict[str, object] = {
        "code": code, "period": period, "format": form, "with_names": with_names, "by": by.name,
        "account": by.account_id, "language": translation.get_language() or "zh-hans",
    }  # fmt: skip
    return jobs.queue(FILE, by=by, library_code=library.code, params=params)


def close_later(*, library: Library, year: int, operation_id: UUID, by: Actor) -> Job:
    """Have the server close a year; the same operation id twice closes it once."""
    params: dict[str, object] = {
        "year": year, "operation": str(operation_id), "by": by.name, "account": by.account_id,
        "language": translation.get_language() or "zh-hans",
    }  # fmt: skip
    return jobs.queue(CLOSING, by=by, library_code=library.code, params=params)


def job_of(library: Library, pk: UUID, kind: str) -> Job | None:
    """A job of this room in this library."""
    return Job.objects.filter(pk=pk, kind=kind, library_code=library.code).first()


def files_of(library: Library) -> list[Job]:
    """Files that were asked for lately, the newest first."""
    since = clock.now() - timedelta(days=KEPT_DAYS)
    rows = Job.objects.filter(kind=FILE, library_code=library.code, created_at__gt=since)
    return list(rows.order_by("-created_at")[:20])


def _by(job: Job) -> Actor:
    return Actor(str(job.params["by"]), "desk", job.params.get("account"))


@jobs.handles(FILE)
def write_file(job: Job, progress: jobs.Progress) -> str:
    """Write the file of a job; after an interruption from its beginning."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    library = find_library(job.library_code)
    if library is None:
        return ""

    def tell(done: int, total: int | None) -> None:
        if progress.is_over():
            raise jobs.Later
        progress(done, total)

    written = write_ledger(
        library=library,
        code=str(job.params["code"]),
        period=str(job.params["period"]),
        path=path_of(job),
        with_names=bool(job.params["with_names"]),
        by=_by(job),
        at=clock.now(),
        progress=tell,
    )
    with translation.override(str(job.params["language"])):
        return _("%(title)s: %(entries)s entries, %(size)s kB.") % {
            "title": written.title,
            "entries": grouped(written.entries),
            "size": grouped(-(-written.size // 1000)),
        }


@jobs.handles(CLOSING)
def close(job: Job, progress: jobs.Progress) -> str:
    """Close a year, or what an interruption left of closing it."""
    library, year = find_library(job.library_code), int(str(job.params["year"]))
    if library is None:
        return ""
    with translation.override(str(job.params["language"])):
        try:
            close_year(
                library,
                year,
                by=_by(job),
                at=clock.now(),
                operation_id=UUID(str(job.params["operation"])),
                progress=progress,
            )
        except Refused as refusal:
            return " ".join(say(reason) for reason in refusal.decision.refused)
    return ""


def old_files(at: datetime) -> list[Path]:
    """Files that nobody fetches any more."""
    limit = (at - timedelta(days=KEPT_DAYS)).timestamp()
    return [path for path in folder().glob("*") if path.is_file() and path.stat().st_mtime < limit]


@jobs.handles(TIDY)
def tidy(_job: Job, _progress: jobs.Progress) -> str:
    """Throw away old files: books of loans name readers."""
    found = old_files(clock.now())
    for path in found:
        path.unlink(missing_ok=True)
    return str(len(found))


jobs.when_idle(TIDY, lambda at: {} if old_files(at) else None)
