"""The program, as processes on a data folder of their own, ended without a word."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).parents[2]
OURS = {"DATABASE_URL", "PORT", "SHUXIANG_HOST", "SHUXIANG_BACKUP_SECOND"}


def environment(home: Path, database_url: str = "") -> dict[str, str]:
    """What a process needs to work on that data folder, or on that database."""
    keep = {name: value for name, value in os.environ.items() if name not in OURS}
    more = {"DATABASE_URL": database_url} if database_url else {}
    return {
        **keep,
        "SHUXIANG_HOME": str(home),
        "SHUXIANG_SQLITE_SYNCHRONOUS": "FULL",
        "DJANGO_SETTINGS_MODULE": "shuxiang.config.settings",
        **more,
    }


def start(
    env: Mapping[str, str], *words: str, preexec: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start `python -m WORDS`."""
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=preexec,
    )


def run(
    env: Mapping[str, str], *words: str, preexec: Callable[[], None] | None = None, seconds: float = 120
) -> tuple[int, str, str]:
    """Exit status, output, errors of `python -m WORDS`."""
    process = start(env, *words, preexec=preexec)
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def kill(process: subprocess.Popen[str]) -> str:
    """End it as a power cut would; what it had still said."""
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    out, _err = process.communicate(timeout=20)
    return out


@contextmanager
def postgres_database(name: str) -> Iterator[str]:
    """Address of an empty database on the server of the test run, removed afterwards."""
    parts = urlsplit(os.environ["SHUXIANG_TEST_POSTGRES"])
    with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
