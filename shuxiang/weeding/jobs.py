"""What the server carries out for this room: proposing, striking off, taking back, matching lists of titles."""

from uuid import UUID

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.weeding import selectors
from shuxiang.weeding.messages import last_line
from shuxiang.weeding.models import ReviewList, WeedingList
from shuxiang.weeding.services import proposing, reviewing, striking


def _by(job: Job) -> Actor:
    if "by" in job.params:
        return Actor(str(job.params["by"]), "desk", job.params.get("account"))
    name, _via, _door = job.requested_by.partition(" via ")
    return Actor(name or "system", "desk")


def _list(job: Job) -> WeedingList | None:
    rows = WeedingList.objects.select_related("library", "withdrawal")
    return rows.filter(pk=UUID(str(job.params["list"]))).first()


@jobs.handles(proposing.PROPOSE)
def propose(job: Job, progress: jobs.Progress) -> str:
    """Go over the stock; a list that was thrown away meanwhile is no matter."""
    found = _list(job)
    if found is None:
        return ""
    proposing.propose(found, at=clock.now(), progress=progress)
    proposing.finish_proposing(found, by=_by(job), at=clock.now())
    return last_line(found, selectors.counts(found))


@jobs.handles(striking.STRIKE)
def strike(job: Job, progress: jobs.Progress) -> str:
    """Strike a list off the books."""
    found = _list(job)
    if found is None:
        return ""
    striking.strike_off(found, by=_by(job), at=clock.now(), progress=progress)
    return last_line(found, selectors.counts(found))


@jobs.handles(striking.TAKE_BACK)
def take_back(job: Job, progress: jobs.Progress) -> str:
    """Give a list back to the books."""
    found = _list(job)
    if found is None:
        return ""
    at = clock.now()
    striking.take_back(found, by=_by(job), at=at, on=clock.local_date(at), progress=progress)
    return last_line(found, selectors.counts(found))


@jobs.handles(reviewing.MATCH)
def match(job: Job, progress: jobs.Progress) -> str:
    """Hold a list of titles against the holdings."""
    found = ReviewList.objects.filter(pk=UUID(str(job.params["list"]))).first()
    if found is None:
        return ""
    return str(reviewing.match(found, progress=progress))
