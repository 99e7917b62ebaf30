"""Puts the manual into the product: docs/manual/*.md become pages of /desk/help/; used by the build (hatch_build.py).

Chinese is written by people, English beside it in docs/manual/en with the same numbers and headings; Traditional is derived.
A comment under a heading, <!-- help: desk:desk opac:search -->, names the pages of the program that the section explains.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from opencc import OpenCC

ROOT = Path(__file__).parents[1]
SOURCES = {"zh-hans": "", "zh-hant": "", "en": "en"}
HELP = re.compile(r"<!-- help: ([^>]*?) -->")
NUMBERED = re.compile(r"(\d\d)-[^/]*\.md(?:#(.*))?$")


@dataclass
class Page:
    """One page: its number, its title, its HTML, its sections (anchor, title) and the routes it explains (→ anchor)."""

    number: int
    title: str = ""
    html: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


def compile_manual(root: Path) -> int:
    """Write one file a language into the package; how many pages there are."""
    target = root / "shuxiang" / "desk" / "manual_pages"
    target.mkdir(exist_ok=True)
    convert = OpenCC("s2tw").convert
    for language, folder in SOURCES.items():
        texts = {int(path.name[:2]): path.read_text("utf-8") for path in sources(root, folder)}
        if language == "zh-hant":
            texts = {number: convert(text) for number, text in texts.items()}
        pages = [read(number, text, texts) for number, text in texts.items()]
        draft = target / f"{language}.json.new"
        draft.write_text(json.dumps([vars(page) for page in pages], ensure_ascii=False), encoding="utf-8")
        draft.replace(target / f"{language}.json")
    return len(list(sources(root, "")))


def sources(root: Path, folder: str) -> list[Path]:
    """The pages in one language, in order of their numbers."""
    return sorted((root / "docs" / "manual" / folder).glob("[0-9][0-9]-*.md"))


def read(number: int, text: str, all_texts: dict[int, str]) -> Page:
    """One page of Markdown as HTML. Headings get anchors that are the same in every language: s1, s2 …"""
    page = Page(number)
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    shown: list[Token] = []
    for place, token in enumerate(tokens):
        if token.type == "html_block":
            _note_places(page, token.content)
            continue
        if token.type == "heading_open":
            _note_heading(page, token, tokens[place + 1].content)
        _adapt(token.children or [], all_texts)
        shown += _scrolling(page, token)
    title_end = next(place for place, token in enumerate(shown) if token.type == "heading_close") + 1
    page.html = markdown.renderer.render(shown[title_end:], markdown.options, {})
    return page


def _scrolling(page: Page, token: Token) -> list[Token]:
    """A table or a command in a box that scrolls by itself when it is too wide, by keyboard too."""
    label = page.sections[-1][0] if page.sections else "title"
    kind = "scroll" if token.type.startswith("table") else "listing"
    opening = f'<div class="{kind}" tabindex="0" role="group" aria-labelledby="{label}">'
    listing = ("fence", "code_block")
    before = [Token("html_block", "", 0, content=opening)] if token.type in ("table_open", *listing) else []
    after = (
        [Token("html_block", "", 0, content="</div>\n")] if token.type in ("table_close", *listing) else []
    )
    return [*before, token, *after]


def _note_heading(page: Page, token: Token, words: str) -> None:
    plain = re.sub(r"[`*]", "", words)
    if token.tag == "h1":
        page.title = re.sub(r"^\d+\s+", "", plain)
        return
    anchor = f"s{len(page.sections) + 1}"
    token.attrSet("id", anchor)
    page.sections.append((anchor, plain))


def _note_places(page: Page, comment: str) -> None:
    for routes in HELP.findall(comment):
        anchor = page.sections[-1][0] if page.sections else ""
        page.places |= dict.fromkeys(routes.split(), anchor)


def _adapt(parts: list[Token], all_texts: dict[int, str]) -> None:
    """A link to another page of the manual leads to its page in the program; what is not in the program is no link."""
    leads = False
    for part in parts:
        if part.type == "html_inline":
            raise ValueError(f"HTML in the manual: {part.content}")
        if part.type == "link_open":
            target = unquote(str(part.attrGet("href")))
            found = NUMBERED.search(target)
            leads = target.startswith(("http:", "https:"))
            if found and int(found[1]) in all_texts:
                anchor = _anchor(all_texts[int(found[1])], found[2]) if found[2] else ""
                part.attrSet("href", f"../{int(found[1])}/{anchor}")
                leads = True
        if part.type in ("link_open", "link_close") and not leads:
            part.type, part.content = "text", ""


def _anchor(text: str, wanted: str) -> str:
    """The heading that a link names the way code hosts do: in lower case, blanks as -, without punctuation."""
    headings = re.findall(r"^#{2,} (.+)$", text, flags=re.MULTILINE)
    for number, words in enumerate(headings, start=1):
        if re.sub(r"[^\w-]", "", words.lower().replace(" ", "-")) == wanted:
            return f"#s{number}"
    return ""


if __name__ == "__main__":
    print(f"{compile_manual(ROOT)} pages of the manual put into the program.")
