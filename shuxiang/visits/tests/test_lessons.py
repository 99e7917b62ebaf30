"""Reading lessons: what the table has, held, not held, attendance, taken out; slips and scores."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.libraries.models import RotationSlot
from shuxiang.libraries.services import add_room, set_special_days
from shuxiang.visits import selectors
from shuxiang.visits.models import Lesson
from shuxiang.visits.services import (
    add_criterion,
    default_criteria,
    drop_lesson,
    end_criterion,
    forget_lesson,
    give_points,
    hold_lesson,
    strike_points,
)
from shuxiang.visits.services.lessons import When
from shuxiang.visits.tests.conftest import AT, BY, MONDAY, Ground

OCTOBER = Period("2026-10", date(2026, 10, 1), date(2026, 10, 31))


def when(ground: Ground, on: date = MONDAY) -> When:
    return When(
        ground.school_class,
        ground.room,
        on,
        time(9, 0),
        time(9, 40),
        RotationSlot.objects.filter(library=ground.library).first(),
    )


def value(ground: Ground, code: str) -> Any:
    return registry.get(code).value(Scope(ground.library, OCTOBER, as_of=MONDAY)).number


def test_lessons_come_from_the_table_on_open_days_of_teaching_weeks(ground: Ground) -> None:
    set_special_days(
        library=ground.library,
        from_on=date(2026, 10, 1),
        to_on=date(2026, 10, 7),
        name="国庆节",
        by=BY,
        at=AT,
    )
    planned = selectors.planned_lessons(ground.library, OCTOBER.starts_on, OCTOBER.ends_on)
    assert [plan.on.day for plan in planned] == [12, 19, 26]
    assert {plan.class_id for plan in planned} == {ground.school_class.pk}


def test_a_lesson_of_a_grade_is_one_for_each_of_its_classes(ground: Ground) -> None:
    RotationSlot.objects.update(school_class=None, grade=3)
    planned = selectors.planned_lessons(ground.library, MONDAY, MONDAY)
    assert [plan.class_id for plan in planned] == [ground.school_class.pk]
    RotationSlot.objects.update(grade=4)
    assert selectors.planned_lessons(ground.library, MONDAY, MONDAY) == []


def test_ticked_pupils_are_the_count_and_the_visits(ground: Ground) -> None:
    both = [pupil.pk for pupil in ground.pupils]
    lesson = hold_lesson(
        library=ground.library, when=when(ground), present=both, teacher="李老师", topic="寓言", by=BY, at=AT
    )
    assert (lesson.head_count, selectors.present_in(lesson)) == (2, set(both))
    assert value(ground, "visits.visits") == 2
    again = hold_lesson(library=ground.library, when=when(ground), present=both[:1], by=BY, at=AT)
    assert (again.pk, again.head_count, value(ground, "visits.visits")) == (lesson.pk, 1, 1)
    dropped = drop_lesson(library=ground.library, when=when(ground), reason="停电", by=BY, at=AT)
    assert (dropped.head_count, selectors.present_in(dropped), value(ground, "visits.visits")) == (
        None,
        set(),
        0,
    )
    assert reconcile.run().is_clean


def test_a_lesson_moved_to_another_room_takes_its_visits_along(ground: Ground) -> None:
    hold_lesson(library=ground.library, when=when(ground), head_count=30, by=BY, at=AT)
    room = add_room(library=ground.library, code="second", name="电子阅览室", by=BY, at=AT)
    moved = When(ground.school_class, room, MONDAY, time(9, 0), time(9, 40))
    hold_lesson(library=ground.library, when=moved, head_count=31, by=BY, at=AT)
    assert dict(selectors.by_room(ground.library, (MONDAY, MONDAY))) == {"榆阅览室": 0, "电子阅览室": 31}
    assert reconcile.run().is_clean


def test_a_lesson_taken_out_is_counted_no_more(ground: Ground) -> None:
    lesson = hold_lesson(library=ground.library, when=when(ground), head_count=30, by=BY, at=AT)
    assert (value(ground, "visits.lessons"), value(ground, "visits.visits")) == (1, 30)
    forget_lesson(lesson=lesson, by=BY, at=AT)
    assert (value(ground, "visits.lessons"), value(ground, "visits.visits")) == (0, 0)
    assert not Lesson.objects.exists()
    assert reconcile.run().is_clean


def test_held_of_planned(ground: Ground) -> None:
    hold_lesson(library=ground.library, when=when(ground), head_count=30, by=BY, at=AT)
    assert value(ground, "visits.lessons_planned") == 2  # 5 and 12 October
    assert value(ground, "visits.lessons_on_time") == 50


@pytest.mark.parametrize(
    ("heads", "days", "code"), [(None, 0, "lesson_heads"), (201, 0, "lesson_heads"), (3, 1, "day_to_come")]
)
def test_what_cannot_have_been_is_refused(ground: Ground, heads: int | None, days: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        hold_lesson(
            library=ground.library,
            when=when(ground, MONDAY + timedelta(days=days)),
            head_count=heads,
            by=BY,
            at=AT,
        )
    assert refusal.value.codes == (code,)


def test_only_pupils_of_the_class_are_ticked_and_no_other_schools(ground: Ground, other: Ground) -> None:
    with pytest.raises(Refused) as refusal:
        hold_lesson(library=ground.library, when=when(ground), present=[other.pupils[0].pk], by=BY, at=AT)
    assert refusal.value.codes == ("lesson_pupil_elsewhere",)
    with pytest.raises(Refused):
        hold_lesson(library=other.library, when=when(ground), head_count=3, by=BY, at=AT)
    with pytest.raises(Refused):
        drop_lesson(library=ground.library, when=when(ground), reason=" ", by=BY, at=AT)
    lesson = hold_lesson(library=ground.library, when=when(ground), head_count=3, by=BY, at=AT)
    assert selectors.lesson_of(other.library, lesson.pk) is None
    assert value(other, "visits.lessons") == 0


def test_rows_join_what_is_planned_with_what_was_written(ground: Ground) -> None:
    plan = selectors.planned_lessons(ground.library, MONDAY, MONDAY)[0]
    on_plan = When(ground.school_class, ground.room, MONDAY, plan.starts, plan.ends)
    hold_lesson(library=ground.library, when=on_plan, head_count=3, by=BY, at=AT)
    hold_lesson(library=ground.library, when=when(ground), head_count=2, by=BY, at=AT)
    rows = selectors.lesson_rows(ground.library, MONDAY - timedelta(days=7), MONDAY)
    assert [(row.planned is not None, row.lesson is not None) for row in rows] == [
        (True, False),
        (False, True),
        (True, True),
    ]
    assert selectors.lesson_rows(ground.library, MONDAY, MONDAY, classes=[]) == []


def test_a_sheet_is_computed_from_figures_and_given_points(ground: Ground) -> None:
    by_hand = add_criterion(library=ground.library, name="图书角", most=Decimal(5), by=BY, at=AT)
    add_criterion(
        library=ground.library,
        name="到馆",
        figure="visits.visits",
        per_unit=Decimal("0.1"),
        most=Decimal(20),
        by=BY,
        at=AT,
    )
    hold_lesson(library=ground.library, when=when(ground), head_count=30, by=BY, at=AT)
    given: dict[str, Any] = {
        "criterion": by_hand,
        "school_class": ground.school_class,
        "on": MONDAY,
        "by": BY,
        "at": AT,
    }
    give_points(points=Decimal(4), reason="整齐", **given)
    wrong = give_points(points=Decimal(-2), reason="记错", **given)
    strike_points(entry=wrong, by=BY, at=AT)
    sheet = selectors.score_sheet(ground.library, OCTOBER, MONDAY)
    shown = [(int(cell.points), cell.value and int(cell.value)) for cell in sheet.lines[0].cells]
    assert shown == [(4, None), (3, 30)]
    assert (int(sheet.lines[0].placed.total), sheet.lines[0].school_class.label) == (7, "三（1）班")
    with pytest.raises(Refused):
        strike_points(entry=wrong, by=BY, at=AT)


def test_criteria_name_a_figure_that_every_class_has(ground: Ground, other: Ground) -> None:
    for figure in ("nonsense.figure", "visits.visitors"):
        with pytest.raises(Refused) as refusal:
            add_criterion(library=ground.library, name="x", figure=figure, by=BY, at=AT)
        assert refusal.value.codes == ("criterion_figure",)
    made = default_criteria(library=ground.library, by=BY, at=AT)
    assert len(made) == 5
    assert default_criteria(library=ground.library, by=BY, at=AT) == []
    with pytest.raises(Refused) as refusal:
        give_points(
            criterion=made[0],
            school_class=ground.school_class,
            points=Decimal(1),
            on=MONDAY,
            reason="x",
            by=BY,
            at=AT,
        )
    assert refusal.value.codes == ("criterion_computed",)
    with pytest.raises(Refused):
        give_points(
            criterion=made[4],
            school_class=other.school_class,
            points=Decimal(1),
            on=MONDAY,
            reason="x",
            by=BY,
            at=AT,
        )
    end_criterion(criterion=made[4], by=BY, at=AT)
    assert len(selectors.criteria_of(ground.library)) == 4
    assert selectors.criterion_of(other.library, made[0].pk) is None
    assert selectors.score_sheet(other.library, OCTOBER, MONDAY).criteria == ()
