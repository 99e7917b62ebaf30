"""Data folders and backups for the tests of this folder; each is made once and copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django import DjangoDbBlocker

from shuxiang.safekeeping.dump import write_backup
from tests.durability import filled


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A filled data folder that no test touches, with a backup of it beside."""
    folder = tmp_path_factory.mktemp("template")
    with django_db_blocker.unblock():
        filled.make(folder / "home")
        with filled.data_folder(folder / "home"):
            write_backup(folder / "backup.zip", folder / "home" / "files", apps)
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """A filled data folder of this test's own, in which this process works."""
    folder = filled.copy(template / "home", tmp_path / "home")
    with django_db_blocker.unblock(), filled.data_folder(folder):
        yield folder


@pytest.fixture
def empty(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """An empty data folder of this test's own, in which this process works."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with django_db_blocker.unblock(), filled.data_folder(folder):
        yield folder


@pytest.fixture
def unblocked(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test opens databases of its own, which pytest-django would forbid."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def backup(template: Path) -> Path:
    """A good backup of a filled library, made on SQLite."""
    return template / "backup.zip"
