"""The last step of a case is taken back: found, struck, waived, paid, replaced, and at last opened."""

from datetime import datetime
from uuid import UUID, uuid5

from shuxiang.audit.models import Operation
from shuxiang.cashbook import services as cash
from shuxiang.cashbook.models import CashEntry
from shuxiang.circulation.services.lost_undone import unmark_lost
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.compensation.models import Case, Payment
from shuxiang.compensation.refusals import refuse
from shuxiang.compensation.services.settling import acting
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services import mark_missing, restore_items, reverse_batch

State, Way = Case.State, Case.Way


def step_back(case: Case, *, words: str, at: datetime, by: Actor, operation_id: UUID | None = None) -> Case:
    """Undo the last step. Money is reversed by an entry of its own (`words` say why); nothing is erased.

    Refuses what cannot be undone any more: a cancelled case, a volume that has moved on, one that was restored.
    """
    with acting("step_back", case, at=at, by=by, operation_id=operation_id, state=case.state) as (
        now,
        operation,
    ):
        if operation is None:
            return now
        if now.state == State.CANCELLED:
            raise refuse("case_ended")
        if now.state == State.FOUND:
            _lose_again(now, operation, words, at, by)
        elif now.withdrawal is not None and now.item is not None:
            _put_on_books(now, now.item, operation, at, by)
        elif now.waived_fen:
            now.waived_fen, now.approved_by, now.reason = 0, "", ""
            _reopen(now)
        elif last := _last_payment(now):
            _reverse(now, last, operation=operation, words=words, at=at, by=by)
            _reopen(now)
        elif now.replacement is not None:
            _take_out(now, now.replacement, operation, at, by)
        elif now.way:
            now.due_fen, now.reason, now.way = int(now.reckoning["total_fen"]), "", ""
            _reopen(now)
        else:
            _cancel(now, operation, at, by)
    return now


def _reopen(case: Case) -> None:
    case.state, case.settled_on = State.OPEN, None
    if not case.paid_fen and case.replacement_id is None and not case.waived_fen:
        case.way = ""
    elif case.paid_fen and case.replacement_id is None:
        case.way = Way.CASH


def _lines(case: Case) -> list[CashEntry]:
    """The case's receipts and refunds that stand, the latest first."""
    reversed_ones = CashEntry.objects.filter(act=CashEntry.Act.REVERSAL, of__isnull=False).values("of")
    entries = CashEntry.objects.filter(case_payment__case=case).exclude(act=CashEntry.Act.REVERSAL)
    return list(entries.exclude(pk__in=reversed_ones).order_by("-year", "-number"))


def _last_payment(case: Case) -> CashEntry | None:
    return next((entry for entry in _lines(case) if entry.act == CashEntry.Act.RECEIPT), None)


def _reverse(
    case: Case, entry: CashEntry, *, operation: Operation, words: str, at: datetime, by: Actor
) -> None:
    key = uuid5(operation.pk, f"reverse{entry.pk}")
    opposite = cash.reverse(entry, words=words, at=at, by=by, operation_id=key)
    Payment.objects.create(case=case, entry=opposite)
    case.paid_fen += opposite.amount_fen


def _lose_again(case: Case, operation: Operation, words: str, at: datetime, by: Actor) -> None:
    """It was not found after all."""
    if case.was_restored:
        raise refuse("restored_stays")
    for entry in _lines(case):
        if entry.act == CashEntry.Act.REFUND:
            _reverse(case, entry, operation=operation, words=words, at=at, by=by)
    if case.item is not None and case.item.account != ItemAccount.WITHDRAWN:
        if case.item.account not in (ItemAccount.SHELF, ItemAccount.CORNER):
            raise refuse("item_moved_on")
        key = uuid5(operation.pk, "missing")
        mark_missing(case.item, by=by, at=at, on=local_date(at), operation_id=key)
    case.state = State.SETTLED if case.settled_on else State.OPEN
    case.found_on = None


def _put_on_books(case: Case, item: Item, operation: Operation, at: datetime, by: Actor) -> None:
    """The withdrawal is taken back for this volume alone, by an entry of its own."""
    if case.withdrawal is not None:
        key = uuid5(operation.pk, "restore")
        restore_items(case.withdrawal, [item], by=by, at=at, on=local_date(at), operation_id=key)
    case.withdrawal = None


def _take_out(case: Case, new: Item, operation: Operation, at: datetime, by: Actor) -> None:
    """The new volume was not the right one: its batch of one is reversed."""
    key = uuid5(operation.pk, "batch")
    done = reverse_batch(new.property_line.batch, by=by, at=at, on=local_date(at), operation_id=key)
    if done.skipped:
        raise refuse("new_moved_on")
    case.replacement, case.way = None, ""
    case.due_fen = int(case.reckoning["total_fen"])
    _reopen(case)


def _cancel(case: Case, operation: Operation, at: datetime, by: Actor) -> None:
    """It was opened by mistake; the loan is open again where the case had ended it."""
    if case.marked_lost and case.loan is not None:
        try:
            unmark_lost(loan=case.loan, at=at, by=by, operation_id=uuid5(operation.pk, "unlost"))
        except Refused as refused:
            raise refuse("item_moved_on") from refused
    case.state = State.CANCELLED
