"""What happens to items on the books: withdrawn, missing, found, put aside, carried, labelled."""

from datetime import date

import pytest

from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import (
    Item,
    ItemIdentifier,
    Movement,
    ShelvingGroup,
    ShelvingLocation,
    Withdrawal,
)
from shuxiang.holdings.selectors import copies_in, copies_of, item_by_identifier, on_books, records_by_isbn
from shuxiang.holdings.services import (
    add_items,
    assign_barcode,
    assign_barcodes,
    ensure_location,
    mark_found,
    mark_missing,
    next_barcode,
    post_batch,
    put_aside,
    put_back,
    transfer,
    withdraw,
)
from shuxiang.holdings.services.move import move
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School, make_library, make_record
from shuxiang.libraries.models import SchoolClass, Stage


def lend(item: Item) -> None:
    """As circulation does it."""
    operation = Movement.objects.filter(item=item).latest("pk").operation
    move(item, "loan", cause="check_out", at=LATER, on=LATER_ON, operation=operation)


def test_withdrawn_items_leave_the_books_under_one_number(school: School) -> None:
    _batch, items = school.posted(3)
    assign_barcode(items[0], "0000009", by=BY, at=LATER)
    mark_missing(items[1], by=BY, at=LATER, on=LATER_ON)
    withdrawal = withdraw(items[:2], reason="worn", approved_by="校长", by=BY, at=LATER, on=LATER_ON)
    assert (withdrawal.number, withdrawal.titles, withdrawal.volumes, withdrawal.amount_fen) == (
        1,
        1,
        2,
        2000,
    )
    assert [item.account for item in items] == ["withdrawn", "withdrawn", "shelf"]
    assert ItemIdentifier.objects.get().to_at == LATER
    assert item_by_identifier(school.library, "0000009") == items[0]
    assert (on_books(school.library, ON).count(), on_books(school.library, LATER_ON).count()) == (3, 1)
    assert on_books(school.library, date(2026, 8, 31)).count() == 0


def test_a_withdrawal_is_all_or_none_and_names_what_is_in_the_way(school: School) -> None:
    _batch, items = school.posted(3)
    lend(items[1])
    with pytest.raises(Refused) as refused:
        withdraw(items, reason="worn", by=BY, at=LATER, on=LATER_ON)
    (reason,) = refused.value.decision.reasons
    assert (reason.code, reason.params["item"]) == ("cannot_withdraw_loan", "B2")
    assert not Withdrawal.objects.exists()
    withdraw([items[0]], reason="worn", by=BY, at=LATER, on=LATER_ON)
    with pytest.raises(Refused) as refused:
        withdraw([items[0]], reason="worn", by=BY, at=LATER, on=LATER_ON)
    assert refused.value.codes == ("cannot_withdraw_withdrawn",)
    with pytest.raises(Refused) as refused:
        withdraw([items[2]], reason="worn", by=BY, at=LATER, on=date(2026, 1, 1))
    assert refused.value.codes == ("withdrawn_before_posted",)


def test_a_withdrawal_with_the_same_operation_id_happens_once(school: School) -> None:
    _batch, items = school.posted(2)
    key = uuid7()
    first, second = (
        withdraw(items[:1], reason="worn", by=BY, at=LATER, on=LATER_ON, operation_id=key) for _ in "12"
    )
    assert first == second


def test_missing_and_found(school: School) -> None:
    _batch, (item,) = school.posted()
    mark_missing(item, by=BY, at=LATER, on=LATER_ON)
    assert item.account == "missing"
    with pytest.raises(Refused):
        mark_missing(item, by=BY, at=LATER, on=LATER_ON)
    mark_found(item, by=BY, at=LATER, on=LATER_ON)
    item.refresh_from_db()
    assert item.account == "shelf"
    assert list(item.movements.order_by("pk").values_list("cause", flat=True)) == [
        "accession",
        "missing",
        "found",
    ]


def test_an_act_repeated_with_its_id_moves_once(school: School) -> None:
    _batch, (item,) = school.posted()
    key = uuid7()
    for _ in "12":
        assert mark_missing(item, by=BY, at=LATER, on=LATER_ON, operation_id=key).account == "missing"
    assert item.movements.count() == 2


def test_mending_and_back(school: School) -> None:
    _batch, (item,) = school.posted()
    put_aside(item, target="mending", by=BY, at=LATER, on=LATER_ON)
    assert copies_of(school.library, [item.holding.record_id])[item.holding.record_id].available == 0
    put_back(item, by=BY, at=LATER, on=LATER_ON)
    assert item.account == "shelf"
    with pytest.raises(Refused):
        put_back(item, by=BY, at=LATER, on=LATER_ON)
    with pytest.raises(Refused):
        put_aside(item, target="loan", by=BY, at=LATER, on=LATER_ON)


def corner(school: School) -> ShelvingLocation:
    stage = Stage.objects.create(library=school.library, code="p", name="小学", first_grade=1, years=6)
    label = SchoolClass.objects.create(
        library=school.library, stage=stage, entry_year=2024, label_pattern="{grade}甲"
    )
    place = ensure_location(school.library, "三甲图书角")
    place.school_class = label
    place.save()
    return place


