"""The server as a process of its own, and what its process tree takes of computing and memory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import build_opener

PATIENCE = 180.0
QUIET = 0.1  # seconds of computing in two: an idle server
PROC = Path("/proc")
BARE = """
import sys, waitress
def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]
waitress.serve(page, host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)
"""


@dataclass(frozen=True)
class Server:
    """One that answers, and how many seconds it took until it did."""

    pid: int
    address: str
    seconds: float

    def cpu(self) -> float:
        """Seconds of computing of the whole tree so far; 0 where the system does not tell."""
        return sum(_cpu(pid) for pid in tree(self.pid))

    def settle(self) -> None:
        """Wait until it computes nothing more after its start."""
        end, before = time.perf_counter() + PATIENCE, self.cpu()
        while time.perf_counter() < end:
            time.sleep(2)
            if (now := self.cpu()) - before < QUIET:
                return
            before = now

    def resident(self) -> float:
        """MiB that the whole tree has in memory; 0 where the system does not tell."""
        return sum(map(resident, tree(self.pid)))


@contextmanager
def running(*words: str) -> Iterator[Server]:
    """A server on a free port, from its first page on. Raises RuntimeError when it gives none."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = [str(port)] if words[0] == "-c" else ["--host", "127.0.0.1", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words, *asked], stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        while not _answers(address):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"{' '.join(words[:1])} gave no page")
            time.sleep(0.01)
        yield Server(process.pid, address, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        with build_opener().open(f"{address}/", timeout=60) as response:
            return bool(response.read())
    except URLError:
        return False


def tree(root: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*") if PROC.exists() else ():
        if found := _stat(int(folder.name)):
            parents.setdefault(int(found[1]), []).append(int(folder.name))
    below, waiting = [], [root]
    while waiting:
        below.append(waiting.pop())
        waiting += parents.get(below[-1], [])
    return below


def _stat(pid: int) -> list[str]:
    """The fields behind the name: state, parent …; empty for a process that is gone."""
    try:
        return (
            (PROC / str(pid) / "stat")
            .read_text(encoding="ascii", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return []


def _cpu(pid: int) -> float:
    found = _stat(pid)
    return (int(found[11]) + int(found[12])) / os.sysconf("SC_CLK_TCK") if found else 0.0


def resident(pid: int) -> float:
    """MiB of one process; what it shares with others is divided among them."""
    try:
        shares = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    kib = next((line.split()[1] for line in shares.splitlines() if line.startswith("Pss:")), "0")
    return int(kib) / 1024
