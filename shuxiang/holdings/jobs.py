"""What the server carries out for this room: carriages."""

from uuid import UUID

from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.holdings.placemodels import Carriage
from shuxiang.holdings.services import carrying


def by_of(job: Job) -> Actor:
    """Who asked for a job of a page."""
    return Actor(str(job.params["by"]), "desk", job.params.get("account"))


def _carriage(job: Job) -> Carriage:
    rows = Carriage.objects.select_related("library", "to")
    return rows.get(pk=UUID(str(job.params["carriage"])))


@jobs.handles(carrying.CARRY)
def carry(job: Job, progress: jobs.Progress) -> str:
    """Carry volumes to their place."""
    done = carrying.carry(_carriage(job), by=by_of(job), at=clock.now(), progress=progress)
    return last_line(done)


@jobs.handles(carrying.CARRY_BACK)
def carry_back(job: Job, progress: jobs.Progress) -> str:
    """Carry them back."""
    done = carrying.carry_back(_carriage(job), by=by_of(job), at=clock.now(), progress=progress)
    return last_line(done)


def last_line(carriage: Carriage, foreseen: int | None = None) -> str:
    """Chosen = carried + left, and what came back of it; `foreseen` is how many would be carried, before it is done."""
    moved = carriage.moved if foreseen is None else foreseen
    line = _("chosen %(volumes)s = carried %(moved)s + left %(skipped)s") % {
        "volumes": carriage.volumes,
        "moved": moved,
        "skipped": carriage.volumes - moved,
    }
    if carriage.state == Carriage.State.UNDONE:
        line += "; " + _("carried back %(back)s + stayed %(kept)s") % {
            "back": carriage.back,
            "kept": carriage.moved - carriage.back,
        }
    return line
