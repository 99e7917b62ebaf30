"""Scans: kept whatever they are, answered with a clear verdict, counted once."""

from datetime import timedelta
from uuid import UUID

import pytest

from shuxiang.circulation.tests.desk import ISBN, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import ItemIdentifier
from shuxiang.holdings.services import add_items, draft_batch, mark_missing, transfer, withdraw
from shuxiang.stocktaking.facts import progress
from shuxiang.stocktaking.models import Scan
from shuxiang.stocktaking.services import begin_stream, reopen, scan, unscan
from shuxiang.stocktaking.tests.shelves import BY, OPENED, Shelves, add_books

BEFORE = OPENED - timedelta(days=3)


def test_a_volume_in_its_place_is_counted(shelves: Shelves) -> None:
    answer = shelves.scan("B001")
    assert (answer.scan.verdict, answer.found and answer.found.heap) == ("counted", "present")
    now = progress(shelves.stocktake)
    assert (now.expected, now.scanned, now.heaps["present"], now.heaps["missing"]) == (6, 1, 1, 5)


def test_scanned_twice_counts_once_and_says_where_it_was_counted(shelves: Shelves) -> None:
    other = begin_stream(stocktake=shelves.stocktake, name="乙机", by=BY, at=OPENED)
    shelves.scan("B001", stream=other)
    answer = shelves.scan("B001")
    assert answer.scan.verdict == "again"
    assert answer.before is not None
    assert answer.before.stream == other
    assert progress(shelves.stocktake).again == 1


def test_the_same_operation_is_one_scan(shelves: Shelves) -> None:
    key = UUID(int=5)
    for _time in range(2):
        answer = scan(stream=shelves.stream, code="B002", by=BY, at=shelves.now(), operation_id=key)
        assert answer.scan.verdict == "counted"
    assert Scan.objects.count() == 1


def test_foreign_codes_are_told_apart(shelves: Shelves) -> None:
    elsewhere = open_desk("b")
    add_books(elsewhere, 1, letter="X")
    withdraw([shelves.books[5]], reason="worn", by=BY, at=BEFORE, on=BEFORE.date())
    draft = draft_batch(
        library=shelves.desk.library, source="gift", received_on=BEFORE.date(), by=BY, at=BEFORE
    )
    holding = shelves.books[0].holding
    add_items(batch=draft, holding=holding, copies=1, barcodes=["D1"], by=BY, at=BEFORE)
    verdicts = {code: shelves.scan(code).scan for code in ("X001", "B006", "D1", "0001", "nothing")}
    assert {code: row.verdict for code, row in verdicts.items()} == {
        "X001": "other-library",
        "B006": "withdrawn",
        "D1": "not-posted",
        "0001": "card",
        "nothing": "unknown",
    }
    assert verdicts["X001"].detail == elsewhere.library.name
    assert verdicts["0001"].code == ""  # the number of a reader's card is not kept
    assert progress(shelves.stocktake).heaps["misplaced"] == 4


@pytest.mark.parametrize(
    ("prepare", "heap"),
    [("lost", "lost"), ("lent", "out"), ("elsewhere", "misplaced"), ("other class", "misplaced")],
)
def test_what_is_odd_about_a_volume_is_said_at_once(shelves: Shelves, prepare: str, heap: str) -> None:
    item = shelves.books[0]
    code = "B001"
    if prepare == "lost":
        mark_missing(item, by=BY, at=BEFORE, on=BEFORE.date())
    elif prepare == "lent":
        shelves.lend(item, at=BEFORE)
    elif prepare == "elsewhere":
        transfer([item], to=shelves.other, by=BY, at=BEFORE, on=BEFORE.date())
    else:
        add_books(shelves.desk, 1, letter="K", clc="K203")
        code = "K001"
    found = shelves.scan(code).found
    assert found is not None
    assert found.heap == heap


def test_a_scanner_at_one_place_says_what_stands_at_another(shelves: Shelves) -> None:
    there = begin_stream(stocktake=shelves.stocktake, name="丙机", location=shelves.other, by=BY, at=OPENED)
    found = shelves.scan("B001", stream=there).found
    assert found is not None
    assert (found.heap, found.reason) == ("misplaced", "other_place")


def test_an_isbn_counts_the_next_volume_without_a_label(shelves: Shelves) -> None:
    ItemIdentifier.objects.filter(item__in=shelves.desk.items[:2]).delete()
    counted = [shelves.scan(ISBN).scan for _volume in range(3)]
    assert {row.item_id for row in counted[:2]} == {item.pk for item in shelves.desk.items[:2]}
    assert [row.verdict for row in counted] == ["counted", "counted", "labelled"]


def test_undoing_a_scan_uncounts_it_and_a_second_scan_takes_its_place(shelves: Shelves) -> None:
    first = shelves.scan("B001").scan
    second = shelves.scan("B001").scan
    unscan(first, by=BY, at=shelves.now())
    second.refresh_from_db()
    assert second.verdict == "counted"
    unscan(second, by=BY, at=shelves.now())
    assert progress(shelves.stocktake).scanned == 0


def test_a_scan_after_closing_is_kept_and_counts_when_counting_goes_on(shelves: Shelves) -> None:
    shelves.scan("B001")
    shelves.close()
    answer = shelves.scan("B002")
    assert answer.scan.is_late
    with pytest.raises(Refused, match="not_counting"):
        unscan(answer.scan, by=BY, at=shelves.now())
    reopened = reopen(shelves.stocktake, by=BY, at=shelves.now())
    assert reopened.state == "counting"
    assert progress(reopened).scanned == 2


def test_nobody_begins_to_scan_in_a_closed_stocktake(shelves: Shelves) -> None:
    closed = shelves.close()
    with pytest.raises(Refused, match="not_counting"):
        begin_stream(stocktake=closed, name="丁机", by=BY, at=shelves.now())
