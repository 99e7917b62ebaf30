"""What a search line finds: explicit sets, which every engine must give, and a naive reading of the titles."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from shuxiang.catalogue.services import RecordValues, bulk_save_records, bury, save_record, values_of
from shuxiang.holdings import search as searching
from shuxiang.holdings.models import ShelvingGroup
from shuxiang.holdings.search import search
from shuxiang.holdings.services import HoldingValues, assign_barcode, hold, hold_many, mark_missing
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, School, make_library, make_record
from shuxiang.libraries.models import Library

R = RecordValues
RENMIN = "人民文学出版社"
CORPUS = {
    "xyj": R(
        title="西游记", authors="吴承恩 著", publisher=RENMIN, isbn="9787020008735", clc="I242.4", pub_year=2010,
        subjects="章回小说 ; 古典小说",
    ),
    "xyj-kids": R(title="西游记：青少版", authors="吴承恩 原著", publisher="少年儿童出版社", clc="I287", pub_year=2015),
    "study": R(
        title="重读西游记", authors="周重林", publisher=RENMIN, series="名家讲坛", clc="I207.4", pub_year=1999
    ),
    "lxy": R(title="西游漫记", authors="张光宇", subjects="漫画", clc="J228.2"),
    "potter": R(
        title="哈利·波特与魔法石", authors="[英] J. K. Rowling 著 ; 苏农 译", parallel_title="Harry Potter", clc="I561"
    ),
    "insects": R(title="昆虫记", subtitle="大自然的诗", authors="法布尔 著", isbn="1111", clc="Q96-49"),
    "music": R(title="音乐之声", authors="鲁迅 译", clc="J6"),
    "luxun": R(title="鲁迅全集", volume_mark="第三卷", authors="鲁迅 著", publisher=RENMIN, clc="I210.1"),
    "3d": R(title="3D打印入门", authors="王 明", clc="TS853", issn="1000-0135"),
    "tibet": R(title="格薩爾王傳", authors="降邊嘉措", clc="I291.4"),
    "percent": R(title="100%的努力_与其他", authors="O'Brien \"Bob\"", clc="B848"),
}  # fmt: skip


@dataclass
class Shelves:
    """The corpus, all of it held by one library, with the name of each record."""

    library: Library
    names: dict[int, str]

    def found(self, query: str, **options: object) -> list[str]:
        page = search(query, library=self.library, page_size=100, **options)  # type: ignore[arg-type]
        assert page.count == len(page.ids)
        assert [record.pk for record in page.records] == list(page.ids)
        return [self.names[key] for key in page.ids]


@pytest.fixture
def shelves(school: School) -> Shelves:
    records = bulk_save_records(list(CORPUS.values()), library=school.library, by=BY, at=AT)
    wanted = [HoldingValues(record_id=record.pk, clc=record.clc) for record in records]
    hold_many(wanted, library=school.library, by=BY, at=AT)
    make_record("西游记别传")  # in the installation, not in this library
    return Shelves(school.library, dict(zip((record.pk for record in records), CORPUS, strict=True)))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        # words of two and more characters, phrases, all words wanted
        ("西游", {"xyj", "xyj-kids", "study", "lxy"}),
        ("西游记", {"xyj", "xyj-kids", "study"}),
        ("重读西游记", {"study"}),
        ("吴承恩 西游", {"xyj", "xyj-kids"}),
        ("西游 漫画", {"lxy"}),
        ("西游 昆虫", set()),
        ('"西游漫记"', {"lxy"}),
        ('"读西游"', {"study"}),
        ("大自然的诗", {"insects"}),
        ("昆虫记大自然", set()),  # a phrase does not reach from the title into the subtitle
        # single characters
        ("记", {"xyj", "xyj-kids", "study", "lxy", "insects"}),
        ("游", {"xyj", "xyj-kids", "study", "lxy"}),
        ("王", {"3d", "tibet"}),
        # author and title alike by default, publisher and series by field
        ("鲁迅", {"music", "luxun"}),
        ("作者:鲁迅", {"music", "luxun"}),
        ("题名:鲁迅", {"luxun"}),
        ("人民文学", set()),
        ("出版社:人民文学", {"xyj", "study", "luxun"}),
        ("出版社:人民文学 西游", {"xyj", "study"}),
        ("丛书:名家", {"study"}),
        ("出版社:名家", set()),
        ("主题:小说", {"xyj"}),
        ("西游 -漫画", {"xyj", "xyj-kids", "study"}),
        ("昆虫 OR 音乐", {"insects", "music"}),
        # Traditional, full width, case, middle dot
        ("西遊記", {"xyj", "xyj-kids", "study"}),
        ("格萨尔", {"tibet"}),
        ("格薩爾王", {"tibet"}),
        ("哈利波特", {"potter"}),
        ("哈利·波特", {"potter"}),
        ("HARRY potter", {"potter"}),
        ("ｈａｒｒｙ", {"potter"}),
        ("rowl*", {"potter"}),
        ("rowl", set()),
        ("３Ｄ打印", {"3d"}),
        # pinyin and initials, polyphones in any reading
        ("xyj", {"xyj", "xyj-kids"}),
        ("XYMJ", {"lxy"}),
        ("xi you ji", {"xyj", "xyj-kids"}),
        ("xiyou", {"xyj", "xyj-kids", "lxy"}),
        ("yyzs", {"music"}),
        ("ylzs", {"music"}),
        ("cdxyj", {"study"}),
        ("zdxyj", {"study"}),
        # numbers
        ("9787020008735", {"xyj"}),
        ("978-7-02-000873-5", {"xyj"}),
        ("7-02-000873-9", {"xyj"}),
        ("1111", {"insects"}),
        ("1000-0135", {"3d"}),
        ("I242.4/1", {"xyj"}),
        ("i242.4/1", {"xyj"}),
        ("索书号:I2", {"xyj", "xyj-kids", "study", "luxun", "tibet"}),
        ("索书号:I242.4", {"xyj"}),
        ("索书号:I2 鲁迅", {"luxun"}),
        ("索书号:I2 -鲁迅", {"xyj", "xyj-kids", "study", "tibet"}),
        ("isbn:978-7-02-000873-5 西游", {"xyj"}),
        ("isbn:1111 OR 索书号:J6", {"insects", "music"}),
        # nothing to ask
        ("", set(CORPUS)),  # all there is
        ("   ", set(CORPUS)),
        ("《》…——！", set()),
        ("没有这样的书", set()),
        ("100%的努力", {"percent"}),
        ("%", set()),
        ("O'Brien", {"percent"}),
        ("西游\x00记\ud800", {"xyj", "xyj-kids", "study", "lxy"}),
    ],
)  # fmt: skip
def test_a_line_finds_these_records(shelves: Shelves, query: str, wanted: set[str]) -> None:
    assert set(shelves.found(query)) == wanted
    for sort in searching.SORTS:
        assert set(shelves.found(query, sort=sort)) == wanted


def test_the_exact_title_comes_first_then_titles_that_begin_so(shelves: Shelves) -> None:
    assert shelves.found("西游记") == ["xyj", "xyj-kids", "study"]
    assert shelves.found("xyj")[0] == "xyj"


def test_plain_orders(shelves: Shelves) -> None:
    assert shelves.found("西游记", sort="newest") == ["xyj-kids", "xyj", "study"]
    assert shelves.found("西游记", sort="call_number") == ["study", "xyj", "xyj-kids"]
    assert shelves.found("西游记", sort="title") == ["study", "xyj", "xyj-kids"]
    with pytest.raises(ValueError, match="no such order"):
        search("西游记", sort="price; DROP TABLE")


def test_pages_follow_each_other_without_overlap(shelves: Shelves) -> None:
    pages = [search("记", library=shelves.library, page=number, page_size=2) for number in (1, 2, 3, 4)]
    assert [len(page.ids) for page in pages] == [2, 2, 1, 0]
    assert {page.count for page in pages} == {5}
    assert len({key for page in pages for key in page.ids}) == 5
    assert (pages[0].pages, pages[0].page) == (3, 1)
    assert search("记", library=shelves.library, page=-5).page == 1


def test_another_librarys_records_are_found_only_without_library(shelves: Shelves) -> None:
    assert search("西游记别传", library=shelves.library).count == 0
    assert search("西游记别传").count == 1
    assert search("西游记", library=make_library("xy")).count == 0


def test_a_record_just_saved_changed_or_buried_is_found_as_it_is_now(shelves: Shelves) -> None:
    record = make_record("山海经")
    hold_many([HoldingValues(record_id=record.pk)], library=shelves.library, by=BY, at=AT)
    assert search("山海经", library=shelves.library).ids == (record.pk,)
    save_record(
        record=record, values=replace(values_of(record), title="淮南子"), library=None, by=BY, at=LATER
    )
    assert search("山海经", library=shelves.library).count == 0
    assert search("淮南子", library=shelves.library).ids == (record.pk,)
    bury(record, by=BY, at=LATER)
    assert search("淮南子", library=shelves.library).count == 0


def test_a_record_in_two_groups_is_found_once(school: School) -> None:
    record = school.hold("西游记").record
    group = ShelvingGroup.objects.create(library=school.library, code="kids", name="儿童")
    hold(library=school.library, record=record, group=group, clc="I242.4", by=BY, at=AT)
    assert search("西游", library=school.library).ids == (record.pk,)
    assert search("xyj", library=school.library).ids == (record.pk,)


def test_a_barcode_finds_its_record(school: School) -> None:
    _batch, items = school.posted(2)
    assign_barcode(items[0], "0000042", by=BY, at=LATER)
    assert search("0000042", library=school.library).ids == (items[0].holding.record_id,)
    assert search("0000042").count == 0  # a barcode means something in its library only


def test_a_page_says_what_is_in(school: School, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _batch, items = school.posted(3)
    mark_missing(items[0], by=BY, at=LATER, on=LATER_ON)
    page = search("西游记", library=school.library)
    with django_assert_num_queries(2):
        (hit,) = page.hits
    assert (hit.call_number, hit.copies.total, hit.copies.available) == ("I242.4/1", 3, 2)


def test_beyond_the_cap_the_count_says_so_and_every_counted_record_has_its_page(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CAP", 30)
    monkeypatch.setattr(searching, "RANKED", 10)
    records = bulk_save_records(
        [RecordValues(title=f"从书{n}说起") for n in range(40)], library=None, by=BY, at=AT
    )
    hold_many([HoldingValues(record_id=one.pk) for one in records], library=school.library, by=BY, at=AT)
    pages = [search("说起", library=school.library, page=number, page_size=10) for number in (1, 2, 3, 4)]
    assert {(page.count, page.is_capped) for page in pages} == {(30, True)}
    assert len({key for page in pages for key in page.ids}) == 30


HAN = "西游记红楼梦水浒传三国演义的一"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(st.text(HAN, min_size=1, max_size=12), min_size=1, max_size=12),
    authors=st.lists(st.text(HAN, max_size=4), min_size=12, max_size=12),
    queries=st.lists(st.text(HAN, min_size=1, max_size=6), min_size=1, max_size=8),
    cut=st.data(),
)
def test_what_stands_in_a_title_or_an_author_is_found_and_nothing_else(
    school: School, titles: list[str], authors: list[str], queries: list[str], cut: st.DataObject
) -> None:
    values = [
        RecordValues(title=title, authors=author) for title, author in zip(titles, authors, strict=False)
    ]
    records = bulk_save_records(values, library=None, by=BY, at=AT)
    library = Library.objects.create(code=f"t{records[0].pk}", name="t", kind="primary", created_at=AT)
    hold_many([HoldingValues(record_id=one.pk) for one in records], library=library, by=BY, at=AT)
    whole = cut.draw(st.sampled_from(titles))
    start = cut.draw(st.integers(0, len(whole) - 1))
    queries = [*queries, whole[start : cut.draw(st.integers(start + 1, len(whole)))]]
    for query in queries:
        wanted = {one.pk for one in records if query in one.title or query in one.authors}
        assert set(search(query, library=library, page_size=100).ids) == wanted


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60) | st.text("\"'*:()-^{}%_\\+|& ANDORNTE西游a1", max_size=40))
def test_no_line_breaks_the_search(school: School, query: str) -> None:
    for library in (school.library, None):
        for sort in ("relevance", "call_number"):
            assert search(query, library=library, sort=sort).count >= 0
