"""Backup: one file on demand, and the daily copy with its second disk and its drill."""

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction

from shuxiang.audit import jobs, operations
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.safekeeping.dump import write_backup
from shuxiang.safekeeping.light import Light, daily_folder, light
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.models import Backup
from shuxiang.safekeeping.proof import BadBackup, read_manifest
from shuxiang.safekeeping.restoring import Interrupted, drill, files_folder, sweep

__all__ = [
    "BackupFailed",
    "Light",
    "daily",
    "light",
    "make_backup",
    "prune",
    "queue_daily",
    "second_disk",
    "sweep",
]

DAILY_AFTER = timedelta(hours=20)
DRILL_AFTER = timedelta(days=7)
TRY_AGAIN_AFTER = timedelta(hours=1)
KEPT_DAYS, KEPT_MONTHS = 14, 12
BY = Actor("daily backup", "system")
logger = logging.getLogger(__name__)


class BackupFailed(Exception):
    """The daily backup is not as it should be; the message is the sentence for the person who looks at the job."""


def make_backup(target: Path, *, by: Actor, second: Path | None = None) -> Backup:
    """Write a backup, read it back, copy it to the second disk; the row says what went wrong, if anything did."""
    backup = Backup(made_at=clock.now(), path=str(target))
    try:
        manifest = write_backup(target, files_folder(), apps)
        read_manifest(target)
        backup.size, backup.rows = target.stat().st_size, manifest.rows
        if second is not None:
            backup.second_path = str(_copy(target, second))
    except (
        Exception
    ) as problem:  # whatever it was, a failed backup must be seen: a row, a red light, a failed job
        logger.exception("backup")
        backup.problem = _sentence(problem)
    with transaction.atomic():
        backup.save()
        begun = operations.begin("safekeeping.backup", by=by, at=backup.made_at)
        operations.finish(
            begun.operation,
            subject=f"safekeeping.backup:{backup.pk}",
            result={"rows": backup.rows, "problem": backup.problem[:300]},
        )
    return backup


def _copy(target: Path, second: Path) -> Path:
    """Copy and read back: a disk that lies is found now, not on the day it is needed."""
    if (
        not second.is_dir()
    ):  # never made here: an empty mount point would take the copy, and the disk is missing
        raise BadBackup("second_disk_missing", path=str(second))
    copy = second / target.name
    part = second / f".{target.name}.part"
    try:
        shutil.copyfile(target, part)
        read_manifest(part)
        part.replace(copy)
    except OSError as problem:
        raise BadBackup(
            "second_disk_refused", path=str(second), problem=problem.strerror or str(problem)
        ) from problem
    finally:
        part.unlink(missing_ok=True)
    return copy


def _sentence(problem: Exception) -> str:
    if isinstance(problem, BadBackup):
        return speak(problem.code, problem.params)
    if isinstance(problem, OSError):
        return problem.strerror or str(problem)
    return f"{type(problem).__name__}: {problem}"


def second_disk() -> Path | None:
    """The folder on another disk that gets a copy of every daily backup, where one was chosen."""
    return Path(settings.BACKUP_SECOND) if settings.BACKUP_SECOND else None


def queue_daily(at: datetime) -> Job | None:
    """Queue the daily backup if the last good one is old enough, none is waiting, and none failed just now."""
    here = Backup.objects.filter(path__startswith=str(daily_folder()))
    recent = here.filter(problem="", made_at__gt=at - DAILY_AFTER).exists()
    failed_lately = here.exclude(problem="").filter(made_at__gt=at - TRY_AGAIN_AFTER).exists()
    waiting = Job.objects.filter(
        kind="safekeeping.daily", state__in=[Job.State.QUEUED, Job.State.RUNNING]
    ).exists()
    return None if recent or waiting or failed_lately else jobs.queue("safekeeping.daily", by=BY)


@jobs.handles("safekeeping.daily")
def daily(_job: Job, progress: jobs.Progress) -> str:
    """Back up, drill once a week, remove old files; says what it did. Raises BackupFailed, with what is here kept.

    A server that stops does not wait for the drill: it is made up for at the next start. Raises jobs.Later.
    """
    folder, second = daily_folder(), second_disk()
    target = folder / f"shuxiang-{clock.to_local(clock.now(), settings.TIME_ZONE):%Y%m%d-%H%M%S}.zip"
    backup = _cut_off() or make_backup(target, by=BY, second=second)
    if Path(backup.path).is_file():
        if not Backup.objects.filter(drilled_at__gt=clock.now() - DRILL_AFTER, drill_problem="").exists():
            _drill(backup, progress)
        for place in filter(None, (folder, second)):
            prune(place)
    sweep(Path(settings.HOME))
    if backup.problem:
        raise BackupFailed(speak("backup_failed", {"problem": backup.problem}))
    if backup.drill_problem:
        raise BackupFailed(speak("drill_failed", {"problem": backup.drill_problem}))
    return speak("backup_made", {"path": backup.path, "rows": backup.rows})


def _cut_off() -> Backup | None:
    """The good backup of today that was made and read back before the server stopped, and waits for its drill."""
    made = Backup.objects.filter(path__startswith=str(daily_folder()), made_at__gt=clock.now() - DAILY_AFTER)
    last = made.order_by("-made_at", "-pk").first()
    is_whole = last is not None and not last.problem and last.drilled_at is None
    return last if is_whole and last is not None and Path(last.path).is_file() else None


def _drill(backup: Backup, progress: jobs.Progress) -> None:
    """Raises jobs.Later when the server stops: a drill that was cut off says nothing about the backup."""
    if progress.is_over():
        raise jobs.Later
    try:
        drill(backup, progress.is_over)
    except Interrupted:
        raise jobs.Later from None


def prune(folder: Path) -> list[Path]:
    """Keep the last file of each of the last 14 days that have one, and the first of each of the last 12 months.

    Returns what was removed.
    """
    found = sorted(folder.glob("shuxiang-????????-??????.zip"), reverse=True)
    last_of_day = {path.name[9:17]: path for path in reversed(found)}  # later entries are later files
    first_of_month = {path.name[9:15]: path for path in found}  # later entries are earlier files
    keep = {last_of_day[day] for day in sorted(last_of_day, reverse=True)[:KEPT_DAYS]}
    keep |= {first_of_month[month] for month in sorted(first_of_month, reverse=True)[:KEPT_MONTHS]}
    removed = [path for path in found if path not in keep]
    for path in removed:
        path.unlink()
    return removed
