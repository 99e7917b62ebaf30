"""Deal with a heap: proposed, confirmed, carried out by the server in chunks, undone as a whole.

Every change goes through an act of holdings or circulation; a volume to which something happened since closing is left.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, QuerySet

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.circulation.selectors import open_loan_of
from shuxiang.circulation.services import check_in_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date, now
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.services import (
    MOVED_ON,
    Settled,
    bring_many_home,
    mark_many_found,
    mark_many_missing,
    put_many_back,
    transfer,
)
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.stocktaking.models import Line, Settlement, Stocktake
from shuxiang.stocktaking.refusals import refuse
from shuxiang.stocktaking.rules import ACTS

CHUNK = 100  # lines a transaction
SETTLE = "stocktaking.settle"
DONE, KEPT = "done", "kept"
State = Settlement.State


def open_lines(stocktake: Stocktake, heap: str, act: str) -> QuerySet[Line]:
    """The lines of a heap that nobody has dealt with and the act can be about."""
    lines = Line.objects.filter(stocktake=stocktake, heap=heap, settlement=None, outcome="")
    if act == "bring_home":
        return lines.filter(item__isnull=False).exclude(account="").exclude(account="withdrawn")
    if act == "keep_here":
        return lines.filter(item__isnull=False, found_at__isnull=False, reason="other_place") | lines.filter(
            item__isnull=False, found_at__isnull=False, reason="not_counted_here"
        )
    return lines


def settle(
    *,
    stocktake: Stocktake,
    heap: str,
    act: str,
    by: Actor,
    at: datetime,
    lines: Sequence[int] | None = None,
    operation_id: UUID | None = None,
) -> Settlement:
    """Take the lines of a heap (all that are open, or those named) and have the server deal with them by this act.

    Refuses an act that the heap does not offer, a choice in which nothing is open any more, and a day in a closed year.
    """
    if act not in ACTS.get(heap, ()):
        raise refuse("no_such_act")
    key = operation_id or uuid7()
    with transaction.atomic():
        there = Settlement.objects.filter(pk=key, stocktake=stocktake).first()
        if there is not None:
            return there
        closed = Stocktake.objects.filter(pk=stocktake.pk, state=Stocktake.State.CLOSED)
        if not closed.update(scans=F("scans")):  # who counts on waits for this, or has been waited for
            raise refuse("not_closed", name=stocktake.name)
        if act != "seen_to":
            refuse_closed(stocktake.library_id, local_date(at))
        settlement = Settlement.objects.create(
            pk=key, stocktake=stocktake, heap=heap, act=act, at=at, by=by.name[:80]
        )
        chosen = open_lines(stocktake, heap, act)
        if lines is not None:
            chosen = chosen.filter(pk__in=lines)
        taken = Line.objects.filter(pk__in=chosen.values("pk")).update(settlement=settlement)
        if not taken:
            raise refuse("nothing_open")
        settlement.proposed = taken
        settlement.job = jobs.queue(
            SETTLE, by=by, library_code=stocktake.library.code, params={"settlement": str(key)} | _who(by)
        )
        settlement.save(update_fields=["proposed", "job"])
    return settlement


def _who(by: Actor) -> dict[str, object]:
    return {"by": by.name, "door": by.door, "account": by.account_id}


def actor_of_job(job: Job) -> Actor:
    """Who asked for it."""
    return Actor(str(job.params["by"]), str(job.params["door"]), job.params["account"])


@jobs.handles(SETTLE)
def carry_out(job: Job, progress: jobs.Progress) -> str:
    """Deal with the lines of a settlement, or those that an interruption left."""
    settlement = Settlement.objects.select_related("stocktake__library").get(pk=str(job.params["settlement"]))
    by = actor_of_job(job)
    while settlement.state == State.RUNNING and _settle_chunk(settlement, by):
        progress(settlement.done + settlement.kept, settlement.proposed)
        if progress.is_over():
            raise jobs.Later
    return ""


def _settle_chunk(settlement: Settlement, by: Actor) -> bool:
    """The next lines, in one transaction; False when all are dealt with."""
    with transaction.atomic():
        waiting = Line.objects.filter(settlement=settlement, outcome="").order_by("pk")
        lines = list(waiting.select_related("item__library", "found_at", "home")[:CHUNK])
        if not lines:
            settlement.state = State.DONE
            settlement.save(update_fields=["state"])
            return False
        _HANDLERS[settlement.act](settlement, lines, by)
        for line in lines:
            line.save(update_fields=["outcome", "why", "operation_id"])
        settlement.done += sum(line.outcome == DONE for line in lines)
        settlement.kept += sum(line.outcome == KEPT for line in lines)
        settlement.save(update_fields=["done", "kept"])
        return True


Handler = Callable[[Settlement, Sequence[Line], Actor], None]


def _by_many(act: Callable[..., Settled]) -> Handler:
    def handle(settlement: Settlement, lines: Sequence[Line], by: Actor) -> None:
        at = now()
        try:
            settled = act(
                [line.item_id for line in lines],
                library=settlement.stocktake.library,
                by=by,
                at=at,
                on=local_date(at),
                untouched_since=settlement.stocktake.closed_at,
                operation_id=uuid5(settlement.pk, str(lines[0].pk)),
            )
        except Refused as refusal:  # the year was closed meanwhile: a job may not stand still
            for line in lines:
                line.outcome, line.why = KEPT, refusal.codes[0][:20]
        else:
            _note(lines, settled)

    return handle


def _note(lines: Sequence[Line], settled: Settled) -> None:
    done = set(settled.done)
    for line in lines:
        is_done = line.item_id in done
        line.outcome = DONE if is_done else KEPT
        line.why = "" if is_done else settled.kept.get(line.item_id or 0, MOVED_ON)[:20]
        line.operation_id = settled.operation_id if is_done else None


def _take_back(settlement: Settlement, lines: Sequence[Line], by: Actor) -> None:
    """Loans end at the instant of the scan: then the volume was on the shelf. What was put aside is put back."""
    loans = [line for line in lines if line.account == "loan"]
    others = [line for line in lines if line.account != "loan"]
    if others:
        _by_many(put_many_back)(settlement, others, by)
    for line in loans:
        _take_back_one(settlement, line, by)


def _take_back_one(settlement: Settlement, line: Line, by: Actor) -> None:
    item, seen = line.item, line.scanned_at
    loan = open_loan_of(item) if item is not None else None
    if (
        item is None
        or seen is None
        or loan is None
        or loan.out_at > seen
        or _moved_since(item, settlement.stocktake)
    ):
        line.outcome, line.why = KEPT, MOVED_ON
        return
    key = uuid5(settlement.pk, str(line.pk))
    try:
        check_in_loan(loan=loan, at=seen, by=by, operation_id=key)
    except Refused as refusal:
        line.outcome, line.why = KEPT, refusal.codes[0][:20]
        return
    line.outcome, line.operation_id = DONE, key


def _moved_since(item: Item, stocktake: Stocktake) -> bool:
    return Movement.objects.filter(item=item, at__gt=stocktake.closed_at or stocktake.opened_at).exists()


def _keep_here(settlement: Settlement, lines: Sequence[Line], by: Actor) -> None:
    """The place where it was found is its home from now on; not across shelving groups, whose numbers differ."""
    at = now()
    for line in lines:
        item, place = line.item, line.found_at
        if (
            item is None
            or place is None
            or item.home_id != line.home_id
            or _moved_since(item, settlement.stocktake)
        ):
            line.outcome, line.why = KEPT, MOVED_ON
            continue
        key = uuid5(settlement.pk, str(line.pk))
        try:
            transfer([item], to=place, by=by, at=at, on=local_date(at), operation_id=key)
        except Refused as refusal:
            line.outcome, line.why = KEPT, refusal.codes[0][:20]
        else:
            line.outcome, line.operation_id = DONE, key


def _seen_to(_settlement: Settlement, lines: Sequence[Line], _by: Actor) -> None:
    """Somebody has seen to it; nothing in the books changes."""
    for line in lines:
        line.outcome = DONE


_HANDLERS: Mapping[str, Handler] = {
    "found": _by_many(mark_many_found),
    "take_back": _take_back,
    "mark_missing": _by_many(mark_many_missing),
    "bring_home": _by_many(bring_many_home),
    "keep_here": _keep_here,
    "seen_to": _seen_to,
}
