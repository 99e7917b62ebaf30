"""Titles under review: out of lending and of every search until somebody has decided."""

import pytest

from shuxiang.audit import reconcile
from shuxiang.holdings.models import Holding, Item
from shuxiang.holdings.search import search, suggest
from shuxiang.holdings.services import mark_found, mark_missing, put_aside, put_back, release, set_aside
from shuxiang.holdings.shown import held_record
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School


def aside(school: School, copies: int = 2) -> tuple[Holding, list[Item]]:
    _batch, items = school.posted(copies, title="违规读物")
    holding = items[0].holding
    assert set_aside([holding.pk], library=school.library, by=BY, at=LATER, on=LATER_ON) == copies
    return holding, items


def accounts(items: list[Item]) -> list[str]:
    return list(
        Item.objects.filter(pk__in=[i.pk for i in items]).order_by("pk").values_list("account", flat=True)
    )


def test_nobody_finds_it_and_it_stands_apart(school: School) -> None:
    holding, items = aside(school)
    assert accounts(items) == ["review", "review"]
    for words in ("违规读物", "违规", "", "wgdw", "isbn"):
        assert search(words, library=school.library).count == 0, words
    assert suggest("违规", school.library) == ()
    assert held_record(school.library, holding.record_id) is None
    holding.refresh_from_db()
    assert (holding.on_books, holding.on_shelf, holding.facets) == (2, 0, "")
    assert reconcile.run(school.library.code).differences == ()


@pytest.mark.parametrize(("passed", "review"), [(True, "passed"), (False, "none")])
def test_released_it_is_as_before(school: School, passed: bool, review: str) -> None:
    holding, items = aside(school)
    assert release([holding.pk], library=school.library, by=BY, at=LATER, on=LATER_ON, passed=passed) == 2
    assert accounts(items) == ["shelf", "shelf"]
    assert search("违规读物", library=school.library).count == 1
    assert held_record(school.library, holding.record_id) is not None
    holding.refresh_from_db()
    assert holding.review == review
    assert reconcile.run(school.library.code).differences == ()


def test_what_was_away_joins_the_others_when_it_comes_back(school: School) -> None:
    _batch, items = school.posted(3, title="违规读物")
    mark_missing(items[0], by=BY, at=AT, on=ON)
    put_aside(items[1], target="mending", by=BY, at=AT, on=ON)
    assert set_aside([items[0].holding_id], library=school.library, by=BY, at=LATER, on=LATER_ON) == 1
    assert accounts(items) == ["missing", "mending", "review"]
    fresh = list(Item.objects.order_by("pk"))
    mark_found(fresh[0], by=BY, at=LATER, on=LATER_ON)
    put_back(fresh[1], by=BY, at=LATER, on=LATER_ON)
    assert accounts(items) == ["review"] * 3


def test_setting_aside_twice_moves_nothing_twice(school: School) -> None:
    holding, _items = aside(school)
    assert set_aside([holding.pk], library=school.library, by=BY, at=LATER, on=LATER_ON) == 0
