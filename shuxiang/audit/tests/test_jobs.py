"""Jobs: run once each, put off and taken up again, told of progress but not at every step."""

from collections.abc import Iterator

import pytest
from django.db import connection

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor

BY = Actor("tests", "system")


@pytest.fixture
def kind(db: None) -> Iterator[str]:
    yield "tests.job"
    jobs._handlers.pop("tests.job", None)


def test_a_job_that_cannot_work_now_is_put_off_and_others_go_on(kind: str) -> None:
    tries: list[object] = []

    @jobs.handles(kind)
    def later_at_first(job: Job, _progress: jobs.Progress) -> str:
        tries.append(job.params["n"])
        if job.params["n"] == 1 and tries.count(1) == 1:
            raise jobs.Later
        return "done"

    first = jobs.queue(kind, by=BY, params={"n": 1})
    jobs.queue(kind, by=BY, params={"n": 2})
    assert jobs.run_pending() == 1
    first.refresh_from_db()
    assert (first.state, first.started_at, tries) == ("queued", None, [1, 2])
    assert jobs.run_pending() == 1
    first.refresh_from_db()
    assert (first.state, first.message) == ("done", "done")


def test_progress_is_not_written_at_every_step_but_at_the_last(kind: str) -> None:
    seen: list[int] = []

    @jobs.handles(kind)
    def counting(job: Job, progress: jobs.Progress) -> str:
        for number in range(1, 101):
            progress(number, 100)
            seen.append(Job.objects.get(pk=job.pk).done)
        return ""

    job = jobs.queue(kind, by=BY)
    jobs.run_pending()
    job.refresh_from_db()
    assert (job.done, job.total) == (100, 100)
    assert len(set(seen)) < 10


def test_pages_know_whether_somebody_works(kind: str) -> None:
    assert not jobs.is_attended()
    with jobs.working():
        assert jobs.is_attended()
    assert not jobs.is_attended()


@pytest.mark.django_db(transaction=True)
def test_who_works_is_woken_by_a_new_job() -> None:
    @jobs.handles("tests.woken")
    def nothing(_job: Job, _progress: jobs.Progress) -> str:
        return ""

    jobs.wait(0)  # whatever was queued before
    jobs.queue("tests.woken", by=BY)
    jobs.wait(30)  # the test would take as long
    assert jobs.run_pending() == 1
    jobs._handlers.pop("tests.woken")


def test_what_a_dead_server_left_is_taken_back_by_the_next_one(kind: str) -> None:
    @jobs.handles(kind)
    def nothing(_job: Job, _progress: jobs.Progress) -> str:
        return "done"

    left = jobs.queue(kind, by=BY)
    Job.objects.filter(pk=left.pk).update(state=Job.State.RUNNING, heartbeat_at=clock.now())
    assert jobs.run_pending() == 0
    if connection.vendor == "sqlite":
        assert jobs.take_back() == 1
        assert jobs.run_pending() == 1
    else:
        assert jobs.take_back() == 0
