"""Taking back: always accepted, whatever is odd about it; what is odd is said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import selectors
from shuxiang.circulation.models import Loan
from shuxiang.circulation.rules import ReturnFacts, about_return
from shuxiang.circulation.services.closing import close_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Holding, Item, ItemAccount
from shuxiang.holdings.services.move import move
from shuxiang.holdings.services.placing import account_in_place
from shuxiang.libraries.models import Library


@dataclass(frozen=True)
class CheckInResult:
    """What a return did: the loan it closed, if there was one, and everything worth saying."""

    item: Item | None
    loan: Loan | None
    decision: Decision = field(default_factory=Decision)


class WhichReader(Exception):
    """A book came back by ISBN and several readers have a copy: somebody must say whose it is."""

    def __init__(self, loans: Sequence[Loan]) -> None:
        super().__init__(f"{len(loans)} readers have this title")
        self.loans = tuple(loans)


def check_in(
    *, library: Library, item: Item, at: datetime, by: Actor, operation_id: UUID | None = None
) -> CheckInResult:
    """Take an item back; never refuses for the state of the loan. The same operation id returns once."""
    if item.library_id != library.pk:
        raise Refused(Decision((Reason("item_of_other_library", Weight.REFUSE),)))
    with transaction.atomic():
        begun = operations.begin(
            "circulation.check_in",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"item": item.pk},
        )
        if begun.repeated:
            return _again(begun.operation.result)
        item = selectors.volume_now(item.pk)
        loan = selectors.open_loan_of(item)
        late = (local_date(at) - loan.due_on).days if loan else 0
        held = item.holding.review == Holding.Review.HELD
        decision = about_return(ReturnFacts(item.account, loan is not None, late, held))
        if loan is not None:
            loan = close_loan(loan, item, outcome=Loan.Outcome.RETURNED, at=at, operation=begun.operation)
        elif item.account == ItemAccount.MISSING:
            move(
                item,
                account_in_place(item),
                cause="found",
                at=at,
                on=local_date(at),
                operation=begun.operation,
            )
        operations.finish(
            begun.operation,
            subject=f"holdings.item:{item.pk}",
            result={"loan": loan.pk if loan else None, "item": item.pk, "late": late},
            detail={"notes": [reason.code for reason in decision.reasons]},
        )
        return CheckInResult(item, loan, decision)


def check_in_loan(*, loan: Loan, at: datetime, by: Actor, operation_id: UUID | None = None) -> CheckInResult:
    """Close a chosen open loan; the way back for a loan that has no volume."""
    if loan.item is not None:
        return check_in(library=loan.library, item=loan.item, at=at, by=by, operation_id=operation_id)
    with transaction.atomic():
        begun = operations.begin(
            "circulation.check_in",
            by=by,
            at=at,
            library_code=loan.library.code,
            operation_id=operation_id,
            request={"loan": loan.pk},
        )
        if begun.repeated:
            return _again(begun.operation.result)
        late = (local_date(at) - loan.due_on).days
        loan = close_loan(loan, None, outcome=Loan.Outcome.RETURNED, at=at, operation=begun.operation)
        operations.finish(
            begun.operation,
            subject=f"circulation.loan:{loan.pk}",
            result={"loan": loan.pk, "item": None, "late": late},
        )
        return CheckInResult(None, loan, about_return(ReturnFacts("", True, late)))


def check_in_record(
    *,
    library: Library,
    records: Sequence[BibliographicRecord],
    at: datetime,
    by: Actor,
    patron_id: int | None = None,
    operation_id: UUID | None = None,
) -> CheckInResult:
    """Take back a book scanned by its ISBN. Raises WhichReader if several have it and nobody said whose it is."""
    loans = selectors.loans_to_return(library, records)
    if patron_id is not None:
        loans = [loan for loan in loans if loan.patron_id == patron_id]
    if not loans:
        return CheckInResult(None, None, Decision((Reason("was_not_lent", Weight.NOTE),)))
    if len({loan.patron_id for loan in loans}) > 1:
        raise WhichReader(loans)
    return check_in_loan(loan=loans[0], at=at, by=by, operation_id=operation_id)


def _again(result: dict[str, int | None]) -> CheckInResult:
    loan = Loan.objects.filter(pk=result["loan"] or 0).select_related("record", "patron").first()
    item = Item.objects.filter(pk=result["item"] or 0).first()
    late = result["late"] or 0
    return CheckInResult(
        item, loan, about_return(ReturnFacts(item.account if item else "", loan is not None, late))
    )
