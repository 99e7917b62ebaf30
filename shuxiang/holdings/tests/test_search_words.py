"""What is suggested while a line is typed, what was meant by one that finds little, and what is like a book."""

from dataclasses import dataclass

import pytest

from shuxiang.audit import jobs
from shuxiang.catalogue import names
from shuxiang.catalogue.models import Name
from shuxiang.catalogue.services import RecordValues, bulk_save_records
from shuxiang.common import clock, pinyin
from shuxiang.holdings.models import Holding
from shuxiang.holdings.search import did_you_mean, search, similar, suggest
from shuxiang.holdings.services import HoldingValues, hold_many
from shuxiang.holdings.tests.builders import AT, BY, School, make_library, make_record
from shuxiang.libraries.models import Library

R = RecordValues
BOOKS = [
    R(title="西游记", authors="吴承恩 著", subjects="章回小说 -- 中国", clc="I242.4"),
    R(title="西游记：青少版", authors="吴承恩 原著", clc="I242.4"),
    R(title="西游漫记", authors="张光宇 著", clc="J228.2"),
    R(title="重庆森林", authors="长安 著", clc="I247.5"),
    R(title="音乐之声", authors="乐平 译", clc="J6"),
    R(title="银行家的女儿", authors="重山 著", clc="I561"),
    R(title="哈利·波特与魔法石", authors="[英] J.K.罗琳 著 ; 苏农 译", series="哈利·波特", subjects="儿童文学", clc="I561"),
    R(title="哈利·波特与密室", authors="[英] J.K.罗琳 著", series="哈利·波特", subjects="儿童文学", clc="I561"),
    R(title="鲁迅全集", authors="鲁迅 著", clc="I210.1"),
    R(title="朝花夕拾", authors="鲁迅 著", clc="I210.4"),
    R(title="昆虫记", authors="(法) 法布尔 著", clc="Q96"),
    R(title="3D打印入门", authors="王明 编著", clc="TS853"),
]  # fmt: skip


@dataclass
class Shelves:
    library: Library

    def suggested(self, text: str, limit: int = 8) -> list[str]:
        return [one.text for one in suggest(text, self.library, limit)]

    def meant(self, text: str) -> list[str]:
        return [one.text for one in did_you_mean(text, self.library)]

    def found(self, text: str) -> list[str]:
        return [one.title for one in search(text, library=self.library).records]


@pytest.fixture
def shelves(school: School) -> Shelves:
    records = bulk_save_records(BOOKS, library=school.library, by=BY, at=AT)
    hold_many(
        [HoldingValues(record_id=one.pk, clc=one.clc) for one in records],
        library=school.library,
        by=BY,
        at=AT,
    )
    make_record("西游记别传", authors="吴别人 著")  # held by nobody
    jobs.queue_due(clock.now())
    jobs.run_pending()
    return Shelves(school.library)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("西", {"西游记", "西游记：青少版", "西游漫记"}),
        ("西遊", {"西游记", "西游记：青少版", "西游漫记"}),
        ("xiy", {"西游记", "西游记：青少版", "西游漫记"}),
        ("xym", {"西游漫记"}),
        ("西you", {"西游记", "西游记：青少版", "西游漫记"}),
        ("西ym", {"西游漫记"}),
        ("xi游记", {"西游记", "西游记：青少版"}),
        ("zhongqing", {"重庆森林"}),
        ("chongq", {"重庆森林"}),
        ("zqsl", {"重庆森林"}),
        ("yinlezhi", {"音乐之声"}),
        ("yinhang", {"银行家的女儿"}),
        ("哈利波", {"哈利·波特与魔法石", "哈利·波特与密室"}),
        ("3dda", {"3D打印入门"}),
        ("wuche", {"吴承恩"}),
        ("wce", {"吴承恩"}),
        ("吴承", {"吴承恩"}),
        ("章回", {"章回小说"}),
        ("lux", {"鲁迅", "鲁迅全集"}),
        ("", set()),
        ("《》", set()),
        ("没有", set()),
        ("%", set()),
    ],
)
def test_these_are_suggested(shelves: Shelves, typed: str, wanted: set[str]) -> None:
    assert set(shelves.suggested(typed)) == wanted


