"""The opposite of marking a loan as lost: the reader has it after all, or somebody pressed the wrong button."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services.move import AccountChanged, move


def unmark_lost(*, loan: Loan, at: datetime, by: Actor, operation_id: UUID | None = None) -> Loan:
    """The same loan is open again, due as before, and its volume lent. Raises Refused if the volume moved on."""
    try:
        with transaction.atomic():
            begun = operations.begin(
                "circulation.unmark_lost",
                by=by,
                at=at,
                library_code=loan.library.code,
                operation_id=operation_id,
                request={"loan": loan.pk},
            )
            loan = Loan.objects.select_related("library", "item", "in_operation").get(pk=loan.pk)
            if begun.repeated:
                return loan
            if loan.outcome != Loan.Outcome.LOST:
                raise Refused(Decision((Reason("loan_not_returned", Weight.REFUSE),)))
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
        raise Refused(Decision((Reason("item_moved_on", Weight.REFUSE),))) from race


def _out_again(loan: Loan, item: Item, at: datetime, operation: Operation) -> None:
    """Lent as before, if it is missing still (or again) and nobody has borrowed it since."""
    since = Loan.objects.filter(item=item, out_at__gt=loan.out_at)
    if item.account != ItemAccount.MISSING or since.exclude(outcome=Loan.Outcome.CANCELLED).exists():
        raise Refused(Decision((Reason("item_moved_on", Weight.REFUSE),)))
    move(item, ItemAccount.LOAN, cause="reversal", at=at, on=local_date(at), operation=operation)
