"""A lost volume turns up: it comes back to the books, and what was paid goes back against a receipt."""

from datetime import date, datetime
from uuid import UUID, uuid5

from shuxiang.cashbook import services as cash
from shuxiang.cashbook.models import CashEntry
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.compensation import selectors
from shuxiang.compensation.models import Case, Payment, Severity
from shuxiang.compensation.refusals import refuse
from shuxiang.compensation.rules import FoundFacts, may_be_found
from shuxiang.compensation.services.settling import acting
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services import mark_found, restore_items


def turn_up(
    case: Case,
    *,
    refund_fen: int,
    at: datetime,
    by: Actor,
    takes_back: bool = True,
    confirmed: frozenset[str] = frozenset(),
    operation_id: UUID | None = None,
) -> Case:
    """The volume was found. `takes_back`: it goes (or stays) on the shelf, and a withdrawal is taken back for it; otherwise
    the reader keeps it, as when the same edition was brought, and the books stay as they are.

    Raises Refused for a case that is no loss or has ended, for more than was paid, and after the school's days unless
    `refund_late` is confirmed.
    """
    request = {"refund": refund_fen, "takes_back": takes_back}
    with acting("turn_up", case, at=at, by=by, operation_id=operation_id, **request) as (now, operation):
        if operation is None:
            return now
        on = local_date(at)
        terms = selectors.terms_of(now.library)
        may_be_found(
            FoundFacts(
                now.severity == Severity.LOST, now.state, now.paid_fen, refund_fen, now.settled_on,
                terms.refund_days, on,
            )
        ).enforce(confirmed)  # fmt: skip
        if now.item is not None:
            if takes_back:
                now.was_restored = _bring_back(now, now.item, act=operation.pk, at=at, on=on, by=by)
            elif now.item.account != ItemAccount.WITHDRAWN:
                raise refuse("still_on_books")
        give_back(now, refund_fen, operation.pk, at, by)
        now.state, now.found_on = Case.State.FOUND, on
    return now


def _bring_back(case: Case, item: Item, *, act: UUID, at: datetime, on: date, by: Actor) -> bool:
    """On its shelf again; whether a withdrawal was taken back for it."""
    restored = item.account == ItemAccount.WITHDRAWN
    if restored:
        if case.withdrawal is None:
            raise refuse("withdrawn_otherwise")
        restore_items(case.withdrawal, [item], by=by, at=at, on=on, operation_id=uuid5(act, "restore"))
        item.refresh_from_db()
    if item.account == ItemAccount.MISSING:
        mark_found(item, by=by, at=at, on=on, operation_id=uuid5(act, "found"))
    return restored


def give_back(case: Case, fen: int, act: UUID, at: datetime, by: Actor) -> None:
    """Pay back so much of a case's receipts, the latest first."""
    for entry in reversed(selectors.receipts_of(case)):
        if fen <= 0:
            return
        left = _left_of(entry)
        part = min(left, fen)
        if part <= 0:
            continue
        back = cash.refund(
            entry,
            amount_fen=part,
            words=case.title,
            at=at,
            by=by,
            operation_id=uuid5(act, f"refund{entry.pk}"),
        )
        Payment.objects.create(case=case, entry=back)
        case.paid_fen -= part
        fen -= part


def _left_of(entry: CashEntry) -> int:
    """What of a receipt was neither paid back nor reversed."""
    if entry.act != CashEntry.Act.RECEIPT:
        return 0
    answers = CashEntry.objects.filter(of=entry, answers__isnull=True)
    return entry.amount_fen + sum(answers.values_list("amount_fen", flat=True))
