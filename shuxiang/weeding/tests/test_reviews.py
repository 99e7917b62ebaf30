"""Lists of titles against the holdings: matched with certainty, set aside, given back or listed for withdrawal."""

import pytest

from shuxiang.audit import jobs, reconcile
from shuxiang.circulation.services import check_in
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, add_book
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Holding, Item
from shuxiang.holdings.search import search
from shuxiang.holdings.tests.builders import make_library
from shuxiang.imports.tables import TableError
from shuxiang.weeding import selectors
from shuxiang.weeding.models import ReviewList
from shuxiang.weeding.services import reviewing, striking

HEAD = "序号,ISBN,书名,作者,出版社\n"
ROWS = """1,978-7-02-000220-7,西游记,吴承恩,人民文学出版社
2,,西游记,罗贯中,
3,,没有的书,某人,某社
4,,,,
5,9787020002207,红楼梦,曹雪芹,
"""


def brought(desk: Desk, text: str = HEAD + ROWS) -> ReviewList:
    made = reviewing.bring(
        text.encode(),
        file_name="清单.csv",
        name="",
        document="教基厅函〔2019〕55号",
        library=desk.library,
        by=BY,
        at=AT,
    )
    jobs.run_pending()
    made.refresh_from_db()
    return made


def seen(found: ReviewList) -> list[tuple[int, str, str]]:
    return [(m.entry.row, m.certainty, m.by) for m in selectors.matches_of(found)]


def keys(found: ReviewList) -> list[int]:
    return [match.pk for match in selectors.matches_of(found)]


def aside(desk: Desk, found: ReviewList) -> tuple[int, int]:
    return reviewing.put_aside(found, keys(found)[:1], ground="unsuitable", note="", by=BY, at=AT, on=ON)


def test_entries_are_matched_with_their_certainty(desk: Desk) -> None:
    found = brought(desk)
    assert (found.state, found.entries_read, found.skipped, found.name) == ("ready", 4, 1, "清单.csv")
    assert seen(found) == [(1, "sure", "isbn"), (2, "possible", "title"), (4, "likely", "isbn_only")]
    assert [entry.title for entry in selectors.without_match(found)] == ["没有的书"]


def test_set_aside_it_is_not_lent_and_not_found(desk: Desk) -> None:
    found = brought(desk)
    assert aside(desk, found) == (1, 3)
    assert search("西游记", library=desk.library).count == 0
    with pytest.raises(Refused, match="held_for_review"):
        desk.lend(desk.items[0])
    assert selectors.match_counts(found)["aside"] == 3  # every entry that means the title
    assert reconcile.run(desk.library.code).differences == ()


def test_a_lent_volume_joins_the_others_when_it_comes_back(desk: Desk) -> None:
    desk.lend(desk.items[0])
    found = brought(desk)
    assert aside(desk, found) == (1, 2)
    back = check_in(library=desk.library, item=desk.items[0], at=AT, by=BY)
    assert [reason.code for reason in back.decision.reasons] == ["held_for_review"]
    assert Item.objects.get(pk=desk.items[0].pk).account == "review"


@pytest.mark.parametrize(("passed", "review", "state"), [(True, "passed", "passed"), (False, "none", "open")])
def test_given_back_it_is_lent_again(desk: Desk, passed: bool, review: str, state: str) -> None:
    found = brought(desk)
    aside(desk, found)
    assert reviewing.give_back(
        found, keys(found)[:1], passed=passed, note="适合高年级", by=BY, at=AT, on=ON
    ) == (1, 3)
    assert Holding.objects.get(pk=desk.items[0].holding_id).review == review
    assert selectors.match_counts(found)[state] == 3
    desk.lend(desk.items[0])


def test_listed_for_withdrawal_it_goes_the_way_of_every_list(desk: Desk) -> None:
    found = brought(desk)
    aside(desk, found)
    made = reviewing.list_for_withdrawal(found, keys(found)[:1], by=BY, at=AT)
    assert (made.reason, made.lines.count()) == ("review", 3)
    striking.approve(
        made,
        approved_by="王校长",
        approved_on=ON,
        document="",
        disposition="store",
        reason="review",
        by=BY,
        at=AT,
    )
    striking.strike_later(made, by=BY, at=AT, on=ON)
    jobs.run_pending()
    made.refresh_from_db()
    assert made.withdrawal is not None
    assert (made.withdrawal.volumes, made.withdrawal.reason) == (3, "review")
    striking.take_back_later(made, by=BY, at=AT, on=ON)
    jobs.run_pending()
    assert set(Item.objects.filter(holding=desk.items[0].holding).values_list("account", flat=True)) == {
        "review"
    }
    assert reconcile.run(desk.library.code).differences == ()


def test_another_book_of_the_same_name_is_dismissed(desk: Desk) -> None:
    found = brought(desk)
    assert reviewing.dismiss(found, keys(found)[1:2], by=BY, at=AT) == 1
    aside(desk, found)
    assert selectors.match_counts(found) == {"open": 0, "aside": 2, "passed": 0, "other": 1, "listed": 0}


def test_other_libraries_titles_are_none_of_ours(desk: Desk) -> None:
    other = make_library("zz")
    add_book(other, "没有的书", copies=1)
    assert seen(brought(desk, HEAD + "1,,没有的书,某人,\n")) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲,乙\n1,2\n3,4\n", "review_without_columns"),
        (HEAD + "1,,,某人,某社\n2,,,某人,某社\n", "review_empty"),
    ],
)
def test_a_table_that_names_nothing_is_refused(desk: Desk, text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        brought(desk, text)
    assert not ReviewList.objects.exists()


def test_what_is_no_table_is_refused(desk: Desk) -> None:
    with pytest.raises(TableError):
        reviewing.bring(
            b"\x89PNG\r\n\x1a\n", file_name="a.png", name="", document="", library=desk.library, by=BY, at=AT
        )


@pytest.mark.parametrize("act", ["aside without ground", "nothing chosen", "list what is open"])
def test_a_decision_needs_its_ground_and_its_titles(desk: Desk, act: str) -> None:
    found = brought(desk)
    with pytest.raises(Refused):
        if act == "aside without ground":
            reviewing.put_aside(found, keys(found), ground="", note="", by=BY, at=AT, on=ON)
        elif act == "nothing chosen":
            reviewing.put_aside(found, [], ground="illegal", note="", by=BY, at=AT, on=ON)
        else:
            reviewing.list_for_withdrawal(found, keys(found), by=BY, at=AT)
