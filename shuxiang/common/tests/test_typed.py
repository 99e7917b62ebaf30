"""What fingers type for Chinese, as a table."""

import pytest

from shuxiang.common.typed import begins_as, distance, is_mixed, other_readings, slips, spelled, syllables


@pytest.mark.parametrize(
    ("letters", "cut"),
    [
        ("xiyouji", ("xi", "you", "ji")),
        ("xiyouj", ("xi", "you", "j")),
        ("zhongqingsenlin", ("zhong", "qing", "sen", "lin")),
        ("fangan", ("fang", "an")),
        ("nvhai", ("nv", "hai")),
        ("xyj", ()),
        ("v", ()),
        ("", ()),
    ],
)
def test_letters_are_cut_into_syllables(letters: str, cut: tuple[str, ...]) -> None:
    assert syllables(letters) == cut


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("西游记", "西you"),
        ("西游记", "xi游记"),
        ("西游记", "x游ji"),
        ("西游记", "西yj"),
        ("西游记", "xiyou"),
        ("西游记", "xyj"),
        ("西游记", "xiyj"),
        ("重庆森林", "zhongqing"),
        ("重庆森林", "chongqings"),
        ("音乐之声", "yinlezhisheng"),
        ("音乐之声", "yinyuezhisheng"),
        ("银行家", "yinhangj"),
        ("长征", "zhangzheng"),
        ("3d打印", "3dday"),
        ("中国", "zhg"),
    ],
)
def test_a_title_begins_as_typed(title: str, typed: str) -> None:
    assert begins_as(title, typed)


@pytest.mark.parametrize(
    ("title", "typed"),
    [("崇庆", "zhongqing"), ("西游记", "xiyoujix"), ("西游", "西游记"), ("西游记", "东you")],
)
def test_a_title_does_not_begin_as_typed(title: str, typed: str) -> None:
    assert not begins_as(title, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zhongqing", "chongqing"),
        ("yinlezhisheng", "yinyuezhisheng"),
        ("yinxing", "yinhang"),
        ("zhangzheng", "changzheng"),
    ],
)
def test_other_readings_are_tried(typed: str, meant: str) -> None:
    assert meant in other_readings(typed)


def test_a_mixture_is_spelled_out() -> None:
    assert is_mixed("西you")
    assert not is_mixed("西游")
    assert not is_mixed("xiyou")
    assert ("xiyou", "xy") in spelled("西you", "xiyou")
    assert ("xiyouji", "xyj") in spelled("xi游记", "xiyouji")
    assert ("", "xyj") in spelled("西yj", "xi")


@pytest.mark.parametrize("slip", ["xiyuoji", "xioyuji", "xyouji", "xiyoujii", "xiyouqi", "siyouji"])
def test_one_slip_leads_back(slip: str) -> None:
    assert "xiyouji" in slips(slip)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("西游纪", "西游记", 1),
        ("西记游", "西游记", 1),
        ("西记", "西游记", 1),
        ("西游记", "西游记", 0),
        ("西", "红楼梦", 2),
    ],
)
def test_edits_are_counted(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 1) == min(edits, 2)
