"""Which count stands for a period."""

from datetime import date

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period, parse_period
from shuxiang.libraries import selectors
from shuxiang.libraries.ground import Ground
from shuxiang.libraries.models import EnrolmentCount, Library
from shuxiang.libraries.rules.enrolment import Cohort, Counted, Enrolment, in_force, of_class, of_library
from shuxiang.libraries.rules.terms import SchoolCalendar
from shuxiang.libraries.services import count_enrolment, create_library, find_or_open, graduate
from shuxiang.libraries.tests.conftest import AT, BY

SEPTEMBER, MARCH = Counted(date(2016, 9, 1), 30), Counted(date(2017, 3, 1), 28)
YEAR_STARTS = date(2016, 9, 1)
# one class in its last year, one in the middle, one that enters in 2017
LAST = Cohort(1, date(2011, 9, 1), date(2017, 6, 30), (SEPTEMBER, MARCH))
MIDDLE = Cohort(2, date(2013, 9, 1), date(2019, 8, 31), (Counted(date(2016, 9, 1), 40),))
NEXT = Cohort(3, date(2017, 9, 1), date(2023, 8, 31), (Counted(date(2017, 9, 5), 50),))


@pytest.mark.parametrize(
    ("counts", "day", "count"),
    [
        ((), date(2017, 1, 1), None),
        ((SEPTEMBER, MARCH), date(2017, 3, 1), 28),
        ((SEPTEMBER, MARCH), date(2017, 2, 28), 30),
        ((MARCH, SEPTEMBER), date(2015, 1, 1), 30),
    ],
)
def test_the_latest_count_is_in_force_and_before_it_the_first(
    counts: tuple[Counted, ...], day: date, count: int | None
) -> None:
    assert in_force(counts, day) == count


@pytest.mark.parametrize(
    ("cohort", "period", "count"),
    [
        (LAST, "2016-autumn", 30),
        (LAST, "2017-spring", 28),
        (LAST, "2017-07", 0),
        (LAST, "2017-autumn", 0),
        (LAST, "2011-autumn", 30),
        (NEXT, "2017-autumn", 50),
        (NEXT, "2017-spring", 0),
        (Cohort(4, date(2016, 9, 1), date(2022, 8, 31)), "2017-spring", None),
    ],
)
def test_a_class_counts_while_it_exists(cohort: Cohort, period: str, count: int | None) -> None:
    assert of_class(cohort, parse_period(period)) == count


@pytest.mark.parametrize(
    ("period", "pupils"),
    [
        ("2016-autumn", 70),
        ("2017-spring", 68),
        ("2016-2017", 68),
        ("2017-07", 40),
        ("2017-autumn", 90),
        # over the turn of the school year, the one with most days counts: never three cohorts for two grades
        ("2017", 68),
        ("2017-07-15..2017-11-15", 90),
        ("2016-09-01..2018-08-31", 90),
    ],
)
def test_the_school_is_the_sum_of_its_classes(period: str, pupils: int) -> None:
    part = SchoolCalendar().main_part(parse_period(period))
    assert of_library([LAST, MIDDLE, NEXT], (), part) == Enrolment(pupils)


@pytest.mark.parametrize(
    ("cohorts", "whole", "expected"),
    [
        ([LAST, Cohort(9, date(2015, 9, 1), date(2021, 8, 31))], (), Enrolment(28, (9,))),
        (
            [LAST, Cohort(9, date(2015, 9, 1), date(2021, 8, 31))],
            (Counted(YEAR_STARTS, 313),),
            Enrolment(313),
        ),
        ([LAST], (Counted(YEAR_STARTS, 313),), Enrolment(28)),
        ([], (Counted(YEAR_STARTS, 313),), Enrolment(313)),
        ([], (), Enrolment(0)),
    ],
)
def test_the_count_of_the_whole_school_stands_in_where_a_class_was_never_counted(
    cohorts: list[Cohort], whole: tuple[Counted, ...], expected: Enrolment
) -> None:
    assert of_library(cohorts, whole, parse_period("2017-spring")) == expected


def test_counts_of_a_real_size_add_up(school: Library) -> None:
    pupils = {"一年级": 37, "二年级": 40, "六甲": 32, "六乙": 34}
    for label, count in pupils.items():
        school_class = find_or_open(library=school, label=label, school_year="2016-2017", by=BY, at=AT)
        count_enrolment(
            library=school, school_class=school_class, count=count, on=date(2016, 9, 1), by=BY, at=AT
        )
    spring = selectors.period(school, "2017-spring")
    assert Ground(school).pupils_in(spring) == 143
    assert Ground(school).pupils_in(spring, school_class) == 34
    graduate(library=school, school_year="2016-2017", on=date(2017, 6, 30), by=BY, at=AT)
    assert Ground(school).pupils_in(spring) == 143
    assert Ground(school).pupils_in(selectors.period(school, "2017-autumn")) == 77
    assert len(Ground(school).classes_in(spring)) == 4


def test_a_second_count_of_the_day_replaces_the_first(school: Library) -> None:
    for count in (300, 313):
        count_enrolment(library=school, count=count, on=date(2016, 9, 1), by=BY, at=AT)
    assert Ground(school).pupils_in(Period("2016", date(2016, 1, 1), date(2016, 12, 31))) == 313
    assert EnrolmentCount.objects.count() == 1


def test_teachers_are_counted_apart(school: Library) -> None:
    assert Ground(school).teachers_in(parse_period("2016")) is None
    count_enrolment(library=school, kind="teacher", count=21, on=date(2016, 9, 1), by=BY, at=AT)
    assert Ground(school).teachers_in(parse_period("2017-spring")) == 21
    assert Ground(school).pupils_in(parse_period("2017-spring")) == 0


def test_counts_stay_in_their_library(school: Library) -> None:
    other = create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)
    foreign = find_or_open(library=other, label="六乙", school_year="2016-2017", by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        count_enrolment(library=school, school_class=foreign, count=3, on=date(2016, 9, 1), by=BY, at=AT)
    assert refused.value.codes == ("class_of_other_library",)
    count_enrolment(library=other, school_class=foreign, count=3, on=date(2016, 9, 1), by=BY, at=AT)
    assert Ground(school).pupils_in(parse_period("2017-spring")) == 0
    EnrolmentCount.objects.update(library=school)
    assert [d.code for d in reconcile.run("elm").differences] == ["count_of_foreign_class"]
