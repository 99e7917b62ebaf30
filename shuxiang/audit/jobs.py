"""Long acts in chunks: queued in the database, run in the server's process or at once by the command line.

PCs are off at night: what was running when the power went is run again at the next start; a handler must be able to go on.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from shuxiang.audit.bell import Bell
from shuxiang.audit.discovery import Discovery
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor

logger = logging.getLogger(__name__)

Handler = Callable[[Job, "Progress"], str]  # returns the reconciling last line
SYSTEM = Actor("idle job", "system")
STALE = timedelta(minutes=2)  # a heartbeat older than this belongs to a process that is gone
# A handler may tell of every chunk; each note is a write, so not all are written down.
_HEARTBEAT_SECONDS = 0.3

IsDue = Callable[[datetime], dict[str, object] | None]  # the params of the job to queue now, or None

_handlers: dict[str, Handler] = {}
_when_idle: dict[str, IsDue] = {}
_discover = Discovery("jobs")  # each room's jobs.py registers its handlers
_bell = Bell()  # rung when something new waits: who works need not sleep on
_workers = 0


class Later(Exception):
    """A handler cannot work now (another process has what it needs, this one stops): the job goes back into the queue."""


class Progress:
    """What a handler tells while it works, every call is also its heartbeat; and whether the process is to stop."""

    def __init__(self, job: Job, is_over: Callable[[], bool]) -> None:
        self._job = job
        self.is_over = is_over  # a handler that takes long asks between its steps, and then raises Later
        self._told = 0.0

    def __call__(self, done: int, total: int | None = None) -> None:
        if time.monotonic() - self._told < _HEARTBEAT_SECONDS and done != total:
            return
        Job.objects.filter(pk=self._job.pk).update(done=done, total=total, heartbeat_at=clock.now())
        self._told = time.monotonic()


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of one kind of job."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def when_idle(kind: str, is_due: IsDue) -> None:
    """Let a kind of job be queued by itself when nothing else waits and `is_due(now)` gives it params."""
    _when_idle[kind] = is_due


def queue_due(at: datetime) -> list[Job]:
    """Queue the idle jobs that are due, unless anything waits or runs."""
    if Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
        return []
    _discover()
    due = [(kind, is_due(at)) for kind, is_due in sorted(_when_idle.items())]
    return [queue(kind, by=SYSTEM, params=params) for kind, params in due if params is not None]


def queue(kind: str, *, by: Actor, library_code: str = "", params: dict[str, object] | None = None) -> Job:
    """Queue a job. Raises KeyError for a kind nobody handles."""
    _discover()
    _handlers[kind]
    job = Job.objects.create(
        kind=kind,
        library_code=library_code,
        params=params or {},
        requested_by=str(by)[:80],
        created_at=clock.now(),
    )
    transaction.on_commit(_bell.ring)
    return job


def wait(seconds: float) -> None:
    """For who works: until something is queued, or so long."""
    _bell.listen(seconds)


def wake() -> None:
    """End the waiting now: the process is to stop."""
    _bell.ring()


@contextmanager
def working() -> Iterator[None]:
    """Around the loop of who works, so that pages know whether somebody does."""
    global _workers
    _workers += 1
    try:
        yield
    finally:
        _workers -= 1


def work_elsewhere() -> None:
    """From now on one of the processes that this one forks works, and hears of what the others queue."""
    global _workers
    _bell.share()
    _workers += 1


def is_attended() -> bool:
    """Whether a thread of this process, or one of its processes, takes up what is queued."""
    return _workers > 0


def _never() -> bool:
    return False


def run(job: Job, is_over: Callable[[], bool] = _never) -> Job:
    """Run one job to its end; a failure is kept in the job, with its sentence, and logged."""
    _discover()
    Job.objects.filter(pk=job.pk).update(
        started_at=clock.now(), heartbeat_at=clock.now(), state=Job.State.RUNNING
    )
    try:
        message, state = _handlers[job.kind](job, Progress(job, is_over)), Job.State.DONE
    except Later:
        Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, started_at=None, heartbeat_at=None)
        job.refresh_from_db()
        return job
    except Exception as error:  # the job's own row is where a person looks for what went wrong
        logger.exception("job %s failed", job.kind)
        message, state = f"{type(error).__name__}: {error}", Job.State.FAILED
    Job.objects.filter(pk=job.pk).update(state=state, message=message, finished_at=clock.now())
    job.refresh_from_db()
    return job


def claim(*, but: Collection[UUID] = ()) -> Job | None:
    """Take the oldest job that waits, or that a dead process left behind; compare-and-set, so two never take one."""
    stale = clock.now() - STALE
    waiting = (
        Job.objects.filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat_at__lt=stale))
        .exclude(pk__in=but)
        .order_by("created_at")
    )
    for job in waiting[:10]:
        with transaction.atomic():
            taken = Job.objects.filter(pk=job.pk, state=job.state, heartbeat_at=job.heartbeat_at).update(
                state=Job.State.RUNNING, heartbeat_at=clock.now()
            )
        if taken == 1:
            job.refresh_from_db()
            return job
    return None


def is_queued(job: Job | None) -> bool:
    """Whether nobody has taken it up yet."""
    return job is None or job.state == Job.State.QUEUED


def take_back() -> int:
    """For the only process that works on the data, when it starts: what is marked as running is nobody's; queue it again.

    A database that several servers share is left alone: there a stale heartbeat must show that nobody works.
    """
    if connection.vendor != "sqlite":
        return 0
    return Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.QUEUED, heartbeat_at=None)


def run_pending(is_over: Callable[[], bool] = _never) -> int:
    """Run what waits, one after the other, until it is over; returns how many. What was put off waits for the next call."""
    count = 0
    put_off: set[UUID] = set()
    while not is_over() and (job := claim(but=put_off)) is not None:
        if run(job, is_over).state == Job.State.QUEUED:
            put_off.add(job.pk)
        else:
            count += 1
    return count
