"""Starting on another schema: forward with nothing lost, or back to the very data of before."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from shuxiang.audit import reconcile
from shuxiang.catalogue import index
from shuxiang.common import clock, locks
from shuxiang.common.actors import Actor
from shuxiang.files.models import StoredFile
from shuxiang.safekeeping import restoring
from shuxiang.safekeeping.dump import write_backup
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.proof import BadBackup, read_manifest
from shuxiang.safekeeping.sole import LOCK, InUse, sole_use
from shuxiang.safekeeping.tally import take_tally
from shuxiang.safekeeping.upgrade import COPY, UpgradeRefused, copy_sqlite, or_return, upgrade
from tests.durability import filled
from tests.durability.processes import ROOT

BY = Actor("tests", "system")
# a migration on which no other rests, and without a table or a column: one step back loses nothing
LATEST = ["accounts", "0005_roles_with_cash"]


@contextmanager
def version(name: str) -> Iterator[None]:
    """The program as a later version, whose migrations are in tests/durability/migrations."""
    with override_settings(MIGRATION_MODULES={"files": f"tests.durability.migrations.{name}"}):
        yield


def contents(home: Path) -> list[str]:
    """The database as SQL text."""
    with closing(sqlite3.connect(home / filled.DATABASE)) as db:
        return list(db.iterdump())


def differences() -> list[str]:
    return [reconcile.describe(one) for one in reconcile.run().differences]


@pytest.mark.engine_free
def test_an_older_schema_is_backed_up_and_brought_forward_with_nothing_lost(home: Path) -> None:
    call_command("migrate", LATEST[0], "0004", verbosity=0)
    tally, before = take_tally(apps), filled.fingerprints()
    done = upgrade(home)
    assert done.migrations == 1
    assert done.backup is not None
    assert LATEST not in read_manifest(done.backup).migrations
    assert (take_tally(apps), filled.fingerprints()) == (tally, before)
    assert index.is_current()
    assert differences() == []
    assert upgrade(home).migrations == 0


@pytest.mark.engine_free
def test_new_columns_are_filled_and_the_rows_stay(home: Path) -> None:
    with version("good"):
        assert upgrade(home).migrations == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM files_storedfile WHERE colour = ''")
            assert cursor.fetchone() == (StoredFile.objects.count(),)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("later", "code"), [("broken", "upgrade_failed"), ("harmful", "upgrade_changed_data")]
)
def test_an_upgrade_that_fails_or_loses_rows_leaves_the_old_data(home: Path, later: str, code: str) -> None:
    connection.close()
    before = contents(home)
    with version(later), pytest.raises(UpgradeRefused) as refused:
        upgrade(home)
    assert refused.value.code == code
    assert "%(" not in speak(code, refused.value.params)
    connection.close()
    assert contents(home) == before
    assert not (home / "backups" / COPY).exists()
    assert upgrade(home).migrations == 0  # the old version starts as ever
    assert differences() == []


@pytest.mark.engine_free
def test_an_upgrade_that_the_power_cut_ended_is_taken_back_and_done_again(home: Path) -> None:
    connection.close()
    copy_sqlite(home / filled.DATABASE, home / "backups" / COPY)
    with version("broken"):
        call_command("migrate", "files", "0002", verbosity=0)  # half of it was done
    with version("good"):
        assert upgrade(home).migrations == 1
    assert not (home / "backups" / COPY).exists()
    assert differences() == []


@pytest.mark.engine_free
def test_data_of_a_newer_version_are_refused_with_a_sentence(home: Path) -> None:
    with version("good"):
        upgrade(home)
    connection.close()
    before = contents(home)
    with pytest.raises(UpgradeRefused) as refused:
        upgrade(home)
    assert refused.value.code == "schema_newer"
    assert "files.0002_colour" in speak(refused.value.code, refused.value.params)
    connection.close()
    assert contents(home) == before


@pytest.mark.django_db(transaction=True)
def test_whatever_fails_on_the_way_leaves_the_engine_as_it_was(tmp_path: Path) -> None:
    """PostgreSQL by its transaction, SQLite by its copied file."""
    StoredFile.objects.create(sha256="1", name="a", size=1, stored_at=clock.now(), stored_by="t")
    with pytest.raises(RuntimeError), or_return(tmp_path, COPY):
        StoredFile.objects.all().delete()
        raise RuntimeError
    assert StoredFile.objects.count() == 1


def aged(source: Path, target: Path) -> Path:
    """The same backup as the version before would have made it."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as old:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                manifest["migrations"].remove(LATEST)
                content = json.dumps(manifest).encode()
            old.writestr(name, content)
    return target


