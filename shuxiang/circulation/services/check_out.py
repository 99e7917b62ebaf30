"""Lending: one volume to one reader, with every reason at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.audit.prepared import Entry
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import selectors
from shuxiang.circulation.models import Loan
from shuxiang.circulation.rules import may_check_out
from shuxiang.circulation.selectors import Standing
from shuxiang.circulation.services import hold_queue, snapshot
from shuxiang.circulation.services.closing import close_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services.move import AccountChanged, move
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card, Patron


class NoCopyIn(Refused):
    """Asked for by ISBN, but no copy of the title is in."""


def preview_check_out(
    *, library: Library, patron: Patron, item: Item, at: datetime, kind: str = "", card: Card | None = None
) -> Decision:
    """Every reason for and against lending, without lending."""
    found = selectors.standing(
        library=library,
        patron=patron,
        item=selectors.volume_now(item.pk),
        at=at,
        kind=kind or snapshot.default_kind(patron),
        card=card,
    )
    return may_check_out(found.facts)


def check_out(
    *,
    library: Library,
    patron: Patron,
    item: Item,
    at: datetime,
    by: Actor,
    confirmed: frozenset[str] = frozenset(),
    kind: str = "",
    card: Card | None = None,
    operation_id: UUID | None = None,
    tell: Callable[[Decision], None] = lambda _decision: None,
) -> Loan:
    """Lend an item. Raises Refused with every reason that still stands; the same operation id lends once.

    `tell` hears what is worth saying although it was lent: closed today, a due date that was moved.
    """
    _same_library(library, patron, item)
    kind = kind or snapshot.default_kind(patron)
    request = {"patron": patron.pk, "item": item.pk, "kind": kind}
    try:
        with transaction.atomic():
            begun = operations.begin(
                "circulation.check_out",
                by=by,
                at=at,
                library_code=library.code,
                operation_id=operation_id,
                request=request,
            )
            if begun.repeated:
                return Loan.objects.get(pk=begun.operation.result["loan"])
            item = selectors.volume_now(item.pk)
            found = selectors.standing(library=library, patron=patron, item=item, at=at, kind=kind, card=card)
            decision = may_check_out(found.facts)
            decision.enforce(confirmed)
            tell(Decision(decision.notes))
            loan = _lend(library, patron, item, found, begun.operation)
            noted = hold_queue.lent(loan, item, found.claims, at=at) if selectors.has_holds(item) else {}
            operations.finish(
                begun.operation,
                subject=f"holdings.item:{item.pk}",
                result={"loan": loan.pk, **noted},
                detail={"patron": patron.pk, "confirmed": sorted(confirmed), "in_slot": found.facts.in_slot},
            )
            return loan
    except (AccountChanged, IntegrityError) as race:
        # Another desk was faster; the constraint (one open loan per item) or the compare-and-set said so.
        raise Refused(Decision((Reason("taken_meanwhile", Weight.REFUSE),))) from race


def _lend(library: Library, patron: Patron, item: Item, found: Standing, operation: Operation) -> Loan:
    facts = found.facts
    at, on = facts.at, local_date(facts.at)
    if found.current is not None:  # confirmed: take it back from the other reader first
        close_loan(found.current, item, outcome=Loan.Outcome.RETURNED, at=at, operation=operation)
    if item.account == ItemAccount.MISSING:
        move(item, ItemAccount.SHELF, cause="found", at=at, on=on, operation=operation)
    movement = move(item, ItemAccount.LOAN, cause="check_out", at=at, on=on, operation=operation)
    record = item.holding.record
    loan = Loan(
        library=library,
        record=record,
        item=item,
        patron=patron,
        kind=facts.kind,
        out_at=at,
        out_on=on,
        due_on=facts.due.due_on,
        out_movement=movement,
        out_operation=operation,
        modified_at=at,
        **snapshot.reader_as_of(library, patron, on, found.membership, found.calendar),
        **snapshot.item_snapshot(item, record),
    )
    _LOAN.make(loan)
    return loan


_LOAN = Entry(Loan)


def check_out_record(
    *,
    library: Library,
    patron: Patron,
    records: Sequence[BibliographicRecord],
    at: datetime,
    by: Actor,
    confirmed: frozenset[str] = frozenset(),
    card: Card | None = None,
    operation_id: UUID | None = None,
) -> Loan:
    """Lend any copy that is in of a title scanned by its ISBN. Raises NoCopyIn, or Refused as check_out does."""
    if operation_id is not None:
        done = Operation.objects.filter(pk=operation_id, action="circulation.check_out").first()
        if done is not None:
            return Loan.objects.get(pk=done.result["loan"], patron=patron)
    item = selectors.copy_to_lend(library, records, patron)
    if item is None:
        raise NoCopyIn(Decision((Reason("no_copy_in", Weight.REFUSE),)))
    return check_out(
        library=library,
        patron=patron,
        item=item,
        at=at,
        by=by,
        confirmed=confirmed,
        card=card,
        operation_id=operation_id,
    )


def _same_library(library: Library, patron: Patron, item: Item) -> None:
    reasons = [
        Reason("reader_of_other_library", Weight.REFUSE) if patron.library_id != library.pk else None,
        Reason("item_of_other_library", Weight.REFUSE) if item.library_id != library.pk else None,
    ]
    Decision.of(reasons).enforce()
