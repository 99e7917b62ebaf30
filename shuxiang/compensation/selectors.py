"""Reads of compensation: cases, the rule table, what a sum would be, what waits to be struck or paid back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from shuxiang.cashbook.models import CashEntry
from shuxiang.circulation.models import Loan
from shuxiang.compensation import shipped
from shuxiang.compensation.models import Case, CompensationPolicy, CompensationRule, Severity
from shuxiang.compensation.rules import Loss, Reckoning, Rule, reckon
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.libraries.models import Library

State, Way, Severities = Case.State, Case.Way, Severity
GONE = (ItemAccount.MISSING, ItemAccount.WITHDRAWN)
_RULE = (
    "severity", "material", "copies_from", "copies_to", "year_to", "base", "factor", "fee_fen", "min_fen", "max_fen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a library reckons: its rows in order, and what holds for all cases."""

    set_code: str
    rules: tuple[Rule, ...]
    unknown_price_fen: int | None = None
    refund_days: int = 30
    replacement_fee_fen: int = 0


def terms_of(library: Library) -> Terms:
    """A library's own table; until it has chosen one, the usual one that comes along."""
    policy = CompensationPolicy.objects.filter(library=library).first()
    if policy is None:
        usual = shipped.set_called(shipped.USUAL)
        return Terms(shipped.USUAL, usual.rules if usual else ())
    rows = CompensationRule.objects.filter(library=library).order_by("position").values_list(*_RULE)
    return Terms(
        policy.set_code,
        tuple(Rule(*row) for row in rows),
        policy.unknown_price_fen,
        policy.refund_days,
        policy.replacement_fee_fen,
    )


def loss_of(item: Item | None, loan: Loan | None, severity: str, current_fen: int | None = None) -> Loss:
    """What the rules look at, of a volume or (lent without one) of the loan's title. The price is that of lending."""
    record = item.holding.record if item is not None else loan.record if loan is not None else None
    line = getattr(item, "property_line", None) if item is not None else None
    price = loan.price_fen if loan is not None else None
    if price is None and line is not None:
        price = line.list_price_fen
    if price is None and record is not None:
        price = record.price_fen
    copies = 1
    if item is not None:
        same = Item.objects.filter(library=item.library_id, holding__record=item.holding.record_id)
        copies = max(1, same.filter(Q(account__in=ON_BOOKS) | Q(pk=item.pk)).count())
    return Loss(
        severity=severity,
        list_fen=price,
        current_fen=current_fen,
        set_fen=record.set_price_fen if record else None,
        is_reference=bool(record and record.is_reference),
        is_serial=bool(record and record.kind == "serial"),
        is_of_set=bool(record and (record.parent_id is not None or record.set_price_fen is not None)),
        copies=copies,
        year=record.pub_year if record else None,
    )


def foresee(library: Library, loss: Loss) -> Reckoning | None:
    """What would be due by the library's table; None while no price is known."""
    terms = terms_of(library)
    return reckon(terms.rules, loss, terms.unknown_price_fen)


def cases_of(library: Library) -> QuerySet[Case]:
    cases = Case.objects.filter(library=library)
    return cases.select_related(
        "library", "patron", "loan", "item__property_line", "item__holding", "withdrawal", "replacement__property_line"
    )  # fmt: skip


def case_of(library: Library, pk: int) -> Case | None:
    return cases_of(library).filter(pk=pk).first()


def open_cases(library: Library) -> QuerySet[Case]:
    """What is not settled, the oldest first."""
    return cases_of(library).filter(state=State.OPEN).order_by("opened_on", "pk")


def ended_cases(library: Library) -> QuerySet[Case]:
    """Settled, found, cancelled: the latest first."""
    return cases_of(library).exclude(state=State.OPEN).order_by("-modified_at", "-pk")


def turned_up(library: Library) -> QuerySet[Case]:
    """Volumes that were reported lost and stand on a shelf again: money may be due back."""
    lost = cases_of(library).filter(severity=Severity.LOST, state__in=(State.OPEN, State.SETTLED))
    return lost.filter(item__isnull=False).exclude(item__account__in=GONE).order_by("opened_on", "pk")


def to_withdraw(library: Library) -> QuerySet[Case]:
    """Settled cases whose volume still stands in the books and should not: lost, or not fit to be lent."""
    settled = cases_of(library).filter(state=State.SETTLED, withdrawal=None, item__isnull=False)
    beyond = Q(severity=Severity.LOST, item__account=ItemAccount.MISSING) | Q(severity=Severity.HEAVY)
    fit = ("missing", "shelf", "corner", "mending", "binding", "display", "review")
    return settled.filter(beyond, item__account__in=fit).exclude(way=Way.REPAIR).order_by("settled_on", "pk")


def unreported(library: Library) -> QuerySet[Loan]:
    """Loans that ended as lost without anybody having opened a case."""
    lost = Loan.objects.filter(library=library, outcome=Loan.Outcome.LOST)
    lost = lost.exclude(cases__state__in=(State.OPEN, State.SETTLED, State.FOUND))
    return lost.select_related("record", "patron", "item__property_line").order_by("-in_on", "-pk")


def cases_on(items: Sequence[int]) -> dict[int, Case]:
    """The case that is open or was settled last, by item."""
    cases = Case.objects.filter(item__in=items, state__in=(State.OPEN, State.SETTLED)).order_by("pk")
    return {case.item_id: case for case in cases if case.item_id is not None}


def last_loan_of(item: Item) -> Loan | None:
    """Who had a volume last: whoever brought it back is asked first."""
    loans = Loan.objects.filter(item=item).exclude(outcome=Loan.Outcome.CANCELLED)
    return loans.select_related("patron", "record", "library").order_by("-out_at", "-pk").first()


def receipts_of(case: Case) -> list[CashEntry]:
    """Its lines of the cash book in their order."""
    entries = CashEntry.objects.filter(case_payment__case=case).select_related("library", "of")
    return list(entries.order_by("year", "number"))


@dataclass(frozen=True, slots=True)
class Sums:
    """Cases opened in some days: how many, due, paid and waived in fen."""

    cases: int
    due_fen: int
    paid_fen: int
    waived_fen: int


def sums_of(library: Library, first: date, last: date) -> Sums:
    cases = Case.objects.filter(library=library, opened_on__range=(first, last)).exclude(
        state=State.CANCELLED
    )
    sums = cases.aggregate(
        due=Sum("due_fen", default=0), paid=Sum("paid_fen", default=0), waived=Sum("waived_fen", default=0)
    )
    return Sums(cases.count(), sums["due"], sums["paid"], sums["waived"])


def left_to_pay(library: Library) -> QuerySet[Case]:
    """Open cases of which something is still to be paid or brought."""
    return open_cases(library).filter(due_fen__gt=F("paid_fen") + F("waived_fen"))


def item_of(library: Library, pk: int) -> Item | None:
    items = Item.objects.filter(library=library, pk=pk)
    return items.select_related("library", "holding__record", "home", "property_line").first()
