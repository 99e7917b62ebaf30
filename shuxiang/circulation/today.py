"""What was done at the desks on a day, read from the operations: renewals and undone acts too, latest first.

The index of operations by library and instant makes this as quick with two million loans as with none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan
from shuxiang.common.clock import DEFAULT_TIMEZONE
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library

KINDS = {
    "circulation.check_out": "lent",
    "circulation.check_in": "returned",
    "circulation.renew": "renewed",
}


@dataclass(frozen=True)
class Act:
    """One act of a day as a line of the desk shows it."""

    operation: UUID
    kind: str  # lent | returned | renewed
    at: datetime
    by: str
    title: str
    clc: str
    place: str  # where the volume stands when it is in
    is_elsewhere: bool  # that place is no lending shelf: a reading room, a class corner
    call_number: str
    name: str  # the reader's; empty for a volume that was not lent, or a loan made anonymous
    class_label: str
    late_days: int
    notes: tuple[str, ...]  # reason codes
    is_undone: bool
    can_be_undone: bool
    loan_id: int | None
    item_id: int | None = None
    kept_for: str = ""  # class and name of who waits for it: it goes to the pick-up shelf


@dataclass(frozen=True)
class Counts:
    """What the desks of a library did on a day, and what is overdue at its end."""

    lent: int
    returned: int
    overdue: int


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and the next one does."""
    zone = ZoneInfo(DEFAULT_TIMEZONE)
    starts, ends = (datetime.combine(on, time(), zone) for on in (day, day + timedelta(days=1)))
    return starts.astimezone(UTC), ends.astimezone(UTC)


def _acts_on(library: Library, day: date) -> QuerySet[Operation]:
    starts, ends = day_bounds(day)
    return Operation.objects.filter(library_code=library.code, at__gte=starts, at__lt=ends, action__in=KINDS)


def counts(library: Library, day: date) -> Counts:
    """Loans and returns of a day that were not undone; a return of what was not lent is none."""
    stands = _acts_on(library, day).filter(undone_by=None, result__loan__gt=0)
    found = stands.aggregate(
        lent=Count("pk", filter=Q(action="circulation.check_out")),
        returned=Count("pk", filter=Q(action="circulation.check_in")),
    )
    late = Loan.objects.filter(library=library, in_at__isnull=True, due_on__lt=day)
    return Counts(found["lent"], found["returned"], late.count())


def recent_acts(library: Library, day: date, *, by: str = "", most: int = 6) -> list[Act]:
    """The last acts of a day, those of one account only when it is named: three queries."""
    found = _acts_on(library, day)
    return read_acts(library, (found.filter(actor=by) if by else found).order_by("-at", "-pk")[:most])


def returns_since(library: Library, *, by: str, since: datetime, most: int) -> list[Act]:
    """What an account has taken back since an instant, latest first."""
    found = Operation.objects.filter(library_code=library.code, at__gte=since, actor=by)
    return read_acts(library, found.filter(action="circulation.check_in").order_by("-at", "-pk")[:most])


def act_of(library: Library, operation: UUID) -> Act | None:
    """One act by its operation."""
    found = Operation.objects.filter(pk=operation, library_code=library.code, action__in=KINDS)
    return next(iter(read_acts(library, found)), None)


def read_acts(library: Library, operations: Iterable[Operation]) -> list[Act]:
    """Operations with what they were about, in the order given."""
    rows = list(operations)
    loans = Loan.objects.filter(library=library).select_related(
        "record", "patron", "item__holding", "item__home", "item__current"
    )
    items = Item.objects.filter(library=library).select_related("holding__record", "home", "current")
    by_loan = loans.in_bulk(_keys(row.result.get("loan") for row in rows))
    alone = [row.result.get("item") for row in rows if not row.result.get("loan")]
    by_item = items.in_bulk(_keys(alone))
    return [_act(row, by_loan, by_item) for row in rows]


def _keys(values: Iterable[Any]) -> Sequence[int]:
    return [value for value in values if isinstance(value, int)]


def _act(row: Operation, by_loan: Mapping[int, Loan], by_item: Mapping[int, Item]) -> Act:
    loan = by_loan.get(row.result.get("loan") or 0)
    item = loan.item if loan else by_item.get(row.result.get("item") or 0)
    record = loan.record if loan else item.holding.record if item else None
    notes = tuple(row.detail.get("notes", ()))
    return Act(
        operation=row.pk,
        kind=KINDS[row.action],
        at=row.at,
        by=row.actor,
        title=record.title if record else "",
        clc=record.clc if record else "",
        place=(item.current or item.home).name if item else "",
        is_elsewhere=stands_elsewhere(item),
        call_number=item.holding.call_number if item else "",
        name=loan.patron.name if loan and loan.patron else "",
        class_label=loan.class_label if loan else "",
        late_days=max(row.result.get("late") or 0, 0),
        notes=notes,
        is_undone=row.undone_by_id is not None,
        can_be_undone=row.undone_by_id is None
        and (loan is not None or bool({"found_again", "keep_for"} & set(notes))),
        loan_id=loan.pk if loan else None,
        item_id=item.pk if item else None,
        kept_for=kept_for(row.detail.get("told", {}).get("keep_for")),
    )


def kept_for(told: Mapping[str, object] | None) -> str:
    """Class and name out of what was said of a return."""
    return f"{told['class']} {told['name']}" if told else ""


def stands_elsewhere(item: Item | None) -> bool:
    """Whether a volume that came back belongs somewhere else than on a shelf it is lent from."""
    place = (item.current or item.home) if item else None
    return place is not None and (place.lending != "out" or place.school_class_id is not None)


def last_return_of(item: Item) -> Loan | None:
    """The loan of a volume that was returned last."""
    returned = Loan.objects.filter(item=item, outcome=Loan.Outcome.RETURNED).select_related(
        "patron", "record"
    )
    return returned.order_by("-in_at").first()