def test_what_is_lent_most_is_suggested_first_and_names_keep_a_place(shelves: Shelves) -> None:
    Holding.objects.filter(record__title="西游漫记").update(times_lent=7)
    assert shelves.suggested("西")[0] == "西游漫记"
    assert shelves.suggested("lx", limit=2) == ["鲁迅全集", "鲁迅"]
    title, name = suggest("鲁迅", shelves.library, 2)
    assert (title.kind, name.kind, name.record_id) == ("title", "author", None)
    assert search(title.text, library=shelves.library).ids[0] == title.record_id


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("昆虫的书", "昆虫"),
        ("三年级 昆虫的书", "昆虫"),
        ("我想看关于昆虫的书", "昆虫"),
        ("有关打印的", "打印"),
        ("火箭的书", None),
    ],
)
def test_what_a_sentence_is_about_is_meant(shelves: Shelves, typed: str, topic: str | None) -> None:
    assert shelves.found(typed) == []
    assert next(iter(shelves.meant(typed)), None) == topic


@pytest.mark.parametrize("line", ['a"b' * 66, "ab" * 100, "西游" * 60])
def test_nothing_is_meant_by_a_line_longer_than_any_title(shelves: Shelves, line: str) -> None:
    assert shelves.meant(line) == []


def test_nothing_of_another_library_is_suggested_or_meant(shelves: Shelves) -> None:
    other = make_library("xy")
    for text in ("西", "lux", "西游纪"):
        assert suggest(text, other) == ()
        assert did_you_mean(text, other) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("西游纪", "西游记"),  # the same sound
        ("西有记", "西游记"),
        ("西天记", "西游记"),  # one character wrong, in every place
        ("东游记", "西游记"),
        ("西游书", "西游记"),
        ("西游的记", "西游记"),  # one too many
        ("西记", "西游记"),  # one missing
        ("西记游", "西游记"),  # two swapped
        ("重庆深林", "重庆森林"),
        ("哈里波特与魔法石", "哈利·波特与魔法石"),
        ("哈利波特与魔发", "哈利·波特与魔法石"),
        ("鲁讯", "鲁迅"),
        ("吴成恩", "吴承恩"),
        ("xiyuoji", "西游记"),
        ("xiouji", "西游记"),
        ("siyouji", "西游记"),
        ("chongqingshenlin", "重庆森林"),
        ("kunchonji", "昆虫记"),
    ],
)
def test_this_was_meant(shelves: Shelves, typed: str, meant: str) -> None:
    assert shelves.meant(typed)[0] == meant


@pytest.mark.parametrize(
    "typed", ["", "西", "没有这样的一本书", "西游记别", "%_", "\x00\ud800ab", "qqqqqqqq"]
)
def test_nothing_is_made_up(shelves: Shelves, typed: str) -> None:
    assert set(shelves.meant(typed)) <= {book.title for book in BOOKS}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("zhongqingsenlin", "重庆森林"),
        ("chongqing", "重庆森林"),
        ("yinlezhisheng", "音乐之声"),
        ("西you", "西游记"),
        ("xi游记", "西游记"),
        ("西yj", "西游记"),
    ],
)
def test_every_reading_and_every_mixture_finds(shelves: Shelves, typed: str, first: str) -> None:
    assert shelves.found(typed)[0] == first


def test_like_a_book_are_those_of_its_series_author_subject_and_class(shelves: Shelves) -> None:
    def like(title: str) -> list[str]:
        record = next(iter(search(title, library=shelves.library).records))
        return [one.title for one in similar(record, shelves.library)]

    assert like("哈利·波特与密室") == ["哈利·波特与魔法石", "银行家的女儿"]
    assert like("朝花夕拾") == ["鲁迅全集"]
    assert like("3D打印入门") == []
    Holding.objects.filter(record__title="银行家的女儿").update(on_shelf=1)
    assert like("哈利·波特与密室") == ["哈利·波特与魔法石", "银行家的女儿"]  # nearness before being in


def test_names_are_gathered_once_and_then_only_of_new_records(shelves: Shelves) -> None:
    assert dict(Name.objects.filter(text="鲁迅").values_list("kind", "uses")) == {"author": 2}
    assert names.is_due(clock.now()) is None
    assert names.is_due(clock.now() + names.AFTER * 2) is None
    make_record("新书", authors="新人 著")
    due = names.is_due(clock.now() + names.AFTER * 2)
    assert due is not None
    assert names.gather(int(str(due["after"])), int(str(due["until"]))) == 1
    Name.objects.all().delete()  # as after a restore
    due = names.is_due(clock.now() + names.AFTER * 2)
    assert due is not None
    assert due["after"] == 0


def test_searching_never_loads_the_words_of_pinyin(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large() -> None:
        raise AssertionError("50 MiB a process for one search")

    monkeypatch.setattr(pinyin, "_dictionary", too_large)
    for typed in ("西you", "西游纪", "zhongqing", "西游漫计", "lu xun"):
        shelves.found(typed)
        shelves.meant(typed)
        shelves.suggested(typed)
    assert shelves.meant("西游纪")
