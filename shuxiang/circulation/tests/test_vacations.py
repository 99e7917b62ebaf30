"""Lending by rules of the holidays, and lending stopped for a delay."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shuxiang.circulation.holdmodels import Vacation
from shuxiang.circulation.holdrules import (
    VacationFacts,
    judge_vacation,
    late_days,
    suspended_until,
    vacation_for,
)
from shuxiang.circulation.rules import PolicyRow, deciding_rows, judge_policy
from shuxiang.circulation.selectors import limit_on
from shuxiang.circulation.services import (
    check_in,
    remove_policy,
    remove_vacation,
    renew,
    reopen_loan,
    save_vacation,
    set_policy,
)
from shuxiang.circulation.tests.desk import AT, BY, ON, START, Desk, add_book, later, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.patrons import selectors as patrons

SUMMER = VacationFacts("暑假", date(2027, 7, 1), date(2027, 8, 20), date(2027, 9, 6), None, 5)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"name": " "}, ["vacation_needs_name"]),
        ({"to_on": date(2027, 6, 1)}, ["vacation_order"]),
        ({"due_on": date(2027, 8, 1)}, ["vacation_due_too_early"]),
        ({"loan_days": 30}, ["vacation_day_and_days"]),
        ({"due_on": None, "loan_limit": None}, ["vacation_says_nothing"]),
        ({"due_on": None, "loan_days": 401}, ["vacation_days_bad"]),
        ({"loan_limit": 1000}, ["vacation_limit_bad"]),
    ],
)
def test_what_a_period_needs(change: dict[str, object], expected: list[str]) -> None:
    facts = replace(SUMMER, **change)  # type: ignore[arg-type]
    assert [reason.code for reason in judge_vacation(facts, []).reasons] == expected


def test_two_periods_may_not_answer_the_same_question() -> None:
    other = replace(SUMMER, pk=7)
    assert not judge_vacation(SUMMER, [other]).allowed()
    assert judge_vacation(replace(SUMMER, pk=7), [other]).allowed()  # itself
    assert judge_vacation(replace(SUMMER, class_ids=frozenset({3})), [other]).allowed()
    assert judge_vacation(
        replace(SUMMER, from_on=date(2027, 8, 21), to_on=date(2027, 8, 22)), [other]
    ).allowed()
    for_class = replace(SUMMER, class_ids=frozenset({3}), pk=8)
    assert vacation_for([other, for_class], 1, 3) == for_class
    assert vacation_for([other, for_class], 1, 4) == other
    assert vacation_for([for_class], 1, None) is None


def period(desk: Desk, **more: object) -> Vacation:
    values = {"name": "国庆假期", "from_on": ON, "to_on": ON + timedelta(days=3), "due_on": date(2026, 11, 1)}
    return save_vacation(library=desk.library, row=None, at=START, by=BY, **(values | more))  # type: ignore[arg-type]


def test_between_its_dates_a_period_gives_limit_and_day(desk: Desk) -> None:
    period(desk, loan_limit=3)
    others = add_book(desk.library, "红楼梦", copies=4)
    told: list[str] = []
    loans = [
        desk.lend(item, tell=lambda said: told.extend(r.code for r in said.reasons)) for item in others[:3]
    ]
    assert {loan.due_on for loan in loans} == {date(2026, 11, 2)}  # the first is a Sunday
    assert told.count("due_in_vacation") == 3
    with pytest.raises(Refused) as refused:
        desk.lend(others[3])
    assert refused.value.codes == ("loan_limit_reached",)
    after = desk.lend(desk.items[0], desk.teacher, later(4))
    assert after.due_on == date(2026, 11, 18)


def test_the_limit_that_the_desk_shows_is_that_of_the_holidays(desk: Desk) -> None:
    school_class = patrons.membership_on(desk.pupil, ON)
    assert school_class is not None
    period(desk, loan_limit=7, classes=[school_class.school_class])
    assert limit_on(desk.library, desk.pupil, ON) == 7
    assert limit_on(desk.library, desk.teacher, ON) == 5
    assert limit_on(desk.library, desk.pupil, ON + timedelta(days=9)) == 2
    desk.pupil.loan_limit = 1
    assert limit_on(desk.library, desk.pupil, ON) == 1


def test_renewing_in_the_holidays_goes_by_them(desk: Desk) -> None:
    loan = desk.lend(at=later(-5))
    row = period(desk, due_on=None, loan_days=40)
    assert renew(loan=loan, at=AT, by=BY).due_on == date(2026, 11, 24)
    remove_vacation(row=row, at=AT, by=BY)
    assert desk.lend(desk.items[1]).due_on == date(2026, 10, 29)


def test_a_period_for_teachers_says_nothing_to_pupils_and_one_school_nothing_to_the_other(desk: Desk) -> None:
    period(desk, categories=[desk.teacher.category])
    assert desk.lend().due_on == date(2026, 10, 29)
    assert desk.lend(desk.items[1], desk.teacher).due_on == date(2026, 11, 2)
    there = open_desk("b")
    assert there.lend(there.items[0], there.teacher).due_on == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("due", "back", "days"),
    [(14, 14, 0), (14, 13, 0), (14, 15, 1), (16, 19, 1), (16, 18, 0), (14, 21, 5)],
)
def test_closed_days_are_no_delay(due: int, back: int, days: int) -> None:
    october = [date(2026, 10, day) for day in range(1, 32)]
    open_on = {day for day in october if day.isoweekday() <= 5}
    assert late_days(date(2026, 10, due), date(2026, 10, back), open_on.__contains__) == days


def test_how_long_lending_is_stopped() -> None:
    assert suspended_until(ON, 3, 2) == ON + timedelta(days=6)
    assert suspended_until(ON, 3, 0) is None
    assert suspended_until(ON, 900, 30) == ON + timedelta(days=366)


def test_a_delay_stops_lending_as_long_as_the_policy_says_and_is_undone_with_the_return(desk: Desk) -> None:
    row = PolicyRow(desk.teacher.category_id, None, 5, 30, 1, 30, suspension_per_day_late=1)
    set_policy(library=desk.library, row=row, at=START, by=BY)
    loan = desk.lend(desk.items[0], desk.teacher)
    done = check_in(library=desk.library, item=desk.items[0], at=later(39), by=BY)
    assert [reason.code for reason in done.decision.reasons] == ["returned_late", "suspended"]
    (stop,) = patrons.blocks_on(desk.teacher, ON + timedelta(days=40))
    assert stop.until_on == ON + timedelta(days=39 + 5)  # 14 to 23 November: five open days
    loan.refresh_from_db()
    reopen_loan(loan=loan, at=later(39), by=BY)
    assert patrons.blocks_on(desk.teacher, ON + timedelta(days=40)) == []


def test_children_are_not_stopped_for_a_delay_unless_a_policy_says_so(desk: Desk) -> None:
    desk.lend()
    check_in(library=desk.library, item=desk.items[0], at=later(60), by=BY)
    assert patrons.blocks_on(desk.pupil, ON + timedelta(days=60)) == []


@pytest.mark.parametrize(("name", "value"), [("loan_limit", 1000), ("loan_days", 0), ("hold_days", 61)])
def test_numbers_of_a_policy_have_bounds(desk: Desk, name: str, value: int) -> None:
    row = replace(PolicyRow(None, None), **{name: value})  # type: ignore[arg-type]
    assert [r.params["question"] for r in judge_policy(row).reasons] == [name]
    with pytest.raises(Refused):
        set_policy(library=desk.library, row=row, at=AT, by=BY)


def test_which_row_answers_is_known_and_the_row_for_all_stays(desk: Desk) -> None:
    rows = [PolicyRow(None, None, 1, 14, 1, 14), PolicyRow(1, None, 2), PolicyRow(1, 9, loan_days=7)]
    deciding = deciding_rows(rows, 1, 9)
    assert (deciding["loan_limit"], deciding["loan_days"]) == (rows[1], rows[2])
    assert deciding["hold_limit"] is None
    with pytest.raises(Refused) as refused:
        remove_policy(library=desk.library, row=PolicyRow(None, None), at=AT, by=BY)
    assert refused.value.codes == ("policy_of_all",)
    remove_policy(library=desk.library, row=PolicyRow(desk.pupil.category_id, None), at=AT, by=BY)
    assert desk.lend(desk.items[0]).due_on == date(2026, 10, 29)


def test_a_policy_of_another_school_is_refused(desk: Desk) -> None:
    there = open_desk("b")
    with pytest.raises(Refused) as refused:
        set_policy(library=desk.library, row=PolicyRow(there.pupil.category_id, None, 9), at=AT, by=BY)
    assert refused.value.codes == ("policy_of_other_library",)
