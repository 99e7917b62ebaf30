"""Counting visits: cards, heads, the key, gate files, corrections; two schools."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.visits import selectors
from shuxiang.visits.models import Visit
from shuxiang.visits.rules import GateRow
from shuxiang.visits.services import (
    correct,
    count_class,
    enter_reading,
    enter_visitors,
    press_key,
    remove_reading,
    remove_visitors,
    set_pause,
    show_card,
    take_gate_file,
    undo_gate_file,
)
from shuxiang.visits.tests.conftest import AT, BY, MONDAY, Ground, later

OCTOBER = Period("2026-10", date(2026, 10, 1), date(2026, 10, 31))


def figure(ground: Ground, code: str) -> Any:
    return registry.get(code).value(Scope(ground.library, OCTOBER, as_of=MONDAY)).number


def test_a_card_counts_once_and_says_only_the_class(ground: Ground) -> None:
    card: dict[str, Any] = {"library": ground.library, "room": ground.room, "code": "elm1", "by": BY}
    assert show_card(at=AT, **card).counted
    shown = show_card(at=later(minutes=29), **card)
    assert (shown.counted, shown.class_label) == (False, "三（1）班")
    assert show_card(at=later(minutes=30), **card).counted
    set_pause(library=ground.library, minutes=0, by=BY, at=AT)
    assert show_card(at=later(minutes=31), **card).counted
    assert figure(ground, "visits.visits") == 3
    assert reconcile.run().is_clean


def test_who_was_there_on_earlier_days_is_forgotten(ground: Ground) -> None:
    for days in (0, 2):
        show_card(library=ground.library, room=ground.room, code="elm1", at=later(days=days), by=BY)
    first, second = Visit.objects.order_by("at")
    assert (first.patron, first.school_class) == (None, ground.school_class)
    assert second.patron == ground.pupils[0]


def test_a_scan_sent_twice_counts_once(ground: Ground) -> None:
    operation = uuid7()
    for _n in range(2):
        said = show_card(
            library=ground.library, room=ground.room, code="elm3", at=AT, by=BY, operation_id=operation
        )
        assert said.counted
    assert Visit.objects.get().is_pupil is False


@pytest.mark.parametrize("code", ["nobody", "oak1", ""])
def test_a_card_of_nobody_or_of_another_school_is_refused(ground: Ground, other: Ground, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        show_card(library=ground.library, room=ground.room, code=code, at=AT, by=BY)
    assert refusal.value.codes == ("card_unknown",)
    assert not Visit.objects.exists()


def test_heads_keys_and_corrections_add_up(ground: Ground) -> None:
    place: dict[str, Any] = {"library": ground.library, "room": ground.room, "by": BY, "at": AT}
    count_class(school_class=ground.school_class, count=38, on=MONDAY, hour=11, **place)
    assert [press_key(**place), press_key(**place)] == [1, 2]
    correct(on=MONDAY, hour=11, difference=-3, reason="数错", school_class=ground.school_class, **place)
    assert selectors.by_hour(ground.library, (MONDAY, MONDAY)) == [(11, 35), (12, 2)]
    with pytest.raises(Refused) as refusal:
        correct(on=MONDAY, hour=11, difference=-36, reason="数错", **place)
    assert refusal.value.codes == ("below_zero",)
    with pytest.raises(Refused):
        correct(on=MONDAY, hour=11, difference=1, reason=" ", **place)
    by_class = {
        part.label: part.value.number
        for part in registry.get("visits.visits").parts["class"](Scope(ground.library, OCTOBER))
    }
    assert by_class == {"三（1）班": 35, "无班级": 2}


def test_visits_per_pupil_and_week(ground: Ground) -> None:
    count_class(
        library=ground.library,
        room=ground.room,
        school_class=ground.school_class,
        count=8,
        on=MONDAY,
        hour=11,
        by=BY,
        at=AT,
    )
    enter_reading(
        library=ground.library, room=ground.room, name="李老师", on=MONDAY, starts=AT.time(), by=BY, at=AT
    )
    assert figure(ground, "visits.visits") == 9
    value = registry.get("visits.per_pupil_week").value(Scope(ground.library, OCTOBER, as_of=MONDAY))
    assert (value.numerator, value.denominator) == (Decimal(8), Decimal(6))  # two pupils, weeks 5 to 7
    assert value.number == Decimal(8) / 6


@pytest.mark.parametrize(
    ("count", "days", "code"),
    [(0, 0, "count_bad"), (2001, 0, "count_bad"), (5, 1, "day_to_come"), (5, -40000, "day_before_library")],
)
def test_what_cannot_have_been_is_refused(ground: Ground, count: int, days: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        count_class(
            library=ground.library,
            room=ground.room,
            school_class=ground.school_class,
            count=count,
            on=MONDAY + timedelta(days=days),
            hour=11,
            by=BY,
            at=AT,
        )
    assert refusal.value.codes == (code,)


def test_another_schools_room_and_class_are_refused(ground: Ground, other: Ground) -> None:
    with pytest.raises(Refused):
        press_key(library=ground.library, room=other.room, by=BY, at=AT)
    with pytest.raises(Refused):
        count_class(
            library=ground.library,
            room=ground.room,
            school_class=other.school_class,
            count=3,
            on=MONDAY,
            hour=9,
            by=BY,
            at=AT,
        )
    press_key(library=other.library, room=other.room, by=BY, at=AT)
    assert figure(ground, "visits.visits") == 0
    assert selectors.room_of(ground.library, other.room.pk) is None
    assert selectors.class_of(ground.library, other.school_class.pk) is None


def test_a_gate_file_is_taken_once_and_weighed_out_again(ground: Ground) -> None:
    rows = [GateRow(MONDAY, 8, 20), GateRow(MONDAY, 9, 31)]
    place: dict[str, Any] = {
        "library": ground.library,
        "room": ground.room,
        "name": "门禁.csv",
        "by": BY,
        "at": AT,
    }
    taken = take_gate_file(rows=rows, **place)
    assert (taken.rows, taken.count) == (2, 51)
    with pytest.raises(Refused) as refusal:
        take_gate_file(rows=rows, **place)
    assert refusal.value.codes == ("gate_again",)
    assert undo_gate_file(gate_file=taken, by=BY, at=AT) == 2
    assert figure(ground, "visits.visits") == 0
    assert Visit.objects.count() == 4
    with pytest.raises(Refused):
        undo_gate_file(gate_file=taken, by=BY, at=AT)
    assert take_gate_file(rows=rows, **place).count == 51
    assert reconcile.run().is_clean


def test_a_gate_file_corrected_since_is_not_weighed_out_below_nobody(ground: Ground) -> None:
    place: dict[str, Any] = {"library": ground.library, "room": ground.room, "by": BY, "at": AT}
    taken = take_gate_file(rows=[GateRow(MONDAY, 8, 20)], name="x", **place)
    correct(on=MONDAY, hour=8, difference=-5, reason="试机", **place)
    with pytest.raises(Refused) as refusal:
        undo_gate_file(gate_file=taken, by=BY, at=AT)
    assert refusal.value.codes == ("corrected_below",)
    assert figure(ground, "visits.visits") == 15


@pytest.mark.parametrize(
    ("rows", "code"), [([], "gate_nothing"), ([GateRow(MONDAY + timedelta(days=1), 8, 3)], "day_to_come")]
)
def test_an_empty_gate_file_or_one_of_days_to_come_is_refused(
    ground: Ground, rows: list[GateRow], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        take_gate_file(library=ground.library, room=ground.room, name="x", rows=rows, by=BY, at=AT)
    assert refusal.value.codes == (code,)


def test_a_line_of_the_teachers_register_is_a_visit_until_it_is_taken_out(ground: Ground) -> None:
    line = enter_reading(
        library=ground.library,
        room=ground.room,
        name="",
        patron=ground.teacher,
        on=MONDAY,
        starts=AT.time(),
        what="《人民教育》",
        by=BY,
        at=AT,
    )
    assert line.name == "榆老师"
    assert figure(ground, "visits.teacher_readings") == 1
    remove_reading(reading=line, by=BY, at=AT)
    assert (figure(ground, "visits.teacher_readings"), figure(ground, "visits.visits")) == (0, 0)
    with pytest.raises(Refused):
        remove_reading(reading=line, by=BY, at=AT)
    assert reconcile.run().is_clean


def test_the_visitors_book(ground: Ground, other: Ground) -> None:
    group = enter_visitors(
        library=ground.library,
        organisation="县教育局",
        purpose="检查图书室",
        people=4,
        on=MONDAY,
        by=BY,
        at=AT,
    )
    assert (
        figure(ground, "visits.visitors"),
        figure(ground, "visits.visits"),
        figure(other, "visits.visitors"),
    ) == (4, 0, 0)
    with pytest.raises(Refused) as refusal:
        enter_visitors(library=ground.library, organisation=" ", people=4, on=MONDAY, by=BY, at=AT)
    assert refusal.value.codes == ("organisation_needed",)
    remove_visitors(group=group, by=BY, at=AT)
    assert figure(ground, "visits.visitors") == 0
