"""The heaps and the order of a shelf, as tables."""

import random
from itertools import pairwise

import pytest

from shuxiang.holdings.rules import sort_key
from shuxiang.stocktaking.rules import (
    AWAY,
    LOST,
    MISPLACED,
    MISSING,
    OUT,
    PRESENT,
    Facts,
    class_prefixes,
    heap_of,
    out_of_order,
    range_keys,
)


@pytest.mark.parametrize(
    ("facts", "heap", "reason"),
    [
        (Facts("shelf", True), PRESENT, ""),
        (Facts("corner", True), PRESENT, ""),
        (Facts("display", True), PRESENT, ""),
        (Facts("missing", True), LOST, ""),
        (Facts("loan", True), OUT, "loan"),
        (Facts("mending", True), OUT, "mending"),
        (Facts("binding", True), OUT, "binding"),
        (Facts("shelf", False), MISSING, ""),
        (Facts("shelf", True, is_elsewhere=True), MISPLACED, "other_place"),
        (Facts("shelf", True, is_expected=False), MISPLACED, "not_counted_here"),
        (Facts("withdrawn", True, is_expected=False), MISPLACED, "withdrawn"),
        (Facts("review", True), MISPLACED, "review"),
    ],
)
def test_the_five_heaps(facts: Facts, heap: str, reason: str) -> None:
    assert heap_of(facts) == (heap, reason)


@pytest.mark.parametrize(
    ("facts", "heap", "reason"),
    [
        (Facts("loan", True, moved_since_scan=True), PRESENT, "lent_since"),
        (Facts("mending", True, moved_since_scan=True), PRESENT, "aside_since"),
        (Facts("withdrawn", True, is_expected=False, moved_since_scan=True), MISPLACED, "withdrawn_since"),
        (Facts("missing", True, moved_since_scan=True), AWAY, "missing_since"),
        (Facts("shelf", True, moved_since_scan=True), PRESENT, ""),
        (Facts("shelf", False, moved_since_open=True), PRESENT, "handled"),
        (Facts("loan", False, moved_since_open=True), AWAY, "loan"),
    ],
)
def test_what_happened_after_the_scan_prevails(facts: Facts, heap: str, reason: str) -> None:
    assert heap_of(facts) == (heap, reason)


@pytest.mark.parametrize("account", ["loan", "mending", "binding", "display", "review"])
def test_what_is_rightly_away_is_not_missing(account: str) -> None:
    assert heap_of(Facts(account, False)) == (AWAY, account)


def test_what_was_missing_before_and_is_not_scanned_is_still_missing() -> None:
    assert heap_of(Facts("missing", False)) == (AWAY, "still_missing")


def test_class_corners_are_missing_only_where_they_were_to_be_counted() -> None:
    assert heap_of(Facts("corner", False)) == (AWAY, "corner")
    assert heap_of(Facts("corner", False, corners_counted=True)) == (MISSING, "")


@pytest.mark.parametrize(
    ("keys", "moves"),
    [
        ("", []),
        ("a", []),
        ("abc", []),
        ("aabb", []),
        ("bac", [(0, 1)]),  # or a; the longest run that ends lowest keeps a
        ("abdc", [(2, 3)]),
        ("zabc", [(0, 3)]),
        ("bcda", [(3, -1)]),
        ("acbd", [(1, 2)]),
    ],
)
def test_the_books_to_move_and_behind_which(keys: str, moves: list[tuple[int, int]]) -> None:
    assert [(stray.index, stray.behind) for stray in out_of_order(list(keys))] == moves


def test_no_fewer_moves_would_do_and_the_moves_do() -> None:
    rolls = random.Random(7)  # noqa: S311
    for _round in range(200):
        keys = [str(rolls.randrange(8)) for _key in range(rolls.randrange(12))]
        strays = {stray.index for stray in out_of_order(keys)}
        left = [key for index, key in enumerate(keys) if index not in strays]
        assert left == sorted(left)
        longest = [0] * len(keys)
        for index, key in enumerate(keys):
            longest[index] = 1 + max((longest[j] for j in range(index) if keys[j] <= key), default=0)
        assert len(left) == max(longest, default=0)


def test_real_call_numbers_in_shelf_order_need_no_move() -> None:
    shelf = ["G634.4/2", "I247.5/9", "I247.5/10", "I247.57/1", "I25/1", "I287.4/3"]
    keys = [sort_key(number) for number in shelf]
    assert all(one < other for one, other in pairwise(keys))
    assert out_of_order(keys) == []


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ("I247", "I247", ["I247/1", "I247.5/3", "I247.57/12"], ["I246/9", "I25/1"]),
        ("G", "I", ["G6/1", "H31/2", "I287/5"], ["F1/1", "J2/1"]),
        ("I247.5/5", "I247.5/10", ["I247.5/5", "I247.5/9", "I247.5/10"], ["I247.5/4", "I247.5/11"]),
        ("I2", "", ["I2/1", "Z1/1"], ["H1/1"]),
    ],
)
def test_a_range_of_call_numbers_takes_in_both_ends(
    first: str, last: str, inside: list[str], outside: list[str]
) -> None:
    low, high = range_keys(sort_key(first) if first else "", sort_key(last) if last else "")

    def is_in(number: str) -> bool:
        key = sort_key(number)
        return key >= low and (not high or key < high)

    assert [number for number in inside if not is_in(number)] == []
    assert [number for number in outside if is_in(number)] == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [("I", ("I",)), ("i，H1 TP3", ("I", "H1", "TP3")), ("  ", ()), ("I、I;K", ("I", "K"))],
)
def test_classes_are_read_as_people_write_them(typed: str, read: tuple[str, ...]) -> None:
    assert class_prefixes(typed) == read
