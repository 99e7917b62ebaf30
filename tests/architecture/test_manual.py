"""The manual as the build reads it: its titles, sections and places; links that lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tools import manual

CHINESE = {int(path.name[:2]): path for path in manual.sources(ROOT, "")}
ENGLISH = {int(path.name[:2]): path for path in manual.sources(ROOT, "en")}


def headings(text: str) -> list[int]:
    """The depth of each heading, in order; code blocks are indented here, so no line of theirs begins with #."""
    return [len(signs) for signs in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]


@pytest.mark.parametrize("number", CHINESE)
def test_a_page_has_the_same_sections_in_english(number: int) -> None:
    assert headings(ENGLISH[number].read_text("utf-8")) == headings(CHINESE[number].read_text("utf-8"))


@pytest.mark.parametrize("number", CHINESE)
def test_help_leads_to_the_same_sections_in_english(number: int) -> None:
    chinese, english = (
        manual.read(number, sources[number].read_text("utf-8"), {}) for sources in (CHINESE, ENGLISH)
    )
    assert english.places == chinese.places


@pytest.mark.parametrize("sources", [CHINESE, ENGLISH], ids=["chinese", "english"])
def test_links_of_the_built_pages_lead_to_pages_and_sections_that_exist(sources: dict[int, Path]) -> None:
    texts = {key: path.read_text("utf-8") for key, path in sources.items()}
    pages = {key: manual.read(key, text, texts) for key, text in texts.items()}
    links = [
        link for page in pages.values() for link in re.findall(r'href="\.\./(\d+)/(?:#(s\d+))?"', page.html)
    ]
    to_sections = [anchor for _number, anchor in links if anchor]
    assert len(to_sections) == len(re.findall(r"\]\(\d\d-[^)]+\.md#", "".join(texts.values())))
    for number, anchor in links:
        assert anchor in {"", *(name for name, _title in pages[int(number)].sections)}


def test_what_is_said_of_markdown_holds() -> None:
    text = "# 3 Desk\n\n<!-- help: desk:desk -->\n\nSee [roles](08-x.md#who-may), [API](../reference/api.md).\n\n"
    text += "## Keys & more\n\n<!-- help: a:b c:d -->\n\n|a|b|\n|-|-|\n|`1`|<|\n"
    page = manual.read(3, text, {3: text, 8: "# 8 Roles\n\n## Who may?\n"})
    assert (page.title, page.sections) == ("Desk", [("s1", "Keys & more")])
    assert page.places == {"desk:desk": "", "a:b": "s1", "c:d": "s1"}
    assert '<a href="../8/#s1">roles</a>, API.' in page.html
    assert '<div class="scroll" tabindex="0" role="group" aria-labelledby="s1"><table>' in page.html
    assert "&lt;" in page.html
    assert "help:" not in page.html


def test_html_in_the_manual_is_refused() -> None:
    with pytest.raises(ValueError, match="HTML in the manual"):
        manual.read(1, "# 1 A\n\nb <img src=x>\n", {})
