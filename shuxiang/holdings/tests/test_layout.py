"""Laying out shelves: no database."""

import pytest

from shuxiang.holdings.layout import Row, Shift, Title, lay_out, shifts


def titles(*volumes: int) -> list[Title]:
    return [Title(f"I{n}", f"{n:03}", count) for n, count in enumerate(volumes, 1)]


@pytest.mark.parametrize(
    ("volumes", "shelves", "per_shelf", "expected"),
    [
        ((1, 1, 1, 1, 1, 1), 3, 10, [2, 2, 2]),
        ((1, 1, 1, 1), 3, 10, [2, 1, 1]),
        ((5, 1, 1, 1), 2, 10, [5, 3]),
        ((3, 3, 3), 2, 3, [3, 6]),  # more than fits: the last shelf holds the rest
        ((8,), 2, 5, [8, 0]),  # a title is never divided
        ((), 2, 5, [0, 0]),
        ((2, 2, 2, 2, 2), 5, 2, [2, 2, 2, 2, 2]),
        ((1,) * 10, 4, 30, [3, 3, 2, 2]),
    ],
)
def test_titles_are_spread_evenly(
    volumes: tuple[int, ...], shelves: int, per_shelf: int, expected: list[int]
) -> None:
    rows = lay_out(titles(*volumes), shelves, per_shelf)
    assert [row.volumes for row in rows] == expected
    assert [row.shelf for row in rows] == list(range(shelves))


def test_a_row_names_its_first_and_last() -> None:
    assert lay_out(titles(1, 1, 1, 1), 2, 9)[1] == Row(1, "I3", "I4", "003", "004", 2)


def test_only_what_changes_its_shelf_is_carried_and_runs_go_together() -> None:
    some = titles(1, 1, 1, 1, 1, 1)
    before = [Row(0, "I1", "I4", "001", "004", 4), Row(1, "I5", "I6", "005", "006", 2)]
    after = lay_out(some, 3, 10)
    assert shifts(some, before, after) == [
        Shift("I3", "I4", 2, 2, 0, 1),
        Shift("I5", "I6", 2, 2, 1, 2),
    ]


def test_a_new_title_is_taken_to_stand_where_its_neighbours_do() -> None:
    before = [Row(0, "I1", "I2", "001", "002", 2), Row(1, "I5", "I6", "005", "006", 2)]
    some = titles(1, 1, 1, 1, 1, 1)
    after = [Row(0, "I1", "I3", "001", "003", 3), Row(1, "I4", "I6", "004", "006", 3)]
    assert shifts(some, before, after) == [Shift("I4", "I4", 1, 1, 0, 1)]


def test_the_first_time_everything_has_no_shelf_yet() -> None:
    some = titles(1, 1)
    assert shifts(some, [], lay_out(some, 2, 5)) == [
        Shift("I1", "I1", 1, 1, None, 0),
        Shift("I2", "I2", 1, 1, None, 1),
    ]
