import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from shuxiang.ui import drawing
from shuxiang.ui.templatetags import ui


@pytest.mark.parametrize(
    ("title", "text", "size"),
    [
        ("西游记", "西游记", "n1"),
        ("漫游电世界", "漫游电世界", "n2"),
        ("奇妙的昆虫世界", "奇妙的昆虫世界", "n3"),
        ("学生时代应该知道的60条成长箴言", "学生时代应该知道的60条成长箴言", "n4"),
        ("昆虫记：全译插图本", "昆虫记", "n1"),
        ("一" * 30, "一" * 16 + "…", "n4"),
        ("Charlotte's  Web", "Charlotte's Web", "n3 side"),
        ("", "", "n1 side"),
        ("：", "：", "n1"),
    ],
)
def test_the_slip_fits_its_title(title: str, text: str, size: str) -> None:
    assert drawing.slip(title) == (text, size)


@pytest.mark.parametrize(
    ("clc", "letter"),
    [("I242.4", "I"), (" i2", "I"), ("L1", ""), ("", ""), (None, ""), ("5", ""), ("文", "")],
)
def test_only_the_22_classes_have_a_colour(clc: str | None, letter: str) -> None:
    assert drawing.clc_letter(clc) == letter


def test_the_weave_stays_the_same_for_a_title_and_differs_between_titles() -> None:
    titles = [f"第{n}册" for n in range(40)]
    assert [drawing.weave(title) for title in titles] == [drawing.weave(title) for title in titles]
    assert {drawing.weave(title) for title in titles} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("count", "smallest", "step"), [(74, 74, 2), (296, 74, 4), (6384, 74, 19), (10**6, 1, 24), (0, 0, 2)]
)
def test_a_spine_is_as_wide_as_the_square_root_of_its_holdings(count: int, smallest: int, step: int) -> None:
    assert drawing.growth(count, smallest) == step


def test_a_cover_escapes_its_title_and_is_hidden_from_screen_readers() -> None:
    drawn = ui.cover("<script>x", "Q96", "mini")
    assert "<script>" not in drawn
    assert "&lt;script&gt;x" in drawn
    assert 'class="cover v' in drawn and 'mini" data-clc="Q" aria-hidden="true"' in drawn


def test_a_spine_is_a_link_with_letter_label_and_count() -> None:
    tag = Template('{% load ui %}{% spine "I" label 6384 74 url=url unit="册" %}')
    page = tag.render(Context({"label": "文学", "url": "/c/I?a=1&b=2"}))
    assert 'class="spine g19" data-clc="I" href="/c/I?a=1&amp;b=2"' in page
    assert "<b>I</b><span>文学</span><small>6,384" in page


@pytest.mark.parametrize(("language", "char"), [("zh-hans", "问"), ("zh-hant", "問"), ("en", "问")])
def test_the_seal_keeps_one_character_in_every_language(language: str, char: str) -> None:
    with translation.override(language):
        assert ui.seal("ask") == f'<span class="seal ask" aria-hidden="true">{char}</span>'


def test_every_seal_with_a_word_is_said_aloud() -> None:
    for kind in drawing.seal_words():
        assert len(ui.seal_word(kind)) > len('<span class="vh"></span>')


def test_a_state_that_is_not_drawn_is_refused() -> None:
    assert ui.state("late", "<3") == '<span class="state late">&lt;3</span>'
    with pytest.raises(TemplateSyntaxError):
        ui.state("lost", "…")
