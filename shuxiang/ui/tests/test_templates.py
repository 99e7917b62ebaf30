"""The pages hold together, in three languages, under the strict content policy."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import django_htmx
import pytest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from shuxiang.ui import context, views

from .reference import render

PACKAGE = Path(__file__).parents[2]
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
STATIC = PACKAGE / "ui" / "static" / "ui"
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[^\s=]*)\s*=", re.I),
    "a javascript address": re.compile(r"javascript:", re.I),
    "an evaluated value": re.compile(r"hx-(?:vals|headers)\s*=\s*['\"]js:", re.I),
    "a foreign address": re.compile(r"(?:src|href|action)\s*=\s*['\"](?:https?:)?//", re.I),
}
URL_TAG = re.compile(r"{%\s*url\s+['\"]([\w:.-]+)['\"]([^%]*)%}")


def complaints(markup: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(markup)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_template_carries_inline_style_or_script(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_template_compiles_and_names_known_routes(path: Path) -> None:
    get_template(path.relative_to(path.parents[len(path.relative_to(PACKAGE).parts) - 3]).as_posix())
    known = set(route_names(get_resolver().url_patterns))
    for name, rest in URL_TAG.findall(path.read_text(encoding="utf-8")):
        assert " as " in rest or name in known, name


def route_names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from route_names(pattern.url_patterns, space)
        elif pattern.name:
            yield prefix + pattern.name


@pytest.mark.parametrize(
    ("language", "tag", "word"),
    [("zh-hans", "zh-CN", "跳到正文"), ("zh-hant", "zh-TW", "跳到正文"), ("en", "en", "Skip to content")],
)
def test_the_reference_page_renders_in_three_languages(
    rf: RequestFactory, language: str, tag: str, word: str
) -> None:
    with translation.override(language):
        page = render(rf.get("/desk/?q=a"))
    assert f'<html lang="{tag}">' in page
    assert word in page
    assert complaints(page) == []
    assert page.count("<h1") == page.count("<main") == page.count('role="status"') == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_error_page_needs_neither_request_nor_context(name: str, language: str) -> None:
    with translation.override(language):
        page = render_to_string(name)
    assert ("没有改动" in page or "不会只写一半" in page or "什么也没有" in page) == (language == "zh-hans")
    assert complaints(page) == []


def test_a_theme_is_put_on_the_page_only_when_it_was_chosen(rf: RequestFactory) -> None:
    request = rf.get("/")
    assert context.look(request) == {"theme": "auto"}
    request.COOKIES["theme"] = "dark"
    assert context.look(request) == {"theme": "dark"}
    request.COOKIES["theme"] = '"><script>'
    assert context.look(request) == {"theme": "auto"}
    assert ' data-theme="dark"' in render_to_string("ui/public.html", {"theme": "dark"})
    assert "data-theme" not in render_to_string("ui/public.html", {"theme": "auto"})


def chosen(rf: RequestFactory, theme: str, target: str) -> HttpResponse:
    return views.set_theme(rf.post("/look/theme", {"theme": theme, "next": target}))


def test_choosing_a_theme_keeps_it_and_goes_back(rf: RequestFactory) -> None:
    response = chosen(rf, "dark", "/desk/?a=1")
    assert (response.status_code, response["Location"]) == (302, "/desk/?a=1")
    assert response.cookies["theme"].value == "dark"


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_choosing_a_theme_never_leads_to_another_site(rf: RequestFactory, target: str) -> None:
    assert chosen(rf, "light", target)["Location"] == "/"


def test_an_unknown_theme_is_refused(rf: RequestFactory) -> None:
    assert chosen(rf, "pink", "/").status_code == 400
    assert views.set_theme(rf.get("/look/theme")).status_code == 405


def test_pages_keep_the_query_and_replace_the_page(rf: RequestFactory) -> None:
    request = rf.get("/s", {"q": "西游&记", "page": "9", "f": ["a", "b"]})
    page = Paginator(range(100), 10).get_page(3)
    markup = Template("{% load ui %}{% pagination page %}").render(
        Context({"request": request, "page": page})
    )
    assert 'href="?q=%E8%A5%BF%E6%B8%B8%26%E8%AE%B0&amp;f=a&amp;f=b&amp;page=4" rel="next"' in markup
    assert '<b aria-current="page">3</b>' in markup


def test_a_single_page_has_no_page_links() -> None:
    page = Paginator(range(3), 10).get_page(1)
    assert Template("{% load ui %}{% pagination page %}").render(Context({"page": page})).strip() == ""


def test_a_public_page_loads_no_script_and_little_else() -> None:
    page = render_to_string("ui/public.html")
    assert "<script" not in page
    names = re.findall(r"ui/([\w-]+\.css)", page)
    assert len(names) == 5
    sheets = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)
    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    assert sheets < 20_000
    assert sheets + len(gzip.compress(htmx.read_bytes())) < 45_000


def test_no_sheet_asks_for_what_the_oldest_browser_lacks() -> None:
    for path in STATIC.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"light-dark\(|color-mix\(|oklch\(|subgrid|@import|url\(|&", text), path.name
        assert path.name == "tokens.css" or not re.search(r"#[0-9a-f]{3,8}\b(?![^{]*\{)", text), path.name
