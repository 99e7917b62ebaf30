"""Terms leave no gap, whatever a school sets."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.libraries import selectors
from shuxiang.libraries.messages import words
from shuxiang.libraries.models import Library, Term
from shuxiang.libraries.rules.terms import (
    SchoolCalendar,
    code_of,
    default_term,
    index_of,
    judge_term,
    year_of,
)
from shuxiang.libraries.services import set_special_days, set_term
from shuxiang.libraries.tests.conftest import AT, BY

AUTUMN = replace(
    default_term(index_of("2026-autumn")),
    starts_on=date(2026, 8, 25),
    ends_on=date(2027, 1, 24),
    teaching_from=date(2026, 8, 31),
    teaching_to=date(2027, 1, 20),
    is_default=False,
)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 8, 31), "2026-spring"),
        (date(2026, 9, 1), "2026-autumn"),
        (date(2027, 1, 31), "2026-autumn"),
        (date(2027, 2, 1), "2027-spring"),
        (date(2028, 2, 29), "2028-spring"),
    ],
)
def test_a_school_that_set_nothing_has_the_default_terms(day: date, code: str) -> None:
    term = SchoolCalendar().term_on(day)
    assert (term.code, term.is_default, term.recall_on) == (code, True, None)


@pytest.mark.parametrize(
    ("day", "code", "year"),
    [
        (date(2026, 8, 24), "2026-spring", 2025),
        (date(2026, 8, 25), "2026-autumn", 2026),
        (date(2027, 1, 24), "2026-autumn", 2026),
        (date(2027, 1, 25), "2027-spring", 2026),
        (date(2027, 8, 31), "2027-spring", 2026),
    ],
)
def test_unset_neighbours_of_a_set_term_give_way(day: date, code: str, year: int) -> None:
    calendar = SchoolCalendar([AUTUMN])
    assert (calendar.term_on(day).code, calendar.school_year_on(day)) == (code, year)


@given(st.integers(-40, 40), st.integers(-40, 40), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_every_day_falls_in_exactly_one_term(start: int, end: int, day: date) -> None:
    default = default_term(index_of("2026-autumn"))
    own = replace(
        default, starts_on=default.starts_on + timedelta(start), ends_on=default.ends_on + timedelta(end)
    )
    calendar = SchoolCalendar([own])
    terms = [
        calendar.term(code_of(index)) for index in range(index_of("2024-autumn"), index_of("2029-autumn"))
    ]
    assert [term.code for term in terms if term.starts_on <= day <= term.ends_on] == [
        calendar.term_on(day).code
    ]


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 8, 30), None),
        (date(2026, 8, 31), 1),
        (date(2026, 9, 6), 1),
        (date(2026, 9, 7), 2),
        (date(2027, 1, 20), 21),
        (date(2027, 1, 21), None),
    ],
)
def test_teaching_weeks_run_from_monday_to_sunday(day: date, week: int | None) -> None:
    assert AUTUMN.week_of(day) == week
    assert AUTUMN.weeks == 21


def test_a_first_week_that_begins_on_a_thursday_is_short() -> None:
    term = replace(AUTUMN, teaching_from=date(2026, 9, 3))
    assert [term.week_of(date(2026, 9, day)) for day in (2, 3, 6, 7)] == [None, 1, 1, 2]


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on"),
    [
        ("2026-autumn", date(2026, 8, 25), date(2027, 1, 24)),
        ("2027-spring", date(2027, 1, 25), date(2027, 8, 31)),
        ("2026-2027", date(2026, 8, 25), date(2027, 8, 31)),
        ("2025-2026", date(2025, 9, 1), date(2026, 8, 24)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_periods_follow_the_schools_own_terms(code: str, starts_on: date, ends_on: date) -> None:
    period = SchoolCalendar([AUTUMN]).period(code)
    assert (period.code, period.starts_on, period.ends_on) == (code, starts_on, ends_on)


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2027-spring", "2026-autumn"),
        ("2026-autumn", "2026-spring"),
        ("2026-2027", "2025-2026"),
        ("2026", "2025"),
        ("2026-01", "2025-12"),
        ("2026-10-11..2026-10-20", "2026-10-01..2026-10-10"),
    ],
)
def test_the_period_before_is_of_the_same_kind(code: str, before: str) -> None:
    calendar = SchoolCalendar([AUTUMN])
    assert calendar.previous(calendar.period(code)) == calendar.period(before)


@pytest.mark.parametrize("code", ["2026", "autumn", "26-autumn", "2026-summer", "9999-spring", ""])
def test_what_is_no_term_code_is_refused(code: str) -> None:
    with pytest.raises(BadPeriod):
        index_of(code)


@pytest.mark.parametrize("text", ["2026-2028", "2026", "2026-autumn", "六年级"])
def test_what_is_no_school_year_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        year_of(text)
    assert year_of("2026-2027") == 2026


SPRING = replace(
    default_term(index_of("2027-spring")),
    starts_on=date(2027, 1, 25),
    teaching_from=date(2027, 2, 22),
    is_default=False,
)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, ()),
        ({"teaching_from": date(2027, 2, 1), "starts_on": date(2027, 2, 2)}, ("term_order",)),
        ({"starts_on": date(2026, 9, 1), "teaching_from": date(2026, 9, 1)}, ("term_far",)),
        ({"starts_on": date(2027, 2, 1)}, ("term_gap",)),
        ({"starts_on": date(2027, 1, 22)}, ("term_overlap",)),
        ({"starts_on": date(2027, 1, 19)}, ("term_takes_teaching",)),
    ],
)
def test_gaps_and_overlaps_are_named(change: dict[str, date], codes: tuple[str, ...]) -> None:
    decision = judge_term(SchoolCalendar([AUTUMN]), replace(SPRING, **change))  # type: ignore[arg-type]
    assert tuple(reason.code for reason in decision.reasons) == codes
    assert all(words(reason) and "%(" not in words(reason) for reason in decision.reasons)


def own_term(library: Library, code: str, *days: date, **more: object) -> Term:
    starts_on, teaching_from, teaching_to, ends_on = days
    return set_term(
        library=library,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        teaching_from=teaching_from,
        teaching_to=teaching_to,
        by=BY,
        at=AT,
        **more,  # type: ignore[arg-type]
    )


AUTUMN_DAYS = (date(2026, 8, 25), date(2026, 8, 31), date(2027, 1, 20), date(2027, 1, 24))
SPRING_DAYS = (date(2027, 2, 1), date(2027, 2, 22), date(2027, 7, 5), date(2027, 8, 31))


def test_a_gap_is_refused_until_the_neighbour_may_move(school: Library) -> None:
    own_term(school, "2026-autumn", *AUTUMN_DAYS)
    with pytest.raises(Refused) as refused:
        own_term(school, "2027-spring", *SPRING_DAYS)
    assert refused.value.codes == ("term_gap",)
    assert "2027-01-24" in words(refused.value.decision.reasons[0])
    own_term(school, "2027-spring", *SPRING_DAYS, confirmed={"term_gap"})
    assert selectors.term_on(school, date(2027, 1, 28)).code == "2026-autumn"
    assert reconcile.run("elm").is_clean


def test_a_gap_written_behind_our_back_is_found(school: Library) -> None:
    own_term(school, "2026-autumn", *AUTUMN_DAYS)
    own_term(school, "2027-spring", *SPRING_DAYS, confirmed={"term_gap"})
    Term.objects.filter(code="2026-autumn").update(ends_on=date(2027, 1, 25))
    assert [d.code for d in reconcile.run("elm").differences] == ["terms_leave_gap"]
    Term.objects.filter(code="2026-autumn").update(ends_on=date(2027, 2, 2))
    assert [d.code for d in reconcile.run("elm").differences] == ["terms_overlap"]
    assert reconcile.run("other").is_clean


def test_the_recall_date_caps_until_it_has_passed(school: Library) -> None:
    own_term(school, "2026-autumn", *AUTUMN_DAYS, recall_on=date(2027, 1, 8))
    asked = [
        selectors.recall_on(school, day) for day in (date(2026, 9, 1), date(2027, 1, 8), date(2027, 1, 9))
    ]
    assert asked == [date(2027, 1, 8), date(2027, 1, 8), None]
    with pytest.raises(Refused) as refused:
        own_term(school, "2026-autumn", *AUTUMN_DAYS, recall_on=date(2027, 5, 8))
    assert refused.value.codes == ("recall_outside",)


def test_holidays_close_and_make_up_days_open(school: Library) -> None:
    set_special_days(
        library=school, from_on=date(2026, 10, 1), to_on=date(2026, 10, 8), name="国庆节", by=BY, at=AT
    )
    set_special_days(
        library=school,
        from_on=date(2026, 10, 10),
        to_on=date(2026, 10, 10),
        name="调休",
        is_open=True,
        by=BY,
        at=AT,
    )
    assert not selectors.is_open_day(school, date(2026, 10, 1))
    assert selectors.is_open_day(school, date(2026, 10, 10))
    assert selectors.next_open_day(school, date(2026, 10, 1)) == date(2026, 10, 9)
    assert selectors.week_on(school, date(2026, 10, 9)) == 6
    with pytest.raises(Refused):
        set_special_days(library=school, from_on=AUTUMN_DAYS[1], to_on=AUTUMN_DAYS[0], name="x", by=BY, at=AT)


@pytest.mark.parametrize(
    ("period", "day", "before"),
    [
        # 2026-11-22 is the Sunday of the 12th teaching week; the first began on 31 August, that of spring on 16 February
        ("2026-autumn", date(2026, 11, 22), date(2026, 5, 10)),
        ("2026-autumn", date(2026, 8, 31), date(2026, 2, 16)),
        ("2026-autumn", date(2026, 8, 27), date(2026, 2, 3)),  # two days into the period, before teaching
        ("2026-autumn", date(2027, 1, 23), date(2026, 7, 8)),  # three days after teaching
        ("2026-autumn", date(2027, 1, 24), date(2026, 7, 9)),
        ("2026", date(2026, 3, 1), date(2025, 3, 1)),
        ("2026-03", date(2026, 3, 31), date(2026, 2, 28)),  # a shorter month ends earlier
        (
            "2026-2027",
            date(2026, 9, 4),
            date(2025, 9, 11),
        ),  # ten days in; the year before began on 1 September
    ],
)
def test_a_running_period_is_compared_with_the_same_point_of_the_one_before(
    period: str, day: date, before: date
) -> None:
    calendar = SchoolCalendar([AUTUMN])
    assert calendar.as_far_before(calendar.period(period), day) == before


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_the_point_of_comparison_always_lies_in_the_period_before(day: date) -> None:
    calendar = SchoolCalendar([AUTUMN])
    period = calendar.term_on(day).period
    before = calendar.previous(period)
    assert before.starts_on <= calendar.as_far_before(period, day) <= before.ends_on


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("1900-spring", "1899-autumn"),
        ("1900", "1899"),
        ("1900-1901", "1899-1900"),
        ("1900-01", "1899-12"),
        ("2199", "2198"),
        ("2199-2200", "2198-2199"),
        ("2199-autumn", "2199-spring"),
    ],
)
def test_the_first_and_the_last_period_that_can_be_asked_for_have_neighbours(code: str, before: str) -> None:
    calendar = SchoolCalendar()
    period = calendar.period(code)
    assert calendar.previous(period).code == before
    assert calendar.as_far_before(period, period.starts_on) < period.starts_on
    assert calendar.main_part(period).starts_on >= period.starts_on
    assert calendar.main_part(calendar.previous(period)).ends_on < period.starts_on
    for day in (period.starts_on, period.ends_on):
        assert day in calendar.term_on(day).period


@pytest.mark.parametrize("code", ["1899", "1899-autumn", "2200", "2200-spring"])
def test_a_period_beyond_them_cannot_be_asked_for(code: str) -> None:
    with pytest.raises(BadPeriod):
        SchoolCalendar().period(code)
