"""Writers on one SQLite file queue: threads, processes, and the command line beside the server."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from pytest_django import DjangoDbBlocker

from shuxiang.config import environment
from shuxiang.config.sqlite.base import DatabaseWrapper
from shuxiang.config.sqlite.lock import WriteGate, WriteGateTimeout, gate_for

pytestmark = [pytest.mark.engine_free, pytest.mark.usefixtures("unblocked")]
ROOT = Path(__file__).parents[2]


def process(home: Path, *words: str) -> subprocess.Popen[str]:
    keep = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", *words],
        cwd=ROOT,
        env={**keep, "SHUXIANG_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def unblocked(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """These tests open databases of their own, which pytest-django would forbid."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def tally(tmp_path: Path) -> Path:
    """A database with one number in it."""
    path = tmp_path / "shuxiang.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE tally (n INTEGER NOT NULL)")
        db.execute("INSERT INTO tally VALUES (0)")
    db.close()
    return path


@pytest.fixture
def wrapper(tally: Path) -> Iterator[DatabaseWrapper]:
    """A Django connection to that database, outside Django's own registry."""
    made = open_wrapper(tally, timeout=20)
    yield made
    made.close()


def open_wrapper(path: Path, timeout: float) -> DatabaseWrapper:
    settings = environment.sqlite_database(path, "FULL")
    settings["OPTIONS"]["timeout"] = timeout
    settings |= {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    settings |= {"TIME_ZONE": None, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {}}
    return DatabaseWrapper(settings, alias="outside")


def is_free(path: Path) -> bool:
    gate = gate_for(path)
    try:
        gate.acquire(timeout=0)
    except WriteGateTimeout:
        return False
    gate.release()
    return True


def test_sixteen_threads_in_each_of_three_processes_lose_no_write_and_nobody_starves(tally: Path) -> None:
    rounds, threads, processes = 12, 16, 3
    writers = [
        process(tally.parent, "-m", "tests.concurrency.writers", str(threads), str(rounds))
        for _ in range(processes)
    ]
    said = [writer.communicate(timeout=120)[0] for writer in writers]
    reports = [text.split() for text in said]
    assert [report[:2] for report in reports] == [[str(threads * rounds), "0"]] * processes, said
    with sqlite3.connect(tally) as db:
        assert db.execute("SELECT n FROM tally").fetchone() == (rounds * threads * processes,)
    db.close()
    assert max(float(report[2]) for report in reports) < 8  # without the gate: as long as the load lasts


def test_threads_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    gate = WriteGate(tmp_path / "lock")
    gate.acquire(timeout=1)
    order: list[int] = []

    def write(number: int) -> None:
        gate.acquire(timeout=10)
        order.append(number)
        gate.release()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        while len(gate._queue) < number + 2:
            time.sleep(0.001)
    gate.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_killing_the_holder_frees_the_gate(tally: Path) -> None:
    holder = process(
        tally.parent,
        "-c",
        "import sys, time; from pathlib import Path; from shuxiang.config.sqlite.lock import gate_for\n"
        f"gate_for(Path({str(tally)!r})).acquire(5); print('held', flush=True); time.sleep(60)",
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert not is_free(tally)
    holder.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    holder.communicate(timeout=10)
    assert is_free(tally)


def test_a_writer_that_waits_too_long_is_told_so_and_leaves_the_queue(tally: Path) -> None:
    gate = gate_for(tally)
    impatient = open_wrapper(tally, timeout=0.05)
    gate.acquire(timeout=1)
    with pytest.raises(OperationalError, match="too long"):
        impatient.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    gate.release()
    impatient.close()
    assert is_free(tally)


def test_the_gate_is_free_after_a_commit_and_after_a_rollback(wrapper: DatabaseWrapper, tally: Path) -> None:
    for end in (wrapper.commit, wrapper.rollback):
        wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        wrapper.cursor().execute("UPDATE tally SET n = n + 1")
        assert not is_free(tally)
        end()
        assert is_free(tally)
        wrapper.set_autocommit(True)


def test_closing_inside_a_transaction_frees_the_gate(wrapper: DatabaseWrapper, tally: Path) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert not is_free(tally)
    wrapper.close()
    assert is_free(tally)


def test_a_transaction_that_cannot_begin_frees_the_gate(wrapper: DatabaseWrapper, tally: Path) -> None:
    impatient = open_wrapper(tally, timeout=0.05)
    with sqlite3.connect(tally, isolation_level=None) as foreign:
        foreign.execute("BEGIN IMMEDIATE")  # a foreign program that knows nothing of the gate
        with pytest.raises(OperationalError, match="locked"):
            impatient.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        foreign.execute("ROLLBACK")
    foreign.close()
    impatient.close()
    assert is_free(tally)


def test_what_is_answered_is_on_the_disk_and_foreign_keys_hold(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        values = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]
