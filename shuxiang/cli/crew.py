"""The processes of a server: one for each core answers pages, one more does what is queued (decision 0037).

Threads of one Python process compute one after the other, so that a second core would only look on, and a backup or an
import would take its time from the desks. Systems without fork have one process with threads for both.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from django.db import connections

CAN_FORK = hasattr(os, "fork")
MOST = 4  # processes for pages: more gain nothing, for one writes at a time
PATIENCE = 10.0  # seconds to finish open requests and to put down a job; what is cut off is taken up at the next start
AGAIN_SECONDS = 1.0
Duty = Callable[[], None]
logger = logging.getLogger(__name__)


def cores() -> int:
    """How many processes for pages this computer is good for."""
    able = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(able, MOST)


def run(duties: Sequence[Duty]) -> None:
    """Each duty in a process of its own, begun again when it ends or dies, until KeyboardInterrupt is raised here.

    A duty is told to stop by SIGTERM, which raises KeyboardInterrupt unless it heeds the signal in its own way. If this
    process dies, however that happens, the others end at once.
    """
    connections.close_all()  # an open connection may not be carried into another process
    life, ours = os.pipe()
    running: dict[int, Duty] = {}
    try:
        for duty in duties:
            running[_begin(duty, life, ours)] = duty
        while True:
            pid, status = os.wait()
            if pid not in running:
                continue
            duty = running.pop(pid)
            if status:
                logger.error("a process of the server died (%s); it is begun again", status)
                time.sleep(AGAIN_SECONDS)
            running[_begin(duty, life, ours)] = duty
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _stop(list(running))
        os.close(life)
        os.close(ours)


def _begin(duty: Duty, life: int, ours: int) -> int:
    """Fork; gives the new process."""
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.close(ours)
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # Ctrl-C reaches every process: the first one tells the others
        signal.signal(signal.SIGTERM, _interrupt)
        threading.Thread(target=_end_with, args=(life,), daemon=True).start()
        duty()
        code = 0
    except KeyboardInterrupt:
        code = 0
    except BaseException:
        logger.exception("a process of the server")
    finally:
        connections.close_all()
        logging.shutdown()
        os._exit(code)
    raise AssertionError("never reached")


def _interrupt(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with(life: int) -> None:
    """Nobody ever writes into this pipe, so that reading ends when its other end is gone: with the first process."""
    os.read(life, 1)
    os._exit(1)


def _stop(pids: Sequence[int]) -> None:
    """Ask them to stop; who does not in time is stopped."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    left = [pid for pid in pids if not _is_gone(pid)]
    while left:
        time.sleep(0.01)
        left = [pid for pid in left if not _is_gone(pid)]
        if time.monotonic() > end:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            end = float("inf")


def _is_gone(pid: int) -> bool:
    try:
        return bool(os.waitpid(pid, os.WNOHANG)[0])
    except ChildProcessError:  # it was waited for just before we were stopped
        return True
