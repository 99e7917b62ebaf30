"""Loans against volumes and movements: every difference by name."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.circulation.holdmodels import Hold, RecalledLoan
from shuxiang.circulation.messages import speak
from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import Item, ItemAccount, Movement

words("circulation", speak)


def _loans(library_code: str | None) -> QuerySet[Loan]:
    loans = Loan.objects.select_related("library", "record", "item")
    return loans.filter(library__code=library_code) if library_code else loans


@check("circulation.open_loans")
def open_loans_stand_in_loan(library_code: str | None) -> Iterator[Difference]:
    """An open loan with a volume ⇔ that volume stands in the account `loan`."""
    wrong = (
        _loans(library_code)
        .filter(in_at__isnull=True, item__isnull=False)
        .exclude(item__account=ItemAccount.LOAN)
    )
    for loan in wrong:
        account = loan.item.account if loan.item else ""
        yield Difference(
            "circulation.open_loans",
            loan.library.code,
            f"circulation.loan:{loan.pk}",
            "open_loan_without_movement",
            {"loan": loan.pk, "item": loan.item_id, "account": account},
        )
    items = Item.objects.filter(account=ItemAccount.LOAN).select_related("library")
    if library_code:
        items = items.filter(library__code=library_code)
    for item in items.filter(~Exists(Loan.objects.filter(item=OuterRef("pk"), in_at__isnull=True))):
        yield Difference(
            "circulation.open_loans",
            item.library.code,
            f"holdings.item:{item.pk}",
            "volume_out_without_loan",
            {"item": item.pk},
        )


@check("circulation.movements")
def loans_name_their_movements(library_code: str | None) -> Iterator[Difference]:
    """Out- and in-movement exist exactly where there is a volume, belong to it, and carry the loan's instants."""
    with_volume = Q(item__isnull=False)
    out_wrong = with_volume & (
        Q(out_movement__isnull=True)
        | ~Q(out_movement__item=F("item"))
        | ~Q(out_movement__target=ItemAccount.LOAN)
        | ~Q(out_movement__at=F("out_at"))
    )
    in_wrong = (
        with_volume
        & Q(in_at__isnull=False)
        & (
            Q(in_movement__isnull=True)
            | ~Q(in_movement__item=F("item"))
            | ~Q(in_movement__source=ItemAccount.LOAN)
            | ~Q(in_movement__at=F("in_at"))
        )
    )
    without = Q(item__isnull=True) & (Q(out_movement__isnull=False) | Q(in_movement__isnull=False))
    for loan in _loans(library_code).filter(out_wrong | in_wrong | without):
        yield Difference(
            "circulation.movements",
            loan.library.code,
            f"circulation.loan:{loan.pk}",
            "loan_movement_differs",
            {"loan": loan.pk},
        )


ENDS = {Loan.Outcome.RETURNED: "check_in", Loan.Outcome.LOST: "lost"}  # one cancelled may have ended before


@check("circulation.agreement")
def loans_agree_with_what_they_name(library_code: str | None) -> Iterator[Difference]:
    """Days, outcome and renewals are those of the movements and renewals; loan, volume and reader are of one library."""
    days = (Q(out_movement__isnull=False) & ~Q(out_on=F("out_movement__on"))) | (
        Q(in_movement__isnull=False) & ~Q(in_on=F("in_movement__on"))
    )
    ended = Q()
    for outcome, cause in ENDS.items():
        ended |= Q(outcome=outcome, in_movement__isnull=False) & ~Q(in_movement__cause=cause)
    foreign = (Q(item__isnull=False) & ~Q(item__library=F("library"))) | (
        Q(patron__isnull=False) & ~Q(patron__library=F("library"))
    )
    loans = _loans(library_code)
    renewed = loans.annotate(rows=Count("renewal_rows")).exclude(renewals=F("rows"))
    for code, found in (
        ("loan_day_differs", loans.filter(days)),
        ("loan_end_differs", loans.filter(ended)),
        ("loan_of_other_library", loans.filter(foreign)),
        ("loan_renewals_differ", renewed),
    ):
        for loan in found:
            subject = f"circulation.loan:{loan.pk}"
            yield Difference("circulation.agreement", loan.library.code, subject, code, {"loan": loan.pk})


