"""Many items by one act: what is fit moves, the rest is named, and all of it can be undone."""

from datetime import timedelta
from uuid import UUID

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Item, ItemAccount, Movement
from shuxiang.holdings.services import (
    MOVED_ON,
    bring_many_home,
    ensure_location,
    mark_many_found,
    mark_many_missing,
    put_aside,
    put_many_aside,
    put_many_back,
    transfer,
    undo_many,
    withdraw,
)
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School

pytestmark = pytest.mark.django_db
MUCH_LATER = LATER + timedelta(days=1)


def accounts(items: list[Item]) -> list[str]:
    return [Item.objects.get(pk=item.pk).account for item in items]


def keys(items: list[Item]) -> list[int]:
    return [item.pk for item in items]


def test_what_is_fit_is_missing_and_what_is_withdrawn_is_left_and_named(school: School) -> None:
    _batch, items = school.posted(3)
    withdraw([items[2]], reason="worn", by=BY, at=AT, on=ON)
    settled = mark_many_missing(keys(items), library=school.library, by=BY, at=LATER, on=LATER_ON)
    assert settled.done == (items[0].pk, items[1].pk)
    assert settled.kept == {items[2].pk: "withdrawn"}
    assert accounts(items) == ["missing", "missing", "withdrawn"]
    assert reconcile.run().is_clean


def test_what_moved_since_is_left(school: School) -> None:
    _batch, items = school.posted(2)
    put_aside(items[1], target=ItemAccount.DISPLAY, by=BY, at=LATER, on=LATER_ON)
    settled = mark_many_missing(
        keys(items), library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON, untouched_since=AT
    )
    assert settled.kept == {items[1].pk: MOVED_ON}
    assert accounts(items) == ["missing", "display"]


def test_the_same_operation_acts_once(school: School) -> None:
    _batch, items = school.posted(2)
    for _time in range(2):
        settled = mark_many_missing(
            keys(items), library=school.library, by=BY, at=LATER, on=LATER_ON, operation_id=UUID(int=7)
        )
        assert settled.done == (items[0].pk, items[1].pk)
    assert Movement.objects.filter(cause="missing").count() == 2


def test_undo_brings_back_what_nothing_happened_to_since(school: School) -> None:
    _batch, items = school.posted(3)
    act = mark_many_missing(keys(items), library=school.library, by=BY, at=LATER, on=LATER_ON)
    mark_many_found([items[0].pk], library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON)
    undone = undo_many(act.operation_id, library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON)
    assert undone.done == (items[1].pk, items[2].pk)
    assert undone.kept == {items[0].pk: MOVED_ON}
    assert accounts(items) == ["shelf", "shelf", "shelf"]
    assert reconcile.run().is_clean
    with pytest.raises(Refused, match="undone_already"):
        undo_many(act.operation_id, library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON)


def test_undo_of_something_else_is_refused(school: School) -> None:
    with pytest.raises(Refused, match="nothing_to_undo"):
        undo_many(uuid7(), library=school.library, by=BY, at=LATER, on=LATER_ON)


def test_what_stands_elsewhere_is_brought_home_and_back_again(school: School) -> None:
    _batch, items = school.posted(2)
    table = ensure_location(school.library, "新书架")
    transfer([items[0]], to=table, by=BY, at=AT, on=ON, is_home=False)
    act = bring_many_home(keys(items), library=school.library, by=BY, at=LATER, on=LATER_ON)
    assert act.done == (items[0].pk, items[1].pk)
    assert Item.objects.get(pk=items[0].pk).current is None
    undone = undo_many(act.operation_id, library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON)
    assert undone.kept == {}
    assert Item.objects.get(pk=items[0].pk).current == table
    assert reconcile.run().is_clean


def test_found_goes_home_and_its_undo_puts_it_where_it_was_looked_for(school: School) -> None:
    _batch, items = school.posted(1)
    table = ensure_location(school.library, "新书架")
    transfer(items, to=table, by=BY, at=AT, on=ON, is_home=False)
    mark_many_missing(keys(items), library=school.library, by=BY, at=AT, on=ON)
    act = mark_many_found(keys(items), library=school.library, by=BY, at=LATER, on=LATER_ON)
    item = Item.objects.get(pk=items[0].pk)
    assert (item.account, item.current) == ("shelf", None)
    undo_many(act.operation_id, library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON)
    item.refresh_from_db()
    assert (item.account, item.current) == ("missing", table)


def test_to_the_binder_and_back(school: School) -> None:
    _batch, items = school.posted(2)
    away = put_many_aside(keys(items), target="binding", library=school.library, by=BY, at=LATER, on=LATER_ON)
    assert accounts(items) == ["binding", "binding"]
    again = put_many_aside(
        keys(items), target="binding", library=school.library, by=BY, at=LATER, on=LATER_ON
    )
    assert again.kept == dict.fromkeys(away.done, "binding")
    put_many_back(keys(items), library=school.library, by=BY, at=MUCH_LATER, on=LATER_ON)
    assert accounts(items) == ["shelf", "shelf"]
    with pytest.raises(ValueError, match="loan"):
        put_many_aside(keys(items), target="loan", library=school.library, by=BY, at=LATER, on=LATER_ON)
