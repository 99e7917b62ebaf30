"""Undo at the desk: the opposite act, kept as such (decision 0008)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services.closing import close_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services.move import AccountChanged, move


def _refuse(code: str) -> Refused:
    return Refused(Decision((Reason(code, Weight.REFUSE),)))


def cancel_loan(*, loan: Loan, at: datetime, by: Actor, operation_id: UUID | None = None) -> Loan:
    """The loan never was: the volume goes back and the loan does not count. Raises Refused once it is closed."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.cancel_loan",
            by=by,
            at=at,
            library_code=loan.library.code,
            operation_id=operation_id,
            request={"loan": loan.pk},
        )
        loan = Loan.objects.select_related("library", "item", "out_operation").get(pk=loan.pk)
        if begun.repeated:
            return loan
        if loan.in_at is not None:
            raise _refuse("loan_closed")
        loan = close_loan(loan, loan.item, outcome=Loan.Outcome.CANCELLED, at=at, operation=begun.operation)
        undone = loan.out_operation
        undone.undone_by = begun.operation
        undone.save(update_fields=["undone_by"])
        operations.finish(begun.operation, subject=f"circulation.loan:{loan.pk}", result={"loan": loan.pk})
        return loan


def reopen_loan(*, loan: Loan, at: datetime, by: Actor, operation_id: UUID | None = None) -> Loan:
    """The return never was: the same loan is open again, due as before. Raises Refused if the volume moved on."""
    try:
        with transaction.atomic():
            begun = operations.begin(
                "circulation.reopen_loan",
                by=by,
                at=at,
                library_code=loan.library.code,
                operation_id=operation_id,
                request={"loan": loan.pk},
            )
            loan = Loan.objects.select_related("library", "item", "in_operation").get(pk=loan.pk)
            if begun.repeated:
                return loan
            if loan.in_at is None or loan.outcome != Loan.Outcome.RETURNED:
                raise _refuse("loan_not_returned")
            if loan.item is not None:
                _out_again(loan, loan.item, at, begun.operation)
            undone = loan.in_operation
            Loan.objects.filter(pk=loan.pk).update(
                in_at=None, in_on=None, outcome="", in_movement=None, in_operation=None, modified_at=at
            )
            if undone is not None:
                undone.undone_by = begun.operation
                undone.save(update_fields=["undone_by"])
            operations.finish(
                begun.operation, subject=f"circulation.loan:{loan.pk}", result={"loan": loan.pk}
            )
            loan.refresh_from_db()
            return loan
    except AccountChanged as race:
        raise _refuse("item_moved_on") from race


def _out_again(loan: Loan, item: Item, at: datetime, operation: Operation) -> None:
    """Move the volume back to its reader, if the return is still the last thing that happened to it."""
    last = item.movements.order_by("-id").first()
    if last is None or last.pk != loan.in_movement_id:
        raise _refuse("item_moved_on")
    move(item, ItemAccount.LOAN, cause="reversal", at=at, on=local_date(at), operation=operation)
