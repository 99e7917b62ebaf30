"""Turns of the roster and the ranking, as tables."""

from datetime import date, time

import pytest

from shuxiang.helpers.rules import Turn, Work, judge_time, judge_turn, proposed, ranked

NOON, ONE, TWO = time(12), time(13), time(14)
THURSDAY = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Turn(4, "every", NOON, ONE), True),
        (Turn(4, "A", time(12, 59), TWO), True),
        (Turn(4, "B", NOON, ONE), False),
        (Turn(4, "every", ONE, TWO), False),
        (Turn(5, "every", NOON, ONE), False),
    ],
)
def test_which_turns_nobody_can_keep_both(other: Turn, meets: bool) -> None:
    assert Turn(4, "A", NOON, ONE).meets(other) is meets


@pytest.mark.parametrize(
    ("week", "number", "on"),
    [("every", None, True), ("A", 1, True), ("A", 2, False), ("B", 2, True), ("B", None, False)],
)
def test_a_turn_is_on_in_its_week(week: str, number: int | None, on: bool) -> None:
    assert Turn(4, week, NOON, ONE).is_on(THURSDAY, number) is on
    assert not Turn(3, week, NOON, ONE).is_on(THURSDAY, number)


@pytest.mark.parametrize(
    "turn", [Turn(0, "every", NOON, ONE), Turn(8, "every", NOON, ONE), Turn(1, "A", ONE, NOON)]
)
def test_a_turn_has_a_day_and_a_length(turn: Turn) -> None:
    assert [reason.code for reason in judge_turn(turn, []).refused] == ["turn_bad"]


@pytest.mark.parametrize(
    ("last", "fits"),
    [(date(2026, 10, 14), False), (THURSDAY, True), (date(2027, 7, 10), True), (date(2028, 1, 1), False)],
)
def test_an_appointment_has_an_end_within_a_school_year(last: date, fits: bool) -> None:
    assert (judge_time(THURSDAY, last) is None) is fits


def test_the_first_third_and_their_equals_are_proposed_and_who_did_nothing_is_not() -> None:
    work = [
        Work(1, "甲", "", acts=5),
        Work(2, "乙", "", minutes=5),
        Work(3, "丙", "", acts=1),
        Work(4, "丁", ""),
    ]
    assert [one.helper for one in ranked(work)] == [2, 1, 3, 4]
    assert sorted(proposed(work)) == [1, 2]
    assert proposed([Work(4, "丁", "")]) == []
