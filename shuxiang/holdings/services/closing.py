"""Close the books of a year (年终结帐): lock it, add it up, write the balance down with which the next one opens."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.holdings.models import AccessionBatch
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.selectors import first_entry_on
from shuxiang.holdings.services.balance import Account, accounts
from shuxiang.holdings.services.closed import hold_books
from shuxiang.holdings.services.totals import Totals
from shuxiang.holdings.years import ALL, YearBalance, YearClosing
from shuxiang.libraries.models import Library

ACTION = "holdings.close_year"
State = YearClosing.State
Progress = Callable[[int, int], None]
STEPS = 3  # locked, added up, written down


def close_year(
    library: Library,
    year: int,
    *,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
    progress: Progress | None = None,
) -> YearClosing:
    """Close a calendar year for good; one that was interrupted is finished. The desk is never kept waiting meanwhile.

    Locking is the first, short transaction; the sums are read without a lock, since nothing in the year can change any
    more; they are written in a second one. Refuses a year that is not over, is closed, is not the next in turn, has no
    entry, or into which a batch is still being posted.
    """
    closing = _lock(library, year, by=by, at=at, operation_id=operation_id)
    _tell(progress, 1)
    if closing.state == State.CLOSING:
        found = accounts(library, date(year, 1, 1), date(year, 12, 31))
        _tell(progress, 2)
        _write(closing, found)
    _tell(progress, STEPS)
    closing.refresh_from_db()
    return closing


def _tell(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress(done, STEPS)


@transaction.atomic
def _lock(library: Library, year: int, *, by: Actor, at: datetime, operation_id: UUID | None) -> YearClosing:
    hold_books(library.pk)
    begun = operations.begin(
        ACTION, by=by, at=at, library_code=library.code, operation_id=operation_id, request={"year": year}
    )
    there = YearClosing.objects.filter(library=library, year=year).first()
    if there is not None and (begun.repeated or there.state == State.CLOSING):
        if not begun.repeated:
            operations.finish(begun.operation, subject=subject_of(there), result={"closing": there.pk})
        return there
    _refuse_unfit(library, year, today=local_date(at))
    closing = YearClosing.objects.create(
        library=library, year=year, closed_by=by.name[:80], closed_at=at, operation=begun.operation
    )
    operations.finish(begun.operation, subject=subject_of(closing), result={"closing": closing.pk})
    return closing


def subject_of(closing: YearClosing) -> str:
    return f"holdings.year_closing:{closing.pk}"


def _refuse_unfit(library: Library, year: int, *, today: date) -> None:
    last = YearClosing.objects.filter(library=library).order_by("-year").first()
    if last is not None and last.year >= year:
        raise refuse("year_is_closed", year=year, last=last.year)
    if today.year <= year:
        raise refuse("year_not_over", year=year)
    if last is not None and last.state == State.CLOSING:
        raise refuse("year_unfinished", year=last.year)
    if last is not None and last.year + 1 != year:
        raise refuse("year_out_of_turn", year=year, turn=last.year + 1)
    first = first_entry_on(library)
    if first is None or first.year > year:
        raise refuse("year_without_entry", year=year)
    posting = AccessionBatch.objects.filter(
        library=library, state=AccessionBatch.State.POSTING, posted_on__lte=date(year, 12, 31)
    ).first()
    if posting is not None:
        raise refuse("year_being_posted", year=year, batch=posting.number)


@transaction.atomic
def _write(closing: YearClosing, found: dict[str, Account]) -> None:
    """Compare-and-set, so that two who finish the same closing write one balance."""
    waiting = YearClosing.objects.filter(pk=closing.pk, state=State.CLOSING)
    if not waiting.update(state=State.CLOSED):
        return
    rows = []
    for main, account in found.items():
        if main != ALL and account.is_empty:
            continue
        parts = {"before": account.before, "added": account.added, "withdrawn": account.withdrawn}
        columns = _columns("after", account.after)
        for name, totals in parts.items():
            columns |= _columns(name, totals)
        rows.append(YearBalance(closing=closing, clc_main=main, **columns))
    YearBalance.objects.bulk_create(rows)


def _columns(part: str, totals: Totals) -> dict[str, int]:
    return {f"{part}_{name}": value for name, value in asdict(totals).items()}


def resume_closings(*, by: Actor, at: datetime) -> list[YearClosing]:
    """Finish what a kill interrupted. Called at start; gives the closings."""
    unfinished = YearClosing.objects.filter(state=State.CLOSING).select_related("library").order_by("pk")
    return [close_year(one.library, one.year, by=by, at=at) for one in unfinished]


def next_year(library: Library, today: date) -> int | None:
    """The year whose books are to be closed next; None while there is none that is over."""
    last = YearClosing.objects.filter(library=library).order_by("-year").first()
    if last is not None:
        year = last.year if last.state == State.CLOSING else last.year + 1
        return year if year < today.year else None
    first = first_entry_on(library)
    return first.year if first is not None and first.year < today.year else None
