"""Hours, open days and the rotation table."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from shuxiang.common.decisions import Refused
from shuxiang.libraries import selectors
from shuxiang.libraries.models import Library, Room, RotationSlot
from shuxiang.libraries.rules.timetable import (
    Hours,
    Slot,
    SpecialDays,
    has_turn,
    hours_per_week,
    is_open,
    judge_reader,
    judge_slot,
    next_open,
)
from shuxiang.libraries.services import add_room, clear_slot, find_or_open, set_hours, set_slot
from shuxiang.libraries.tests.conftest import AT, BY

FROM = date(2026, 9, 1)
NOON, AFTER = (time(12, 0), time(12, 30)), (time(16, 0), time(16, 30))
TUESDAYS = Hours(2, time(10), time(15), FROM)
HOLIDAY = SpecialDays(date(2026, 10, 1), date(2026, 10, 8), False)
MAKE_UP = SpecialDays(date(2026, 10, 4), date(2026, 10, 4), True)


@pytest.mark.parametrize(
    ("day", "hours", "special", "weekends", "expected"),
    [
        (date(2026, 9, 7), (), (), False, True),  # a Monday
        (date(2026, 9, 6), (), (), False, False),  # a Sunday
        (date(2026, 9, 6), (), (), True, True),
        (date(2026, 9, 7), (TUESDAYS,), (), False, False),
        (date(2026, 9, 8), (TUESDAYS,), (), False, True),
        (date(2026, 8, 31), (TUESDAYS,), (), False, True),  # before the hours were set
        (date(2026, 10, 6), (TUESDAYS,), (HOLIDAY,), False, False),
        (date(2026, 10, 4), (TUESDAYS,), (HOLIDAY, MAKE_UP), False, True),
    ],
)
def test_special_days_go_before_hours_and_hours_before_the_custom(
    day: date, hours: tuple[Hours, ...], special: tuple[SpecialDays, ...], weekends: bool, expected: bool
) -> None:
    assert is_open(day, hours, special, weekends=weekends) is expected


def test_a_library_that_never_opens_has_no_next_day() -> None:
    assert next_open(FROM, lambda day: False) == FROM
    assert next_open(FROM, lambda day: day.day == 4) == date(2026, 9, 4)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((), "0.00"),
        ([Hours(day, time(10), time(15), FROM) for day in range(1, 6)], "25.00"),
        ([Hours(1, time(8), time(12), FROM), Hours(1, time(10), time(13, 20), FROM)], "5.33"),
        ([Hours(1, time(8), time(12), FROM, date(2026, 9, 30))], "0.00"),
    ],
)
def test_hours_of_several_rooms_at_once_count_once(hours: list[Hours], expected: str) -> None:
    assert hours_per_week(date(2026, 10, 15), hours) == Decimal(expected)


def slot(**change: object) -> Slot:
    values: dict[str, object] = {
        "room_id": 1, "weekday": 1, "week": "every", "starts": NOON[0], "ends": NOON[1],
        "activity": "lend", "valid_from": FROM, "grade": 6,
    }  # fmt: skip
    return Slot(**{**values, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"weekday": 2}, ()),
        ({"starts": NOON[1], "ends": AFTER[1]}, ()),
        ({"grade": 5}, ("slot_room_shared",)),
        ({"room_id": 2}, ("slot_readers_twice",)),
        ({"room_id": 2, "grade": None, "class_id": 6}, ()),
        ({"grade": None, "activity": "closed"}, ("slot_room_closed",)),
        ({"grade": 5, "valid_from": date(2027, 2, 1)}, ("slot_room_shared",)),
        ({"starts": NOON[1], "ends": NOON[0]}, ("slot_order",)),
    ],
)
def test_conflicts_of_a_cell_are_named(change: dict[str, object], codes: tuple[str, ...]) -> None:
    decision = judge_slot(slot(**change), [slot()])
    assert tuple(reason.code for reason in decision.reasons) == codes


def test_week_a_and_week_b_never_meet_nor_does_last_years_table() -> None:
    assert not slot(week="A").meets(slot(week="B"))
    assert slot(week="A").meets(slot())
    assert not slot(valid_from=date(2025, 9, 1), valid_to=date(2026, 7, 1)).meets(slot())


@pytest.mark.parametrize(
    ("week", "number", "expected"),
    [("every", None, True), ("A", 1, True), ("A", 2, False), ("B", 2, True), ("B", None, False)],
)
def test_odd_teaching_weeks_are_a_weeks(week: str, number: int | None, expected: bool) -> None:
    monday_noon = datetime(2026, 9, 7, 12, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert slot(week=week).is_at(monday_noon, number) is expected


def written(library: Library, weekday: int, times: tuple[time, time], **more: object) -> RotationSlot:
    row, _ = set_slot(
        library=library,
        room=library.rooms.get(code="main"),
        weekday=weekday,
        starts=times[0],
        ends=times[1],
        valid_from=FROM,
        by=BY,
        at=AT,
        **more,  # type: ignore[arg-type]
    )
    return row


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_rural_schools_table_says_whose_turn_it_is(school: Library) -> None:
    """One grade a slot, two where the grades are small, one slot closed: as a real school hangs it on the door."""
    noon = [(6,), (1, 2), (6,), (5,), (3, 4)]
    after = [(), (5,), (3, 4), (1, 2), ()]
    for weekday, (first, second) in enumerate(zip(noon, after, strict=True), 1):
        for grade in first:
            written(school, weekday, NOON, grade=grade)
        for grade in second:
            written(school, weekday, AFTER, grade=grade)
        if not second:
            written(school, weekday, AFTER, activity="closed")
    assert [row.grade for row in selectors.slot_now(school, at(8, 12, 0))] == [1, 2]
    assert [row.activity for row in selectors.slot_now(school, at(7, 16, 29))] == ["closed"]
    assert selectors.slot_now(school, at(7, 16, 30)) == ()
    assert len(selectors.slots_of(school)) == 14


def test_a_class_in_the_table_is_named_by_its_label_of_the_day(school: Library) -> None:
    school_class = find_or_open(library=school, label="三（2）班", school_year="2026-2027", by=BY, at=AT)
    row = written(school, 1, NOON, school_class=school_class)
    assert [slot.class_label for slot in selectors.slot_now(school, at(7, 12, 0))] == ["三（2）班"]
    clear_slot(slot=row, by=BY, at=AT)
    assert selectors.slot_now(school, at(7, 12, 0)) == ()


def test_a_class_cannot_be_in_two_rooms(school: Library) -> None:
    written(school, 1, NOON, grade=6)
    reading = add_room(library=school, code="reading", name="阅览室", seats=40, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        set_slot(
            library=school,
            room=reading,
            weekday=1,
            starts=NOON[0],
            ends=NOON[1],
            valid_from=FROM,
            grade=6,
            by=BY,
            at=AT,
        )
    assert refused.value.codes == ("slot_readers_twice",)
    with pytest.raises(Refused) as refused:
        written(school, 8, NOON, grade=3)
    assert refused.value.codes == ("slot_weekday",)


def test_new_hours_leave_those_of_the_past_term_alone(school: Library) -> None:
    room = Room.objects.get(library=school, code="main")
    week = [(day, time(11, 30), time(12, 30)) for day in range(1, 6)]
    set_hours(room=room, hours=week, valid_from=FROM, by=BY, at=AT)
    longer = [(day, time(8), time(16)) for day in range(1, 6)]
    set_hours(room=room, hours=longer, valid_from=date(2027, 3, 1), by=BY, at=AT)
    asked = [selectors.opening_hours_per_week(school, day) for day in (date(2027, 2, 28), date(2027, 3, 1))]
    assert asked == [Decimal("5.00"), Decimal("40.00")]
    with pytest.raises(Refused):
        set_hours(room=room, hours=[(8, time(8), time(9))], valid_from=FROM, by=BY, at=AT)


def turn(class_id: int | None = None, grade: int | None = None, activity: str = "lend") -> Slot:
    return Slot(1, 1, "every", *NOON, activity, FROM, class_id=class_id, grade=grade)


THREE_ONE = 31  # a class of the third grade


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("turns", "may"),
    [
        ([], True),  # free time
        ([turn(THREE_ONE)], True),
        ([turn(grade=3)], True),
        ([turn()], True),  # everybody's
        ([turn(32)], False),
        ([turn(grade=4)], False),
        ([turn(32), turn(grade=3)], True),
        ([turn(32, activity="return")], False),
        ([turn(32, activity="lesson")], True),  # another class reads in a room: the desk is free
        ([turn(32, activity="read"), turn(33)], False),
    ],
)
def test_a_class_may_come_in_its_own_turn_and_when_it_is_nobodys(turns: list[Slot], may: bool) -> None:
    assert has_turn(turns, THREE_ONE, 3) is may


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("turns", "class_id", "grade", "label", "codes"),
    [
        ([turn(THREE_ONE)], THREE_ONE, 3, "三（1）班", []),
        ([turn(THREE_ONE)], 32, 3, "三（2）班", ["reader_of_other_class", "turn_of_others"]),
        ([turn(32)], THREE_ONE, 3, "三（1）班", ["turn_of_others"]),
        ([turn(32)], 32, 3, "三（2）班", ["reader_of_other_class"]),
        ([], 32, 3, "三（2）班", ["reader_of_other_class"]),
        ([], None, None, "", ["reader_without_class"]),
    ],
)
def test_whoever_is_out_of_turn_or_class_is_noted_and_never_refused(
    turns: list[Slot], class_id: int | None, grade: int | None, label: str, codes: list[str]
) -> None:
    judged = judge_reader(turns, class_id=class_id, grade=grade, label=label, serving=THREE_ONE)
    assert [reason.code for reason in judged.reasons] == codes
    assert judged.allowed()
