"""Loans against volumes and movements: every difference by name."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shuxiang.audit.reconcile import Difference, check, words
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
