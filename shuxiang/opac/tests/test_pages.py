"""The public pages: only what the library holds, nobody's name, nothing executed, nothing that falls over."""

from datetime import time
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuxiang.circulation.services import check_out
from shuxiang.circulation.tests.desk import AT, BY, START, Desk, add_book, open_desk
from shuxiang.holdings.search import SORTS
from shuxiang.holdings.services import hold
from shuxiang.libraries.services import create_library, set_slot

QUERIES = 12
SCRIPT = "<script>alert(1)</script>{{7*7}}"


@pytest.fixture
def desk(db: None) -> Desk:
    """A school with three copies of one title."""
    return open_desk()


def test_the_only_library_opens_at_once(desk: Desk) -> None:
    assert Client().get("/").headers["Location"] == "/l/a/"


def test_several_libraries_are_offered(desk: Desk) -> None:
    create_library(code="b", name="鹭洲中学", kind="junior", by=BY, at=START)
    page = Client().get("/").content.decode()
    assert "/l/a/" in page
    assert "鹭洲中学" in page


@pytest.mark.django_db
def test_an_installation_without_a_library_says_so() -> None:
    assert "shuxiang setup" in Client().get("/").content.decode()


def test_home_shows_the_classes_with_volumes_held_and_new_titles(desk: Desk) -> None:
    page = Client().get("/l/a/")
    assert page.context["volumes"] == 3
    assert len(page.context["spines"]) == 22
    assert [(name, count) for letter, name, count, _url in page.context["spines"] if letter == "I"] == [
        ("文学", 3)
    ]
    assert "西游记" in page.content.decode()


@pytest.mark.parametrize("query", ["西游", "xyj", "xiyouji", "西遊記", "9787020002207", "索书号:I"])
def test_search_finds_a_title_and_says_where_it_is(query: str, desk: Desk) -> None:
    page = Client().get("/l/a/search", {"q": query})
    assert page.context["found"].count == 1
    assert 'class="state in"' in page.context["results"][0].state


def test_an_empty_result_says_what_to_do(desk: Desk) -> None:
    page = Client().get("/l/a/search", {"q": "没有这本书"})
    assert page.context["found"].count == 0
    assert 'class="empty zero"' in page.content.decode()


def test_without_a_question_all_titles_are_shown(desk: Desk) -> None:
    add_book(desk.library, "红楼梦", copies=1)
    titles = [row.title for row in Client().get("/l/a/search").context["results"]]
    assert titles == ["红楼梦", "西游记"]


def test_a_record_shows_every_copy_and_the_day_a_lent_one_is_due_but_no_reader(desk: Desk) -> None:
    loan = desk.lend()
    page = Client().get(f"/l/a/records/{desk.item.holding.record_id}")
    assert [copy.state.kind for copy in page.context["copies"].first] == ["in", "in", "out"]
    assert str(loan.due_on.day) in page.context["copies"].first[2].state.words
    for name in (desk.pupil.name, desk.other.name, desk.teacher.name):
        assert name not in page.content.decode()


def test_a_record_that_only_another_library_holds_is_not_found(desk: Desk) -> None:
    create_library(code="b", name="鹭洲中学", kind="junior", by=BY, at=START)
    assert Client().get(f"/l/b/records/{desk.item.holding.record_id}").status_code == 404
    for nowhere in ("/l/nowhere/", "/l/%00/", "/l/a/records/99999999999999999999999"):
        assert Client().get(nowhere).status_code == 404


def test_a_record_of_two_libraries_shows_each_its_own_copies(desk: Desk) -> None:
    other = create_library(code="b", name="鹭洲中学", kind="junior", by=BY, at=START)
    hold(library=other, record=desk.item.holding.record, clc="I242", by=BY, at=START)
    page = Client().get(f"/l/b/records/{desk.item.holding.record_id}")
    assert page.status_code == 200
    assert len(page.context["copies"]) == 0


