"""Results: what they can be narrowed to, in which order they stand, what is said when there are none."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.tests.desk import BY, START, Desk, add_book, open_desk
from shuxiang.libraries.services import create_library
from shuxiang.opac.views.finding import question


@pytest.fixture
def desk(db: None) -> Desk:
    """A school with three copies of one title, and ten others."""
    made = open_desk()
    for number in range(10):
        add_book(made.library, f"故事{number}", copies=1, published=str(2001 + number), audience="c")
    return made


def found(query: str = "", **sent: str) -> Any:
    return Client(headers={"Accept-Language": "zh-CN"}).get("/l/a/search", {"q": query, **sent})


def groups(answer: Any) -> dict[str, list[tuple[str, str, bool]]]:
    return {
        group.key: [(one.label, one.count, one.chosen) for one in group.options + group.more]
        for group in answer.context["groups"]
    }


def test_what_results_can_be_narrowed_to_is_counted(desk: Desk) -> None:
    shown = groups(found("故事"))
    assert shown["available"] == [("现在在架", "10", False)]
    assert shown["year"] == [("2010–2014", "1", False), ("2005–2009", "5", False), ("2000–2004", "4", False)]
    assert "clc" not in shown  # all are of one class: nothing to choose


def test_every_choice_leads_to_as_many_titles_as_it_says(desk: Desk) -> None:
    desk.lend(add_book(desk.library, "故事十", copies=1)[0])
    for group in found("故事").context["groups"]:
        for option in group.options:
            narrowed = Client(headers={"Accept-Language": "zh-CN"}).get(option.url)
            assert narrowed.context["found"].count == int(option.count), option
            assert any(words == option.label for words, _url in narrowed.context["chips"])


def test_a_chosen_one_is_taken_back_by_its_chip_and_by_itself(desk: Desk) -> None:
    narrowed = found("故事", year="2005-2009", available="1")
    assert narrowed.context["found"].count == 5
    assert [words for words, _url in narrowed.context["chips"]] == ["现在在架", "2005–2009"]
    without = Client().get(narrowed.context["chips"][1][1])
    assert without.context["found"].count == 10
    again = next(
        one
        for group in narrowed.context["groups"]
        for one in group.options
        if one.chosen and group.key == "year"
    )
    assert Client().get(again.url).context["found"].count == 10
    assert Client().get(narrowed.context["clear_url"]).context["found"].count == 10


def test_a_narrower_search_begins_at_its_first_page_and_keeps_its_order(desk: Desk) -> None:
    page = found("故事", sort="title", page="2")
    urls = [option.url for group in page.context["groups"] for option in group.options]
    assert urls
    assert all("sort=title" in url and "page=" not in url for url in urls)


def test_nothing_left_offers_the_search_without_narrowing(desk: Desk) -> None:
    none = found("西游记", year="1901-1905")
    assert none.context["found"].count == 0
    assert Client().get(none.context["ways"][0][1]).context["found"].count == 1


def test_without_a_hit_every_word_is_offered_alone(desk: Desk) -> None:
    none = found("故事3 西游记")
    assert [words for words, _url in none.context["ways"]] == ["只找“故事3”", "只找“西游记”", "看全部图书"]
    assert all(Client().get(url).context["found"].count for _words, url in none.context["ways"])


def test_an_empty_library_says_what_will_be_here(db: None) -> None:
    create_library(code="a", name="榆树小学", kind="primary", by=BY, at=START)
    assert "还没有" in found().content.decode()
    home = Client().get("/l/a/").content.decode()
    assert 'class="empty"' in home
    assert 'class="shelf"' not in home


@pytest.mark.parametrize(
    ("sent", "note"),
    [
        ({"q": "故事", "page": "7"}, "没有第 7 页，这是最后一页。"),
        ({"q": "西" * 300}, "打得太长了，只用了前 256 个字来找。"),
        ({"q": "故事", "page": "x"}, None),
    ],
)
def test_what_was_understood_differently_is_said(sent: dict[str, str], note: str | None, desk: Desk) -> None:
    answer = Client(headers={"Accept-Language": "zh-CN"}).get("/l/a/search", sent)
    assert answer.context["notes"] == ([note] if note else [])


@pytest.mark.parametrize("sort", ["title", "call_number", "newest", "most_lent"])
def test_results_stand_in_the_order_asked_for(sort: str, desk: Desk) -> None:
    answer = found("故事", sort=sort)
    assert [current for _url, _words, current in answer.context["sorts"]].count(True) == 1
    if sort == "newest":
        assert answer.context["results"][0].imprint == "2010"


def test_what_an_address_cannot_mean_is_left_out() -> None:
    asked = question(
        QueryDict("q=%00a&sort=id;DROP&page=-1&clc=%25&audience=cd&available=yes&location=x&year=19")
    )
    assert (asked.query, asked.sort, asked.page) == ("a", "relevance", 1)
    assert not asked.filters.chosen


def test_suggestions_are_plain_data_with_an_address(desk: Desk) -> None:
    answer = Client().get("/l/a/suggest", {"q": "xyj"}).json()
    assert answer["suggestions"][0]["text"] == "西游记"
    assert answer["suggestions"][0]["url"].startswith("/l/a/")
    assert Client().get("/l/a/suggest").json() == {"suggestions": []}


def test_staff_find_the_same_with_barcodes_in_their_frame(desk: Desk, client: Client) -> None:
    librarian = create_account(username="li", display_name="李老师", by=BY, at=START)
    grant(account=librarian, role="librarian", library=desk.library, from_on=START.date(), by=BY, at=START)
    client.force_login(librarian, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/find", {"q": "西游记"})
    assert page.context["results"][0].barcodes.split()[0] in page.content.decode()
    assert re.search(r'href="/desk/find/records/\d+"', page.content.decode())
    record = client.get(page.context["results"][0].url)
    assert record.status_code == 200
    assert "/desk/find" in record.content.decode()
    assert found("西游记").context["results"][0].barcodes == ""
