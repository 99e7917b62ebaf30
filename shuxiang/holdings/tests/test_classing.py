"""A class is suggested from the titles that are held, and says from which."""

from shuxiang.holdings.classing import suggest_classes
from shuxiang.holdings.tests.builders import School, make_library


def test_a_class_is_suggested_with_the_titles_it_comes_from(school: School) -> None:
    school.hold("草房子", clc="I287.45", authors="曹文轩著")
    school.hold("青铜葵花", clc="I287.45", authors="曹文轩著")
    school.hold("一百个中国孩子的梦", clc="I287.6", authors="董宏猷著")
    (first, *others) = suggest_classes(school.library, title="根鸟", authors="曹文轩 著")
    assert (first.clc, first.count) == ("I287.45", 2)
    assert "儿童" in first.name or first.name
    assert {one.title for one in first.titles} == {"草房子", "青铜葵花"}
    assert all(one.like == {"author"} and one.call_number for one in first.titles)
    assert others == []


def test_the_likeliest_class_stands_first(school: School) -> None:
    school.hold("恐龙百科", clc="Q915.864")
    school.hold("恐龙王国历险", clc="I287.47", series="冒险岛")
    school.hold("恐龙大全", clc="Q915.864", subjects="恐龙 -- 少儿读物")
    found = suggest_classes(school.library, title="恐龙世界", subjects="恐龙 -- 儿童读物")
    assert [one.clc for one in found] == ["Q915.864", "I287.47"]
    assert [one.count for one in found] == [2, 1]
    assert found[0].titles[0].like == {"subject", "title"}


def test_a_series_weighs_more_than_a_word_of_the_title(school: School) -> None:
    school.hold("植物的秘密", clc="Q94", series="十万个为什么")
    school.hold("动物的秘密", clc="Q95")
    found = suggest_classes(school.library, title="天气的秘密", series="十万个为什么")
    assert [one.clc for one in found] == ["Q94", "Q95"]


def test_nothing_is_suggested_where_nothing_like_it_is_held(school: School) -> None:
    school.hold("草房子", clc="I287.45")
    school.hold("没有分类的书", clc="")
    assert suggest_classes(school.library, title="天文学入门") == ()
    assert suggest_classes(school.library, title="没有分类的书二") == ()
    assert suggest_classes(make_library("xy"), title="草房子") == ()
    assert suggest_classes(school.library, title=' "*( ', authors='"', series=":", subjects="--") == ()


def test_the_title_itself_is_no_reason_for_its_class(school: School) -> None:
    held = school.hold("草房子", clc="I287.45")
    assert suggest_classes(school.library, title="草房子", but=held.record) == ()
    assert [one.clc for one in suggest_classes(school.library, title="草房子")] == ["I287.45"]
