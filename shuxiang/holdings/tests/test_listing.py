"""The classes as a shelf: counted once, and anew after every act that changes the stock."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuxiang.holdings import listing
from shuxiang.holdings.services import mark_missing, withdraw
from shuxiang.holdings.tests.builders import BY, LATER, LATER_ON, School, make_library


def test_the_shelf_is_counted_anew_after_a_posting_and_a_withdrawal(school: School) -> None:
    assert listing.volumes_by_class(school.library) == {}
    _batch, items = school.posted(3)
    assert listing.volumes_by_class(school.library) == {"I": 3}
    withdraw(items[:1], reason="worn", by=BY, at=LATER, on=LATER_ON)
    assert listing.volumes_by_class(school.library) == {"I": 2}
    assert listing.volumes_by_class(make_library("else")) == {}


def test_the_holdings_are_not_read_again_while_the_stock_is_the_same(school: School) -> None:
    _batch, items = school.posted(2)
    listing.volumes_by_class(school.library)
    mark_missing(items[0], by=BY, at=LATER, on=LATER_ON)
    with CaptureQueriesContext(connection) as asked:
        assert listing.volumes_by_class(school.library) == {"I": 2}
    assert not any("holdings_holding" in query["sql"] for query in asked.captured_queries)


def test_new_and_much_lent_titles_are_those_still_here(school: School) -> None:
    _batch, items = school.posted(1, title="旧书")
    new = school.posted(1, title="新书")[1][0].holding.record_id
    assert listing.newest(school.library, 5) == [new, items[0].holding.record_id]
    withdraw(items, reason="worn", by=BY, at=LATER, on=LATER_ON)
    assert listing.newest(school.library, 5) == [new]
    assert listing.most_lent(school.library, 5) == []
