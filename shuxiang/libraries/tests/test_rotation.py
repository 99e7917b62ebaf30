"""The rotation table's editor: what stands against a cell, history that stays, carrying on, filling, grids, undo."""

from datetime import date, time, timedelta

import pytest

from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.libraries import rotation
from shuxiang.libraries.models import Library, Room, RotationSlot
from shuxiang.libraries.rules.rotation import Around, ClassHere, Time, carry, judge_cell, propose
from shuxiang.libraries.rules.rotation_grid import read_grid, times_of, weekday_of
from shuxiang.libraries.rules.timetable import Hours, Slot
from shuxiang.libraries.services import add_room, count_enrolment, create_library, find_or_open, set_hours
from shuxiang.libraries.services.rotation import Rewritten, rewrite, undo_rewriting
from shuxiang.libraries.tests.conftest import AT, BY

FROM = date(2026, 9, 1)
NOON, ONE = time(11, 30), time(12, 30)
A, B = ClassHere(1, "三（1）班", 3, 40), ClassHere(2, "三（2）班", 3, 42)
AROUND = Around(
    rooms={1: "阅览室", 2: "图书室"},
    seats={1: 50, 2: None},
    hours={1: [Hours(1, time(8), time(16), FROM)]},
    classes={1: A, 2: B},
)


def cell(
    class_id: int | None = 1,
    *,
    room: int = 1,
    day: int = 1,
    week: str = "every",
    activity: str = "lend",
    grade: int | None = None,
) -> Slot:
    return Slot(room, day, week, NOON, ONE, activity, FROM, None, class_id, grade)


@pytest.mark.parametrize(
    ("new", "others", "codes"),
    [
        (cell(), [], ()),
        (cell(), [cell(day=2)], ()),
        (cell(), [cell(room=2)], ("slot_readers_twice",)),
        (cell(week="A"), [cell(room=2, week="B")], ()),
        (cell(week="A"), [cell(room=2)], ("slot_readers_twice",)),
        (cell(), [cell(None, activity="closed")], ("slot_room_closed",)),
        (cell(2), [cell(1)], ("slot_room_taken", "slot_too_many")),
        (cell(2, room=2), [cell(1, room=2)], ("slot_room_taken",)),
        (cell(1, room=2), [cell(None, grade=3)], ("slot_grade_too",)),
        (cell(day=2), [], ("slot_outside_hours",)),
        (cell(None, activity="closed", day=2), [], ()),
        (cell(None, grade=3), [], ("slot_too_many",)),
    ],
)
def test_what_stands_against_a_cell(new: Slot, others: list[Slot], codes: tuple[str, ...]) -> None:
    assert tuple(reason.code for reason in judge_cell(new, others, AROUND).reasons) == codes


def test_every_class_gets_a_time_and_what_is_left_is_told() -> None:
    times = [Time(NOON, ONE, 1)]
    around = Around(seats={1: 50}, classes={1: A, 2: B})
    said = propose([A, B], times, [], around, room_id=1, activity="lend", from_on=FROM)
    assert [(p.of.pk, p.why) for p in said] == [(1, "free"), (2, "none_left")]
    roomy = Around(seats={1: 100}, classes={1: A, 2: B})
    said = propose([A, B], times, [], roomy, room_id=1, activity="lend", from_on=FROM)
    assert [(p.why, p.beside) for p in said] == [("free", ""), ("shared", "三（1）班")]
    again = propose([A], times, [cell()], roomy, room_id=1, activity="lend", from_on=FROM)
    assert [(p.slot, p.why) for p in again] == [(None, "has_one")]


def test_a_table_is_carried_on_without_those_who_left() -> None:
    later = date(2027, 2, 1)
    ended = Slot(1, 1, "every", NOON, ONE, "lend", FROM, date(2027, 1, 31), 1)
    gone = Slot(1, 2, "every", NOON, ONE, "lend", FROM, date(2027, 1, 31), 9)
    carried = carry([ended, gone, ended], [], {1: A}, later, None)
    assert [(slot.class_id, slot.valid_from) for slot in carried.cells] == [(1, later)]
    assert (carried.gone, carried.there) == (1, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [("周一", 1), ("星期日", 7), ("礼拜天", 7), ("三", 3), ("Friday", 5), ("课", None), ("", None)],
)
def test_weekdays_are_read_however_they_are_written(text: str, day: int | None) -> None:
    assert weekday_of(text) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11:30-12:30", (NOON, ONE)),
        ("午间 11：30—12：30", (NOON, ONE)),
        ("12:30-11:30", None),
        ("25:00-26:00", None),
        ("午间", None),
    ],
)
def test_times_are_read_however_they_are_written(text: str, found: tuple[time, time] | None) -> None:
    assert times_of(text) == found


def test_a_grid_gives_cells_and_says_what_it_cannot_read() -> None:
    rows = [
        ["图书室轮流借阅表"],
        ["时间", "周一", "周二"],
        ["11:30-12:30", "三1班、三2班", "A:四1班/B：四2班"],
        ["课后", "五1班", ""],
        ["15:40-16:50", "闭馆", ""],
    ]
    cells, problems = read_grid(rows)
    assert [(c.weekday, c.week, c.who) for c in cells] == [
        (1, "every", "三1班"),
        (1, "every", "三2班"),
        (2, "A", "四1班"),
        (2, "B", "四2班"),
        (1, "every", ""),
    ]
    assert cells[-1].is_closed
    assert [(p.row, p.code, p.text) for p in problems] == [(4, "grid_no_time", "课后")]
    assert read_grid([["a", "b"]])[1][0].code == "grid_no_days"


