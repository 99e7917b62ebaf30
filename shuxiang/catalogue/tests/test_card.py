"""The catalogue card with its prescribed punctuation."""

import pytest

from shuxiang.catalogue.card import HEADINGS, Heading, card
from shuxiang.catalogue.values import RecordValues

pytestmark = pytest.mark.engine_free
FULL = RecordValues(
    title="名人传", subtitle="三巨人", parallel_title="Vies des hommes illustres", volume_mark="上册",
    authors="(法) 罗曼·罗兰著 ; 傅雷译", edition="第2版", place="北京", publisher="商务印书馆", published="2012",
    extent="14, 436页", size="21cm", series="译林名著精选 ; 3", isbn="978-7-100-09105-6", price_fen=2850, clc="K811",
    subjects="传记 -- 世界 ; 艺术家", summary="贝多芬、米开朗琪罗、托尔斯泰三人的传记。",
)  # fmt: skip


def test_a_full_record_is_described_area_by_area() -> None:
    found = card(FULL)
    assert found.paragraphs == (
        "名人传. 上册 = Vies des hommes illustres : 三巨人 / (法) 罗曼·罗兰著 ; 傅雷译. — 第2版. — 北京 : 商务印书馆, 2012.",
        "14, 436页 ; 21cm. — (译林名著精选 ; 3).",
        "贝多芬、米开朗琪罗、托尔斯泰三人的传记。",
        "ISBN 978-7-100-09105-6 : CNY28.50.",
    )
    assert found.tracing == "Ⅰ.①名人传 Ⅱ.①罗曼·罗兰②傅雷 Ⅲ.①传记②艺术家 Ⅳ.①K811"
    assert found.heading == ""


@pytest.mark.parametrize(
    ("heading", "text"),
    [("main", ""), ("title", "名人传"), ("author", "罗曼·罗兰"), ("subject", "传记"), ("class", "K811")],
)
def test_the_heading_makes_the_kind_of_card(heading: Heading, text: str) -> None:
    assert card(FULL, heading).heading == text


@pytest.mark.parametrize("heading", HEADINGS)
def test_of_a_title_alone_nothing_is_made_up(heading: Heading) -> None:
    found = card(RecordValues(title="小猫钓鱼"), heading)
    assert found.paragraphs == ("小猫钓鱼.",)
    assert found.tracing == "Ⅰ.①小猫钓鱼"
    assert found.heading == ("小猫钓鱼" if heading == "title" else "")


@pytest.mark.parametrize(
    ("values", "paragraphs"),
    [
        (
            RecordValues(title="读者", edition="第1版", issn="1005-1805", price_text="3元"),
            ("读者.", "ISSN 1005-1805 : 3元."),
        ),
        (
            RecordValues(title="怎么办？", publisher="作家出版社", pub_year=1999),
            ("怎么办？. — 作家出版社, 1999.",),
        ),
        (RecordValues(title="怎么办？", authors="甲；乙"), ("怎么办？ / 甲 ; 乙.",)),
        (RecordValues(title="怎么办？"), ("怎么办？",)),
        (RecordValues(title="杂志", series="小学生文库"), ("杂志.", "(小学生文库).")),
    ],
)
def test_areas_that_are_not_known_take_their_signs_with_them(
    values: RecordValues, paragraphs: tuple[str, ...]
) -> None:
    assert card(values).paragraphs == paragraphs


def test_the_class_under_which_the_library_keeps_it_stands_before_that_of_the_record() -> None:
    assert card(FULL, "class", clc="K815").heading == "K815"
    assert card(FULL, clc="K815").tracing.endswith("Ⅳ.①K815")
