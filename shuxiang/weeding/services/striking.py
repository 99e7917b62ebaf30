"""From approval to the books: a list is approved, struck off in chunks under one number, and may be taken back."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from shuxiang.audit import jobs, operations
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Reason, Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Withdrawal
from shuxiang.holdings.services import Papers, restore, withdraw_chunk
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.weeding.models import WeedingLine, WeedingList
from shuxiang.weeding.refusals import refuse

State, Line = WeedingList.State, WeedingLine.State
STRIKE, TAKE_BACK = "weeding.strike", "weeding.take_back"
CHUNK = 200  # volumes: some tens of milliseconds
Tell = Callable[[int, int], None]


@transaction.atomic
def approve(
    weeding_list: WeedingList,
    *,
    approved_by: str,
    approved_on: date,
    document: str,
    disposition: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> WeedingList:
    """Write down who approved a draft, when, under which paper, and what becomes of the volumes.

    Refuses a list that is empty or no draft, no approver, a day that is to come, and no disposition.
    """
    found = WeedingList.objects.select_related("library").get(pk=weeding_list.pk)
    if found.state != State.DRAFT:
        raise refuse("list_not_draft", number=found.number)
    if not found.lines.filter(state=Line.IN).exists():
        raise refuse("list_empty")
    if not approved_by.strip():
        raise refuse("approver_missing")
    if approved_on > clock.local_date(at):
        raise refuse("approved_later", on=approved_on)
    if disposition not in Withdrawal.Disposition.values:
        raise refuse("disposition_missing")
    begun = operations.begin("weeding.approve", by=by, at=at, library_code=found.library.code)
    found.state, found.reason = State.APPROVED, Withdrawal.Reason(reason)
    found.approved_by, found.approved_on = approved_by.strip()[:60], approved_on
    found.document, found.disposition = document.strip()[:100], disposition
    found.save()
    detail = {"approved_by": found.approved_by, "volumes": found.lines.filter(state=Line.IN).count()}
    operations.finish(begun.operation, subject=f"weeding.list:{found.pk}", detail=detail)
    return found


@transaction.atomic
def reopen(weeding_list: WeedingList, *, by: Actor, at: datetime) -> WeedingList:
    """Make an approved list a draft again: the approval is gone. Refuses one that was struck off."""
    begun = operations.begin("weeding.reopen", by=by, at=at, library_code=weeding_list.library.code)
    waiting = WeedingList.objects.filter(pk=weeding_list.pk, state=State.APPROVED)
    if not waiting.update(state=State.DRAFT, approved_by="", approved_on=None):
        raise refuse("list_not_approved", number=weeding_list.number)
    operations.finish(begun.operation, subject=f"weeding.list:{weeding_list.pk}")
    weeding_list.refresh_from_db()
    return weeding_list


def strike_later(weeding_list: WeedingList, *, by: Actor, at: datetime, on: date) -> WeedingList:
    """Have an approved list struck off the books by the server; asked twice, it is done once.

    Refuses a list that is not approved, and a day in a closed year.
    """
    refuse_closed(weeding_list.library_id, on)
    with transaction.atomic():
        waiting = WeedingList.objects.filter(pk=weeding_list.pk, state=State.APPROVED)
        if waiting.update(state=State.STRIKING, struck_on=on):
            _queue(STRIKE, weeding_list, by)
        elif not WeedingList.objects.filter(
            pk=weeding_list.pk, state__in=[State.STRIKING, State.STRUCK]
        ).exists():
            raise refuse("list_not_approved", number=weeding_list.number)
    weeding_list.refresh_from_db()
    return weeding_list


def take_back_later(weeding_list: WeedingList, *, by: Actor, at: datetime, on: date) -> WeedingList:
    """Have a withdrawal taken back by a reversing entry; asked twice, it is done once.

    Refuses a list that was not struck off, or of which nothing was, and a day in a closed year.
    """
    refuse_closed(weeding_list.library_id, on)
    with transaction.atomic():
        waiting = WeedingList.objects.filter(pk=weeding_list.pk, state=State.STRUCK, withdrawal__isnull=False)
        if waiting.update(state=State.UNDOING, undo_id=uuid7()):
            _queue(TAKE_BACK, weeding_list, by)
        elif not WeedingList.objects.filter(
            pk=weeding_list.pk, state__in=[State.UNDOING, State.UNDONE]
        ).exists():
            raise refuse("list_not_struck", number=weeding_list.number)
    weeding_list.refresh_from_db()
    return weeding_list


def _queue(kind: str, weeding_list: WeedingList, by: Actor) -> None:
    params: dict[str, object] = {"list": str(weeding_list.pk), "by": by.name, "account": by.account_id}
    job = jobs.queue(kind, by=by, library_code=weeding_list.library.code, params=params)
    WeedingList.objects.filter(pk=weeding_list.pk).update(job_id=job.pk)


def strike_off(
    weeding_list: WeedingList, *, by: Actor, at: datetime, progress: Tell | None = None
) -> WeedingList:
    """Strike a list off, a chunk a transaction; begun again after a stop, it goes on where it was.

    Volumes that cannot leave any more stay and say why. A year closed meanwhile stops it: the list is approved again,
    with what was struck so far written down.
    """
    total = weeding_list.lines.filter(state__in=[Line.IN, Line.STRUCK, Line.LEFT]).count()
    try:
        while _strike_chunk(weeding_list, by, at):
            if progress is not None:
                progress(total - weeding_list.lines.filter(state=Line.IN).count(), total)
    except Refused as refused:
        note = [_said(reason) for reason in refused.decision.reasons]
        WeedingList.objects.filter(pk=weeding_list.pk).update(state=State.APPROVED, notes=note)
    else:
        WeedingList.objects.filter(pk=weeding_list.pk, state=State.STRIKING).update(state=State.STRUCK)
    weeding_list.refresh_from_db()
    return weeding_list


@transaction.atomic
def _strike_chunk(weeding_list: WeedingList, by: Actor, at: datetime) -> bool:
    waiting = WeedingLine.objects.filter(
        weeding_list=weeding_list, weeding_list__state=State.STRIKING, state=Line.IN
    )
    lines = list(waiting.order_by("pk")[:CHUNK])
    if not lines or weeding_list.struck_on is None:
        return False
    papers = Papers(
        weeding_list.reason,
        weeding_list.struck_on,
        weeding_list.document,
        weeding_list.approved_by,
        weeding_list.approved_on,
        weeding_list.disposition,
    )
    keys = [line.item_id for line in lines]
    done = withdraw_chunk(keys, papers, library=weeding_list.library, by=by, at=at, run_id=weeding_list.pk)
    for line in lines:
        reason = done.skipped.get(line.item_id)
        line.state = Line.STRUCK if reason is None else Line.LEFT
        line.left = [] if reason is None else _said(reason)
    WeedingLine.objects.bulk_update(lines, ["state", "left"])
    if done.withdrawal is not None and weeding_list.withdrawal_id is None:
        weeding_list.withdrawal = done.withdrawal
        weeding_list.save(update_fields=["withdrawal"])
    return True


def _said(reason: Reason) -> list[object]:
    return [reason.code, {name: str(value) for name, value in reason.params.items()}]


def take_back(
    weeding_list: WeedingList, *, by: Actor, at: datetime, on: date, progress: Tell | None = None
) -> WeedingList:
    """Give the volumes of a list back to the books; begun again after a stop, it goes on where it was."""
    if weeding_list.state == State.UNDOING and weeding_list.withdrawal is not None:
        try:
            done = restore(
                weeding_list.withdrawal,
                by=by,
                at=at,
                on=on,
                operation_id=weeding_list.undo_id,
                progress=progress,
            )
        except Refused as refused:
            note = [_said(reason) for reason in refused.decision.reasons]
            WeedingList.objects.filter(pk=weeding_list.pk).update(state=State.STRUCK, notes=note)
        else:
            with transaction.atomic():
                weeding_list.lines.filter(state=Line.STRUCK).update(state=Line.BACK)
                WeedingList.objects.filter(pk=weeding_list.pk).update(state=State.UNDONE, reversal=done.entry)
    weeding_list.refresh_from_db()
    return weeding_list