def test_what_stands_in_a_title_is_shown_and_not_done(desk: Desk) -> None:
    item = add_book(desk.library, SCRIPT, copies=1, authors=SCRIPT, publisher=SCRIPT, subjects=SCRIPT)[0]
    for address in ("/l/a/", "/l/a/search", f"/l/a/records/{item.holding.record_id}"):
        page = Client().get(address).content.decode()
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
    assert "<script>alert" not in Client().get("/l/a/search", {"q": SCRIPT}).content.decode()


def test_pages_answer_only_to_reading_and_need_no_session(desk: Desk) -> None:
    for address in ("/", "/l/a/", "/l/a/search", f"/l/a/records/{desk.item.holding.record_id}"):
        client = Client(enforce_csrf_checks=True)
        assert client.post(address).status_code in (403, 405)
        client.get(address)
        assert "sessionid" not in client.cookies


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_pages_speak_three_languages(language: str, desk: Desk) -> None:
    words = {"zh-hans": "馆里的书", "zh-hant": "館裡的書", "en": "Books of this library"}
    page = Client(headers={"Accept-Language": language}).get("/l/a/").content.decode()
    assert words[language].replace("裡", "") in page.replace("裡", "").replace("裏", "")


def test_pages_are_turned_and_stay_within_what_there_is(desk: Desk) -> None:
    for number in range(22):
        add_book(desk.library, f"故事 {number}", copies=1)
    counted = {page: len(_results(page)) for page in ("", "1", "2", "3", "0", "-1", "x", "9" * 30)}
    assert counted == {"": 20, "1": 20, "2": 3, "3": 3, "0": 20, "-1": 20, "x": 20, "9" * 30: 20}


def _results(page: str) -> list[object]:
    return list(Client().get("/l/a/search", {"page": page}).context["results"])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    q=st.text(max_size=40)
    | st.sampled_from(["'", '"', "%", "_", "\\", "NEAR(", "*", "a:b", "{{", "\x00", "-", "OR"]),
    page=st.text(max_size=8) | st.integers().map(str),
    sort=st.text(max_size=12) | st.sampled_from([*SORTS, "id; DROP TABLE", "record__patron"]),
    narrowed=st.text(max_size=12) | st.sampled_from(["I", "1", "a", "2015-2019", "-", "I%", "9" * 30, "٣"]),
)
def test_whatever_is_asked_is_answered(q: str, page: str, sort: str, narrowed: str, desk: Desk) -> None:
    filters = dict.fromkeys(["clc", "available", "audience", "location", "year"], narrowed)
    answer = Client().get("/l/a/search", {"q": q, "page": page, "sort": sort, "format": q, **filters})
    assert answer.status_code == 200
    assert Client().get("/l/a/suggest", {"q": q}).status_code == 200


def test_a_page_of_results_asks_the_database_a_fixed_number_of_times(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        add_book(desk.library, f"故事 {number}", copies=2)
    with django_assert_max_num_queries(QUERIES):  # type: ignore[operator]
        answer = Client().get("/l/a/search", {"q": "故事"})
    assert len(answer.context["results"]) == 12


def test_a_volume_out_elsewhere_is_named_by_its_state(desk: Desk) -> None:
    for item in desk.items[:2]:
        check_out(library=desk.library, patron=desk.pupil, item=item, at=AT, by=BY)
    check_out(library=desk.library, patron=desk.other, item=desk.items[2], at=AT, by=BY)
    page = Client().get("/l/a/search", {"q": "西游记"})
    assert 'class="state out"' in page.context["results"][0].state


def test_home_says_whose_turn_it_is_today(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuxiang.opac.views.opening.clock.now", lambda: AT)  # a Thursday
    common: dict[str, Any] = {
        "library": desk.library,
        "room": desk.library.rooms.get(),
        "valid_from": START.date(),
        "by": BY,
        "at": START,
    }
    set_slot(weekday=4, starts=time(12), ends=time(12, 40), grade=3, **common)
    set_slot(weekday=4, starts=time(16), ends=time(17), **common)
    set_slot(weekday=5, starts=time(12), ends=time(12, 40), grade=5, **common)
    page = Client().get("/l/a/")
    assert [(turn.starts, turn.whose) for turn in page.context["turns"]] == [
        (time(12), "3 年级"),
        (time(16), "全校"),
    ]
