"""The server as a process of its own: from start to first page, what it takes of memory, and how long pages take.

The floor is the same web server, waitress, with a page of one word.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tools.bench.lines import Line, paired, plain

STARTS, REQUESTS, PATIENCE = 3, 15, 30.0
WORD = quote("故事")
BARE = """
import sys, waitress
def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]
waitress.serve(page, host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)
"""


def serve(code: str, sign_in_code: str) -> list[Line]:
    """Starts in turn with the floor's, then pages of the last two that run."""
    starts, floors = [], []
    for number in range(STARTS):
        with _running("-c", BARE) as bare, _running("-m", "shuxiang", "start") as ours:
            starts.append(ours.seconds)
            floors.append(bare.seconds)
            if number == STARTS - 1:
                time.sleep(2)
                memory = _memory(ours.pid, bare.pid)
                pages = _pages(ours.address, bare.address, code, sign_in_code)
    return [paired("server.first_page", "s", starts, floors), *memory, *pages]


class _Server:
    def __init__(self, pid: int, address: str, seconds: float) -> None:
        self.pid, self.address, self.seconds = pid, address, seconds


@contextmanager
def _running(*words: str) -> Iterator[_Server]:
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
        yield _Server(process.pid, address, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(address: str) -> bool:
    try:
        with build_opener().open(f"{address}/", timeout=20) as response:
            return bool(response.read())
    except URLError:
        return False


def _memory(ours: int, bare: int) -> list[Line]:
    """Resident memory two seconds after the first page, where the system tells it."""
    if not Path("/proc/self/status").exists():
        return []
    return [paired("server.idle_memory", "MiB", [_resident(ours)], [_resident(bare)])]


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kib) / 1024


def _pages(ours: str, bare: str, code: str, sign_in_code: str) -> list[Line]:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    _get(browser, f"{ours}/desk/enter/{sign_in_code}")
    addresses = {"desk_page": f"{ours}/desk/", "search_page": f"{ours}/l/{code}/search?q={WORD}"}
    lines = []
    for name, address in addresses.items():
        size = _get(browser, address)
        spent = [(_seconds(browser, address), _seconds(browser, f"{bare}/")) for _number in range(REQUESTS)]
        lines.append(
            paired(f"server.{name}", "ms", [a * 1000 for a, _b in spent], [b * 1000 for _a, b in spent])
        )
        lines.append(plain(f"server.{name}.size", size / 1000, "kB"))
    return lines


def _seconds(browser: OpenerDirector, address: str) -> float:
    began = time.perf_counter()
    _get(browser, address)
    return time.perf_counter() - began


def _get(browser: OpenerDirector, address: str) -> int:
    """Bytes of the page. Raises RuntimeError when it led somewhere else: a sign-in page is quick to make."""
    with browser.open(address, timeout=20) as response:
        if "sign-in" in response.url or ("/enter/" not in address and response.url != address):
            raise RuntimeError(f"{address} led to {response.url}")
        return len(response.read())
