"""Closing freezes; what goes on meanwhile is not mistaken for a loss; settling acts, and undo takes back."""

from datetime import timedelta

import pytest

from shuxiang.audit import jobs, reconcile
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import mark_missing, put_aside, transfer, withdraw
from shuxiang.stocktaking import selectors
from shuxiang.stocktaking.models import Line, Settlement
from shuxiang.stocktaking.services import (
    Extent,
    begin_stream,
    close,
    open_stocktake,
    reopen,
    scan,
    settle,
    undo_settlement,
)
from shuxiang.stocktaking.services.closing import carry_out
from shuxiang.stocktaking.tests.shelves import BY, OPENED, Shelves

BEFORE = OPENED - timedelta(days=3)


def heap(shelves: Shelves, number: int) -> tuple[str, str]:
    line = Line.objects.get(stocktake=shelves.stocktake, item=shelves.books[number - 1])
    return line.heap, line.reason


def carry(settlement: Settlement) -> Settlement:
    jobs.run_pending()
    settlement.refresh_from_db()
    return settlement


def test_every_volume_falls_in_its_heap_and_the_heaps_make_the_whole(shelves: Shelves) -> None:
    mark_missing(shelves.books[1], by=BY, at=BEFORE, on=BEFORE.date())
    loan = shelves.lend(shelves.books[2], at=BEFORE)
    shelves.lend(shelves.books[3], at=BEFORE)
    shelves.scan("B001", "B002", "B003", "nonsense")
    closed = shelves.close()
    found = [heap(shelves, number)[0] for number in range(1, 7)]
    assert found == ["present", "lost", "out", "away", "missing", "missing"]
    assert closed.totals == {
        "present": 1,
        "lost": 1,
        "out": 1,
        "missing": 2,
        "misplaced": 1,
        "away": 1,
        "expected": 6,
    }
    assert Loan.objects.get(pk=loan.pk).in_at is None  # nothing changed before it is confirmed
    assert [shelves.account(number) for number in (2, 5)] == ["missing", "shelf"]
    assert reconcile.run().is_clean


def test_loans_and_returns_go_on_while_it_runs(shelves: Shelves) -> None:
    shelves.lend(shelves.books[1], at=BEFORE)
    shelves.scan("B001")
    shelves.lend(shelves.books[0])
    check_in(library=shelves.desk.library, item=shelves.books[1], at=shelves.now(), by=BY)
    shelves.lend(shelves.books[2])
    put_aside(shelves.books[3], target="mending", by=BY, at=shelves.now(), on=OPENED.date())
    shelves.close()
    assert heap(shelves, 1) == ("present", "lent_since")
    assert heap(shelves, 2) == ("present", "handled")
    assert heap(shelves, 3) == ("away", "loan")
    assert heap(shelves, 4) == ("away", "mending")
    assert heap(shelves, 5) == ("missing", "")


def test_a_volume_withdrawn_after_its_scan_is_said_to_be(shelves: Shelves) -> None:
    shelves.scan("B001")
    withdraw([shelves.books[0]], reason="worn", by=BY, at=shelves.now(), on=OPENED.date())
    shelves.close()
    assert heap(shelves, 1) == ("misplaced", "withdrawn_since")


def test_missing_is_marked_only_when_confirmed_and_undo_takes_it_back(shelves: Shelves) -> None:
    shelves.scan("B001", "B002")
    closed = shelves.close()
    settled = settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now())
    assert shelves.account(3) == "shelf"
    carry(settled)
    assert (settled.proposed, settled.done, settled.kept) == (4, 4, 0)
    assert [shelves.account(n) for n in range(1, 7)] == ["shelf"] * 2 + ["missing"] * 4
    assert reconcile.run().is_clean
    undone = carry(undo_settlement(settled, by=BY, at=clock.now()))
    assert (undone.state, undone.undone) == ("undone", 4)
    assert [shelves.account(n) for n in range(3, 7)] == ["shelf"] * 4
    assert selectors.heaps_of(closed)["missing"].open == 4
    assert reconcile.run().is_clean


def test_what_moved_since_closing_is_left_by_name(shelves: Shelves) -> None:
    closed = shelves.close()
    shelves.lend(shelves.books[0], at=clock.now())
    settled = carry(settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now()))
    assert (settled.done, settled.kept) == (5, 1)
    left = selectors.kept_lines(settled).get()
    assert (left.item, left.why) == (shelves.books[0], "moved_on")
    assert shelves.account(1) == "loan"


def test_undo_leaves_what_was_found_meanwhile(shelves: Shelves) -> None:
    closed = shelves.close()
    settled = carry(settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now()))
    check_in(library=shelves.desk.library, item=shelves.books[0], at=clock.now(), by=BY)
    undone = carry(undo_settlement(settled, by=BY, at=clock.now()))
    assert undone.undone == 5
    assert selectors.kept_lines(undone).get().why == "not_undone"
    assert [shelves.account(n) for n in range(1, 7)] == ["shelf"] * 6


