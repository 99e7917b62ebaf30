"""Holds, a recall, a holiday and a block for the demonstration: what is lent to teachers is waited for by pupils."""

from datetime import date, datetime, timedelta

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Wanted, check_in, place_hold, recall, save_vacation, tend
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import ClassMembership, Patron, PatronCategory
from shuxiang.patrons.services import block

WAITING = 9  # holds of the demonstration
BACK = 3  # of these come back: they stand on the pick-up shelf


def fill_waiting(library: Library, by: Actor, at: datetime) -> None:
    """Some wait, some may fetch, two wait for the same; a title is called in; one may not borrow; a holiday is set."""
    loans = _lent_to_teachers(library, WAITING)
    pupils = _readers_with_nothing(library, len(loans) + 2)
    if not loans or len(pupils) < len(loans) + 2:
        return  # in the holidays nothing is out
    moment = at - timedelta(hours=3)
    for number, (loan, pupil) in enumerate(zip(loans, pupils, strict=False)):
        place_hold(
            library=library,
            patron=pupil,
            record=loan.record,
            at=moment + timedelta(minutes=number),
            by=by,
            confirmed=frozenset({"copy_is_in"}),
        )
    place_hold(
        library=library,
        patron=pupils[len(loans)],
        record=loans[-1].record,
        at=moment + timedelta(minutes=40),
        by=by,
        confirmed=frozenset({"copy_is_in"}),
    )
    for number, loan in enumerate(loans[:BACK]):
        if loan.item is not None:
            back = moment + timedelta(hours=1, minutes=number)
            check_in(library=library, item=loan.item, at=back, by=by)
    called = loans[-1]
    due = libraries.next_open_day(library, local_date(at) + timedelta(days=5))
    if called.due_on > due:
        wanted = Wanted("title", due, record=called.record)
        recall(library=library, wanted=wanted, reason="有学生预约，等着看", at=moment, by=by)
    stopped = pupils[len(loans) + 1]
    until = local_date(at) + timedelta(days=14)
    block(patron=stopped, reason="书弄丢了，正在找", by=by, at=moment, until_on=until)
    _holiday(library, by, at)
    tend(library=library, at=at, by=by)


def _holiday(library: Library, by: Actor, at: datetime) -> None:
    """The week before the end of teaching, due in the second week of the next term."""
    term = libraries.term_on(library, local_date(at))
    first: date = max(term.teaching_to - timedelta(days=6), local_date(at) + timedelta(days=1))
    after = libraries.term_on(library, term.ends_on + timedelta(days=1))
    save_vacation(
        library=library,
        row=None,
        name="寒假借阅" if term.season == "autumn" else "暑假借阅",
        from_on=first,
        to_on=first + timedelta(days=6),
        due_on=max(
            libraries.next_open_day(library, after.teaching_from + timedelta(days=4)),
            first + timedelta(days=6),
        ),
        loan_limit=5,
        at=at,
        by=by,
    )


def _lent_to_teachers(library: Library, most: int) -> list[Loan]:
    """Open loans of teachers, a title once, the first by the books."""
    loans = Loan.objects.filter(
        library=library, in_at=None, item__isnull=False, patron_kind=PatronCategory.Kind.TEACHER
    ).select_related("record", "item__holding", "patron")
    by_title = {loan.record_id: loan for loan in loans.order_by("-due_on", "-pk")}
    return list(by_title.values())[:most]


def _readers_with_nothing(library: Library, most: int) -> list[Patron]:
    """Pupils of different classes with nothing out."""
    rows = ClassMembership.objects.filter(
        patron__library=library, to_on=None, patron__category__kind=PatronCategory.Kind.PUPIL
    ).exclude(patron__loans__in_at__isnull=True, patron__loans__isnull=False)
    found = rows.select_related("patron__category", "patron__library").order_by("number", "school_class_id")
    return [row.patron for row in found[:most]]
