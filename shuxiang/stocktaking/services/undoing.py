"""Undo a settlement: each line to which nothing happened since is open again, the others are named."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.circulation.services import undo_act
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date, now
from shuxiang.common.decisions import Refused
from shuxiang.holdings.services import MOVED_ON, transfer, undo_many
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.stocktaking.models import Line, Settlement
from shuxiang.stocktaking.refusals import refuse
from shuxiang.stocktaking.services.settling import CHUNK, DONE, State, actor_of_job

UNDO = "stocktaking.undo"
NOT_UNDONE = "not_undone"  # why of a done line that undo had to leave
_BY_LINE = ("take_back", "keep_here")


def undo_settlement(settlement: Settlement, *, by: Actor, at: datetime) -> Settlement:
    """Have the server undo it; asked twice, it is undone once.

    Refuses one that still runs, and a day in a closed year (a clock that is behind).
    """
    with transaction.atomic():
        if settlement.act != "seen_to":
            refuse_closed(settlement.stocktake.library_id, local_date(at))
        done = Settlement.objects.filter(pk=settlement.pk, state=State.DONE)
        if done.update(state=State.UNDOING):
            job = jobs.queue(
                UNDO,
                by=by,
                library_code=settlement.stocktake.library.code,
                params={"settlement": str(settlement.pk), "asked": at.isoformat()}
                | {"by": by.name, "door": by.door, "account": by.account_id},
            )
            Settlement.objects.filter(pk=settlement.pk).update(job=job)
        settlement.refresh_from_db()
        if settlement.state == State.RUNNING:
            raise refuse("still_settling")
    return settlement


@jobs.handles(UNDO)
def carry_out(job: Job, progress: jobs.Progress) -> str:
    """Undo the lines of a settlement, or those that an interruption left."""
    settlement = Settlement.objects.select_related("stocktake__library").get(pk=str(job.params["settlement"]))
    by = actor_of_job(job)
    while settlement.state == State.UNDOING and _undo_chunk(settlement, by):
        progress(settlement.undone, settlement.done)
        if progress.is_over():
            raise jobs.Later
    return ""


def _undo_chunk(settlement: Settlement, by: Actor) -> bool:
    with transaction.atomic():
        left = Line.objects.filter(settlement=settlement).exclude(why=NOT_UNDONE)
        waiting = left.select_related("item__library", "item__current", "home").order_by("pk")
        lines = list(waiting[:CHUNK])
        if not lines:
            settlement.state = State.UNDONE
            settlement.save(update_fields=["state"])
            return False
        acts = {line.operation_id for line in lines if line.operation_id}
        # an act is undone whole: with the rest of its lines, which may lie behind this chunk
        rest = left.filter(operation_id__in=acts).exclude(pk__in=[line.pk for line in lines])
        lines += list(rest.select_related("item__library", "item__current", "home"))
        gone = _undo(settlement, lines, by)
        for line in lines:
            if line.pk in gone or line.outcome != DONE:
                settlement.undone += line.outcome == DONE
                line.settlement, line.outcome, line.why, line.operation_id = None, "", "", None
            else:
                line.why = NOT_UNDONE
            line.save(update_fields=["settlement", "outcome", "why", "operation_id"])
        settlement.save(update_fields=["undone"])
        return True


def _undo(settlement: Settlement, lines: Sequence[Line], by: Actor) -> set[int]:
    """Keys of the lines that could be undone."""
    done = [line for line in lines if line.outcome == DONE]
    if settlement.act == "seen_to":
        return {line.pk for line in done}
    if settlement.act in _BY_LINE:
        alone = [line for line in done if settlement.act == "keep_here" or line.account == "loan"]
        gone = {line.pk for line in alone if _undo_one(settlement, line, by)}
        return gone | _undo_many(settlement, [line for line in done if line not in alone], by)
    return _undo_many(settlement, done, by)


def _undo_many(settlement: Settlement, lines: Sequence[Line], by: Actor) -> set[int]:
    at = now()
    gone: set[int] = set()
    for act in sorted({line.operation_id for line in lines if line.operation_id}):
        try:
            undone = undo_many(
                act,
                library=settlement.stocktake.library,
                by=by,
                at=at,
                on=local_date(at),
                operation_id=_key(settlement, act),
            )
        except Refused:  # the year was closed meanwhile, or somebody undid the act itself
            continue
        gone |= {line.pk for line in lines if line.operation_id == act and line.item_id in undone.done}
    return gone


def _key(settlement: Settlement, act: UUID) -> UUID:
    return uuid5(settlement.pk, f"undo {act}")


def _undo_one(settlement: Settlement, line: Line, by: Actor) -> bool:
    """The reader has the volume again, or it belongs where it belonged; False when something happened since."""
    if line.operation_id is None:
        return False
    at, key = now(), _key(settlement, line.operation_id)
    library = settlement.stocktake.library
    try:
        with transaction.atomic():
            if settlement.act == "take_back":
                undo_act(library=library, act=line.operation_id, at=at, by=by, operation_id=key)
            else:
                _carry_back(line, by, at, key)
    except Refused:
        return False
    return True


def _carry_back(line: Line, by: Actor, at: datetime, key: UUID) -> None:
    item, home = line.item, line.home
    if item is None or home is None or item.home_id != line.found_at_id or item.current_id is not None:
        raise refuse(MOVED_ON)
    transfer([item], to=home, by=by, at=at, on=local_date(at), operation_id=key)
