"""Backup, restore, the daily copy with its second disk, the drill, and the light on the home page."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from shuxiang.audit import jobs, operations, reconcile
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.safekeeping.derived import rebuild_all
from shuxiang.safekeeping.dump import Manifest, applied_migrations, write_backup
from shuxiang.safekeeping.load import BadBackup, load_backup, read_manifest, unpack_files
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.models import Backup

DAILY_AFTER = timedelta(hours=20)
DRILL_AFTER = timedelta(days=7)
RED_AFTER = timedelta(days=3)  # a weekend without a backup is not yet alarming
KEPT_DAILY, KEPT_MONTHLY = 14, 12
DRILL_SECONDS = 900


def make_backup(target: Path, *, by: Actor, second: Path | None = None) -> Backup:
    """Write a backup, read it back, copy it to the second disk; the row says what went wrong, if anything did."""
    made_at = clock.now()
    backup = Backup(made_at=made_at, path=str(target))
    try:
        manifest = write_backup(target, files_folder(), apps)
        read_manifest(target)
        backup.size, backup.rows = target.stat().st_size, manifest.rows
        if second is not None:
            backup.second_path = str(_copy(target, second))
    except (OSError, BadBackup) as problem:
        backup.problem = _sentence(problem)
    with transaction.atomic():
        backup.save()
        begun = operations.begin("safekeeping.backup", by=by, at=made_at)
        operations.finish(
            begun.operation, subject=f"safekeeping.backup:{backup.pk}", result={"rows": backup.rows}
        )
    return backup


def _copy(target: Path, second: Path) -> Path:
    """Copy and read back: a disk that lies is found now, not on the day it is needed."""
    copy = second / target.name
    second.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(target, copy)
    read_manifest(copy)
    return copy


def _sentence(problem: Exception) -> str:
    return speak(problem.code, problem.params) if isinstance(problem, BadBackup) else f"{problem}"


def files_folder() -> Path:
    return Path(settings.HOME) / "files"


def restore(path: Path) -> Manifest:
    """Replace all data by a backup's, in one transaction that must reconcile. Raises BadBackup; then nothing changed."""
    manifest = read_manifest(path)
    if manifest.migrations != applied_migrations():
        raise BadBackup("backup_other_schema", version=manifest.version)
    with transaction.atomic():
        load_backup(path, manifest, apps)
        rebuild_all()
        connection.check_constraints()
        wrong = reconcile.run().differences
        if wrong:
            raise BadBackup("backup_does_not_reconcile", first=reconcile.describe(wrong[0]), count=len(wrong))
    unpack_files(path, files_folder())
    return manifest


def try_restore(path: Path) -> str:
    """Restore a backup for real, into an empty library of its own, by this very program. Returns what went wrong, or ""."""
    with tempfile.TemporaryDirectory(prefix="shuxiang-drill-") as folder:
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"SHUXIANG_HOME": folder}
        command = [sys.executable, "-m", "shuxiang", "restore", str(path)]
        try:
            done = subprocess.run(  # noqa: S603  our own program, our own path
                command,
                env=environment,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=DRILL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return speak("drill_too_slow", {})
    return "" if done.returncode == 0 else (done.stderr or done.stdout).strip() or str(done.returncode)


def drill(backup: Backup) -> Backup:
    """Prove that a backup can be restored, and note the outcome."""
    problem = try_restore(Path(backup.path))
    backup.drilled_at, backup.drill_problem = clock.now(), problem
    backup.save(update_fields=["drilled_at", "drill_problem"])
    return backup


@dataclass(frozen=True)
class Light:
    """Green or red, and the sentences that say why."""

    is_green: bool
    sentences: tuple[str, ...]
    last_at: datetime | None


def light(at: datetime) -> Light:
    """What the home page shows: when the last good backup was made, whether it could be restored, whether a copy exists."""
    good = Backup.objects.filter(problem="").order_by("-made_at").first()
    last = Backup.objects.order_by("-made_at").first()
    if good is None or last is None:
        return Light(False, (last.problem if last and last.problem else speak("never_backed_up", {}),), None)
    red: list[str] = []
    if at - good.made_at > RED_AFTER:
        red.append(speak("backup_old", {"days": (at - good.made_at).days}))
    if last.problem:
        red.append(speak("backup_failed", {"problem": last.problem}))
    drilled = Backup.objects.filter(drilled_at__isnull=False).order_by("-drilled_at").first()
    if drilled is not None and drilled.drill_problem:
        red.append(speak("drill_failed", {"problem": drilled.drill_problem}))
    if second_disk() is None:
        sentence = speak(
            "backup_good_one_disk", {"at": clock.to_local(good.made_at).strftime("%Y-%m-%d %H:%M")}
        )
    else:
        sentence = speak("backup_good", {"at": clock.to_local(good.made_at).strftime("%Y-%m-%d %H:%M")})
    return Light(not red, tuple(red) or (sentence,), good.made_at)


def second_disk() -> Path | None:
    return Path(settings.BACKUP_SECOND) if settings.BACKUP_SECOND else None


def queue_daily(at: datetime) -> Job | None:
    """Queue the daily backup if the last good one is old enough and none is waiting."""
    recent = Backup.objects.filter(problem="", made_at__gt=at - DAILY_AFTER).exists()
    waiting = Job.objects.filter(
        kind="safekeeping.daily", state__in=[Job.State.QUEUED, Job.State.RUNNING]
    ).exists()
    failed_lately = Backup.objects.filter(made_at__gt=at - timedelta(hours=1)).exists()
    if recent or waiting or failed_lately:
        return None
    return jobs.queue("safekeeping.daily", by=Actor("daily backup", "system"))


@jobs.handles("safekeeping.daily")
def daily(_job: Job, _progress: jobs.Progress) -> str:
    """Back up, drill once a week, remove old files; says what it did."""
    folder = Path(settings.HOME) / "backups"
    target = folder / f"shuxiang-{clock.to_local(clock.now()):%Y%m%d-%H%M%S}.zip"
    backup = make_backup(target, by=Actor("daily backup", "system"), second=second_disk())
    if backup.problem:
        return speak("backup_failed", {"problem": backup.problem})
    if not Backup.objects.filter(drilled_at__gt=clock.now() - DRILL_AFTER, drill_problem="").exists():
        drill(backup)
    for place in (folder, second_disk()):
        if place is not None:
            prune(place)
    return speak("backup_made", {"path": backup.path, "rows": backup.rows})


def prune(folder: Path) -> list[Path]:
    """Keep the last fourteen daily files and the first of each of the last twelve months; returns what was removed."""
    found = sorted(folder.glob("shuxiang-????????-??????.zip"), reverse=True)
    first_of_month = {path.name[9:15]: path for path in found}  # later entries are earlier files
    keep = set(found[:KEPT_DAILY]) | set(list(first_of_month.values())[:KEPT_MONTHLY])
    removed = [path for path in found if path not in keep]
    for path in removed:
        path.unlink()
    return removed
