"""Every page of the program, as chromium shows it: readable by everybody, on every screen, in one language at a time.

The pages come from the test client and are handed to the browser, so that a page costs one request for each language and
what it loads can be weighed. A page is loaded once; screens and light are switched under it.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from playwright.sync_api import Route as Wire

from shuxiang.desk import manual
from tests import school
from tests.matrix.routes import address, routes
from tests.school import Cast

ROOMS = Path(__file__).parents[2] / "shuxiang"
ALIVE = "/healthz"
HERE = "https://localhost"  # as where a school has a certificate: nothing is left out for want of a secure connection
PARTS = 6  # so many tests share the pages
MOST_BYTES = 150_000
BEFORE_SIGNING_IN = {"accounts:sign_in", "accounts:welcome"}
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# in Chinese whatever the page speaks: a shelf named when the school was founded, a column of its list, the classification
DATA = {"开架书库", "借书证号", "马克思主义、列宁主义、毛泽东思想、邓小平理论", "哲学、宗教", "综合性图书"}
OFFICE, PHONE, SMALLEST = (1366, 768), (390, 844), (320, 640)
LANGUAGES = {"zh-hans": "zh-CN", "zh-hant": "zh-TW", "en": "en"}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# all rules on the office PC by day and on the telephone by night; what depends on light or size on the other two
LOOKS: list[tuple[tuple[int, int], str, dict[str, Any]]] = [
    (OFFICE, "light", {"runOnly": AXE_TAGS}),
    (OFFICE, "dark", {"runOnly": {"type": "rule", "values": ["color-contrast"]}}),
    (PHONE, "dark", {"runOnly": AXE_TAGS}),
    (PHONE, "light", {"runOnly": {"type": "rule", "values": ["color-contrast"]}}),
]
# states of a page that its address alone does not show
STATES = [
    ("nothing found", "/l/a/search?q=鲸鱼"),
    ("found", "/l/a/search?q=故事"),
    ("a figure by class", "/desk/figures/circulation.loans_per_pupil/?by=class"),
    ("no such page", "/nothing/here/"),
]
REFUSALS = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]  # no address leads to these

# what a reader or a screen reader is told, without what is marked as being in another language
TEXTS = """() => {
  const told = [document.title], foreign = "[lang]:not(html), script, style, code, kbd, .code";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(foreign)) told.push(walk.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "alt", "content"])
    for (const one of document.body.querySelectorAll(`[${name}]`))
      if (!one.closest(foreign)) told.push(one.getAttribute(name));
  return told.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
