"""The page of a title and what hangs on it: copies, links, citations, slip, short address, what is said when it is gone."""

import re

import pytest
from django.test import Client

from shuxiang.catalogue.services import bury, merge
from shuxiang.circulation.services import place_hold
from shuxiang.circulation.tests.desk import AT, BY, START, Desk, add_book, open_desk
from shuxiang.holdings.services import withdraw
from shuxiang.libraries.services import create_library
from shuxiang.opac.face import public_face
from shuxiang.opac.linking import people, subjects


@pytest.fixture
def desk(db: None) -> Desk:
    """A school with three copies of one title."""
    return open_desk()


def page_of(desk: Desk, pk: int | None = None, more: str = "") -> str:
    client = Client(headers={"Accept-Language": "zh-CN"})
    return client.get(f"/l/a/records/{pk or desk.item.holding.record_id}{more}").content.decode()


def test_names_and_subjects_lead_to_more_of_the_same(desk: Desk) -> None:
    face = public_face(desk.library)
    told = [(text, bool(url)) for text, url in people("(法)罗曼·罗兰著 ; 闻钟，李一主编", face)]
    assert told == [
        ("(法)", False),
        ("罗曼·罗兰", True),
        ("著 ; ", False),
        ("闻钟", True),
        ("，", False),
        ("李一", True),
        ("主编", False),
    ]
    heading = subjects("贝多芬 (Beethoven 1770-1827) -- 传记；音乐家", face)
    assert [[part for part, _url in parts] for parts in heading] == [
        ["贝多芬 (Beethoven 1770-1827)", "传记"],
        ["音乐家"],
    ]
    assert heading[0][0][1].endswith("q=%E4%B8%BB%E9%A2%98%3A%E8%B4%9D%E5%A4%9A%E8%8A%AC")
    assert people("", face) == []
    assert subjects("", face) == []


@pytest.mark.parametrize(
    "columns", [{"authors": "(法)罗曼·罗兰著"}, {"subjects": "音乐家 -- 传记"}, {"publisher": "甲乙出版社"}]
)
def test_every_link_of_a_description_finds_the_title_again(columns: dict[str, str], desk: Desk) -> None:
    item = add_book(desk.library, "名人传", copies=1, **columns)[0]
    links = re.findall(r'href="(/l/a/search\?q=[^"]+)"', page_of(desk, item.holding.record_id))
    assert links
    for link in links:
        titles = [row.title for row in Client().get(link.replace("&amp;", "&")).context["results"]]
        assert "名人传" in titles, link


def test_the_path_of_the_class_narrows_step_by_step(desk: Desk) -> None:
    item = add_book(desk.library, "昆虫记", copies=1, clc="I565.45")[0]
    page = page_of(desk, item.holding.record_id)
    assert re.findall(r"search\?clc=([A-Z0-9.]+)", page) == ["I", "I5", "I565"]


def test_many_copies_are_folded_and_volumes_stand_in_order(desk: Desk) -> None:
    items = add_book(desk.library, "十万个为什么", copies=14)
    for number, item in enumerate(items):
        item.volume_mark = f"第{14 - number}册"
        item.save(update_fields=["volume_mark"])
    copies = Client().get(f"/l/a/records/{items[0].holding.record_id}").context["copies"]
    assert (len(copies.first), len(copies.folded), copies.is_set) == (10, 4, True)
    assert [copy.volume_mark for copy in copies.first + copies.folded] == [f"第{n}册" for n in range(1, 15)]
    assert "<details" in page_of(desk, items[0].holding.record_id)


def test_a_title_without_copies_says_so(desk: Desk) -> None:
    withdraw(desk.items, reason="worn", by=BY, at=AT, on=AT.date())
    page = page_of(desk)
    assert "现在没有册" in page or "没有" in page
    assert "<table>" not in page


def test_the_short_address_leads_to_the_title_and_is_drawn(desk: Desk) -> None:
    key = desk.item.holding.record_id
    assert Client().get(f"/l/a/r/{key}").headers["Location"] == f"/l/a/records/{key}"
    drawing = Client().get(f"/l/a/records/{key}/qr.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert drawing.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert f"http://testserver/l/a/r/{key}" in page_of(desk)


@pytest.mark.parametrize("key", ["0", "9999999", "9" * 4000])
def test_what_is_not_held_has_no_short_address_and_no_picture(key: str, desk: Desk) -> None:
    for address in (f"/l/a/r/{key}", f"/l/a/records/{key}/qr.svg", f"/l/a/records/{key}/slip"):
        assert Client().get(address).status_code == 404


def test_who_opens_the_catalogue_on_the_server_is_told_that_the_address_is_no_use(desk: Desk) -> None:
    address = f"/l/a/records/{desk.item.holding.record_id}"
    here = Client().get(address, headers={"Host": "127.0.0.1:8000"})
    assert here.context["is_loopback"]
    assert not Client().get(address).context["is_loopback"]


def test_the_slip_has_the_call_number_the_title_and_the_place(desk: Desk) -> None:
    page = page_of(desk, more="/slip")
    for words in (desk.item.holding.call_number, "西游记", desk.item.home.name, "<svg viewBox"):
        assert words in page


def test_one_comes_back_to_the_results_one_came_from(desk: Desk) -> None:
    address = f"/l/a/records/{desk.item.holding.record_id}"
    for before, back in {
        "http://testserver/l/a/search?q=xyj&page=2": "http://testserver/l/a/search?q=xyj&page=2",
        "http://else.example/l/a/search?q=xyj": "",
        "http://testserver/l/a/searching": "",
        "": "",
    }.items():
        assert Client().get(address, headers={"Referer": before}).context["back_url"] == back


def test_a_title_taken_out_of_the_catalogue_is_gone_by_name_only_where_it_was(desk: Desk) -> None:
    create_library(code="b", name="鹭洲中学", kind="junior", by=BY, at=START)
    record = desk.item.holding.record
    bury(record, by=BY, at=AT)
    gone = Client().get(f"/l/a/records/{record.pk}")
    assert gone.status_code == 410
    assert "西游记" in gone.content.decode()
    elsewhere = Client().get(f"/l/b/records/{record.pk}")
    assert elsewhere.status_code == 404
    assert "西游记" not in elsewhere.content.decode()


def test_a_merged_title_leads_to_the_one_that_stayed(desk: Desk) -> None:
    stays = add_book(desk.library, "西游记", copies=1)[0].holding.record
    merged = desk.item.holding.record
    merge(merged, into=stays, by=BY, at=AT)
    assert Client().get(f"/l/a/records/{merged.pk}").headers["Location"] == f"/l/a/records/{stays.pk}"


def test_an_unknown_title_is_answered_within_the_library(desk: Desk) -> None:
    for address in ("/l/a/records/999999", "/l/a/records/999999/slip"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert 'role="search"' in answer.content.decode()


def test_everybody_sees_how_many_wait_and_nobody_who(desk: Desk) -> None:
    for item in desk.items:
        desk.lend(item, desk.teacher)
    record = desk.item.holding.record
    assert "人预约" not in page_of(desk)
    place_hold(library=desk.library, patron=desk.other, record=record, at=AT, by=BY)
    page = page_of(desk)
    assert "1 人预约" in page and desk.other.name not in page
