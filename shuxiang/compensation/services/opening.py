"""A case is opened: for a loan whose volume the reader lost, or for a volume that came back damaged."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import mark_lost
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.compensation import selectors
from shuxiang.compensation.models import Case, Severity
from shuxiang.compensation.refusals import refuse
from shuxiang.holdings.models import Item
from shuxiang.holdings.selectors import item_label
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron

STANDING = (Case.State.OPEN, Case.State.SETTLED)
OFF_BOOKS = ("draft", "void", "withdrawn")


@transaction.atomic
def open_lost(
    loan: Loan,
    *,
    at: datetime,
    by: Actor,
    current_fen: int | None = None,
    note: str = "",
    operation_id: UUID | None = None,
) -> Case:
    """The reader has lost it: the loan ends as lost (unless it has already), and a case says what is due.

    `current_fen` is what it costs now, where somebody looked it up. Refuses a loan that was returned, one with a case,
    and a title whose price nobody knows.
    """
    begun = operations.begin(
        "compensation.open_lost",
        by=by,
        at=at,
        library_code=loan.library.code,
        operation_id=operation_id,
        request={"loan": loan.pk, "current": current_fen},
    )
    if begun.repeated:
        return Case.objects.get(pk=begun.operation.result["case"])
    loan = _read(loan)
    if loan.in_at is not None and loan.outcome != Loan.Outcome.LOST:
        raise refuse("loan_closed")
    if Case.objects.filter(
        loan=loan, severity=Severity.LOST, state__in=(*STANDING, Case.State.FOUND)
    ).exists():
        raise refuse("case_already", item=loan.record.title)
    marks = loan.in_at is None
    if marks:
        loan = mark_lost(loan=loan, at=at, by=by, operation_id=uuid5(begun.operation.pk, "lost"))
    case = _open(
        loan.library, loan.item, loan, loan.patron, Severity.LOST,
        current_fen=current_fen, note=note, at=at, by=by, marked_lost=marks,
    )  # fmt: skip
    operations.finish(begun.operation, subject=f"compensation.case:{case.pk}", result={"case": case.pk})
    return case


@transaction.atomic
def open_damaged(
    item: Item,
    *,
    severity: str,
    patron: Patron | None,
    at: datetime,
    by: Actor,
    loan: Loan | None = None,
    current_fen: int | None = None,
    note: str = "",
    operation_id: UUID | None = None,
) -> Case:
    """A volume came back damaged; it stays where it is. Without a reader the case still says what was damaged.

    Refuses a volume off the books, one with an open case, and one whose price nobody knows.
    """
    begun = operations.begin(
        "compensation.open_damaged",
        by=by,
        at=at,
        library_code=item.library.code,
        operation_id=operation_id,
        request={"item": item.pk, "severity": severity, "patron": patron.pk if patron else None},
    )
    if begun.repeated:
        return Case.objects.get(pk=begun.operation.result["case"])
    kind = Severity(severity)
    if kind == Severity.LOST:
        raise refuse("not_damaged")
    item = Item.objects.select_related("library", "holding__record", "property_line").get(pk=item.pk)
    if item.account in (*OFF_BOOKS, "missing"):
        raise refuse("not_at_hand", item=item_label(item))
    if Case.objects.filter(item=item, state=Case.State.OPEN).exists():
        raise refuse("case_already", item=item_label(item))
    case = _open(
        item.library, item, loan, patron, kind,
        current_fen=current_fen, note=note, at=at, by=by, marked_lost=False,
    )  # fmt: skip
    operations.finish(begun.operation, subject=f"compensation.case:{case.pk}", result={"case": case.pk})
    return case


def _read(loan: Loan) -> Loan:
    return Loan.objects.select_related(
        "library", "record", "patron", "item__library", "item__holding__record", "item__property_line"
    ).get(pk=loan.pk)


def _open(
    library: Library,
    item: Item | None,
    loan: Loan | None,
    patron: Patron | None,
    severity: Severity,
    *,
    current_fen: int | None,
    note: str,
    at: datetime,
    by: Actor,
    marked_lost: bool,
) -> Case:
    loss = selectors.loss_of(item, loan, severity, current_fen)
    reckoning = selectors.foresee(library, loss)
    title = item.holding.record.title if item is not None else loan.record.title if loan is not None else ""
    if item is not None and item.volume_mark:
        title = f"{title} {item.volume_mark}"
    if reckoning is None:
        raise refuse("price_unknown", item=title)
    on = local_date(at)
    label = loan.class_label if loan is not None and loan.patron_id == (patron.pk if patron else None) else ""
    return Case.objects.create(
        library=library,
        loan=loan,
        item=item,
        patron=patron,
        class_label=label or (patrons.class_label_on(patron, on) if patron else ""),
        title=title[:500],
        severity=severity,
        price_fen=loss.list_fen if loss.list_fen is not None else current_fen,
        reckoning=asdict(reckoning),
        due_fen=reckoning.total_fen,
        note=note.strip()[:200],
        marked_lost=marked_lost,
        opened_on=on,
        opened_by=by.name[:80],
        modified_at=at,
    )
