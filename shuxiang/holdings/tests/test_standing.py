"""Where a title is, in one line."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuxiang.holdings.models import Item
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.services import ensure_location, mark_missing, put_aside, transfer, withdraw
from shuxiang.holdings.standing import NEAREST, Standing, _together, standings
from shuxiang.holdings.tests.builders import BY, LATER, LATER_ON, School, make_library

Act = Callable[[School, list[Item]], object]

ACTS: list[tuple[Act, tuple[int, int, str]]] = [
    (lambda _s, _i: None, (3, 3, "shelf")),
    (lambda _s, i: put_aside(i[0], target="mending", by=BY, at=LATER, on=LATER_ON), (3, 2, "shelf")),
    (
        lambda _s, i: [put_aside(x, target="display", by=BY, at=LATER, on=LATER_ON) for x in i],
        (3, 0, "display"),
    ),
    (lambda _s, i: [mark_missing(x, by=BY, at=LATER, on=LATER_ON) for x in i], (3, 0, "missing")),
    (lambda _s, i: withdraw(i, reason="worn", by=BY, at=LATER, on=LATER_ON), (0, 0, "")),
]


def test_every_account_on_the_books_is_some_news() -> None:
    assert set(NEAREST) == ON_BOOKS


def test_two_holdings_of_a_title_are_told_by_the_nearer_copy() -> None:
    lent = Standing(2, 0, "loan", "书库", "I242/1")
    here = Standing(1, 1, "shelf", "阅览室", "")
    assert _together(lent, here) == Standing(3, 1, "shelf", "阅览室", "I242/1")
    assert _together(here, Standing()) == here


@pytest.mark.parametrize(("act", "told"), ACTS)
def test_the_nearest_copy_is_told(school: School, act: Act, told: tuple[int, int, str]) -> None:
    _batch, items = school.posted(3)
    act(school, items)
    key = items[0].holding.record_id
    standing = standings(school.library, [key])[key]
    assert (standing.on_books, standing.on_shelf, standing.account) == told
    assert bool(standing.place) == bool(told[2])
    assert standing.call_number == items[0].holding.call_number


def test_a_copy_is_where_it_stands_now(school: School) -> None:
    _batch, items = school.posted(1)
    transfer(items, to=ensure_location(school.library, "二楼"), by=BY, at=LATER, on=LATER_ON)
    key = items[0].holding.record_id
    assert standings(school.library, [key])[key].place == "二楼"


def test_many_titles_are_asked_for_at_once_and_those_of_others_are_left_out(school: School) -> None:
    keys = [school.posted(1, title=f"故事{number}")[1][0].holding.record_id for number in range(4)]
    with CaptureQueriesContext(connection) as asked:
        assert set(standings(school.library, keys)) == set(keys)
    assert len(asked) == 1
    assert standings(make_library("else"), keys) == {}
    assert standings(school.library, []) == {}
