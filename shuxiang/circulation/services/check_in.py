"""Taking back: always accepted, whatever is odd about it; what is odd is said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import selectors
from shuxiang.circulation.models import Loan
from shuxiang.circulation.rules import ReturnFacts, about_return
from shuxiang.circulation.services.closing import close_loan
from shuxiang.circulation.services.hold_queue import catch, kept_for
from shuxiang.circulation.services.suspending import suspend_for_delay, suspended
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
            return _again(begun.operation)
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
        noted, decision = _follow(loan, item, decision, at, by)
        operations.finish(
            begun.operation,
            subject=f"holdings.item:{item.pk}",
            result={"loan": loan.pk if loan else None, "item": item.pk, "late": late, **noted},
            detail=_told(decision),
        )
        return CheckInResult(item, loan, decision)


def _follow(
    loan: Loan | None, item: Item | None, decision: Decision, at: datetime, by: Actor
) -> tuple[dict[str, int], Decision]:
    """What a return brings with it: the volume is kept for who waits, the reader is stopped for the delay."""
    noted: dict[str, int] = {}
    reasons = list(decision.reasons)
    if item is not None and selectors.has_holds(item) and (hold := catch(item, at=at)) is not None:
        noted["hold"] = hold.pk
        reasons = [reason for reason in reasons if reason.code != "was_not_lent"]
        reasons.insert(0, kept_for(hold, local_date(at)))
    late = loan is not None and local_date(at) > loan.due_on
    if loan is not None and late and (row := suspend_for_delay(loan, item, at=at, by=by)) is not None:
        noted["block"] = row.pk
        reasons.append(suspended(row))
    return noted, Decision.of(reasons)


TOLD = ("keep_for", "suspended")  # notes whose words need more than the loan


def _told(decision: Decision) -> dict[str, object]:
    """What was said, such that a repeated request is told the same."""
    detail: dict[str, object] = {"notes": [reason.code for reason in decision.reasons]}
    more = {r.code: {k: str(v) for k, v in r.params.items()} for r in decision.reasons if r.code in TOLD}
    return detail | ({"told": more} if more else {})


def told_before(done: Operation) -> Decision:
    """What was said about a return the first time."""
    late = done.result.get("late") or 0
    codes = done.detail.get("notes", ["returned_late"] if late > 0 else [])
    kept = {"returned_late": {"days": late}, **done.detail.get("told", {})}
    return Decision(tuple(Reason(code, Weight.NOTE, _read(kept.get(code, {}))) for code in codes))


def _read(params: dict[str, object]) -> dict[str, object]:
    return {k: date.fromisoformat(str(v)) if k == "on" else v for k, v in params.items()}


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
            return _again(begun.operation)
        late = (local_date(at) - loan.due_on).days
        loan = close_loan(loan, None, outcome=Loan.Outcome.RETURNED, at=at, operation=begun.operation)
        noted, decision = _follow(loan, None, about_return(ReturnFacts("", True, late)), at, by)
        operations.finish(
            begun.operation,
            subject=f"circulation.loan:{loan.pk}",
            result={"loan": loan.pk, "item": None, "late": late, **noted},
            detail=_told(decision),
        )
        return CheckInResult(None, loan, decision)


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


def _again(done: Operation) -> CheckInResult:
    loan = Loan.objects.filter(pk=done.result["loan"] or 0).select_related("record", "patron").first()
    item = Item.objects.filter(pk=done.result["item"] or 0).first()
    return CheckInResult(item, loan, told_before(done))
