"""A file read ahead in a process of its own, while this one decides and writes: the second core has its share.

The child, given MODULE PATH OPTIONS, hands out what `MODULE.rows(path, options)` yields, some rows at a time, through
its standard output. It knows neither Django nor the database. Runs the same on Windows.
"""

from __future__ import annotations

import gc
import importlib
import json
import marshal
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from typing import IO, Any, Final

_AT_ONCE: Final = 100  # rows in one parcel
_WAITING: Final = 12  # parcels that may wait: what is read ahead stays small
_START: Final = f"from {__name__} import main; main()"
_SIZE: Final = 8  # bytes before a parcel say how long it is; 0 ends


class ReadingFailed(Exception):
    """The child ended before the file did."""


def read_ahead(module: str, path: Path, options: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
    """What `module.rows(path, options)` yields, from the child. Raises ReadingFailed when the child could not go on."""
    try:
        child = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-c", _START, module, str(path), json.dumps(options)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as problem:
        raise ReadingFailed from problem
    parcels: Queue[bytes | None] = Queue(_WAITING)
    stopped = threading.Event()
    pipe = child.stdout
    if pipe is None:
        raise ReadingFailed
    thread = threading.Thread(target=_fetch, args=(pipe, parcels, stopped), daemon=True)
    thread.start()
    try:
        while parcel := parcels.get():
            yield from marshal.loads(parcel)  # noqa: S302 - from our own child
        if parcel is None:
            raise ReadingFailed
    finally:
        stopped.set()
        child.kill()
        child.wait()
        thread.join()
        pipe.close()


def _fetch(pipe: IO[bytes], parcels: Queue[bytes | None], stopped: threading.Event) -> None:
    """Take parcels from the child as they come; b"" is its proper end, None any other."""
    while not stopped.is_set():
        size = pipe.read(_SIZE)
        length = int.from_bytes(size, "big") if len(size) == _SIZE else -1
        parcel: bytes | None = pipe.read(length) if length > 0 else b""
        if length < 0 or len(parcel or b"") < length:
            parcel = None
        while not stopped.is_set():
            with suppress(Full):
                parcels.put(parcel, timeout=0.2)
                break
        if not parcel:
            return


def main() -> None:
    """The child's work."""
    module, path, options = sys.argv[1:]
    read = importlib.import_module(module).rows
    gc.freeze()  # rows refer to nothing but what is in them: looking for rings among them is idle
    gc.set_threshold(100_000)
    out, waiting = sys.stdout.buffer, []
    for row in read(path, json.loads(options)):
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            _send(out, marshal.dumps(waiting))
            waiting.clear()
    if waiting:
        _send(out, marshal.dumps(waiting))
    _send(out, b"")


def _send(out: IO[bytes], parcel: bytes) -> None:
    out.write(len(parcel).to_bytes(_SIZE, "big"))
    out.write(parcel)
    out.flush()
