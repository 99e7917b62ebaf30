"""The turn of a year as a table: who goes where, what is asked, what is impossible. No database."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shuxiang.enrolment.rules import (
    MERGE,
    NEW,
    RENAME,
    TWICE,
    ClassChoice,
    ClassNow,
    Newcomer,
    Plan,
    PupilNow,
    compose,
    may_take_back,
    numbered,
)

ONE = ClassNow(1, "一（1）班", "二（1）班", (PupilNow(11, "甲"), PupilNow(12, "乙")))
TWO = ClassNow(2, "一（2）班", "二（2）班", (PupilNow(21, "丙"), PupilNow(22, "甲")))
SIX = ClassNow(6, "六（1）班", "", (PupilNow(61, "丁"), PupilNow(62, "戊")))
SCHOOL = (ONE, TWO, SIX)


def plan(
    classes: Mapping[int, ClassChoice] | None = None,
    pupils: Mapping[int, str] | None = None,
    rows: tuple[Newcomer, ...] = (),
    **more: Any,
) -> Plan:
    return compose(SCHOOL, classes or {}, pupils or {}, rows, **more)


def row(place: int, name: str, target: str = "new:一（1）班", **more: Any) -> Newcomer:
    return Newcomer(place, name, target, **more)


def after(made: Plan) -> dict[str, int]:
    return {line.label_after: line.after for line in made.lines if line.label_after}


def test_without_a_choice_classes_go_up_nobody_is_moved_and_the_last_grade_leaves() -> None:
    made = plan()
    assert made.moves == []
    assert made.leavers == {61: "graduates", 62: "graduates"}
    assert made.closed == {6: "graduates"}
    assert after(made) == {"二（1）班": 2, "二（2）班": 2}
    assert made.stands


@pytest.mark.parametrize(
    ("wish", "moved", "left"),
    [
        ({11: "leave"}, [], {11}),
        ({11: "class:2"}, [(11, "class:2", None)], set()),
        ({11: "new:二（3）班"}, [(11, "new:二（3）班", None)], set()),
        ({11: "class:1"}, [], set()),
        ({61: "class:1"}, [(61, "class:1", None)], set()),  # repeats a year
    ],
)
def test_single_pupils_go_their_way(wish: dict[int, str], moved: list[object], left: set[int]) -> None:
    made = plan(pupils=wish)
    assert made.moves == moved
    assert {key for key, why in made.leavers.items() if why == "leaves"} == left
    assert made.stands


def test_a_class_that_is_merged_takes_everybody_along() -> None:
    made = plan({2: ClassChoice(MERGE, into=1)}, {61: "class:2"})
    assert {target for _patron, target, _number in made.moves} == {"class:1"}
    assert made.closed == {2: "merge", 6: "graduates"}
    assert after(made) == {"二（1）班": 5}
    assert made.stands


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({1: ClassChoice(MERGE, into=6)}, "merge_into_none"),
        ({1: ClassChoice(MERGE, into=2), 2: ClassChoice(MERGE, into=1)}, "merge_into_none"),
        ({1: ClassChoice(RENAME, "二（2）班")}, "label_taken"),
        ({1: ClassChoice(RENAME, "")}, "label_taken"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_carried_out(
    choices: dict[int, ClassChoice], code: str
) -> None:
    made = plan(choices)
    assert code in [problem.code for problem in made.problems]
    assert not made.stands


def test_two_classes_may_change_names_with_each_other() -> None:
    made = plan({1: ClassChoice(RENAME, "二（2）班"), 2: ClassChoice(RENAME, "二（1）班")})
    assert made.problems == []
    assert made.renamed == {1: "二（2）班", 2: "二（1）班"}


def test_nobody_goes_into_a_class_that_ends() -> None:
    made = plan(pupils={11: "class:6"})
    assert [problem.code for problem in made.problems] == ["into_closed"]


NAMESAKE = row(1, "甲", alike=(11, 22))


@pytest.mark.parametrize(
    ("rows", "asked", "made"),
    [
        ((row(1, "新"),), [], 1),
        ((NAMESAKE,), [1], 0),
        ((row(1, "甲", alike=(11, 22), answer=NEW),), [], 1),
        ((row(1, "甲", alike=(11, 22), answer="11"),), [], 0),
        ((row(1, "新", number=1), row(2, "新", number=2)), [], 2),  # twins of one name told apart by number
        ((row(1, "新", card="1"), row(2, "新", card="2")), [], 2),
        ((row(1, "新"), row(2, "新")), [2], 1),  # nothing tells them apart
        ((row(1, "新"), row(2, "新", answer=NEW)), [], 2),
        ((row(1, "新"), row(2, "新", answer=TWICE)), [], 1),
        ((row(1, "新"), row(2, "新", "new:一（2）班")), [], 2),
    ],
)
def test_namesakes_twins_and_repeated_rows(rows: tuple[Newcomer, ...], asked: list[int], made: int) -> None:
    got = plan(rows=rows)
    assert [question.row for question in got.questions] == asked
    assert len(got.newcomers) == made
    assert got.stands is (not asked)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ((row(1, "", problem="name_missing"),), ["name_missing"]),
        ((row(1, "新", ""),), ["class_unclear"]),
        ((row(1, "新", card="9", holder=11),), ["card_taken"]),
        ((row(1, "新", card="9"), row(2, "别", card="9")), ["card_twice"]),
        (
            (row(1, "甲", alike=(11,), answer="11"), row(2, "甲", alike=(11,), answer="11", card="7")),
            ["person_twice"],
        ),
        ((row(1, "甲", alike=(11,), answer="999"),), ["person_twice"]),
    ],
)
def test_a_bad_row_is_left_out_by_name_and_the_others_go_on(
    rows: tuple[Newcomer, ...], codes: list[str]
) -> None:
    made = plan(rows=rows)
    assert [problem.code for problem in made.problems] == codes
    assert all(problem.row for problem in made.problems)
    assert made.stands


def test_who_is_meant_by_a_row_moves_instead_of_leaving() -> None:
    made = plan(rows=(row(1, "丁", "new:七（1）班", alike=(61,), answer="61"),))
    assert 61 not in made.leavers
    assert made.moves == [(61, "new:七（1）班", None)]


def test_the_card_of_the_same_reader_is_that_reader_and_who_left_comes_back() -> None:
    same = row(1, "乙", "class:2", card="5", holder=12, holder_is_same=True)
    gone = row(2, "己", "class:1", alike=(99,), answer="99")
    made = plan(rows=(same, gone), gone=[99])
    assert made.moves == [(12, "class:2", None)]
    assert made.returning == [(99, "class:1", 2)]
    assert made.newcomers == []


def test_the_numbers_of_every_class_add_up() -> None:
    made = plan(
        {2: ClassChoice(MERGE, into=1)},
        {11: "leave", 61: "class:1", 12: "new:二（3）班"},
        (row(1, "新"), row(2, "来", "class:1"), row(3, "己", "class:1", alike=(99,), answer="99")),
        gone=[99],
    )
    total = sum(line.before for line in made.lines)
    gone = sum(line.graduated + line.left for line in made.lines)
    came = sum(line.new + line.back for line in made.lines)
    assert sum(line.out for line in made.lines) == sum(line.into for line in made.lines)
    assert sum(line.after for line in made.lines) == total - gone + came == 7
    assert all(line.after == 0 for line in made.lines if not line.label_after)


def test_numbers_that_anybody_ever_had_are_passed_over() -> None:
    assert numbered("27", 3, {"270001", "270003"}) == ["270002", "270004", "270005"]


@pytest.mark.parametrize(("days", "may"), [(0, True), (30, True), (31, False)])
def test_an_opening_can_be_taken_back_for_thirty_days(days: int, may: bool) -> None:
    done = datetime(2027, 9, 1, tzinfo=UTC)
    assert may_take_back(done, done + timedelta(days=days)) is may