def test_a_wrongly_open_loan_ends_at_the_moment_of_the_scan(shelves: Shelves) -> None:
    loan = shelves.lend(shelves.books[0], at=BEFORE)
    put_aside(shelves.books[1], target="binding", by=BY, at=BEFORE, on=BEFORE.date())
    seen = shelves.scan("B001").scan.at
    shelves.scan("B002")
    closed = shelves.close()
    settled = carry(settle(stocktake=closed, heap="out", act="take_back", by=BY, at=clock.now()))
    assert settled.done == 2
    loan.refresh_from_db()
    assert (loan.in_at, loan.outcome) == (seen, "returned")
    assert [shelves.account(n) for n in (1, 2)] == ["shelf", "shelf"]
    carry(undo_settlement(settled, by=BY, at=clock.now()))
    loan.refresh_from_db()
    assert loan.in_at is None
    assert [shelves.account(n) for n in (1, 2)] == ["loan", "binding"]
    assert reconcile.run().is_clean


def test_found_again_and_undone(shelves: Shelves) -> None:
    mark_missing(shelves.books[0], by=BY, at=BEFORE, on=BEFORE.date())
    shelves.scan("B001")
    closed = shelves.close()
    settled = carry(settle(stocktake=closed, heap="lost", act="found", by=BY, at=clock.now()))
    assert shelves.account(1) == "shelf"
    carry(undo_settlement(settled, by=BY, at=clock.now()))
    assert shelves.account(1) == "missing"


def test_what_stands_elsewhere_is_carried_home_or_stays(shelves: Shelves) -> None:
    for item in shelves.books[:2]:
        transfer([item], to=shelves.other, by=BY, at=BEFORE, on=BEFORE.date())
    shelves.stream.location = shelves.stocktake.places.get().location
    shelves.stream.save()
    shelves.scan("B001", "B002", "nonsense")
    closed = shelves.close()
    ours = Line.objects.get(item=shelves.books[0])
    settled = settle(
        stocktake=closed, heap="misplaced", act="keep_here", lines=[ours.pk], by=BY, at=clock.now()
    )
    carry(settled)
    assert Item.objects.get(pk=shelves.books[0].pk).home == shelves.stream.location
    carry(undo_settlement(settled, by=BY, at=clock.now()))
    assert Item.objects.get(pk=shelves.books[0].pk).home == shelves.other
    home = carry(settle(stocktake=closed, heap="misplaced", act="bring_home", by=BY, at=clock.now()))
    assert home.done == 2
    foreign = carry(settle(stocktake=closed, heap="misplaced", act="seen_to", by=BY, at=clock.now()))
    assert foreign.done == 1
    assert selectors.heaps_of(closed)["misplaced"].open == 0
    with pytest.raises(Refused, match="nothing_open"):
        settle(stocktake=closed, heap="misplaced", act="seen_to", by=BY, at=clock.now())


def test_an_act_that_the_heap_does_not_offer_is_refused(shelves: Shelves) -> None:
    closed = shelves.close()
    with pytest.raises(Refused, match="no_such_act"):
        settle(stocktake=closed, heap="missing", act="found", by=BY, at=clock.now())


def test_a_settled_stocktake_is_not_opened_again_before_that_is_undone(shelves: Shelves) -> None:
    closed = shelves.close()
    settled = carry(settle(stocktake=closed, heap="missing", act="mark_missing", by=BY, at=clock.now()))
    with pytest.raises(Refused, match="settled_already"):
        reopen(closed, by=BY, at=clock.now())
    carry(undo_settlement(settled, by=BY, at=clock.now()))
    assert reopen(closed, by=BY, at=clock.now()).state == "counting"
    assert not Line.objects.filter(stocktake=closed).exists()


def test_closing_that_was_interrupted_goes_on_where_it_was(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuxiang.stocktaking.services.closing.CHUNK", 2)
    shelves.scan("B001")
    close(shelves.stocktake, by=BY, at=shelves.now())
    job = jobs.claim()
    assert job is not None
    with pytest.raises(jobs.Later):
        carry_out(job, jobs.Progress(job, lambda: True))
    assert Line.objects.count() == 2
    assert [difference.code for difference in reconcile.run().exceptions] == ["closing_unfinished"]
    carry_out(job, jobs.Progress(job, lambda: False))
    shelves.stocktake.refresh_from_db()
    assert shelves.stocktake.state == "closed"
    assert Line.objects.count() == 6
    assert reconcile.run().is_clean


def test_this_stocktake_against_the_last(shelves: Shelves) -> None:
    shelves.scan("B001", "B002", "B003")
    first = shelves.close()
    carry(settle(stocktake=first, heap="missing", act="mark_missing", by=BY, at=clock.now()))
    second = open_stocktake(
        library=shelves.desk.library, name="再点", extent=Extent(classes="I247"), by=BY, at=clock.now()
    )
    stream = begin_stream(stocktake=second, name="甲机", by=BY, at=clock.now())
    for code in ("B001", "B002", "B004"):
        scan(stream=stream, code=code, by=BY, at=clock.now())
    close(second, by=BY, at=clock.now())
    jobs.run_pending()
    second.refresh_from_db()
    compared = selectors.compare(second, selectors.previous_of(second).get())
    assert [line.code for line in compared.found_again] == ["B004"]
    assert [line.code for line in compared.newly_missing] == ["B003"]
    assert [line.code for line in compared.missing_again] == ["B005", "B006"]
    assert compared.only_here == 0
