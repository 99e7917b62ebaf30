"""What a page asks of the database: a fixed few questions, answered by look-ups and never by reading all of a library."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from shuxiang.circulation.tests.desk import Desk, add_book, open_desk
from shuxiang.opac import drawn
from shuxiang.opac.narrowing import Option

RESULTS = 10  # library; numbers, title, words, ranks; titles, where they stand, due days; places
RECORD = 18  # of which the likenesses are up to eight
HOME = 12
# found by its library alone, a table is read from one end to the other
READ_WHOLE = re.compile(r"(?:SCAN|\(library_id=\?\)).*")


@pytest.fixture
def desk(db: None) -> Desk:
    """Twenty-three titles, one of which is lent."""
    desk = open_desk()
    for number in range(22):
        add_book(desk.library, f"西游故事{number}", copies=2)
    desk.lend()
    return desk


def asked_for(address: str) -> list[str]:
    """The statements of a page, after it was asked for once."""
    client = Client()
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in asked.captured_queries]


def test_a_page_costs_a_fixed_few_questions(desk: Desk) -> None:
    few = asked_for("/l/a/search?q=西游记")
    many = asked_for("/l/a/search?q=西游")
    assert len(few) <= len(many) <= RESULTS, "\n".join(many)
    record = asked_for(f"/l/a/records/{desk.item.holding.record_id}")
    assert len(record) <= RECORD, "\n".join(record)
    assert len(asked_for("/l/a/")) <= HOME


def test_titles_are_looked_up_not_searched_for_among_all_that_a_library_has(desk: Desk) -> None:
    pages = ["/l/a/search?q=西游", f"/l/a/records/{desk.item.holding.record_id}"]
    asked = [sql for page in pages for sql in asked_for(page)]
    if connection.vendor != "sqlite":  # PostgreSQL counts its rows before it chooses a way, and here are few
        return
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
            steps = [str(row[3]) for row in cursor.fetchall()]
        for table in (
            "holdings_item",
            "holdings_holding",
            "circulation_loan",
            "catalogue_bibliographicrecord",
        ):
            whole = [step for step in steps if table in step and READ_WHOLE.search(step)]
            assert not whole, f"{whole}\n{sql}"


def test_a_volume_just_lent_does_not_look_free(desk: Desk) -> None:
    client, address = Client(headers={"Accept-Language": "zh-CN"}), "/l/a/search?q=西游记"
    before = client.get(address).context["results"][0].state
    desk.lend(item=desk.items[1])
    after = client.get(address).context["results"][0].state
    assert ("2 册" in before, "1 册" in after) == (True, True)


def test_what_is_drawn_is_escaped() -> None:
    evil = "<b onclick='x'>&\""
    option = Option(evil, evil, f"?q={evil}", chosen=True)
    page = drawn.choices([option])
    assert "<b" not in page
    assert page.count(escape(evil)) == 3
