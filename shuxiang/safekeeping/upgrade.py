"""Starting on an older schema: back up, migrate, reconcile before and after, or return to the old data.

A newer schema is refused.
"""

import os
import pkgutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from shuxiang.audit import reconcile
from shuxiang.common import clock
from shuxiang.safekeeping.derived import renew_stale
from shuxiang.safekeeping.dump import write_backup
from shuxiang.safekeeping.sole import InUse, sole_use
from shuxiang.safekeeping.tally import differences, take_tally

COPY = "before-upgrade.sqlite3"
NAMED = 10  # so many changes are named in a refusal


class UpgradeRefused(Exception):
    """The database was left as it was; `code` and `params` say why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Upgraded:
    """What was done: nothing, a new schema from nothing, or so many migrations after a backup."""

    migrations: int
    backup: Path | None = None


def upgrade(home: Path) -> Upgraded:
    """Bring the database to this program's schema. Raises UpgradeRefused; the old data are then in place untouched."""
    try:
        with sole_use(home):
            _finish_return(home / "backups" / COPY)
            return _upgrade(home)
    except InUse:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return Upgraded(0)  # a server is running, and nothing is to be done: so be it
        raise UpgradeRefused("in_use", path=str(home)) from None


def _is_up_to_date() -> bool:
    """Whether the migrations done are the program's, by their names: reading them all takes a quarter of the start."""
    known = set()
    for app in apps.get_app_configs():
        package, _explicit = MigrationLoader.migrations_module(app.label)
        if package is None or find_spec(package) is None:
            continue
        modules = pkgutil.iter_modules(import_module(package).__path__)
        known |= {(app.label, module.name) for module in modules if module.name[0] not in "_~"}
    return known == set(MigrationRecorder(connection).applied_migrations())


def _upgrade(home: Path) -> Upgraded:
    if _is_up_to_date():
        return Upgraded(0)
    executor = MigrationExecutor(connection)
    applied = set(executor.loader.applied_migrations)
    unknown = applied - set(executor.loader.disk_migrations)
    if unknown:
        raise UpgradeRefused("schema_newer", migrations="、".join(sorted(f"{a}.{n}" for a, n in unknown)))
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return Upgraded(0)
    if not applied:
        call_command("migrate", verbosity=0, interactive=False)
        return Upgraded(len(plan))
    past = executor.loader.project_state(list(applied)).apps
    before = take_tally(past)
    known = _troubles_before()
    backup = home / "backups" / f"before-upgrade-{clock.now():%Y%m%d-%H%M%S}.zip"
    write_backup(backup, Path(settings.MEDIA_ROOT), past)
    with or_return(home, COPY):
        try:
            with _checked_once():
                call_command("migrate", verbosity=0, interactive=False)
            renew_stale()
        except (
            Exception
        ) as problem:  # whatever a migration raises, the old data come back and the reason is said
            raise UpgradeRefused(
                "upgrade_failed", problem=f"{type(problem).__name__}: {problem}"
            ) from problem
        _prove(before, known)
    return Upgraded(len(plan), backup)


@contextmanager
def _checked_once() -> Iterator[None]:
    """SQLite's foreign keys are looked at when all is migrated, not after each step: in a city's file that takes minutes."""
    if connection.vendor != "sqlite":
        yield
        return
    put_off = "checks_put_off"  # our own backend's
    setattr(connection, put_off, True)
    try:
        yield
    finally:
        setattr(connection, put_off, False)
    connection.check_constraints()


def _prove(before: dict[str, int], known: list[str]) -> None:
    if changed := differences(before, take_tally(apps)):
        raise UpgradeRefused("upgrade_changed_data", changes="；".join(changed[:NAMED]))
    if new := [trouble for trouble in _troubles() if trouble not in known]:
        raise UpgradeRefused("upgrade_does_not_reconcile", changes="；".join(new[:NAMED]))


def _troubles() -> list[str]:
    """Differences that reconcile names."""
    return [reconcile.describe(difference) for difference in reconcile.run().differences]


def _troubles_before() -> list[str]:
    """The same on the old schema, as far as today's checks can read it; the tally guards it in any case."""
    try:
        with transaction.atomic():
            return _troubles()
    except Exception:  # an old schema lacks whatever today's checks ask for
        return []


@contextmanager
def or_return(home: Path, copy_name: str) -> Iterator[None]:
    """Undo everything when anything in it fails: PostgreSQL by its transaction, SQLite by its copied file."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
        return
    copy = home / "backups" / copy_name
    copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
    try:
        yield
    except BaseException:
        _put_back(copy)
        raise
    copy.unlink()


def _finish_return(copy: Path) -> None:
    """A copy that still lies there was left by an upgrade that died half-way: the old data are taken up again."""
    if connection.vendor == "sqlite" and copy.is_file():
        _put_back(copy)


def _put_back(copy: Path) -> None:
    """Replace the database by its copy in one step of the file system."""
    database = Path(connection.settings_dict["NAME"])
    connection.close()
    for leftover in (database.with_name(database.name + suffix) for suffix in ("-wal", "-shm")):
        leftover.unlink(missing_ok=True)
    copy.replace(database)


def copy_sqlite(source: Path, target: Path) -> None:
    """A whole copy of a SQLite file, its log included, through SQLite's own backup interface; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
        old.backup(new)
    with part.open("rb+") as handle:
        os.fsync(handle.fileno())
    part.replace(target)
