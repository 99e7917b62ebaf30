"""What is marked in a title, and that nothing in it is done."""

import pytest

from shuxiang.opac.marks import asked, marked


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("西游记 吴承恩", ("吴承恩", "西游记")),
        ("西遊記", ("西游记",)),
        ("书名:山海经 作者:袁珂", ("山海经",)),
        ('"童年 河" -格林', ("童年 河",)),
        ("童话 OR 寓言", ("寓言", "童话")),
        ("Harr* ", ("harr",)),
        ("", ()),
        ('"', ()),
        (":", (":",)),
    ],
)
def test_the_words_that_a_title_may_hold(query: str, words: tuple[str, ...]) -> None:
    assert asked(query) == words


@pytest.mark.parametrize(
    ("title", "query", "initials", "html"),
    [
        ("西游记", "西游", "xyj", "<mark>西游</mark>记"),
        ("西遊記故事", "西游记", "xyjgs", "<mark>西遊記</mark>故事"),
        ("新编西游记", "xyj", "xbxyj", "新编<mark>西游记</mark>"),
        ("西游记与西游", "西游 游记", "xyjyxy", "<mark>西游记</mark>与<mark>西游</mark>"),
        ("昆虫记", "西游", "kcj", "昆虫记"),
        ("<b>&西游</b>", "西游", "", "&lt;b&gt;&amp;<mark>西游</mark>&lt;/b&gt;"),
        ("ﬁsh and chips", "fish", "", "ﬁsh and chips"),
        ("C++ 入门", "c++", "", "<mark>C++</mark> 入门"),
    ],
)
def test_a_title_shows_what_was_asked_for(title: str, query: str, initials: str, html: str) -> None:
    assert marked(title, asked(query), initials) == html
