"""The rules of visits as tables: cards shown twice, gate files, points, places."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from shuxiang.visits.rules import GateRow, Measure, is_same_visit, on_time, rank, read_gate, read_points

NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
TODAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("minutes_after", "pause", "same"),
    [(None, 30, False), (29, 30, True), (30, 30, False), (-5, 30, True), (0, 0, False)],
)
def test_a_card_within_the_pause_is_the_same_visit(minutes_after: int | None, pause: int, same: bool) -> None:
    last = None if minutes_after is None else NOON - timedelta(minutes=minutes_after)
    assert is_same_visit(last, NOON, pause) is same


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (["2026-10-12", "11", "24"], GateRow(TODAY, 11, 24)),
        (["2026/10/12 11:35:09"], GateRow(TODAY, 11, 1)),
        (["2026-10-12T11:35"], GateRow(TODAY, 11, 1)),
        (["2026年10月12日", "11:00-12:00", "24", "22"], GateRow(TODAY, 11, 24)),
        (["1", "2026-10-11", "08:00", "3"], GateRow(date(2026, 10, 11), 8, 3)),
    ],
)
def test_a_line_of_a_gate_counter_is_read_however_it_is_written(line: list[str], row: GateRow) -> None:
    assert read_gate([line], TODAY).rows == (row,)


def test_hours_are_summed_and_what_is_odd_is_told() -> None:
    lines = [
        ["日期", "时间", "进"],
        ["2026-10-12", "11:05", "3"],
        ["2026-10-12", "11:50", "4"],
        [],
        ["2026-10-12", "12:00", "0"],
        ["2026-10-13", "8:00", "9"],
        ["2026-10-12", "99:00", "9"],
        ["2026-10-12", "9:00", "-4"],
        ["2026-13-40", "9:00", "4"],
        ["合计", "", "7"],
    ]
    reading = read_gate(lines, TODAY)
    assert reading.rows == (GateRow(TODAY, 11, 7),)
    assert [(p.line, p.code) for p in reading.problems] == [
        (6, "gate_to_come"),
        (7, "gate_no_time"),
        (8, "gate_bad_count"),
        (9, "gate_no_day"),
        (10, "gate_no_day"),
    ]
    assert (reading.lines, reading.empty, reading.count) == (10, 3, 7)


@pytest.mark.parametrize(
    ("base", "per_unit", "most", "value", "points"),
    [
        ("0", "4", "40", "9.27", "37.08"),
        ("0", "4", "40", "12", "40.00"),
        ("10", "-1", "10", "3", "7.00"),
        ("10", "-1", "10", "30", "0.00"),
        ("10", "-1", "10", None, "10.00"),
        ("5", "1", None, None, "0.00"),
        ("0", "0.1", None, "66.666", "6.67"),
    ],
)
def test_a_figure_becomes_points(
    base: str, per_unit: str, most: str | None, value: str | None, points: str
) -> None:
    measure = Measure(Decimal(base), Decimal(per_unit), None if most is None else Decimal(most))
    assert measure.points(None if value is None else Decimal(value)) == Decimal(points)


def test_equal_sums_share_a_place() -> None:
    placed = rank({1: Decimal(5), 2: Decimal(9), 3: Decimal(5), 4: Decimal(1)})
    assert [(p.class_id, p.place) for p in placed] == [(2, 1), (1, 2), (3, 2), (4, 4)]


def test_lessons_held_of_none_planned_is_not_known() -> None:
    assert on_time(0, 3) is None
    assert on_time(4, 3) == 75


@pytest.mark.parametrize(("text", "points"), [("2", "2"), ("-1.5", "-1.5"), ("＋3", "3"), ("−2", "-2")])
def test_points_are_read(text: str, points: str) -> None:
    assert read_points(text) == Decimal(points)


@pytest.mark.parametrize("text", ["", "x", "1.234", "1e9", "NaN", "Infinity", "1001"])
def test_what_cannot_be_points_is_not_taken(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s).*"):
        read_points(text)
