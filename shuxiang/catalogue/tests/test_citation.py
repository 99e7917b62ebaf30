"""Citations from the statements that real catalogues hold."""

from dataclasses import dataclass

import pytest

from shuxiang.catalogue.citation import Makers, gb7714, in_a_sentence, makers


@dataclass(frozen=True)
class Described:
    """A record as far as it is cited."""

    title: str = ""
    authors: str = ""
    subtitle: str = ""
    volume_mark: str = ""
    edition: str = ""
    place: str = ""
    publisher: str = ""
    published: str = ""
    pub_year: int | None = None
    kind: str = "book"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("", ()),
        ("杨红樱著", (Makers(("杨红樱",), "著"),)),
        ("张炜[著]", (Makers(("张炜",), "著"),)),
        ("(法)罗曼·罗兰著 ; 闻钟主编", (Makers(("罗曼·罗兰",), "著"), Makers(("闻钟",), "主编"))),
        (
            "(英)爱米丽·勃朗特(Emily Brontë)著 ; 张玲，张扬译",
            (Makers(("爱米丽·勃朗特",), "著"), Makers(("张玲", "张扬"), "译")),
        ),
        ("刘小沙 liu xiao sha 著", (Makers(("刘小沙",), "著"),)),
        ("张春晖[等]编著", (Makers(("张春晖",), "编著", and_others=True),)),
        (
            "嵇鸿[等]原著 ; 赵春香编著",
            (Makers(("嵇鸿",), "原著", and_others=True), Makers(("赵春香",), "编著")),
        ),
        ("(清)吴楚材，(清)吴调侯编选", (Makers(("吴楚材", "吴调侯"), "编选"),)),
        (
            "(美)乔安娜·柯尔(Joanna Cole)文 ; (美)布鲁斯·迪根图",
            (Makers(("乔安娜·柯尔",), "文"), Makers(("布鲁斯·迪根",), "图")),
        ),
        ("李文", (Makers(("李文",), ""),)),
        ("王小文", (Makers(("王小文",), ""),)),
        ("本书编写组编", (Makers(("本书编写组",), "编"),)),
        ("中国国家博物馆编", (Makers(("中国国家博物馆",), "编"),)),
        ("J.K. Rowling", (Makers(("J.K. Rowling",), ""),)),
        ("著", (Makers(("著",), ""),)),
        (" ; ", ()),
    ],
)
def test_a_statement_of_responsibility_is_taken_apart(statement: str, expected: tuple[Makers, ...]) -> None:
    assert makers(statement) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        # the standard's own examples, as far as a catalogue record reaches
        (
            Described("国史旧闻", "陈登原著", volume_mark="第1卷", place="北京", publisher="中华书局", pub_year=2000),
            "陈登原. 国史旧闻: 第1卷[M]. 北京: 中华书局, 2000.",
        ),
        (
            Described(
                "经济数学与金融数学",
                "(美)哈里森，(美)沃尔德伦著 ; 谢远涛译",
                place="北京",
                publisher="中国人民大学出版社",
                pub_year=2012,
            ),
            "哈里森, 沃尔德伦. 经济数学与金融数学[M]. 谢远涛, 译. 北京: 中国人民大学出版社, 2012.",
        ),
        (
            Described("昆虫记", "郅溥浩等译", publisher="人民文学出版社", pub_year=1999, edition="第二版"),
            "郅溥浩, 等. 昆虫记[M]. 2版. [出版地不详]: 人民文学出版社, 1999.",
        ),
        (
            Described("故事", "甲乙，丙丁，戊己，庚辛著", edition="第1版", published="民国"),
            "甲乙, 丙丁, 戊己, 等. 故事[M]. [出版地不详]: [出版者不详], 民国.",
        ),
        (Described("读者", kind="serial", edition="修订版"), "读者[J]. 修订版. [出版地不详]: [出版者不详], [出版年不详]."),
        (
            Described("Charlotte's Web", "E. B. White, G. Williams, A, B", place="New York", pub_year=1952),
            "E. B. White, G. Williams, A, et al. Charlotte's Web[M]. New York: [s.n.], 1952.",
        ),
    ],
)  # fmt: skip
def test_a_record_is_cited_as_the_standard_writes_it(record: Described, expected: str) -> None:
    assert gb7714(record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            Described("名人传", "(法)罗曼·罗兰著 ; 闻钟主编", publisher="商务印书馆", pub_year=2012),
            "罗曼·罗兰著；闻钟主编：《名人传》，商务印书馆，2012年。",
        ),
        (Described("西游记", "嵇鸿[等]编", subtitle="连环画", volume_mark="上"), "嵇鸿等编：《西游记——连环画》上。"),
        (Described("无名"), "《无名》。"),
        (Described("Frog", "A. Lobel", publisher="Harper", pub_year=1970), "A. Lobel. Frog. Harper, 1970"),
    ],
)  # fmt: skip
def test_a_record_is_named_in_a_sentence(record: Described, expected: str) -> None:
    assert in_a_sentence(record) == expected
