"""A withdrawal taken back: the volumes are on the books again, both entries stay."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.registry import Gone, Scope
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.holdings.selectors import item_by_identifier, on_books
from shuxiang.holdings.services import (
    Papers,
    assign_barcode,
    mark_missing,
    restore,
    withdraw,
    withdraw_chunk,
)
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School

DAY = timedelta(days=1)
NEXT = LATER + DAY
NEXT_ON = LATER_ON + DAY


def struck(school: School, copies: int = 3) -> tuple[Withdrawal, list[Item]]:
    _batch, items = school.posted(copies)
    return withdraw(items, reason="outdated", by=BY, at=LATER, on=LATER_ON), items


def clean(school: School) -> None:
    assert reconcile.run(school.library.code).differences == ()


def test_the_volumes_come_back_and_the_entry_is_negative(school: School) -> None:
    withdrawal, items = struck(school)
    done = restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON)
    assert (done.volumes, done.entry.volumes, done.entry.titles, done.entry.amount_fen) == (3, -3, -1, -3000)
    assert done.entry.number == withdrawal.number + 1
    assert set(Item.objects.filter(pk__in=[i.pk for i in items]).values_list("account", flat=True)) == {
        "shelf"
    }
    withdrawal.refresh_from_db()
    assert withdrawal.volumes == 3
    clean(school)


def test_the_days_in_between_stay_as_they_were(school: School) -> None:
    withdrawal, _items = struck(school)
    restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON)
    assert [on_books(school.library, day).count() for day in (ON, LATER_ON, NEXT_ON)] == [3, 0, 3]
    for day, expected in ((ON, 3), (LATER_ON, 0), (NEXT_ON, 3)):
        scope = Scope(school.library, Period("d", ON, day), as_of=day)
        assert registry.get("holdings.volumes").value(scope).number == expected


def values(school: School, first: date, last: date) -> tuple[object, object]:
    scope = Scope(school.library, Period("d", first, last))
    return (
        registry.get("holdings.withdrawals").value(scope).number,
        registry.get("holdings.restored").value(scope).number,
    )


def test_periods_tell_of_it_once(school: School) -> None:
    withdrawal, _items = struck(school)
    restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON)
    assert values(school, ON, NEXT_ON) == (0, 0)
    assert values(school, ON, LATER_ON) == (3, 0)
    assert values(school, NEXT_ON, NEXT_ON) == (0, 3)


def test_it_may_be_struck_and_taken_back_again(school: School) -> None:
    first, items = struck(school, 2)
    restore(first, by=BY, at=NEXT, on=NEXT_ON)
    items = list(Item.objects.filter(pk__in=[i.pk for i in items]))
    second = withdraw(items[:1], reason="worn", by=BY, at=NEXT + DAY, on=NEXT_ON + DAY)
    clean(school)
    restore(second, by=BY, at=NEXT + 2 * DAY, on=NEXT_ON + 2 * DAY)
    clean(school)
    assert [w.volumes for w in Withdrawal.objects.order_by("number")] == [2, -2, 1, -1]


def test_the_barcode_can_be_scanned_again_and_a_missing_volume_stays_missing(school: School) -> None:
    _batch, items = school.posted(2)
    assign_barcode(items[0], "0001", by=BY, at=AT)
    mark_missing(items[1], by=BY, at=LATER - DAY / 2, on=ON)
    withdrawal = withdraw(items, reason="worn", by=BY, at=LATER, on=LATER_ON)
    restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON)
    found = item_by_identifier(school.library, "0001")
    assert found is not None
    assert found.identifiers.get().to_at is None
    assert found.account == "shelf"
    items[1].refresh_from_db()
    assert items[1].account == "missing"


def test_the_same_call_twice_is_done_once(school: School) -> None:
    withdrawal, _items = struck(school)
    key = uuid4()
    one = restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON, operation_id=key)
    two = restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON, operation_id=key)
    assert one.entry.pk == two.entry.pk
    assert two.volumes == 3
    assert Withdrawal.objects.count() == 2


@pytest.mark.parametrize("case", ["twice", "a reversal", "too early"])
def test_what_cannot_be_taken_back_is_refused(school: School, case: str) -> None:
    withdrawal, _items = struck(school)
    if case == "too early":
        with pytest.raises(Refused, match="restored_before_withdrawn"):
            restore(withdrawal, by=BY, at=NEXT, on=ON)
        return
    done = restore(withdrawal, by=BY, at=NEXT, on=NEXT_ON)
    wrong, code = (
        (withdrawal, "withdrawal_reversed") if case == "twice" else (done.entry, "withdrawal_is_reversal")
    )
    with pytest.raises(Refused, match=code):
        restore(wrong, by=BY, at=NEXT + DAY, on=NEXT_ON + DAY)


def test_chunks_of_a_run_share_one_number_and_skip_by_name(school: School) -> None:
    _batch, items = school.posted(3)
    withdraw(items[:1], reason="worn", by=BY, at=LATER, on=LATER_ON)
    papers = Papers("outdated", NEXT_ON, "校发〔2026〕8号", "校长", NEXT_ON, "scrap")
    run = uuid4()
    chunks = [
        withdraw_chunk([item.pk], papers, library=school.library, by=BY, at=NEXT, run_id=run)
        for item in items
    ]
    assert [len(chunk.items) for chunk in chunks] == [0, 1, 1]
    assert chunks[0].skipped[items[0].pk].code == "cannot_withdraw_withdrawn"
    assert chunks[0].withdrawal is None
    entry = Withdrawal.objects.get(run_id=run)
    assert (entry.volumes, entry.disposition, entry.approved_on) == (2, "scrap", NEXT_ON)
    clean(school)


def test_a_figure_can_be_asked_less_a_query(school: School) -> None:
    _batch, items = school.posted(5)
    scope = Scope(school.library, Period("d", ON, ON))
    two = Item.objects.filter(pk__in=[i.pk for i in items[:2]]).values_list("pk", flat=True)
    fewer = replace(scope, without_items=Gone("two", two))
    figure = registry.get("holdings.volumes")
    assert [figure.value(one).number for one in (scope, fewer)] == [5, 3]
