"""A school's reading room with a table, a lesson held, visits, registers and scores, for tests of no single room."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from shuxiang.common.actors import Actor
from shuxiang.libraries.models import CalendarDay, Library, Room, RotationSlot, SchoolClass
from shuxiang.libraries.services import add_room, set_hours, set_slot, set_special_days
from shuxiang.visits.models import Criterion, GateFile, Lesson, PointsEntry, TeacherReading, VisitorGroup
from shuxiang.visits.rules import GateRow
from shuxiang.visits.services import (
    add_criterion,
    enter_reading,
    enter_visitors,
    give_points,
    hold_lesson,
    take_gate_file,
)
from shuxiang.visits.services.lessons import When

MONDAY = date(2026, 9, 7)
STARTS, ENDS = time(14, 0), time(14, 40)


@dataclass(frozen=True)
class ReadingRoom:
    """Everything that the pages of rotation, lessons, visits and scores can name."""

    room: Room
    cell: RotationSlot
    days: CalendarDay
    lesson: Lesson
    gate_file: GateFile
    reading: TeacherReading
    visitors: VisitorGroup
    criterion: Criterion
    points: PointsEntry
    term: str = "2026-autumn"
    form: str = "pdf"


def reading_room(
    library: Library, school_class: SchoolClass, word: str, *, by: Actor, start: datetime, at: datetime
) -> ReadingRoom:
    """A room open on weekdays, a lesson on Mondays, held once with everybody; `at` is a moment of October."""
    room = add_room(library=library, code="main", name=f"{word}阅览室", seats=60, by=by, at=start)
    hours = [(day, time(8, 0), time(17, 0)) for day in range(1, 6)]
    set_hours(room=room, hours=hours, valid_from=MONDAY, by=by, at=start)
    cell, _notes = set_slot(
        library=library,
        room=room,
        weekday=1,
        starts=STARTS,
        ends=ENDS,
        activity="lesson",
        school_class=school_class,
        valid_from=MONDAY,
        by=by,
        at=start,
    )
    days = set_special_days(
        library=library, from_on=date(2027, 1, 1), to_on=date(2027, 1, 1), name=f"{word}元旦", by=by, at=start
    )
    when = When(school_class, room, MONDAY, STARTS, ENDS, cell)
    lesson = hold_lesson(
        library=library, when=when, head_count=1, teacher=f"{word}老师", topic=f"{word}寓言", by=by, at=at
    )
    rows = [GateRow(MONDAY, 8, 20)]
    gate_file = take_gate_file(library=library, room=room, name=f"{word}门禁.csv", rows=rows, by=by, at=at)
    reading = enter_reading(
        library=library, room=room, name=f"{word}老师", on=MONDAY, starts=STARTS, by=by, at=at
    )
    visitors = enter_visitors(
        library=library, organisation=f"{word}教育局", people=4, on=MONDAY, by=by, at=at
    )
    criterion = add_criterion(library=library, name=f"{word}图书角", by=by, at=at)
    points = give_points(
        criterion=criterion,
        school_class=school_class,
        points=Decimal(2),
        on=MONDAY,
        reason=f"{word}整齐",
        by=by,
        at=at,
    )
    return ReadingRoom(room, cell, days, lesson, gate_file, reading, visitors, criterion, points)
