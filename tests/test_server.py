"""`shuxiang start`, as a process: what it serves, what it keeps to itself, how it stops."""

import logging
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine_free
ROOT = Path(__file__).parents[1]


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    keep = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "PORT", "SHUXIANG_HOST"}}
    return subprocess.Popen(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "shuxiang", "--lang", "en", "start", *words],
        cwd=ROOT,
        env={**keep, "SHUXIANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shuxiang.config.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    """Address of a server with an empty library, stopped politely afterwards."""
    process = start(home, "--port", "0")
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+:\d+", line):
            break
    else:
        raise AssertionError(process.communicate()[1])
    yield found[0]
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out.strip(), err) == (0, "Stopped.", "")


def get(url: str, host: str | None = None) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers)


def test_it_answers_and_says_that_it_is_well(server: str) -> None:
    status, headers = get(f"{server}/healthz")
    assert status == 200
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "shuxiang.sqlite3",
        "secret.key",
        "logs/shuxiang.log",
        ".git/config",
        ".env",
        "settings.py",
        "files/",
        "backups/",
        "static/",
        "static/../secret.key",
        "static/%2e%2e/secret.key",
        "static/staticfiles.json/../../secret.key",
    ],
)
def test_data_keys_and_logs_are_at_no_address(server: str, path: str) -> None:
    assert get(f"{server}/{path}")[0] == 404


def test_a_request_that_waits_for_a_thread_is_not_written_into_the_log() -> None:
    assert not logging.getLogger("waitress.queue").isEnabledFor(logging.WARNING)
    assert logging.getLogger("waitress").isEnabledFor(logging.WARNING)


def test_a_name_that_is_not_ours_is_turned_away(server: str) -> None:
    assert get(f"{server}/healthz", host="attacker.example")[0] == 400


def test_styles_have_names_that_may_be_kept_for_ever(server: str, home: Path) -> None:
    name = next((home / "static" / "ui").glob("base.*.css")).name
    status, headers = get(f"{server}/static/ui/{name}")
    assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")


def test_the_data_folder_is_closed_to_other_users(server: str, home: Path) -> None:
    if os.name == "posix":
        assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len((home / "secret.key").read_text()) >= 50


def test_a_second_start_on_the_same_port_is_refused_with_a_sentence(server: str, home: Path) -> None:
    second = start(home, "--port", server.rpartition(":")[2])
    out, err = second.communicate(timeout=30)
    assert (second.returncode, out) == (2, "")
    assert "choose another one with --port" in err
    assert len(err.splitlines()) == 1


def test_a_second_server_on_the_same_data_is_refused_with_a_sentence(server: str, home: Path) -> None:
    assert server
    second = start(home, "--port", "0")
    out, err = second.communicate(timeout=30)
    assert (second.returncode, out) == (2, "")
    assert "Stop it first" in err
    assert len(err.splitlines()) == 1
