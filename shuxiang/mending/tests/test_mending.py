"""Mending and binding: the log, the accounts of what is away, bills, and taking back."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation.services import check_in
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, later, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import mark_missing, put_back, withdraw
from shuxiang.mending import selectors
from shuxiang.mending.models import Task
from shuxiang.mending.rules import read_yuan, shared_out
from shuxiang.mending.services import (
    finish,
    hold_afternoon,
    mend_here,
    open_consignment,
    step_back,
    take_home,
    take_in,
)

LATER, LATER_ON = later(7), ON + timedelta(days=7)


def account(item: Item) -> str:
    return Item.objects.get(pk=item.pk).account


def figure(desk: Desk, code: str) -> Decimal | None:
    period = Period("2026-10", date(2026, 10, 1), date(2026, 10, 31))
    return registry.get(code).value(Scope(desk.library, period)).number


def test_a_volume_is_taken_in_mended_and_back_on_its_shelf(desk: Desk) -> None:
    task = take_in(desk.item, kind="spine", by=BY, at=AT, on=ON, note="书脊脱落")
    assert account(desk.item) == "mending"
    assert reconcile.run().is_clean
    done = finish(task, outcome="mended", helper="图书角小组", cost_fen=150, by=BY, at=LATER, on=LATER_ON)
    assert (done.outcome, done.ended_on, done.cost_fen) == ("mended", LATER_ON, 150)
    assert account(desk.item) == "shelf"
    assert figure(desk, "mending.volumes") == 1
    assert figure(desk, "mending.cost") == Decimal("1.5")


def test_each_step_can_be_taken_back(desk: Desk) -> None:
    task = take_in(desk.item, kind="cover", by=BY, at=AT, on=ON)
    finish(task, outcome="mended", by=BY, at=LATER, on=LATER_ON)
    again = step_back(task, by=BY, at=LATER, on=LATER_ON)
    assert again is not None
    assert (again.ended_on, again.outcome) == (None, "")
    assert account(desk.item) == "mending"
    assert step_back(again, by=BY, at=LATER, on=LATER_ON) is None
    assert account(desk.item) == "shelf"
    assert not Task.objects.exists()
    assert reconcile.run().is_clean


def test_what_happened_since_is_not_undone(desk: Desk) -> None:
    task = take_in(desk.item, kind="cover", by=BY, at=AT, on=ON)
    task = finish(task, outcome="mended", by=BY, at=AT, on=ON)
    desk.lend(desk.item, at=LATER)
    with pytest.raises(Refused, match="item_moved_on"):
        step_back(task, by=BY, at=LATER, on=LATER_ON)
    assert account(desk.item) == "loan"


def test_the_same_operation_takes_in_once(desk: Desk) -> None:
    tasks = [
        take_in(desk.item, kind="cover", by=BY, at=AT, on=ON, operation_id=UUID(int=3)) for _time in range(2)
    ]
    assert tasks[0] == tasks[1]


def lent(desk: Desk) -> None:
    desk.lend(desk.item)


def gone(desk: Desk) -> None:
    mark_missing(desk.item, by=BY, at=AT, on=ON)


def struck(desk: Desk) -> None:
    withdraw([desk.item], reason="worn", by=BY, at=AT, on=ON)


def taken(desk: Desk) -> None:
    take_in(desk.item, kind="cover", by=BY, at=AT, on=ON)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        (lent, "cannot_take_in"),
        (gone, "cannot_take_in"),
        (struck, "cannot_take_in"),
        (taken, "taken_in_already"),
    ],
)
def test_what_is_not_at_hand_is_not_taken_in(desk: Desk, before: Callable[[Desk], None], code: str) -> None:
    before(desk)
    with pytest.raises(Refused, match=code):
        take_in(desk.item, kind="cover", by=BY, at=LATER, on=LATER_ON)


def test_a_borrowed_book_is_mended_on_the_spot_and_stays_borrowed(desk: Desk) -> None:
    desk.lend(desk.item)
    afternoon = hold_afternoon(library=desk.library, name="三年级修补日", on=ON, by=BY, at=AT, helpers=6)
    task = mend_here(desk.item, kind="pages", by=BY, at=AT, on=ON, in_round=afternoon, helper="第二组")
    assert (task.outcome, task.round, account(desk.item)) == ("mended", afternoon, "loan")
    assert step_back(task, by=BY, at=LATER, on=LATER_ON) is None
    with pytest.raises(Refused, match="cannot_mend_here"):
        mend_here(missing(desk), kind="pages", by=BY, at=LATER, on=LATER_ON)


def missing(desk: Desk) -> Item:
    return mark_missing(desk.items[1], by=BY, at=AT, on=ON)


def test_an_afternoon_finishes_what_was_taken_in(desk: Desk) -> None:
    take_in(desk.item, kind="pages", by=BY, at=AT, on=ON)
    afternoon = hold_afternoon(library=desk.library, name="修补日", on=LATER_ON, by=BY, at=LATER)
    task = mend_here(desk.item, kind="pages", by=BY, at=LATER, on=LATER_ON, in_round=afternoon)
    assert (task.came_on, task.ended_on, task.round) == (ON, LATER_ON, afternoon)
    assert Task.objects.count() == 1
    assert figure(desk, "mending.afternoons") == 1


def test_mending_sent_twice_is_one_line_also_when_it_finishes_what_was_taken_in(desk: Desk) -> None:
    take_in(desk.item, kind="pages", by=BY, at=AT, on=ON)
    act = uuid7()
    first = mend_here(desk.item, kind="pages", by=BY, at=LATER, on=LATER_ON, operation_id=act)
    again = mend_here(desk.item, kind="pages", by=BY, at=LATER, on=LATER_ON, operation_id=act)
    assert (again, Task.objects.count(), account(desk.item)) == (first, 1, "shelf")


def test_beyond_mending_waits_away_until_it_is_withdrawn(desk: Desk) -> None:
    task = take_in(desk.item, kind="pages", by=BY, at=AT, on=ON)
    finish(task, outcome="beyond", by=BY, at=AT, on=ON)
    assert account(desk.item) == "mending"
    assert selectors.beyond_mending(desk.library).get() == task
    withdraw([desk.item], reason="worn", by=BY, at=LATER, on=LATER_ON)
    assert not selectors.beyond_mending(desk.library).exists()
    assert figure(desk, "mending.volumes") == 0


def test_a_consignment_goes_to_the_binder_is_overdue_and_comes_home_with_its_bill(desk: Desk) -> None:
    sent = open_consignment(
        library=desk.library, binder="新华装订厂", on=ON, due_on=LATER_ON, by=BY, at=AT, note="合订本"
    )
    tasks = [take_in(item, kind="binding", by=BY, at=AT, on=ON, in_round=sent) for item in desk.items]
    assert [account(item) for item in desk.items] == ["binding"] * 3
    assert figure(desk, "mending.away") == 3
    late = LATER_ON + timedelta(days=1)
    assert selectors.overdue(desk.library, late).count() == 3
    assert not selectors.overdue(desk.library, LATER_ON).exists()
    home = take_home(sent, [task.pk for task in tasks], by=BY, at=LATER, on=LATER_ON, bill_fen=1000)
    assert home.returned == tuple(task.pk for task in tasks)
    assert [task.cost_fen for task in selectors.tasks_in(sent)] == [334, 333, 333]
    assert [account(item) for item in desk.items] == ["shelf"] * 3
    assert figure(desk, "mending.bound") == 3
    with pytest.raises(Refused, match="nothing_came_home"):
        take_home(sent, [tasks[0].pk], by=BY, at=LATER, on=LATER_ON)
    assert reconcile.run().is_clean


def test_what_somebody_fetched_from_mending_is_named_and_finished_in_its_place(desk: Desk) -> None:
    task = take_in(desk.item, kind="cover", by=BY, at=AT, on=ON)
    put_back(desk.item, by=BY, at=AT, on=ON)
    outcome = reconcile.run()
    assert outcome.is_clean
    assert [difference.code for difference in outcome.exceptions] == ["task_of_no_account"]
    desk.lend(desk.item)
    finish(task, outcome="mended", by=BY, at=LATER, on=LATER_ON)
    assert account(desk.item) == "loan"
    check_in(library=desk.library, item=desk.item, at=LATER, by=BY)
    assert not reconcile.run().exceptions


def test_days_and_places_that_cannot_be_are_refused(desk: Desk) -> None:
    task = take_in(desk.item, kind="cover", by=BY, at=AT, on=ON)
    with pytest.raises(Refused, match="finished_before_it_came"):
        finish(task, outcome="mended", by=BY, at=LATER, on=ON - timedelta(days=1))
    with pytest.raises(Refused, match="due_before_sent"):
        open_consignment(
            library=desk.library, binder="厂", on=ON, due_on=ON - timedelta(days=1), by=BY, at=AT
        )
    with pytest.raises(Refused, match="no_name"):
        hold_afternoon(library=desk.library, name="  ", on=ON, by=BY, at=AT)
    there = open_desk("b").pupil.memberships.get().school_class
    with pytest.raises(Refused, match="class_elsewhere"):
        hold_afternoon(library=desk.library, name="修补日", on=ON, school_class=there, by=BY, at=AT)


@pytest.mark.parametrize(
    ("typed", "fen"), [("12", 1200), ("12.5", 1250), ("￥0.05元", 5), ("", None), ("１２．５０", 1250)]
)
def test_yuan_as_people_write_them(typed: str, fen: int | None) -> None:
    assert read_yuan(typed) == fen


@pytest.mark.parametrize("typed", ["zwölf", "-3", "1.234", "9999999999", "1e3", "."])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_yuan(typed)


@pytest.mark.parametrize(
    ("total", "volumes", "shares"), [(1000, 3, [334, 333, 333]), (2, 3, [1, 1, 0]), (5, 0, [])]
)
def test_a_bill_is_shared_out_to_the_last_fen(total: int, volumes: int, shares: list[int]) -> None:
    assert shared_out(total, volumes) == shares
    assert sum(shared_out(total, volumes)) == (total if volumes else 0)
