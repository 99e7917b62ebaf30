"""Restore: all data replaced by a backup's, or nothing at all; and the drill that proves a backup can do it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import get_language

import shuxiang
from shuxiang.audit import operations, reconcile
from shuxiang.audit.models import Operation
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.safekeeping.derived import rebuild_all
from shuxiang.safekeeping.dump import LEFT_OUT, Manifest, applied_migrations, write_backup
from shuxiang.safekeeping.load import load_backup, unpack_files
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.models import Backup
from shuxiang.safekeeping.proof import BadBackup, read_manifest
from shuxiang.safekeeping.sole import LOCK, InUse, sole_use
from shuxiang.safekeeping.upgrade import UpgradeRefused, or_return, upgrade

SCRATCH = "drill-"  # folders of drills and conversions, below the data folder: that disk has the room
LONGEST_SECONDS = 900
POLL_SECONDS = 0.5
DAY_SECONDS = 24 * 3600
# How a command ends that is told to stop: by a signal, by the exit code that our own commands then give, or on Windows.
STOPPING = frozenset({signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)})
INTERRUPTED_FROM = 130
Schema = frozenset[tuple[str, str]]


def restore_here(path: Path, *, by: Actor) -> Manifest:
    """Replace everything in this data folder by a backup of this or an older version.

    What was here before is kept in a backup of its own, beside the daily ones. Raises BadBackup; then nothing changed.
    """
    home = Path(settings.HOME)
    manifest = read_manifest(path)
    known = _of_rooms(MigrationExecutor(connection).loader.disk_migrations)
    made_at = _of_rooms((app, name) for app, name in manifest.migrations)
    if unknown := made_at - known:
        names = "、".join(sorted(f"{app}.{name}" for app, name in unknown))
        raise BadBackup("backup_newer", version=manifest.version, migrations=names)
    try:
        with sole_use(home):
            if made_at < known and connection.vendor == "sqlite" and not applied_migrations():
                _restore_past(path, manifest, made_at)
            else:
                _restore_over(path, home, is_older=made_at < known)
            _note(manifest, by)
    except InUse:
        raise BadBackup("in_use", path=str(home)) from None
    except UpgradeRefused as refused:
        raise BadBackup(refused.code, **refused.params) from refused
    return manifest


def _of_rooms(migrations: Iterable[tuple[str, str]]) -> Schema:
    """Those of the rooms: what libraries such as sessions keep is not in a backup, their schema does not matter."""
    return frozenset((app, name) for app, name in migrations if app not in LEFT_OUT)


def _restore_over(path: Path, home: Path, *, is_older: bool) -> None:
    """Into a library of today's schema, whatever it holds."""
    upgrade(home)
    if Operation.objects.exists():
        before = home / "backups" / f"before-restore-{clock.now():%Y%m%d-%H%M%S}.zip"
        write_backup(before, files_folder(), apps)
    if not is_older:
        restore(path)
        return
    with scratch() as elsewhere:  # brought to today's schema there, by this very program
        newer = elsewhere / "converted.zip"
        for words in (["restore", str(path)], ["backup", str(newer)]):
            if problem := run_elsewhere(elsewhere, words):
                raise BadBackup("backup_refused", problem=problem)
        restore(newer)


def _restore_past(path: Path, manifest: Manifest, schema: Schema) -> None:
    """Into an empty folder: make the tables as they were then, fill them, and upgrade."""
    home = Path(settings.HOME)
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    last = [
        key
        for key in sorted(schema)
        if not any(child.key in schema and child.key[0] == key[0] for child in nodes[key].children)
    ]
    with or_return(home, "before-restore.sqlite3"):
        executor.migrate(last)
        past = executor.loader.project_state(last).apps
        load_backup(path, manifest, past)
        unpack_files(path, files_folder())
        upgrade(home)
        _prove()


def restore(path: Path) -> Manifest:
    """Replace all data by those of a backup of the same schema, in one transaction that must reconcile.

    Raises BadBackup; then nothing changed.
    """
    manifest = read_manifest(path)
    if _of_rooms((a, n) for a, n in manifest.migrations) != _of_rooms(
        (a, n) for a, n in applied_migrations()
    ):
        raise BadBackup("backup_other_schema", version=manifest.version)
    added: list[Path] = []
    try:
        added = unpack_files(
            path, files_folder()
        )  # first: what the rows name is on the disk when they are committed
        with transaction.atomic():
            load_backup(path, manifest, apps)
            rebuild_all()
            Session.objects.all().delete()  # a session names an account by number: here it may be another person's
            _prove()
    except BaseException:
        for file in added:
            file.unlink(missing_ok=True)
        raise
    return manifest


