"""Undo at the desk: the opposite act, kept as such (decision 0008)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.circulation.holdmodels import RecalledLoan
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services import hold_queue
from shuxiang.circulation.services.closing import close_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item, ItemAccount, Movement
from shuxiang.holdings.services.move import AccountChanged, move
from shuxiang.libraries.models import Library
from shuxiang.patrons.services.blocks import lift_blocks


def _refuse(code: str) -> Refused:
    return Refused(Decision((Reason(code, Weight.REFUSE),)))


@dataclass(frozen=True)
class Undone:
    """What was undone: the operation, and the loan or (for a volume found again) the item it was about."""

    operation: Operation
    loan: Loan | None
    item: Item | None


def undo_act(
    *, library: Library, act: UUID, at: datetime, by: Actor, operation_id: UUID | None = None
) -> Undone:
    """Undo a loan, a return, a renewal or a find by the id of its operation. Raises Refused when it no longer can be."""
    done = Operation.objects.filter(pk=act, library_code=library.code, action__in=_OPPOSITES).first()
    if done is None:
        raise _refuse("nothing_to_undo")
    if done.undone_by_id is not None and done.undone_by_id != operation_id:
        raise _refuse("undone_already")
    loans = Loan.objects.select_related("library", "record", "patron", "item__holding__record")
    loan = loans.filter(pk=done.result.get("loan") or 0, library=library).first()
    if loan is None and done.result.get("hold"):
        return Undone(done, None, _let_go(done, at, by, operation_id))
    if loan is None:
        return Undone(done, None, _lose_again(done, at, by, operation_id))
    try:
        undone = _OPPOSITES[done.action](loan=loan, act=done, at=at, by=by, operation_id=operation_id)
    except AccountChanged as race:
        raise _refuse("item_moved_on") from race
    return Undone(done, undone, undone.item)


def _cancel(*, loan: Loan, act: Operation, at: datetime, by: Actor, operation_id: UUID | None) -> Loan:
    if loan.out_operation_id != act.pk:
        raise _refuse("nothing_to_undo")
    return cancel_loan(loan=loan, at=at, by=by, operation_id=operation_id)


def _reopen(*, loan: Loan, act: Operation, at: datetime, by: Actor, operation_id: UUID | None) -> Loan:
    if loan.in_operation_id not in (act.pk, None):
        raise _refuse("loan_not_returned")
    return reopen_loan(loan=loan, at=at, by=by, operation_id=operation_id)


def cancel_renewal(*, loan: Loan, act: Operation, at: datetime, by: Actor, operation_id: UUID | None) -> Loan:
    """The renewal never was: due as before. Raises Refused when the loan ended or was renewed again since."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.cancel_renewal",
            by=by,
            at=at,
            library_code=loan.library.code,
            operation_id=operation_id,
            request={"loan": loan.pk, "act": str(act.pk)},
        )
        if begun.repeated:
            return loan
        last = Renewal.objects.filter(loan=loan).order_by("-pk").first()
        if last is None or last.operation_id != act.pk:
            raise _refuse("renewed_again")
        if RecalledLoan.objects.filter(
            loan=loan, recall__reversed_at=None, recall__made_at__gte=last.at
        ).exists():
            raise _refuse("recalled_since")
        still = Loan.objects.filter(pk=loan.pk, in_at__isnull=True, due_on=last.due_after)
        if not still.update(due_on=last.due_before, renewals=F("renewals") - 1, modified_at=at):
            raise _refuse("loan_closed")
        last.delete()  # the operation and its opposite keep what was
        act.undone_by = begun.operation
        act.save(update_fields=["undone_by"])
        operations.finish(begun.operation, subject=f"circulation.loan:{loan.pk}", result={"loan": loan.pk})
        loan.refresh_from_db(fields=["due_on", "renewals", "modified_at"])
        return loan


def _lose_again(act: Operation, at: datetime, by: Actor, operation_id: UUID | None) -> Item:
    """The opposite of a return that only found a missing volume: it is missing again."""
    found = (
        Movement.objects.filter(operation=act, cause="found").select_related("item__holding__record").first()
    )
    if found is None:
        raise _refuse("nothing_to_undo")
    try:
        with transaction.atomic():
            begun = operations.begin(
                "circulation.lose_again",
                by=by,
                at=at,
                library_code=act.library_code,
                operation_id=operation_id,
                request={"act": str(act.pk)},
            )
            if begun.repeated:
                return found.item
            last = found.item.movements.order_by("-id").first()
            if last is None or last.pk != found.pk:
                raise _refuse("item_moved_on")
            move(
                found.item,
                found.source,
                cause="reversal",
                at=at,
                on=local_date(at),
                operation=begun.operation,
            )
            act.undone_by = begun.operation
            act.save(update_fields=["undone_by"])
            operations.finish(begun.operation, subject=act.subject, result={"item": found.item_id})
            return found.item
    except AccountChanged as race:
        raise _refuse("item_moved_on") from race


def _let_go(act: Operation, at: datetime, by: Actor, operation_id: UUID | None) -> Item:
    """The opposite of putting a volume that was not lent on the pick-up shelf: nobody has it, its reader waits again."""
    item = Item.objects.select_related("holding__record").get(pk=act.result["item"])
    if Movement.objects.filter(operation=act).exists():  # it was missing: then that too
        hold_queue.return_undone(item, at=at)
        return _lose_again(act, at, by, operation_id)
    with transaction.atomic():
        begun = operations.begin(
            "circulation.let_go",
            by=by,
            at=at,
            library_code=act.library_code,
            operation_id=operation_id,
            request={"act": str(act.pk)},
        )
        if not begun.repeated:
            hold_queue.return_undone(item, at=at)
            act.undone_by = begun.operation
            act.save(update_fields=["undone_by"])
            operations.finish(begun.operation, subject=act.subject, result={"item": item.pk})
        return item


_OPPOSITES: dict[str, Callable[..., Loan]] = {
    "circulation.check_out": _cancel,
    "circulation.check_in": _reopen,
    "circulation.renew": cancel_renewal,
}


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
        _give_back(undone, at, begun.operation)
        hold_queue.loan_undone(loan, undone.result, at=at)
        operations.finish(begun.operation, subject=f"circulation.loan:{loan.pk}", result={"loan": loan.pk})
        return loan


def _give_back(undone: Operation, at: datetime, operation: Operation) -> None:
    """Lending a volume that somebody else had took it back from them first: they have it again."""
    ended = {"in_operation": undone, "outcome": Loan.Outcome.RETURNED, "item__isnull": False}
    before = Loan.objects.filter(**ended).select_related("item").first()
    if before is None or before.item is None:
        return
    move(before.item, ItemAccount.LOAN, cause="reversal", at=at, on=local_date(at), operation=operation)
    Loan.objects.filter(pk=before.pk).update(
        in_at=None, in_on=None, outcome="", in_movement=None, in_operation=None, modified_at=at
    )


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
                hold_queue.return_undone(loan.item, at=at)
            undone = loan.in_operation
            if undone is not None and undone.result.get("block"):
                lift_blocks([undone.result["block"]], by=by, at=at)
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