@check("circulation.orphans")
def movements_name_a_loan(library_code: str | None) -> Iterator[Difference]:
    """A volume goes out and comes back only for a loan; a return that was undone later needs none any more."""
    movements = Movement.objects.select_related("library")
    if library_code:
        movements = movements.filter(library__code=library_code)
    undone = Movement.objects.filter(
        item=OuterRef("item"), pk__gt=OuterRef("pk"), target=ItemAccount.LOAN, cause="reversal"
    )
    out = Q(target=ItemAccount.LOAN, loan_out__isnull=True) & ~Q(cause="reversal")
    back = Q(source=ItemAccount.LOAN, loan_in__isnull=True) & ~Exists(undone)
    for movement in movements.filter(out | back):
        yield Difference(
            "circulation.orphans",
            movement.library.code,
            f"holdings.movement:{movement.pk}",
            "movement_without_loan",
            {"movement": movement.pk, "item": movement.item_id},
        )


@check("circulation.without_volume")
def loans_without_a_volume(library_code: str | None) -> Iterator[Difference]:
    """Open loans beyond the copies held: allowed, but named."""
    for loan in _loans(library_code).filter(in_at__isnull=True, item__isnull=True):
        yield Difference(
            "circulation.without_volume",
            loan.library.code,
            f"circulation.loan:{loan.pk}",
            "loan_without_volume",
            {"loan": loan.pk, "title": loan.record.title},
            allowed=True,
        )


@check("circulation.holds")
def holds_agree_with_what_they_name(library_code: str | None) -> Iterator[Difference]:
    """A volume on the pick-up shelf is in; a filled hold names a loan of its reader and title; all of one library."""
    holds = Hold.objects.select_related("library", "ready_item")
    if library_code:
        holds = holds.filter(library__code=library_code)
    for hold in holds.filter(state=Hold.State.READY).exclude(ready_item__account=ItemAccount.SHELF):
        account = hold.ready_item.account if hold.ready_item else ""
        params: dict[str, object] = {"hold": hold.pk, "item": hold.ready_item_id, "account": account}
        # the daily look at the shelf puts it right: said, no fault of the books
        yield _about(hold, "ready_hold_without_volume", params, allowed=True)
    filled = holds.filter(state=Hold.State.FILLED)
    reader = Q(loan__patron__isnull=False) & ~Q(loan__patron=F("patron"))
    for hold in filled.filter(Q(loan__isnull=True) | reader | ~Q(loan__record=F("record"))):
        yield _about(hold, "filled_hold_without_loan", {"hold": hold.pk})
    foreign = ~Q(patron__library=F("library"))
    for name in ("item", "ready_item"):
        foreign |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}__library": F("library")})
    for hold in holds.filter(foreign):
        yield _about(hold, "hold_of_other_library", {"hold": hold.pk})


def _about(hold: Hold, code: str, params: dict[str, object], *, allowed: bool = False) -> Difference:
    subject = f"circulation.hold:{hold.pk}"
    return Difference("circulation.holds", hold.library.code, subject, code, params, allowed=allowed)


@check("circulation.recalls")
def recalls_keep_the_days(library_code: str | None) -> Iterator[Difference]:
    """What was called in was due later before, and belongs to the library that called it in."""
    rows = RecalledLoan.objects.select_related("recall__library")
    if library_code:
        rows = rows.filter(recall__library__code=library_code)
    for row in rows.filter(~Q(loan__library=F("recall__library")) | ~Q(due_after=F("recall__due_on"))):
        yield Difference(
            "circulation.recalls",
            row.recall.library.code,
            f"circulation.loan:{row.loan_id}",
            "recall_day_differs",
            {"loan": row.loan_id},
        )
