"""A disk without room: every page says so in its language, and nothing else is taken for it."""

import errno
import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client

from shuxiang.config.fulldisk import is_full
from tests.school import Cast


def caused(by: Exception) -> Exception:
    """As Django raises it: its own exception, caused by the engine's."""
    problem = OperationalError(str(by))
    problem.__cause__ = by
    return problem


class NoRoom(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize(
    ("problem", "full"),
    [
        (caused(sqlite3.OperationalError("database or disk is full")), True),
        (caused(NoRoom("could not extend file")), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (caused(sqlite3.OperationalError("database is locked")), False),
        (OSError(errno.EACCES, "Permission denied"), False),
        (ValueError("the disk"), False),
    ],
)
def test_only_a_full_disk_is_called_one(problem: Exception, full: bool) -> None:
    assert is_full(problem) is full


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "磁盘满了"), ("zh-hant", "磁盤滿了"), ("en", "The disk is full")],
)
def test_an_act_on_a_full_disk_is_answered_with_what_to_do(
    language: str, words: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(cast.accounts["librarian"], backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language

    def full(*_given: object, **_named: object) -> None:
        raise caused(sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr("shuxiang.desk.views.desk.services.scan", full)
    monkeypatch.setattr("shuxiang.desk.counter.services.scan", full)
    answer = client.post("/desk/scan", {"scan": "0001"})
    assert answer.status_code == 507
    assert words in answer.content.decode()
