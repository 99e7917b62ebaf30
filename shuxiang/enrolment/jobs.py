"""What the server carries out for this room: an opening, and its undo."""

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.enrolment.messages import last_line
from shuxiang.enrolment.models import YearOpening
from shuxiang.enrolment.services import running, undoing


def _by(job: Job) -> Actor:
    return Actor(str(job.params["by"]), "desk", job.params.get("account"))


def _opening(job: Job) -> YearOpening:
    return YearOpening.objects.select_related("library").get(pk=job.params["opening"])


@jobs.handles(running.RUN)
def run(job: Job, progress: jobs.Progress) -> str:
    """Carry out an opening, or what an interruption left of it."""
    return last_line(running.carry_out(_opening(job), by=_by(job), at=clock.now(), progress=progress))


@jobs.handles(undoing.UNDO)
def undo(job: Job, progress: jobs.Progress) -> str:
    """Take an opening back, or what an interruption left of it."""
    return last_line(undoing.carry_back(_opening(job), by=_by(job), at=clock.now(), progress=progress))
