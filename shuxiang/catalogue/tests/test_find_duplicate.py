"""Which record a row describes (decision 0001)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shuxiang.catalogue.rules import titles_agree
from shuxiang.catalogue.services import (
    DuplicateFinder,
    RecordValues,
    bury,
    find_duplicate,
    prepare,
    save_record,
)
from shuxiang.common.actors import Actor
from shuxiang.common.text import title_key

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
BY = Actor("li", "desk")
R = RecordValues
ISBN = "9787506318860"
KNOWN = RecordValues(title="昆虫记", authors="法布尔 著", publisher="作家出版社", isbn=ISBN)
NO_ISBN = RecordValues(title="草房子", authors="曹文轩 著", publisher="少年儿童出版社")
LOCAL = RecordValues(title="校本教材", isbn="1111")
UNTITLED = RecordValues(isbn="1234567891011")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "wanted", "verdict"),
    [
        pytest.param(KNOWN, KNOWN, "same", id="the same again"),
        pytest.param(KNOWN, R(title="《昆虫记》", isbn="978-7-5063-1886-0"), "same", id="ISBN with hyphens"),
        pytest.param(KNOWN, R(title="昆虫记：注音版", isbn=ISBN), "same", id="longer title"),
        pytest.param(KNOWN, R(isbn=ISBN), "same", id="no title, same ISBN"),
        pytest.param(KNOWN, R(title="海底两万里", isbn=ISBN), "ask", id="ISBN of another title"),
        pytest.param(KNOWN, replace(KNOWN, isbn="9787020008735"), None, id="other ISBN stays another"),
        pytest.param(
            KNOWN, replace(KNOWN, isbn="", authors="[法]法布尔"), "same", id="no ISBN, same description"
        ),
        pytest.param(KNOWN, replace(KNOWN, isbn="", publisher="人民文学出版社"), None, id="other publisher"),
        pytest.param(NO_ISBN, replace(NO_ISBN, isbn="9787532420000"), "same", id="the ISBN is new"),
        pytest.param(NO_ISBN, replace(NO_ISBN, volume_mark="下册"), None, id="another volume"),
        pytest.param(LOCAL, LOCAL, "same", id="local number again"),
        pytest.param(LOCAL, R(title="安全手册", isbn="1111"), None, id="local number of another title"),
        pytest.param(UNTITLED, UNTITLED, "same", id="untitled row again"),
        pytest.param(UNTITLED, R(), None, id="empty row"),
    ],
)
def test_a_publication_is_recognised(known: RecordValues, wanted: RecordValues, verdict: str | None) -> None:
    record = save_record(record=None, values=known, library=None, by=BY, at=AT)
    match = find_duplicate(wanted)
    assert (match and match.verdict) == verdict
    assert match is None or match.record_id == record.pk


@pytest.mark.django_db
def test_volumes_that_share_the_isbn_of_their_set_are_asked_about() -> None:
    first = RecordValues(title="红楼梦", volume_mark="上册", isbn="9787020002207")
    save_record(record=None, values=first, library=None, by=BY, at=AT)
    match = find_duplicate(RecordValues(title="红楼梦", volume_mark="下册", isbn="9787020002207"))
    assert match is not None
    assert match.verdict == "ask"


@pytest.mark.django_db
def test_a_row_is_held_against_rows_made_before_it_and_not_against_tombstones() -> None:
    rows = [prepare(KNOWN), prepare(NO_ISBN), prepare(KNOWN)]
    finder = DuplicateFinder(rows)
    assert finder.find(rows[0]) is None
    record = save_record(record=None, values=rows[0], library=None, by=BY, at=AT)
    finder.add(record)
    finder.add(record)
    assert finder.find(rows[1]) is None
    match = finder.find(rows[2])
    assert match is not None
    assert match.record_id == record.pk
    bury(record, by=BY, at=AT)
    assert find_duplicate(KNOWN) is None


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("小王子", "小王子", True),
        ("小王子", "", True),
        ("小王子", "小王子（注音版）", True),
        ("十万个为什么1", "十万个为什么2", False),
        ("红楼梦上", "红楼梦下", False),
        ("昆虫记", "海底两万里", False),
        ("格林童话全集", "格林童话选集", True),
        ("一千零一夜（第1辑）", "一千零一夜（第15辑）", False),
        ("一千零一夜（第十辑）", "一千零一夜（第十一辑）", False),
        ("一千零一夜（第1辑）", "一千零一夜（第一辑）", True),
        ("一千零一夜", "一千零一夜（第15辑）", True),
        ("一千零一夜（第1辑）阿拉丁神灯", "一千零一夜（第15辑）辛巴达航海", False),
        ("哈利波特1", "哈利波特15", False),
        ("哈利波特15", "哈利波特5", False),
        ("三国演义（上册）少儿版", "三国演义（下册）少儿彩图版", False),
    ],
)
def test_titles_agree_unless_they_clearly_differ(one: str, other: str, agree: bool) -> None:
    assert titles_agree(title_key(one), title_key(other)) is agree
    assert titles_agree(title_key(other), title_key(one)) is agree
