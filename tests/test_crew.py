"""The processes of the server: who dies is replaced, who stops stops all, and nobody outlives the first."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shuxiang.audit.bell import Bell
from tests.test_server import get, start
from tools.bench.servers import tree

pytestmark = pytest.mark.engine_free


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = start(tmp_path / "home", "--port", "0")
    assert process.stdout is not None
    found = None
    for line in process.stdout:
        if found := re.search(r"http://\S+:\d+", line):
            break
    assert found is not None
    address = found[0]
    assert get(f"{address}/healthz")[0] == 200
    yield process, address
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=30)


def children(process: subprocess.Popen[str]) -> set[int]:
    return set(tree(process.pid)) - {process.pid}


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_whoever_dies_is_replaced_and_pages_go_on(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    until(lambda: len(children(process)) >= 2)
    for victim in sorted(before := children(process)):
        os.kill(victim, signal.SIGKILL)
    until(lambda: len(children(process) - before) == len(before))
    assert get(f"{address}/healthz")[0] == 200
    assert process.poll() is None


def test_nobody_outlives_the_first(server: tuple[subprocess.Popen[str], str]) -> None:
    process, _address = server
    others = children(process)
    assert others
    process.kill()
    process.communicate(timeout=20)  # ends when the last of them has let go of the output
    until(lambda: not any(map(is_there, others)))


def test_told_to_stop_all_stop(server: tuple[subprocess.Popen[str], str]) -> None:
    process, _address = server
    others = children(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out.strip(), err) == (0, "Stopped.", "")
    assert others
    assert not any(map(is_there, others))


def test_a_bell_is_heard_in_another_process() -> None:
    bell = Bell()
    bell.share()
    if not (other := os.fork()):
        bell.ring()
        os._exit(0)
    began = time.monotonic()
    bell.listen(60)
    assert time.monotonic() - began < 50
    os.waitpid(other, 0)
    bell.listen(0)  # what was heard once is not heard again


def test_a_bell_that_nobody_hears_may_be_rung_for_ever() -> None:
    bell = Bell()
    bell.share()
    for _ in range(100_000):
        bell.ring()
    bell.listen(0)
    bell.ring()
    began = time.monotonic()
    bell.listen(60)
    assert time.monotonic() - began < 50  # heard, not waited for in vain
