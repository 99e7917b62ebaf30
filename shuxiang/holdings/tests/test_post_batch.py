"""Drafts, posting and undoing (decision 0008)."""

from datetime import date
from unittest.mock import patch

import pytest

from shuxiang.audit.models import Operation
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import (
    AccessionBatch,
    Item,
    ItemIdentifier,
    Movement,
    PropertyLine,
    Withdrawal,
)
from shuxiang.holdings.services import (
    add_items,
    assign_barcode,
    mark_missing,
    post_batch,
    posting,
    resume_batches,
    reverse_batch,
    void_batch,
    voiding,
)
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School


def numbers(batch: AccessionBatch) -> list[int | None]:
    return list(PropertyLine.objects.filter(batch=batch).order_by("pk").values_list("number", flat=True))


def test_posting_gives_numbers_in_order_and_puts_the_items_on_the_shelf(school: School) -> None:
    first, _items = school.posted(3)
    second = school.draft()
    school.add(second, school.hold("水浒传"), 2, price=None)
    school.add(second, school.hold("红楼梦"), 1, price=5000)
    post_batch(second, by=BY, at=AT, on=ON)
    assert (first.number, numbers(first)) == (1, [1, 2, 3])
    assert (second.number, numbers(second)) == (2, [4, 5, 6])
    assert (second.titles, second.volumes, second.amount_fen, second.unknown_prices) == (2, 3, 5000, 2)
    assert second.state == "posted"
    assert set(Item.objects.values_list("account", flat=True)) == {"shelf"}
    assert Movement.objects.filter(source="draft", target="shelf", cause="accession", on=ON).count() == 6


def test_series_are_numbered_apart(school: School) -> None:
    batch, holding = school.draft(), school.hold()
    for series in ("B", "P", "B"):
        add_items(batch=batch, holding=holding, copies=1, series=series, by=BY, at=AT)
    post_batch(batch, by=BY, at=AT, on=ON)
    lines = PropertyLine.objects.order_by("pk").values_list("series", "number")
    assert list(lines) == [("B", 1), ("P", 1), ("B", 2)]


def test_an_empty_batch_and_a_posted_one_are_refused_and_cost_no_number(school: School) -> None:
    empty = school.draft()
    with pytest.raises(Refused) as refused:
        post_batch(empty, by=BY, at=AT, on=ON)
    assert refused.value.codes == ("batch_empty",)
    batch, _items = school.posted()
    assert batch.number == 1
    with pytest.raises(Refused) as refused:
        post_batch(batch, by=BY, at=AT, on=ON)
    assert refused.value.codes == ("batch_not_draft",)
    with pytest.raises(Refused) as refused:
        school.add(batch, school.hold("水浒传"))
    assert refused.value.codes == ("batch_not_draft",)


def test_posting_twice_with_one_operation_id_posts_once(school: School) -> None:
    batch, key = school.draft(), uuid7()
    school.add(batch, school.hold(), 2)
    for _ in "12":
        post_batch(batch, by=BY, at=AT, on=ON, operation_id=key)
    assert Movement.objects.count() == 2
    assert Operation.objects.get(pk=key).result["volumes"] == 2


def test_a_posting_that_was_killed_goes_on_at_the_next_start(school: School) -> None:
    batch = school.draft()
    school.add(batch, school.hold(), 10)
    with patch.multiple(posting, CHUNK=3, MOST=3):
        told: list[tuple[int, int]] = []

        def killed(done: int, volumes: int) -> None:
            told.append((done, volumes))
            if done == 6:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            post_batch(batch, by=BY, at=AT, on=ON, progress=killed)
        batch.refresh_from_db()
        assert (batch.state, told) == ("posting", [(3, 10), (6, 10)])
        other, _items = school.posted(
            2, title="水浒传"
        )  # the numbers of the interrupted batch are not touched
        assert numbers(other) == [11, 12]
        assert resume_batches(school.library) == [batch]
    batch.refresh_from_db()
    assert (batch.state, numbers(batch)) == ("posted", list(range(1, 11)))
    assert Movement.objects.filter(item__property_line__batch=batch).count() == 10
    assert resume_batches() == []


def test_voiding_a_draft_removes_what_it_wrote_down(school: School) -> None:
    batch, holding = school.draft(), school.hold()
    add_items(batch=batch, holding=holding, copies=3, barcodes=["0000001", "0000002"], by=BY, at=AT)
    void_batch(batch, by=BY, at=AT)
    assert batch.state == "void"
    assert not Item.objects.exists()
    assert not ItemIdentifier.objects.exists()
    again = school.draft()
    add_items(batch=again, holding=holding, copies=1, barcodes=["0000001"], by=BY, at=AT)


def test_a_voiding_that_was_killed_goes_on_at_the_next_start(school: School) -> None:
    batch = school.draft()
    school.add(batch, school.hold(), 5)
    with patch.object(voiding, "clear_voided"):
        void_batch(batch, by=BY, at=AT)
    assert Item.objects.count() == 5
    assert resume_batches() == [batch]
    assert not Item.objects.exists()


def test_a_posted_batch_cannot_be_voided(school: School) -> None:
    batch, _items = school.posted()
    with pytest.raises(Refused) as refused:
        void_batch(batch, by=BY, at=AT)
    assert refused.value.codes == ("batch_not_draft",)


def test_a_reversal_strikes_what_is_untouched_and_skips_the_rest_by_name(school: School) -> None:
    batch, items = school.posted(4, price=None)
    mark_missing(items[1], by=BY, at=LATER, on=LATER_ON)
    assign_barcode(items[0], "0000077", by=BY, at=LATER)
    result = reverse_batch(batch, by=BY, at=LATER, on=LATER_ON)
    assert result.reversed == 3
    assert [(one.label, one.account) for one in result.skipped] == [("B2", "missing")]
    withdrawal = result.withdrawal
    assert withdrawal is not None
    assert (withdrawal.number, withdrawal.reason, withdrawal.reverses) == (1, "reversal", batch)
    assert (withdrawal.titles, withdrawal.volumes, withdrawal.amount_fen, withdrawal.unknown_prices) == (
        1,
        3,
        0,
        3,
    )
    assert not ItemIdentifier.objects.exists()  # the label can be entered anew
    again = reverse_batch(batch, by=BY, at=LATER, on=LATER_ON)
    assert (again.reversed, len(again.skipped), Withdrawal.objects.count()) == (0, 1, 1)


def test_the_same_reversal_asked_for_twice_answers_the_same(school: School) -> None:
    batch, _items = school.posted(2)
    key = uuid7()
    first, second = (reverse_batch(batch, by=BY, at=LATER, on=LATER_ON, operation_id=key) for _ in "12")
    assert first == second
    assert first.reversed == 2


@pytest.mark.parametrize(
    ("posted", "on", "code"),
    [(False, ON, "batch_not_posted"), (True, date(2026, 8, 1), "reversed_before_posted")],
)
def test_what_cannot_be_reversed_is_refused(school: School, posted: bool, on: date, code: str) -> None:
    batch = school.posted()[0] if posted else school.draft()
    with pytest.raises(Refused) as refused:
        reverse_batch(batch, by=BY, at=LATER, on=on)
    assert refused.value.codes == (code,)