def test_a_class_corner_is_an_account_of_its_own(school: School) -> None:
    _batch, (item, _other) = school.posted(2)
    place = corner(school)
    transfer([item], to=place, is_home=False, by=BY, at=LATER, on=LATER_ON)
    assert (item.account, item.current, item.home) == ("corner", place, school.home)
    transfer([item], to=school.home, is_home=False, by=BY, at=LATER, on=LATER_ON)
    assert (item.account, item.current) == ("shelf", None)


def test_items_bought_for_a_corner_are_posted_into_it(school: School) -> None:
    batch, place = school.draft(), corner(school)
    (item,) = add_items(batch=batch, holding=school.hold(), copies=1, home=place, by=BY, at=AT)
    from_posting = school.posted(title="水浒传")[1]
    assert from_posting[0].account == "shelf"
    post_batch(batch, by=BY, at=AT, on=ON)
    item.refresh_from_db()
    assert item.account == "corner"


def test_a_new_home_must_be_of_the_same_library_and_shelving_group(school: School) -> None:
    _batch, (item,) = school.posted()
    shelf = ensure_location(school.library, "B架")
    transfer([item], to=shelf, by=BY, at=LATER, on=LATER_ON)
    item.refresh_from_db()
    assert (item.home, item.account) == (shelf, "shelf")
    group = ShelvingGroup.objects.create(library=school.library, code="kids", name="儿童")
    with pytest.raises(Refused) as refused:
        transfer(
            [item], to=ensure_location(school.library, "儿童室", group=group), by=BY, at=LATER, on=LATER_ON
        )
    assert refused.value.codes == ("other_shelving_group",)
    with pytest.raises(Refused) as refused:
        transfer([item], to=School(make_library("xy")).home, is_home=False, by=BY, at=LATER, on=LATER_ON)
    assert refused.value.codes == ("other_library",)


def test_barcodes_are_proposed_in_order_behind_what_was_ever_given(school: School) -> None:
    _batch, items = school.posted(4)
    assert next_barcode(school.library) == "0000001"
    assign_barcode(items[0], "0000002", by=BY, at=LATER)
    given = assign_barcodes([item.pk for item in items[1:]], library=school.library, by=BY, at=LATER)
    assert list(given.values()) == ["0000003", "0000004", "0000005"]
    assert next_barcode(school.library) == "0000006"


def test_new_barcodes_go_on_behind_the_labels_that_the_books_came_with(school: School) -> None:
    _batch, items = school.posted(8)
    for item, value in zip(
        items, ("00000123", "00013204", "00000007", "9787020002207", "甲-12"), strict=False
    ):
        assign_barcode(item, value, by=BY, at=LATER)
    assert next_barcode(school.library) == "00013205"
    given = assign_barcodes([item.pk for item in items[5:]], library=school.library, by=BY, at=LATER)
    assert list(given.values()) == ["00013205", "00013206", "00013207"]


@pytest.mark.parametrize(
    ("value", "code"), [("0000001", "barcode_taken"), ("", "bad_barcode"), ("9" * 61, "bad_barcode")]
)
def test_a_barcode_that_cannot_be_given_is_refused(school: School, value: str, code: str) -> None:
    _batch, items = school.posted(2)
    assign_barcode(items[0], "0000001", by=BY, at=LATER)
    assign_barcode(items[0], "0000002", by=BY, at=LATER, replaces=True)
    with pytest.raises(Refused) as refused:
        assign_barcode(items[1], value, by=BY, at=LATER)  # 0000001 is closed, and still nobody else's
    assert refused.value.codes == (code,)


def test_a_taken_barcode_in_a_draft_is_refused_and_named(school: School) -> None:
    batch, holding = school.draft(), school.hold()
    with pytest.raises(Refused) as refused:
        add_items(batch=batch, holding=holding, copies=2, barcodes=["7", "7"], by=BY, at=AT)
    assert refused.value.decision.reasons[0].params == {"barcode": "7"}
    assert not Item.objects.exists()
    with pytest.raises(Refused) as refused:
        add_items(batch=batch, holding=holding, copies=1, barcodes=["7", "8"], by=BY, at=AT)
    assert refused.value.codes == ("more_barcodes_than_volumes",)


def test_a_label_of_another_library_is_its_own(school: School) -> None:
    other = School(make_library("xy"))
    for one in (school, other):
        _batch, (item,) = one.posted()
        assign_barcode(item, "0000001", by=BY, at=LATER)
        assert item_by_identifier(one.library, " ０００００01\r\n") == item
    assert item_by_identifier(school.library, "") is None
    assert item_by_identifier(school.library, "nothing") is None


def test_copies_that_are_in_can_be_lent(school: School) -> None:
    _batch, items = school.posted(3)
    record = items[0].holding.record
    lend(items[0])
    mark_missing(items[1], by=BY, at=LATER, on=LATER_ON)
    assert list(copies_in(school.library, record)) == [items[2]]
    assert (
        copies_of(None, [record.pk])[record.pk].total,
        copies_of(None, [record.pk])[record.pk].available,
    ) == (3, 1)


def test_records_are_found_by_isbn_or_local_number_where_they_are_held(school: School) -> None:
    first = school.hold("西游记", isbn="978-7-02-000873-5").record
    local = school.hold("校本教材", isbn="1111").record
    make_record("未入藏", isbn="1111")
    assert records_by_isbn(school.library, "9787020008735") == [first]
    assert records_by_isbn(school.library, "7-02-000873-9") == [first]
    assert records_by_isbn(school.library, "1111") == [local]
    assert records_by_isbn(school.library, "") == []