# after a key was pressed a focus set by a script is shown like one moved by keys
UNSEEN = """() => {
  const unseen = [];
  const drawn = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (one.disabled || !one.checkVisibility({ checkVisibilityCSS: true })) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    let shows = false;
    for (let at = one, up = 0; at && up < 4; at = at.parentElement, up++) shows ||= drawn(getComputedStyle(at));
    if (!shows) unseen.push(one.outerHTML.slice(0, 120));
  }
  return unseen;
}"""
# what scrolls in a box of its own may be wide
SIDEWAYS = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const boxed = (one) => one && (getComputedStyle(one).overflowX !== "visible" || boxed(one.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  return ["scrolls sideways", ...wide.filter((one) => !boxed(one.parentElement)).map((one) => one.outerHTML.slice(0, 90))];
}"""


@dataclass
class Template:
    """Stands for a client where the page comes of a failure."""

    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> HttpResponse:
        with translation.override(self.cookies.get("django_language")):
            return HttpResponse(render_to_string(name))


@dataclass(eq=False)
class Shop:
    """Hands the browser a page that was made before, and what the page loads; weighs both.

    Asking the test client from inside the browser's callback would open a second connection to the database.
    """

    page: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    weight: int = 0
    more: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def lay_out(self, client: Client | Template, url: str) -> None:
        answer = client.get(url)
        self.page, self.headers = answer.content, dict(answer.headers)
        self.weight, self.more, self.wrong = len(gzip.compress(self.page)), [], []

    def serve(self, wire: Wire, request: Request) -> None:
        path = urlsplit(request.url).path
        if request.is_navigation_request():
            wire.fulfill(body=self.page, headers=self.headers)
        elif path == ALIVE:  # answered, the page for a server that is away would go back to the desk
            wire.abort()
        elif path.startswith("/static/"):
            body = Path(str(finders.find(path.removeprefix("/static/")))).read_bytes()
            self.weight += len(gzip.compress(body))
            wire.fulfill(body=body, content_type=KINDS[path.rsplit(".", 1)[1]])
        else:
            self.more.append(request.url.removeprefix(HERE))
            wire.fulfill(status=204)

    def weigh(self, client: Client | Template) -> int:
        """Bytes on the wire for the page and everything it asked for."""
        rest = (client.get(url) for url in self.more)
        return self.weight + sum(len(gzip.compress(answer.content)) for answer in rest)


@pytest.fixture
def cast(db: None) -> Cast:
    """A small school with one of everything, founded in Chinese: names that were given then stay as they are."""
    with translation.override("zh-hans"):
        return school.cast()


@pytest.fixture
def shop() -> Shop:
    return Shop()


def signed_in(cast: Cast, role: str = "owner") -> Client:
    client = Client()
    client.force_login(cast.accounts[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def tab(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """A tab whose every request goes to the shop; a failed script or a broken policy is a fault of the page."""
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    context.route("**/*", shop.serve)
    page.on("pageerror", lambda error: shop.wrong.append(str(error)))
    page.on("console", lambda message: shop.wrong.append(message.text) if is_fault(message) else None)
    yield page
    context.close()


def is_fault(message: ConsoleMessage) -> bool:
    """An error that is not the browser's word about the server that is away."""
    return message.type == "error" and not message.location["url"].endswith(ALIVE)


def pages(cast: Cast) -> Iterator[tuple[str, str, Client | Template]]:
    """Name, address and visitor of all that may be a page."""
    for route in routes():
        visitor = Client() if route.name in BEFORE_SIGNING_IN else signed_in(cast)
        yield route.name, address(route, cast.a), visitor
    for name, url in STATES:
        yield name, url, signed_in(cast)
    for number in manual.pages():
        yield f"manual {number}", reverse("desk:manual_page", args=[number]), Client()
    for name in REFUSALS:
        yield name, name, Template()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_fits_every_screen_in_every_language(
    part: int, cast: Cast, shop: Shop, tab: Page
) -> None:
    faults = []
    for name, url, client in list(pages(cast))[part::PARTS]:
        if b"<main" in client.get(url).getvalue():
            faults += [f"{name}: {fault}" for fault in faults_of(tab, shop, client, url)]
    assert not faults, "\n".join(faults)


def faults_of(tab: Page, shop: Shop, client: Client | Template, url: str) -> Iterator[str]:
    """Everything that is wrong with one page."""
    for language, tag in LANGUAGES.items():
        client.cookies["django_language"] = language
        shop.lay_out(client, url)
        tab.set_viewport_size({"width": OFFICE[0], "height": OFFICE[1]})
        tab.emulate_media(color_scheme="light")
        tab.goto(f"{HERE}/{url.lstrip('/')}")
        yield from (f"{language}: {fault}" for fault in shop.wrong)
        yield from (f"{language}: {fault}" for fault in faults_of_head(tab, tag))
        yield from (f"{language}: not translated: {text}" for text in foreign(language, tab.evaluate(TEXTS)))
        if language == "zh-hans":
            if (weight := shop.weigh(client)) > MOST_BYTES:
                yield f"weighs {weight} bytes"
            yield from faults_of_looks(tab)
        yield from (f"{language}: {fault}" for fault in faults_of_width(tab))


def faults_of_head(tab: Page, tag: str) -> Iterator[str]:
    if tab.get_attribute("html", "lang") != tag:
        yield f"says that it is in {tab.get_attribute('html', 'lang')}"
    if tab.locator("h1").count() != 1 or not tab.locator("h1").inner_text().strip():
        yield f"has {tab.locator('h1').count()} first headings"
    if not re.match(r"\S.* · \S", tab.title()):
        yield f"is called {tab.title()!r}"


def faults_of_looks(tab: Page) -> Iterator[str]:
    tab.evaluate(Axe().axe_script)
    for size, light, options in LOOKS:
        tab.set_viewport_size({"width": size[0], "height": size[1]})
        tab.emulate_media(color_scheme="dark" if light == "dark" else "light")
        found: dict[str, Any] = tab.evaluate(
            "(options) => axe.run(options)", options | {"resultTypes": ["violations"]}
        )
        for fault in found["violations"]:
            for node in fault["nodes"]:
                yield f"{size[0]} {light} {fault['id']} {node['html'][:150]} {node['failureSummary'][:200]}"
    tab.keyboard.press("Tab")
    yield from (f"focus is not seen on {markup}" for markup in tab.evaluate(UNSEEN))


def faults_of_width(tab: Page) -> Iterator[str]:
    for width, height in (OFFICE, PHONE, SMALLEST):
        tab.set_viewport_size({"width": width, "height": height})
        yield from (f"{width}: {fault}" for fault in tab.evaluate(SIDEWAYS))


def foreign(language: str, texts: list[str]) -> list[str]:
    """Those of the texts that are in another language."""
    translated = catalogue()
    if language == "en":
        chinese = {text for text in translated.values() if len(text) > 3 and not text.isascii()} - DATA
        return [text for text in texts if text in chinese]
    return [
        text
        for text in texts
        if translated.get(text, text) != text or re.search(r"[a-z]{2,} [a-z]{2,}", text)
    ]


@cache
def catalogue() -> dict[str, str]:
    """English → Chinese of every sentence of the program."""
    found: dict[str, str] = {}
    for path in ROOMS.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, "zh_Hans"):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
                    found[message.id] = message.string
    return found