@pytest.fixture
def room(school: Library) -> Room:
    room = add_room(library=school, code="main", name="图书室", seats=60, by=BY, at=AT)
    set_hours(
        room=room, hours=[(day, time(8), time(17)) for day in range(1, 6)], valid_from=FROM, by=BY, at=AT
    )
    return room


def of_class(school: Library, room: Room, label: str, *, day: int = 1, from_on: date = FROM) -> Slot:
    found = find_or_open(library=school, label=label, school_year="2026-2027", by=BY, at=AT)
    count_enrolment(library=school, school_class=found, count=40, on=FROM, by=BY, at=AT)
    return Slot(room.pk, day, "every", NOON, ONE, "lend", from_on, None, found.pk)


def write(
    school: Library,
    *adding: Slot,
    ending: tuple[int, ...] = (),
    from_on: date = FROM,
    confirmed: tuple[str, ...] = (),
) -> Rewritten:
    return rewrite(
        library=school, adding=adding, ending=ending, from_on=from_on, by=BY, at=AT, confirmed=confirmed
    )


def test_a_change_keeps_what_was_and_is_undone(school: Library, room: Room) -> None:
    first = of_class(school, room, "三（1）班")
    write(school, first)
    row = RotationSlot.objects.get()
    later = FROM + timedelta(days=60)
    moved = of_class(school, room, "三（1）班", day=3, from_on=later)
    done = write(school, moved, ending=(row.pk,), from_on=later)
    assert (done.made, done.ended) == (1, 1)
    row.refresh_from_db()
    assert row.valid_to == later - timedelta(days=1)
    assert [c.weekday for c in rotation.cells_on(school, FROM)] == [1]
    assert [c.weekday for c in rotation.cells_on(school, later)] == [3]
    assert rotation.changes_after(school, FROM) == [later]
    undo_rewriting(library=school, operation_id=done.operation.pk, by=BY, at=AT)
    assert [(c.weekday, c.valid_to) for c in rotation.cells_on(school, later)] == [(1, None)]
    with pytest.raises(Refused) as refusal:
        undo_rewriting(library=school, operation_id=done.operation.pk, by=BY, at=AT)
    assert refusal.value.codes == ("rotation_changed_since",)


def test_a_cell_that_never_held_is_taken_out_and_comes_back(school: Library, room: Room) -> None:
    write(school, of_class(school, room, "三（1）班"))
    done = write(school, ending=(RotationSlot.objects.get().pk,))
    assert not RotationSlot.objects.exists()
    undo_rewriting(library=school, operation_id=done.operation.pk, by=BY, at=AT)
    back = RotationSlot.objects.get()
    assert (back.weekday, back.starts, back.school_class is not None) == (1, NOON, True)


def test_questions_are_answered_and_nothing_is_half_done(school: Library, room: Room) -> None:
    two = (of_class(school, room, "三（1）班"), of_class(school, room, "三（2）班"))
    with pytest.raises(Refused) as refusal:
        write(school, *two)
    assert set(refusal.value.codes) == {"slot_room_taken", "slot_too_many"}
    assert not RotationSlot.objects.exists()
    assert write(school, *two, confirmed=("slot_room_taken", "slot_too_many")).made == 2


def test_another_librarys_room_or_class_is_refused(school: Library, room: Room) -> None:
    other = create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)
    theirs = add_room(library=other, code="main", name="图书室", by=BY, at=AT)
    slot = of_class(school, room, "三（1）班")
    for strange in (Slot(theirs.pk, 1, "every", NOON, ONE, "lend", FROM), of_class(other, room, "三（1）班")):
        with pytest.raises(Refused) as refusal:
            write(school, strange)
        assert refusal.value.codes == ("slot_of_other_library",)
    done = write(school, slot)
    with pytest.raises(Refused):
        undo_rewriting(library=other, operation_id=done.operation.pk, by=BY, at=AT)
    assert rotation.find_cell(other, RotationSlot.objects.get().pk) is None


def test_the_same_operation_writes_once(school: Library, room: Room) -> None:
    slot = of_class(school, room, "三（1）班")
    operation = uuid7()
    for _n in range(2):
        done = rewrite(library=school, adding=[slot], from_on=FROM, by=BY, at=AT, operation_id=operation)
        assert done.made == 1
    assert RotationSlot.objects.count() == 1


def test_the_grid_of_a_page_has_a_line_for_each_time(school: Library, room: Room) -> None:
    write(
        school,
        of_class(school, room, "三（1）班"),
        of_class(school, room, "三（2）班", day=6),
        confirmed=("slot_outside_hours",),
    )
    made = rotation.grid(school, room, FROM)
    assert made.weekdays == (1, 2, 3, 4, 5, 6)
    assert [(line.starts, [len(cells) for _day, cells in line.days]) for line in made.lines] == [
        (NOON, [1, 0, 0, 0, 0, 1])
    ]
    assert made.lines[0].days[0][1][0].who == "三（1）班"
