"""The database and the backups of every release: this version starts from them, restores them, and lends from them."""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from shuxiang.audit import reconcile
from shuxiang.catalogue import index
from shuxiang.circulation.services import check_in, check_out
from shuxiang.circulation.tests.desk import BY, later
from shuxiang.common import clock
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron
from shuxiang.safekeeping import restoring
from shuxiang.safekeeping.proof import read_manifest
from shuxiang.safekeeping.upgrade import UpgradeRefused, upgrade
from tests.durability import filled

RELEASES = Path(__file__).parents[1] / "releases"
FOUND = sorted(path.name for path in RELEASES.iterdir() if path.is_dir())
AGAIN = "Run tools/make_release_sample.py again if a migration was changed in place before the first release."


def differences() -> list[str]:
    """What does not agree in the books."""
    return [reconcile.describe(one) for one in reconcile.run().differences]


def is_lent_and_taken_back() -> bool:
    """Whether a volume on the shelf goes out to a reader and comes back, and its loan with it."""
    library = Library.objects.get(code="c")
    item = Item.objects.filter(library=library, account="shelf").order_by("pk").first()
    patron = Patron.objects.get(library=library, name="沈书意")
    assert item is not None
    loan = check_out(library=library, patron=patron, item=item, at=later(30), by=BY)
    return bool(check_in(library=library, item=item, at=later(31), by=BY).loan == loan)


def test_there_is_a_sample_of_every_release() -> None:
    assert FOUND
    for release in FOUND:
        names = {path.name for path in (RELEASES / release).iterdir()}
        assert names == {"shuxiang.sqlite3.gz", "sqlite.zip", "postgres.zip"}


@pytest.mark.engine_free
@pytest.mark.parametrize("release", FOUND)
def test_this_version_starts_from_the_database_of(release: str, empty: Path) -> None:
    content = gzip.decompress((RELEASES / release / "shuxiang.sqlite3.gz").read_bytes())
    (empty / filled.DATABASE).write_bytes(content)
    upgrade(empty)
    index.ensure_current(at=clock.now())
    assert differences() == [], AGAIN
    assert is_lent_and_taken_back()
    assert differences() == []


@pytest.mark.engine_free
@pytest.mark.parametrize("release", FOUND)
def test_foreign_keys_are_looked_at_once_however_many_migrations_there_are(release: str, empty: Path) -> None:
    content = gzip.decompress((RELEASES / release / "shuxiang.sqlite3.gz").read_bytes())
    (empty / filled.DATABASE).write_bytes(content)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        assert upgrade(empty).migrations > 5
    assert asked.count("PRAGMA foreign_key_check") == 1


@pytest.mark.engine_free
@pytest.mark.parametrize("release", FOUND)
def test_a_row_that_leads_nowhere_stops_the_upgrade(release: str, empty: Path) -> None:
    content = gzip.decompress((RELEASES / release / "shuxiang.sqlite3.gz").read_bytes())
    database = empty / filled.DATABASE
    database.write_bytes(content)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(
            "UPDATE holdings_item SET current_id = 999999 WHERE id = (SELECT min(id) FROM holdings_item)"
        )
    with pytest.raises(UpgradeRefused) as refused:
        upgrade(empty)
    assert "999999" in str(refused.value.params)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """A data folder for files and safety copies; the tables are those of the engine under test."""
    with override_settings(HOME=tmp_path, MEDIA_ROOT=tmp_path / "files"):
        yield tmp_path


@pytest.mark.django_db
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("release", FOUND)
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_this_version_restores_the_backup_of(release: str, engine: str) -> None:
    path = RELEASES / release / f"{engine}.zip"
    restoring.restore_here(path, by=BY)
    assert len(filled.attachments()) == len(read_manifest(path).files) == 1
    assert differences() == [], AGAIN
    assert is_lent_and_taken_back()
    assert differences() == []