@pytest.mark.engine_free
def test_a_backup_of_an_older_version_fills_an_empty_folder(
    empty: Path, backup: Path, template: Path, tmp_path: Path
) -> None:
    restoring.restore_here(aged(backup, tmp_path / "old.zip"), by=BY)
    assert StoredFile.objects.filter(name="照片.jpg").count() == 1
    assert filled.PICTURE in filled.attachments().values()
    assert index.is_current()
    assert differences() == []
    assert not list((empty / "backups").glob("*.sqlite3"))


@pytest.mark.django_db
def test_a_backup_of_an_older_version_replaces_a_library_of_today_which_is_kept(
    backup: Path, tmp_path: Path
) -> None:
    """Brought forward in a scratch folder by the program itself, then restored here, on either engine."""
    home = tmp_path / "here"
    home.mkdir()
    with override_settings(HOME=home, MEDIA_ROOT=home / "files"):
        filled.fill()
        StoredFile.objects.update(name="x")
        restoring.restore_here(aged(backup, tmp_path / "old.zip"), by=BY)
    assert StoredFile.objects.filter(name="照片.jpg").count() == 1
    assert not StoredFile.objects.filter(name="x").exists()
    assert differences() == []
    assert len(list((home / "backups").glob("before-restore-*.zip"))) == 1
    assert not list(home.glob(f"{restoring.SCRATCH}*"))


@pytest.mark.engine_free
def test_a_backup_with_migrations_of_tomorrow_is_refused(home: Path, tmp_path: Path) -> None:
    with version("good"):
        upgrade(home)
        MigrationRecorder(connection).record_applied("files", "0003_still_later")
        newer = tmp_path / "newer.zip"
        write_backup(newer, home / "files", apps)
    with pytest.raises(BadBackup) as refused:
        restoring.restore_here(newer, by=BY)
    assert refused.value.code == "backup_newer"


HOLD = """
import pathlib, sys
from shuxiang.common.locks import alone
with alone(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def server(home: Path) -> Iterator[None]:
    """Another process that has the data folder for itself, as the server has."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home / LOCK)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield
    process.communicate("")
    with sole_use(home):
        pass  # free as soon as it is gone


@pytest.mark.engine_free
@pytest.mark.usefixtures("server")
def test_nothing_is_restored_or_upgraded_under_a_running_server(home: Path, backup: Path) -> None:
    StoredFile.objects.update(name="x")
    with pytest.raises(BadBackup) as refused:
        restoring.restore_here(backup, by=BY)
    assert refused.value.code == "in_use"
    assert set(StoredFile.objects.values_list("name", flat=True)) == {"x"}
    assert upgrade(home).migrations == 0  # nothing to be done: other commands need not stop the server
    with version("good"), pytest.raises(UpgradeRefused, match="in_use"):
        upgrade(home)
    with pytest.raises(InUse), sole_use(home):
        pass


@pytest.mark.engine_free
def test_a_process_has_its_data_folder_for_itself_however_often_it_asks(home: Path) -> None:
    with sole_use(home), sole_use(home):
        assert locks.is_ours(home / LOCK)
        with pytest.raises(locks.Taken), locks.alone(home / LOCK):
            pass
    assert not locks.is_ours(home / LOCK)
