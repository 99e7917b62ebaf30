"""Settling while the books of the day are closed: by a clock that is behind, or by a closing that came first."""

import pytest

from shuxiang.audit import jobs, operations, reconcile
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.holdings.years import YearClosing
from shuxiang.stocktaking import selectors
from shuxiang.stocktaking.models import Settlement
from shuxiang.stocktaking.services import settle, undo_settlement
from shuxiang.stocktaking.tests.shelves import BY, Shelves


def close_the_books(shelves: Shelves) -> YearClosing:
    """As if this very year were locked: to the program that is a clock one year behind."""
    at, library = clock.now(), shelves.desk.library
    begun = operations.begin("holdings.close_year", by=BY, at=at, library_code=library.code)
    return YearClosing.objects.create(
        library=library, year=at.year, closed_by="馆长", closed_at=at, operation=begun.operation
    )


def carried_out(settled: Settlement) -> Settlement:
    jobs.run_pending()
    settled.refresh_from_db()
    return settled


def test_nothing_is_settled_under_a_day_of_a_closed_year(shelves: Shelves) -> None:
    closed = shelves.close()
    close_the_books(shelves)
    with pytest.raises(Refused, match="year_closed"):
        settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now())
    assert selectors.heaps_of(closed)["missing"].open == 6
    assert not Settlement.objects.exists()


def test_a_settlement_that_waited_while_the_books_were_closed_ends_and_says_why(shelves: Shelves) -> None:
    closed = shelves.close()
    settled = settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now())
    close_the_books(shelves)
    carried_out(settled)
    assert (settled.state, settled.done, settled.kept) == ("done", 0, 6)
    assert {line.why for line in selectors.kept_lines(settled)} == {"year_closed"}
    assert [shelves.account(n) for n in range(1, 7)] == ["shelf"] * 6
    assert reconcile.run().is_clean


def test_what_was_settled_is_not_undone_under_a_closed_day_and_can_be_afterwards(shelves: Shelves) -> None:
    closed = shelves.close()
    settled = carried_out(settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now()))
    closing = close_the_books(shelves)
    with pytest.raises(Refused, match="year_closed"):
        undo_settlement(settled, by=BY, at=clock.now())
    closing.delete()
    undone = carried_out(undo_settlement(settled, by=BY, at=clock.now()))
    assert (undone.state, undone.undone) == ("undone", 6)


def test_undoing_that_waited_while_the_books_were_closed_ends_and_leaves_the_lines(shelves: Shelves) -> None:
    closed = shelves.close()
    settled = carried_out(settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now()))
    undo_settlement(settled, by=BY, at=clock.now())
    close_the_books(shelves)
    carried_out(settled)
    assert (settled.state, settled.undone) == ("undone", 0)
    assert {line.why for line in settled.lines.all()} == {"not_undone"}
    assert reconcile.run().is_clean
