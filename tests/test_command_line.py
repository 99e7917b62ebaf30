"""The command line: what it founds, and that whatever goes wrong ends in a sentence and an exit status."""

import re
from types import ModuleType

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.cli import dispatch
from shuxiang.cli.commands import setup
from shuxiang.cli.outcome import NotDone
from shuxiang.libraries.models import Library

FOUND = ["--lang", "en", "setup", "--library", "yl", "--name", "育林小学", "--kind", "primary"]


@pytest.fixture
def roles(db: None) -> None:
    """The roles of a fresh installation, also after a test that emptied every table."""
    shipped.install(Role)


@pytest.mark.usefixtures("roles")
def test_setup_founds_a_library_whose_owner_signs_in_with_the_printed_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert dispatch.run(FOUND) == 0
    printed = re.search(r"Sign-in name: (\S+) +one-time code: (\S+)", capsys.readouterr().out)
    assert printed is not None
    assert printed[1] == "owner"
    words = {"code": printed[2], "password": "山高月小水落石出曾日月", "again": "山高月小水落石出曾日月"}
    client = Client()
    assert client.post(reverse("accounts:welcome"), words).status_code == 302
    assert client.get(reverse("accounts:change_password")).status_code == 200
    assert Client().post(reverse("accounts:welcome"), words).status_code == 422  # once


@pytest.mark.usefixtures("roles")
def test_a_second_library_gets_an_owner_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch.run(FOUND) == 0
    assert dispatch.run(["--lang", "en", "setup", "--library", "b", "--name", "乙", "--kind", "public"]) == 0
    assert "Sign-in name: owner-b " in capsys.readouterr().out


@pytest.mark.usefixtures("roles")
def test_a_code_taken_already_founds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch.run(FOUND) == 0
    capsys.readouterr()
    assert dispatch.run(FOUND) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert Library.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (NotDone("A sentence."), "A sentence."),
        (OperationalError("disk I/O error"), "The database refused: disk I/O error"),
        (OSError(28, "No space left on device"), "The system refused: [Errno 28] No space left on device"),
        (
            ZeroDivisionError("division by zero"),
            "Something unforeseen happened (ZeroDivisionError: division by zero)",
        ),
        (KeyboardInterrupt(), "Stopped."),
    ],
)
def test_whatever_happens_becomes_a_sentence_and_status_2(
    problem: BaseException, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "run", raiser(problem))
    assert dispatch.run(FOUND) == 2
    heard = capsys.readouterr().err
    assert heard.startswith(said)
    assert "Traceback" not in heard


@pytest.mark.parametrize("line", [["setup"], ["no-such-command"], ["start", "--port", "eighty"], []])
def test_a_wrong_command_line_is_answered_in_the_readers_language(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        dispatch.run(["--lang", "zh-hans", *line])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("看不懂这条命令：")


def test_every_command_has_a_name_and_a_sentence_and_the_two_functions() -> None:
    found = dispatch._commands()
    assert {"setup", "start", "backup", "restore", "check", "import", "undo", "reconcile"} <= {
        c.NAME for c in found
    }
    for command in found:
        assert isinstance(command, ModuleType)
        assert str(command.HELP)
        assert callable(command.run)
        assert callable(command.add_arguments)


def raiser(problem: BaseException) -> object:
    """A command body that does nothing but fail."""

    def run(_args: object) -> int:
        raise problem

    return run
