"""Pupils, classes and hours as figures."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from shuxiang.common.actors import Actor
from shuxiang.figures import registry, selectors
from shuxiang.figures.registry import Scope, Value
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library, Room
from shuxiang.libraries.services import count_enrolment, create_library, find_or_open, graduate, set_hours

BY = Actor("li", "desk")
AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def library(db: None) -> Library:
    """三（1） with 40 pupils, 六（1） with 38, on 1 September 2026."""
    made = create_library(code="yl", name="育林小学", kind="primary", by=BY, at=AT)
    for label, pupils in (("六（1）班", 38), ("三（1）班", 40)):
        each = find_or_open(library=made, label=label, school_year="2026-2027", by=BY, at=AT)
        count_enrolment(library=made, count=pupils, on=date(2026, 9, 1), school_class=each, by=BY, at=AT)
    return made


def scope(library: Library, period: str) -> Scope:
    return Scope(library, libraries.period(library, period))


def value(library: Library, code: str, period: str = "2026-autumn") -> Value:
    return registry.get(code).value(scope(library, period))


def test_pupils_by_class_stand_in_the_order_of_grades_and_sum_to_the_school(library: Library) -> None:
    parts = registry.get("libraries.pupils").parts["class"](scope(library, "2026-autumn"))
    assert {part.label: part.value.number for part in parts} == {"三（1）班": 40, "六（1）班": 38}
    assert [part.label for part in parts] == ["三（1）班", "六（1）班"]
    assert value(library, "libraries.pupils").number == 78


def test_a_class_that_graduates_in_the_term_still_counts_in_it(library: Library) -> None:
    graduate(library=library, school_year="2026-2027", on=date(2027, 6, 30), by=BY, at=AT)
    assert value(library, "libraries.pupils", "2027-spring").number == 78
    assert value(library, "libraries.classes", "2027-spring").number == 2
    assert value(library, "libraries.pupils", "2027-autumn").number == 40


def test_a_calendar_year_counts_no_cohort_beside_its_successor(library: Library) -> None:
    """2027 has most of its days in 2026-2027: 六（1） that left in June counts, 一（1） that came in September does not."""
    graduate(library=library, school_year="2026-2027", on=date(2027, 6, 30), by=BY, at=AT)
    newest = find_or_open(library=library, label="一（1）班", school_year="2027-2028", by=BY, at=AT)
    count_enrolment(library=library, count=36, on=date(2027, 9, 1), school_class=newest, by=BY, at=AT)
    assert value(library, "libraries.pupils", "2027").number == 40 + 38
    assert value(library, "libraries.classes", "2027").number == 2
    parts = registry.get("libraries.pupils").parts["class"](scope(library, "2027"))
    assert sum(part.value.number or 0 for part in parts) == 78


def test_what_only_the_whole_school_counted_is_a_part_of_its_own(library: Library) -> None:
    find_or_open(library=library, label="一（1）班", school_year="2026-2027", by=BY, at=AT)
    count_enrolment(library=library, count=110, on=date(2026, 9, 1), by=BY, at=AT)
    parts = registry.get("libraries.pupils").parts["class"](scope(library, "2026-autumn"))
    assert [part.value.number for part in parts] == [0, 40, 38, 32]
    assert parts[-1].key == registry.REST


def test_rows_of_pupils_and_classes_name_the_classes(library: Library) -> None:
    for code, total in (("libraries.pupils", 2), ("libraries.classes", 2)):
        drill = registry.get(code).rows
        assert drill is not None
        rows = drill(scope(library, "2026-autumn"), "", 0, 10)
        assert rows.total == total
        assert [list(map(str, row)) for row in rows.rows] == [["三（1）班", "40"], ["六（1）班", "38"]]


def test_hours_nobody_wrote_down_are_not_zero_hours(library: Library) -> None:
    assert value(library, "libraries.opening_hours").number is None
    room = Room.objects.filter(library=library).first()
    assert room is not None
    hours = [(weekday, time(11, 30), time(12, 30)) for weekday in range(1, 6)]
    set_hours(room=room, hours=hours, valid_from=date(2026, 9, 1), by=BY, at=AT)
    assert value(library, "libraries.opening_hours").number == Decimal(5)


def test_pupils_alone_are_no_data(library: Library) -> None:
    term = scope(library, "2026-autumn")
    assert not selectors.has_data(term)


def test_the_chooser_offers_the_running_term_first(library: Library) -> None:
    codes = [period.code for period in selectors.recent_periods(library, date(2026, 10, 15))]
    assert codes == [
        "2026-autumn", "2026-spring", "2025-autumn", "2025-spring", "2024-autumn", "2024-spring",
        "2026-2027", "2025-2026", "2026", "2025",
    ]  # fmt: skip
