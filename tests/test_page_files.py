"""What the program does once, it does not do at every start."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from shuxiang.cli import dispatch, pagefiles
from shuxiang.safekeeping import upgrade


@pytest.mark.engine_free
def test_the_browsers_files_are_gathered_when_they_changed_and_only_then(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    times: list[str] = []

    def gathered(name: str, **options: object) -> None:
        times.append(name)
        settings.STATIC_ROOT.mkdir(exist_ok=True)

    monkeypatch.setattr(pagefiles, "call_command", gathered)
    assert pagefiles.gather()
    assert not pagefiles.gather()
    monkeypatch.setattr("shuxiang.__version__", "9.9.9")
    assert pagefiles.gather()
    (tmp_path / "static" / pagefiles.STAMP).unlink()
    assert pagefiles.gather()
    assert times == ["collectstatic"] * 3


@pytest.mark.django_db
def test_a_schema_is_current_when_the_names_of_its_migrations_are_the_programs() -> None:
    assert upgrade._is_up_to_date()
    applied = MigrationRecorder(connection)
    applied.record_applied("holdings", "9999_from_a_newer_program")
    assert not upgrade._is_up_to_date()
    applied.record_unapplied("holdings", "9999_from_a_newer_program")
    applied.record_unapplied("holdings", "0001_initial")
    assert not upgrade._is_up_to_date()


@pytest.mark.engine_free
def test_a_command_loads_itself_alone_and_is_called_as_its_file() -> None:
    every = dispatch._commands()
    assert len(every) > 10
    for command in every:
        assert dispatch._commands(["--lang", "en", command.NAME]) == [command]
    assert dispatch._commands(["--help"]) == every
