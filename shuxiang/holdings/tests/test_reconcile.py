"""Every kind of tampered row is found and named; an honest library is clean."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.holdings.models import (
    AccessionBatch,
    AccessionSeries,
    BookNumberSeries,
    Holding,
    Item,
    ItemIdentifier,
    Movement,
    PropertyLine,
    Withdrawal,
    WithdrawalLine,
)
from shuxiang.holdings.services import (
    add_items,
    assign_barcode,
    mark_missing,
    post_batch,
    reverse_batch,
    withdraw,
)
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School, make_library


@pytest.fixture
def filled(school: School) -> School:
    """Three volumes posted, one of them missing; two of three others withdrawn; a draft with a volume."""
    _batch, items = school.posted(3)
    mark_missing(items[0], by=BY, at=LATER, on=LATER_ON)
    _other, others = school.posted(3, price=None, title="水浒传")
    withdraw(others[:2], reason="worn", by=BY, at=LATER, on=LATER_ON, approved_by="校长")
    add_items(batch=school.draft(), holding=school.hold("红楼梦"), copies=1, barcodes=["77"], by=BY, at=AT)
    return school


def items_at(account: str) -> Item:
    return Item.objects.filter(account=account).order_by("pk")[0]


def first_line() -> PropertyLine:
    return PropertyLine.objects.get(number=1)


def account_set_by_hand() -> None:
    Item.objects.filter(property_line__number=1).update(account="shelf")


def movement_removed() -> None:
    Movement.objects.filter(item__property_line__number=1, target="missing").delete()


def movement_slipped_in() -> None:
    item = first_line().item
    Movement.objects.create(
        library=item.library, item=item, source="loan", target="missing", cause="x", at=AT, on=ON,
        operation=Operation.objects.all()[0],
    )  # fmt: skip


def movement_of_another_library() -> None:
    Movement.objects.filter(item=first_line().item).update(library=make_library("xy"))


def posted_line_made_a_draft_item() -> None:
    Movement.objects.filter(item=first_line().item).delete()
    Item.objects.filter(pk=first_line().item_id).update(account="draft")


def draft_item_put_on_the_shelf() -> None:
    Item.objects.filter(account="draft").update(account="shelf")


def withdrawal_line_removed() -> None:
    WithdrawalLine.objects.all()[0].delete()


def struck_item_put_back() -> None:
    Item.objects.filter(pk=items_at("withdrawn").pk).update(account="shelf")


def number_changed() -> None:
    PropertyLine.objects.filter(number=2).update(number=20)


def last_line_removed() -> None:
    line = PropertyLine.objects.get(number=3)
    line.item.movements.all().delete()
    line.delete()
    Item.objects.filter(pk=line.item_id).delete()


def batch_removed() -> None:
    AccessionSeries.objects.filter(series="").update(last=3)


def withdrawal_number_raised() -> None:
    Withdrawal.objects.update(number=2)
    AccessionSeries.objects.filter(series="-").update(last=2)


def draft_given_a_number() -> None:
    PropertyLine.objects.filter(number__isnull=True).update(number=7, posted_on=ON)
    AccessionSeries.objects.filter(series="B").update(last=7)


def entered_on_another_day() -> None:
    PropertyLine.objects.filter(number=1).update(posted_on=date(2026, 8, 1))


def price_changed() -> None:
    PropertyLine.objects.filter(number=1).update(list_price_fen=99)


def price_forgotten() -> None:
    PropertyLine.objects.filter(number=1).update(list_price_fen=None)


def batch_total_changed() -> None:
    AccessionBatch.objects.filter(number=1).update(volumes=4)


def withdrawal_total_changed() -> None:
    Withdrawal.objects.update(unknown_prices=0)


def struck_on_another_day() -> None:
    WithdrawalLine.objects.filter(line__number=4).update(withdrawn_on=ON)


def struck_before_entered() -> None:
    Withdrawal.objects.update(withdrawn_on=date(2026, 1, 1))
    WithdrawalLine.objects.update(withdrawn_on=date(2026, 1, 1))


def class_that_does_not_exist() -> None:
    PropertyLine.objects.filter(number=1).update(clc_main="W")


def book_number_series_lowered() -> None:
    BookNumberSeries.objects.update(last=2)


def item_of_another_library() -> None:
    Holding.objects.filter(items__property_line__number=1).update(library=make_library("xy"))


def barcode_of_another_library() -> None:
    ItemIdentifier.objects.update(library=make_library("xy"))


def copies_on_the_shelf_miscounted() -> None:
    Holding.objects.filter(items__property_line__number=1).update(on_shelf=3)


def copies_on_the_books_miscounted() -> None:
    Holding.objects.filter(items__property_line__number=1).update(on_books=2)


def facets_of_another_year() -> None:
    Holding.objects.filter(items__property_line__number=1).update(facets="1999|I242.4||")


@pytest.mark.parametrize(
    ("tamper", "codes"),
    [
        (account_set_by_hand, {"account_not_proven", "copies_miscounted"}),
        (movement_removed, {"account_not_proven"}),
        (movement_slipped_in, {"chain_broken", "movement_without_loan"}),
        (movement_of_another_library, {"movement_elsewhere"}),
        (posted_line_made_a_draft_item, {"posted_but_draft", "books_disagree", "copies_miscounted"}),
        (
            draft_item_put_on_the_shelf,
            {"account_not_proven", "draft_but_moved", "books_disagree", "copies_miscounted", "facets_stale"},
        ),
        (withdrawal_line_removed, {"withdrawn_but_not_struck", "withdrawal_disagrees"}),
        (
            struck_item_put_back,
            {"account_not_proven", "struck_but_there", "books_disagree", "copies_miscounted"},
        ),
        (number_changed, {"batch_not_a_run"}),
        (
            last_line_removed,
            {"series_disagrees", "numbers_missing", "batch_disagrees", "books_disagree", "copies_miscounted"},
        ),
        (batch_removed, {"series_disagrees"}),
        (withdrawal_number_raised, {"series_disagrees", "numbers_missing"}),
        (draft_given_a_number, {"number_in_draft", "posted_on_other_day", "posted_but_draft"}),
        (entered_on_another_day, {"posted_on_other_day"}),
        (price_changed, {"batch_disagrees", "books_disagree"}),
        (price_forgotten, {"batch_disagrees", "books_disagree"}),
        (batch_total_changed, {"batch_disagrees", "books_disagree"}),
        (withdrawal_total_changed, {"withdrawal_disagrees", "books_disagree"}),
        (struck_on_another_day, {"struck_wrongly"}),
        (struck_before_entered, {"struck_wrongly"}),
        (class_that_does_not_exist, {"no_such_class"}),
        (book_number_series_lowered, {"book_number_ahead"}),
        (item_of_another_library, {"belongs_elsewhere"}),
        (barcode_of_another_library, {"belongs_elsewhere"}),
        (copies_on_the_shelf_miscounted, {"copies_miscounted"}),
        (copies_on_the_books_miscounted, {"copies_miscounted"}),
        (facets_of_another_year, {"facets_stale"}),
    ],
)
def test_a_tampered_row_is_found_and_named(
    filled: School, tamper: Callable[[], None], codes: set[str]
) -> None:
    assert reconcile.run().is_clean
    tamper()
    outcome = reconcile.run("yl")
    found = {one.code for one in outcome.differences}
    assert codes <= found
    assert found - codes <= {"book_number_ahead"}  # a holding moved away also leaves its series
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for one in outcome.differences:
                sentence = reconcile.describe(one)
                assert one.code not in sentence
                assert "%(" not in sentence


def test_another_library_is_not_asked_about(filled: School) -> None:
    account_set_by_hand()
    make_library("xy")
    assert reconcile.run("xy").is_clean
    assert not reconcile.run().is_clean


def test_the_item_is_named_by_its_accession_number(filled: School) -> None:
    account_set_by_hand()
    (difference,) = (one for one in reconcile.run().differences if one.check == "holdings.accounts")
    assert (difference.params["item"], difference.library_code) == ("B1", "yl")
    assert difference.subject == f"holdings.item:{first_line().item_id}"


def test_interrupted_batches_are_known_exceptions(filled: School) -> None:
    draft = AccessionBatch.objects.get(state="draft")
    AccessionBatch.objects.filter(pk=draft.pk).update(state="void")
    outcome = reconcile.run()
    assert outcome.is_clean
    assert [one.code for one in outcome.exceptions] == ["voiding_unfinished"]


def test_a_reversed_batch_reconciles(filled: School) -> None:
    batch = AccessionBatch.objects.get(number=1)
    assign_barcode(Item.objects.get(property_line__number=2), "5", by=BY, at=LATER)
    assert reverse_batch(batch, by=BY, at=LATER, on=LATER_ON).reversed == 2
    assert reconcile.run().differences == ()


def test_many_items_are_posted_in_chunks_and_reconciled_by_as_many_questions_as_few(school: School) -> None:
    few = school.draft()
    add_items(batch=few, holding=school.hold(), copies=3, list_price_fen=2500, by=BY, at=AT)
    post_batch(few, by=BY, at=AT, on=ON)
    with CaptureQueriesContext(connection) as of_few:
        assert reconcile.run().is_clean
    many = school.draft()
    add_items(batch=many, holding=school.hold(), copies=3_000, list_price_fen=2500, by=BY, at=AT)
    told: list[tuple[int, int]] = []
    post_batch(many, by=BY, at=AT, on=ON, progress=lambda done, all_: told.append((done, all_)))
    with CaptureQueriesContext(connection) as of_many:
        assert reconcile.run().is_clean
    assert len(told) >= 2, "the desk waits for one chunk, not for all"
    assert told[-1] == (3_000, 3_000)
    assert questions(of_many) == questions(of_few)


def questions(asked: CaptureQueriesContext) -> int:
    """How many there were, without those that let PostgreSQL look at grown tables."""
    return sum(not query["sql"].startswith("ANALYZE") for query in asked.captured_queries)
