"""The one way a loan ends: the loan and the volume's movement together."""

from datetime import datetime

from shuxiang.audit.models import Operation
from shuxiang.audit.prepared import Change
from shuxiang.circulation.models import Loan
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services.move import move
from shuxiang.holdings.services.placing import account_in_place

CAUSES = {Loan.Outcome.RETURNED: "check_in", Loan.Outcome.LOST: "lost", Loan.Outcome.CANCELLED: "reversal"}


def close_loan(loan: Loan, item: Item | None, *, outcome: str, at: datetime, operation: Operation) -> Loan:
    """End an open loan and put its volume back (or to missing). Raises Refused if somebody closed it meanwhile."""
    on = local_date(at)
    if at < loan.out_at:
        raise Refused(Decision((Reason("earlier_than_last_movement", Weight.REFUSE, {"at": loan.out_at}),)))
    movement = None
    if item is not None:
        target = _target(loan, item, outcome)
        movement = move(item, target, cause=CAUSES[Loan.Outcome(outcome)], at=at, on=on, operation=operation)
    changed = _CLOSE.make(
        pk=loan.pk,
        at=at,
        on=on,
        outcome=str(outcome),
        movement=movement.pk if movement else None,
        operation=operation.pk,
    )
    if changed != 1:
        raise Refused(Decision((Reason("loan_closed", Weight.REFUSE),)))
    loan.in_at = loan.modified_at = at
    loan.in_on, loan.outcome, loan.in_movement, loan.in_operation = on, str(outcome), movement, operation
    return loan


_CLOSE = Change(
    lambda pk, at, on, outcome, movement, operation: (
        Loan.objects.filter(pk=pk, in_at__isnull=True),
        {
            "in_at": at,
            "in_on": on,
            "outcome": outcome,
            "in_movement": movement,
            "in_operation": operation,
            "modified_at": at,
        },
    )
)


def _target(loan: Loan, item: Item, outcome: str) -> str:
    """Where the volume goes: to missing when lost, back to where it was when undone, else to its place."""
    if outcome == Loan.Outcome.LOST:
        return ItemAccount.MISSING
    if outcome == Loan.Outcome.CANCELLED and loan.out_movement is not None:
        return loan.out_movement.source
    return account_in_place(item)
