"""A holding always counts its copies as they are, whatever act moved them, and says what it is filtered by."""

from collections.abc import Callable

import pytest

from shuxiang.audit import reconcile
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.holdings.models import Holding, Item, ItemAccount
from shuxiang.holdings.services import (
    add_items,
    ensure_location,
    mark_found,
    mark_missing,
    post_batch,
    put_aside,
    reverse_batch,
    transfer,
    void_batch,
    withdraw,
)
from shuxiang.holdings.services.counts import recount, recount_all, set_times_lent
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School

Act = Callable[[School, list[Item]], object]


def counted(item: Item) -> tuple[int, int]:
    holding = Holding.objects.get(pk=item.holding_id)
    return holding.on_books, holding.on_shelf


def carry(school: School, items: list[Item]) -> object:
    away = ensure_location(school.library, "二楼")
    return transfer(items[:1], to=away, by=BY, at=LATER, on=LATER_ON)


ACTS: list[tuple[str, Act, tuple[int, int]]] = [
    ("nothing", lambda _school, _items: None, (3, 3)),
    ("one is missing", lambda _s, i: mark_missing(i[0], by=BY, at=LATER, on=LATER_ON), (3, 2)),
    (
        "one is found again",
        lambda _s, i: mark_found(
            mark_missing(i[0], by=BY, at=LATER, on=LATER_ON), by=BY, at=LATER, on=LATER_ON
        ),
        (3, 3),
    ),
    ("one is mended", lambda _s, i: put_aside(i[0], target="mending", by=BY, at=LATER, on=LATER_ON), (3, 2)),
    (
        "one is on display",
        lambda _s, i: put_aside(i[0], target="display", by=BY, at=LATER, on=LATER_ON),
        (3, 3),
    ),
    ("two are withdrawn", lambda _s, i: withdraw(i[:2], reason="worn", by=BY, at=LATER, on=LATER_ON), (1, 1)),
    ("one is carried elsewhere", carry, (3, 3)),
]


@pytest.mark.parametrize(("act", "wanted"), [row[1:] for row in ACTS], ids=[row[0] for row in ACTS])
def test_after_every_act_the_holding_counts_its_copies(
    school: School, act: Act, wanted: tuple[int, int]
) -> None:
    _batch, items = school.posted(3)
    act(school, items)
    assert counted(items[0]) == wanted
    assert reconcile.run().is_clean


def test_a_draft_does_not_count_until_it_is_posted_nor_after_it_was_reversed(school: School) -> None:
    batch = school.draft()
    items = school.add(batch, school.hold(), 2)
    assert counted(items[0]) == (0, 0)
    post_batch(batch, by=BY, at=AT, on=ON)
    assert counted(items[0]) == (2, 2)
    reverse_batch(batch, by=BY, at=LATER, on=LATER_ON)
    assert counted(items[0]) == (0, 0)
    assert reconcile.run().is_clean


def test_a_voided_draft_leaves_the_counts_alone(school: School) -> None:
    _batch, items = school.posted(1)
    draft = school.draft()
    add_items(batch=draft, holding=items[0].holding, copies=5, by=BY, at=AT)
    void_batch(draft, by=BY, at=LATER)
    assert counted(items[0]) == (1, 1)


def test_facets_follow_the_record_and_the_homes_of_its_copies(school: School) -> None:
    holding = school.hold("西游记", pub_year=1998, audience="ac")
    assert Holding.objects.get(pk=holding.pk).facets == "1998|I242.4|ac|"
    batch = school.draft()
    items = school.add(batch, holding, 2)
    post_batch(batch, by=BY, at=AT, on=ON)
    home = school.home.pk
    assert Holding.objects.get(pk=holding.pk).facets == f"1998|I242.4|ac|,{home},"
    away = ensure_location(school.library, "二楼")
    transfer([Item.objects.get(pk=items[0].pk)], to=away, by=BY, at=LATER, on=LATER_ON)
    assert Holding.objects.get(pk=holding.pk).facets == f"1998|I242.4|ac|,{home},{away.pk},"
    save_record(
        record=holding.record, values=RecordValues(title="西游记"), library=school.library, by=BY, at=LATER
    )
    assert Holding.objects.get(pk=holding.pk).facets == f"0000|I242.4||,{home},{away.pk},"
    assert reconcile.run().is_clean


def test_counting_anew_mends_what_was_tampered_with(school: School) -> None:
    _batch, items = school.posted(2)
    Item.objects.filter(pk=items[0].pk).update(account=ItemAccount.LOAN)

    def one() -> None:
        recount([items[0].holding_id])

    for mend in (one, recount_all):
        Holding.objects.update(on_books=9, on_shelf=-1, facets="x")
        mend()
        assert counted(items[0]) == (2, 1)


def test_a_wrong_count_stops_no_act(school: School) -> None:
    _batch, items = school.posted(1)
    Holding.objects.update(on_shelf=0)
    mark_missing(items[0], by=BY, at=LATER, on=LATER_ON)
    assert counted(items[0]) == (1, -1)


def test_times_lent_are_written_only_where_they_differ(school: School) -> None:
    first, second = school.hold("西游记"), school.hold("水浒传")
    assert set_times_lent(first.pk, second.pk, {first.pk: 3}) == 1
    assert set_times_lent(first.pk, second.pk, {first.pk: 3}) == 0
    assert set_times_lent(first.pk, second.pk, {second.pk: 2}) == 2
    assert list(Holding.objects.order_by("pk").values_list("times_lent", flat=True)) == [0, 2]
