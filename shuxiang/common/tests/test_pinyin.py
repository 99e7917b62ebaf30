import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shuxiang.common.pinyin import MAX_ALTERNATIVES, full, initials, initials_all, sort_key


@pytest.mark.parametrize(
    ("text", "syllables", "letters"),
    [
        ("西游记", "xiyouji", "xyj"),
        ("《中国少年》", "zhongguoshaonian", "zgsn"),
        ("重庆", "chongqing", "cq"),
        ("女娲补天", "nvwabutian", "nwbt"),
        ("3D打印", "3ddayin", "3ddy"),
        ("哈利·波特 7", "halibote7", "hlbt7"),
        ("紅樓夢", "hongloumeng", "hlm"),
        ("かな", "かな", "かな"),
        ("", "", ""),
    ],
)
def test_titles_are_read_in_full_and_by_initials(text: str, syllables: str, letters: str) -> None:
    assert full(text) == syllables
    assert initials(text) == letters


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("单田芳", "shantianfang"),
        ("曾国藩", "zengguofan"),
        ("仇英", "qiuying"),
        ("查良镛", "zhaliangyong"),
        ("尉迟恭", "yuchigong"),
        ("解 缙", "xiejin"),
        ("王小明", "wangxiaoming"),
        ("John Smith", "johnsmith"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, syllables: str) -> None:
    assert full(name, name=True) == syllables


def test_characters_with_two_readings_are_found_by_either() -> None:
    assert initials_all("长大")[0] == "zd"
    assert "cd" in initials_all("长大")
    assert "cgf" in initials_all("曾国藩", name=True)
    assert initials_all("西") == ("x",)


@given(st.text(max_size=30))
@example("\U0003238a\U0003238a")  # rare characters without a reading, side by side
def test_any_text_has_a_reading_and_few_alternatives(text: str) -> None:
    alternatives = initials_all(text)
    assert 1 <= len(alternatives) <= MAX_ALTERNATIVES
    assert len(set(alternatives)) == len(alternatives)
    assert alternatives[0] == initials(text)
    assert sort_key(text, name=True) == sort_key(text, name=True)


def test_lists_stand_in_pinyin_order_and_numbers_by_value() -> None:
    shuffled = ["丽", "李四", "10班", "林一", "安徒生", "2班", "李三"]
    assert sorted(shuffled, key=sort_key) == ["2班", "10班", "安徒生", "李三", "李四", "丽", "林一"]
    assert sorted(["张三", "单四", "赵六"], key=lambda name: sort_key(name, name=True)) == [
        "单四",
        "张三",
        "赵六",
    ]