def _prove() -> None:
    try:
        connection.check_constraints()
    except IntegrityError as problem:
        raise BadBackup("backup_row", table="", problem=str(problem)[:300]) from problem
    if wrong := reconcile.run().differences:
        raise BadBackup("backup_does_not_reconcile", first=reconcile.describe(wrong[0]), count=len(wrong))


@transaction.atomic
def _note(manifest: Manifest, by: Actor) -> None:
    begun = operations.begin("safekeeping.restore", by=by, at=clock.now())
    operations.finish(begun.operation, result={"rows": manifest.rows, "made_at": manifest.made_at})


def files_folder() -> Path:
    """Where the bytes of kept files lie."""
    return Path(settings.MEDIA_ROOT)


@contextmanager
def scratch() -> Iterator[Path]:
    """A data folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=settings.HOME, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


class Interrupted(BadBackup):
    """The process that restored elsewhere was told to stop, as this one was: nothing is known of the backup."""


def never() -> bool:
    """For who is not told to stop."""
    return False


def run_elsewhere(home: Path, words: list[str], is_over: Callable[[], bool] = never) -> str:
    """Run one command of this very program on another data folder, until it `is_over`.

    Returns what went wrong, or "". Raises Interrupted.
    """
    keep = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = keep | {
        "SHUXIANG_HOME": str(home),
        "SHUXIANG_SQLITE_SYNCHRONOUS": "NORMAL",  # it is thrown away; a power cut may have it
        "DJANGO_SETTINGS_MODULE": "shuxiang.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    language = get_language() or settings.LANGUAGE_CODE
    with subprocess.Popen(  # noqa: S603  our own program, our own paths
        [sys.executable, "-m", "shuxiang", f"--lang={language}", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C in the server's window is for the server, which then ends this one
    ) as running:
        try:
            said = _listen(running, is_over)
        except subprocess.TimeoutExpired:
            return speak("drill_too_slow", {})
        finally:
            running.kill()
    return said or _ended(running.returncode, is_over)


def _listen(running: "subprocess.Popen[str]", is_over: Callable[[], bool]) -> str:
    """What a command says that fails by itself. Raises Interrupted, TimeoutExpired."""
    last = time.monotonic() + LONGEST_SECONDS
    while True:
        try:
            out, err = running.communicate(timeout=POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if is_over():
                raise Interrupted("drill_interrupted") from None
            if time.monotonic() > last:
                raise
        else:
            return (err or out).strip() if 0 < running.returncode < INTERRUPTED_FROM else ""


def _ended(code: int, is_over: Callable[[], bool]) -> str:
    """What a command's end means that says nothing. Raises Interrupted."""
    if code == 0:
        return ""
    if is_over() or -code in STOPPING or code >= INTERRUPTED_FROM:
        raise Interrupted("drill_interrupted")
    return speak("drill_ended", {"code": code})


_ROOT = Path(shuxiang.__file__).parents[1]


def try_restore(path: Path, is_over: Callable[[], bool] = never) -> str:
    """Restore a backup for real, into an empty library of its own. Returns what went wrong, or "". Raises Interrupted."""
    with scratch() as elsewhere:
        return run_elsewhere(elsewhere, ["restore", str(path)], is_over)


def drill(backup: Backup, is_over: Callable[[], bool] = never) -> Backup:
    """Prove that a backup can be restored, and note the outcome. Raises Interrupted; then nothing is noted."""
    problem = try_restore(Path(backup.path), is_over)
    backup.drilled_at, backup.drill_problem = clock.now(), problem
    backup.save(update_fields=["drilled_at", "drill_problem"])
    return backup


def sweep(home: Path) -> None:
    """Remove what drills left behind that were cut off; not the folder of one that is at work."""
    for folder in home.glob(f"{SCRATCH}*"):
        is_ours = (folder / LOCK).exists() or folder.stat().st_mtime < time.time() - DAY_SECONDS
        if not (folder.is_dir() and is_ours):
            continue
        with suppress(InUse):
            with sole_use(folder):
                pass
            shutil.rmtree(folder, ignore_errors=True)
