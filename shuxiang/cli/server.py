"""The server program: it answers pages and does what is queued, by processes where the system can fork, else by threads."""

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.cli import crew
from shuxiang.cli.outcome import NotDone
from shuxiang.cli.pagefiles import gather
from shuxiang.cli.plainport import only_public
from shuxiang.cli.recovery import take_up
from shuxiang.common import clock
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.services import queue_daily, second_disk, sweep
from shuxiang.safekeeping.sole import InUse, sole_use
from shuxiang.safekeeping.takeover import superseded
from shuxiang.safekeeping.upgrade import UpgradeRefused, upgrade

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from shuxiang.cli.tls import Keeper

PAGE_THREADS = 8  # in all; more gain nothing: on SQLite one writer works at a time, and a PC has few cores
OBJECTS = (
    10_000  # between two looks for garbage; a page makes some thousands, which nearly all go by themselves
)
LEAST_THREADS = 3  # in a process: a page that takes long does not keep the others from it
NICE = 5  # what is queued gives way to pages, yet not so far that they would wait for its lock
IDLE_SECONDS = 15.0
FIRST_SECONDS = 2.0  # the first page before the first job: somebody waits for the one, nobody for the other
_while_we_run = ExitStack()  # no restore and no second server on the same data; freed when the process ends
logger = logging.getLogger(__name__)


def prepare() -> None:
    """Make ready to serve: the data folder is ours, the database and the browsers' files are ready. Raises NotDone."""
    try:
        _while_we_run.enter_context(sole_use(settings.HOME))
    except InUse:
        raise NotDone(speak("in_use", {"path": settings.HOME})) from None
    print(_("Preparing the database …"), flush=True)
    prepare_database()
    _not_superseded()
    take_up(_tell, is_serving=True)
    jobs.take_back()
    sweep(Path(settings.HOME))
    gather()


def _not_superseded() -> None:
    """Raises NotDone when another computer goes on from a copy of these data: two would lend the same volumes."""
    note = superseded(second_disk(), Path(settings.HOME))
    if note is None:
        return
    values = {"host": note.host or "?", "at": note.at[:16].replace("T", " ")}
    raise NotDone(
        _(
            "This library goes on on another computer (%(host)s, since %(at)s UTC). Nothing is lost: write what was done "
            "here since the copy with “shuxiang handover FILE”, and read it there with “shuxiang replay FILE”."
        )
        % values
    )


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


def prepare_database() -> None:
    """Bring the database to this program's schema. Raises NotDone; the data are then as they were."""
    try:
        done = upgrade(settings.HOME)
    except UpgradeRefused as refused:
        raise NotDone(speak(refused.code, refused.params)) from None
    if done.backup:
        print(_("Upgraded; the data as they were are in %(path)s.") % {"path": done.backup}, flush=True)


def take_port(host: str, port: int) -> socket.socket:
    """The listening socket. Raises NotDone.

    It is taken before anything else, so that a second start cannot touch the data of a running one.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError):
        raise NotDone(
            _("Port %(port)s of %(host)s is in use or cannot be used; choose another one with --port.")
            % {"port": port, "host": host}
        ) from None


@dataclass(frozen=True)
class Secure:
    """The port that speaks TLS, and who looks after its certificate."""

    listener: socket.socket
    keeper: "Keeper"

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])


def serve(listener: socket.socket, greet: Callable[[str], None], secure: Secure | None = None) -> None:
    """Serve until Ctrl-C or a stop signal, then finish open requests. `greet` is told the address.

    With `secure` HTTPS is spoken on a second port, and the first one gives others only what is public.
    """
    host, port = listener.getsockname()[:2]
    answer = get_wsgi_application()
    gc.collect()
    gc.freeze()  # the program itself never goes: the collector need not look at it, nor write into what processes share
    gc.set_threshold(OBJECTS, 20, 20)
    # SIGINT too: who starts a program in the background may have it ignored. SIGBREAK is how Windows asks.
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    greet(f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}/")  # noqa: S104  compared, not bound
    with suppress(KeyboardInterrupt):
        if crew.CAN_FORK:
            _in_processes(listener, answer, secure)
        else:
            _in_threads(listener, answer, secure)
    print(_("Stopped."), flush=True)


def _in_processes(listener: socket.socket, answer: "WSGIApplication", secure: Secure | None) -> None:
    jobs.work_elsewhere()
    count = crew.cores()
    threads = max(LEAST_THREADS, PAGE_THREADS // count)
    crew.run([*[lambda: _answer_pages(listener, answer, threads, secure)] * count, _do_jobs])


def _do_jobs() -> None:
    """A process that does nothing else, and lets those of the pages go first.

    What a job took of memory is given back by ending: the next process is as small as the first.
    """
    os.nice(NICE)
    stop = threading.Event()

    def heed(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        jobs.wake()

    signal.signal(signal.SIGTERM, heed)
    run_jobs(stop, once=True)


def _in_threads(listener: socket.socket, answer: "WSGIApplication", secure: Secure | None) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=run_jobs, args=(stop,), name="jobs", daemon=True)
    worker.start()
    try:
        _answer_pages(listener, answer, PAGE_THREADS, secure)
    finally:
        stop.set()
        jobs.wake()
        worker.join(timeout=crew.PATIENCE)


def _answer_pages(
    listener: socket.socket, answer: "WSGIApplication", threads: int, secure: Secure | None
) -> None:
    plain = only_public(answer, secure.port) if secure else answer
    server = waitress.create_server(plain, sockets=[listener], threads=threads, ident="shuxiang")
    second = None
    try:
        if secure:
            from shuxiang.cli.tls import serve_with  # noqa: PLC0415  a server without TLS need not load it

            second = serve_with(server, secure.listener, secure.keeper, answer, threads)
        server.run()
    finally:
        if second:
            second.close()
        server.close()


def run_jobs(stop: threading.Event, *, once: bool = False) -> None:
    """Run what waits, at start and whenever idle, until told to stop; with `once` only until something was done."""
    with jobs.working():
        jobs.wait(FIRST_SECONDS)
        done = 0
        while not stop.is_set() and not (once and done):
            try:
                close_old_connections()
                queue_daily(clock.now())
                jobs.queue_due(clock.now())
                done += jobs.run_pending(stop.is_set)  # a server that stops begins no further job
            except Exception:  # the thread must outlive whatever one job or a lost database does
                logger.exception("jobs")
            if not done or not once:
                jobs.wait(IDLE_SECONDS)
    close_old_connections()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
