"""Starting on an older schema: back up, migrate, reconcile before and after, or return to the old data.

A newer schema is refused.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from shuxiang.audit import reconcile
from shuxiang.common import clock
from shuxiang.safekeeping.dump import write_backup
from shuxiang.safekeeping.tally import differences, take_tally


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
    known = _troubles()
    backup = home / "backups" / f"before-upgrade-{clock.now():%Y%m%d-%H%M%S}.zip"
    write_backup(backup, home / "files", past)
    with _or_return(home):
        call_command("migrate", verbosity=0, interactive=False)
        changed = differences(before, take_tally(apps))
        if changed:
            raise UpgradeRefused("upgrade_changed_data", changes="；".join(changed[:10]))
        new = [trouble for trouble in _troubles() or [] if trouble not in (known or [])]
        if new:
            raise UpgradeRefused("upgrade_does_not_reconcile", changes="；".join(new[:10]))
    return Upgraded(len(plan), backup)


def _troubles() -> list[str] | None:
    """Differences that reconcile names; None where today's checks cannot read the old schema."""
    try:
        with transaction.atomic():
            return [reconcile.describe(d) for d in reconcile.run().differences]
    except Exception:  # an old schema lacks whatever today's checks ask for; the tally still guards it
        return None


@contextmanager
def _or_return(home: Path) -> Iterator[None]:
    """Undo the whole upgrade when anything in it fails: PostgreSQL by its transaction, SQLite by its copied file."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
        return
    database = Path(connection.settings_dict["NAME"])
    copy = home / "backups" / "before-upgrade.sqlite3"
    copy_sqlite(database, copy)
    try:
        yield
    except BaseException:
        connection.close()
        for leftover in (database.with_name(database.name + suffix) for suffix in ("-wal", "-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(copy, database)
        raise
    finally:
        copy.unlink(missing_ok=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """A whole copy of a SQLite file, its log included, through SQLite's own backup interface."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
