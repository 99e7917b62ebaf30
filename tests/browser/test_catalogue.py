"""The public catalogue in a browser: axe finds nothing, nothing is cut off, keys are enough, scripts are not needed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from shuxiang.circulation.tests.desk import Desk, add_book, open_desk

PATHS = [
    "/l/a/",
    "/l/a/search?q=xyj",
    "/l/a/search?q=书名&available=1",
    "/l/a/search?q=nothing+here",
    "/l/a/records/{record}",
    "/l/a/records/{record}/slip",
]
LONG = "一个很长很长的书名，用来看它在手机上怎样换行"
SUGGESTED = [
    {"text": "西游记", "note": "", "url": "/l/a/search?q=西游记"},
    {"text": "西藏", "note": "主题", "url": "/l/a/search?q=主题:西藏"},
    {"text": "<b>西", "note": "作者", "url": "/l/a/search?q=西"},
]


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    made = open_desk()
    for number in range(25):
        add_book(made.library, f"{LONG} {number}", copies=1, published=str(1990 + number), audience="c")
    made.lend()
    return made


@pytest.fixture
def home(live_server: LiveServer, page: Page, desk: Desk) -> Page:
    """The first page, where whatever is typed is answered with SUGGESTED."""

    def answer(route: Route) -> None:
        route.fulfill(json={"suggestions": SUGGESTED})

    page.route("**/l/a/suggest?*", answer)
    page.goto(f"{live_server.url}/l/a/")
    return page


def address(server: LiveServer, desk: Desk, path: str) -> str:
    return server.url + path.format(record=desk.item.holding.record_id)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_pages_have_no_fault_that_axe_finds(
    size: tuple[int, int],
    live_server: LiveServer,
    page: Page,
    desk: Desk,
    check_accessible: Callable[[Page], None],
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in PATHS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.goto(address(live_server, desk, path))
            check_accessible(page)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("width", [320, 360])
def test_the_pages_fit_a_phone_in_every_language(
    width: int, language: str, live_server: LiveServer, chromium: Browser, desk: Desk
) -> None:
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 740})
    page = context.new_page()
    for path in PATHS:
        page.goto(address(live_server, desk, path))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_a_book_is_found_without_scripts(live_server: LiveServer, chromium: Browser, desk: Desk) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill("xyj")
    page.get_by_role("searchbox").press("Enter")
    page.locator(".hits").get_by_role("link", name="西游记").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("西游记")
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("button", name="复制")).to_have_count(0)
    context.close()


def test_results_are_narrowed_and_widened_without_scripts(
    live_server: LiveServer, chromium: Browser, desk: Desk
) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/l/a/search?q=书名")
    page.locator(".facets").get_by_role("link", name="2005–2009").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5 种")
    page.locator(".chips").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("25 种")
    page.get_by_role("link", name="书名拼音").click()
    expect(page.get_by_role("link", name="书名拼音")).to_have_attribute("aria-current", "true")
    context.close()


def test_on_a_phone_the_facets_stand_after_the_results_and_a_link_leads_there(
    live_server: LiveServer, page: Page, desk: Desk
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/l/a/search?q=书名")
    hits, facets = page.locator(".hits").bounding_box(), page.locator(".facets").bounding_box()
    assert hits is not None
    assert facets is not None
    assert facets["y"] > hits["y"] + hits["height"]
    page.get_by_role("link", name="缩小范围").click()
    assert page.evaluate("scrollY") > hits["y"]


def test_suggestions_are_walked_by_the_arrow_keys(
    home: Page, check_accessible: Callable[[Page], None]
) -> None:
    box = home.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("西")
    expect(home.get_by_role("option")).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(home.locator("[role=status]", has_text="3 条建议")).to_have_count(1)
    check_accessible(home)
    for key, chosen in [
        ("ArrowDown", "西游记"),
        ("ArrowDown", "西藏"),
        ("ArrowUp", "西游记"),
        ("ArrowUp", None),
    ]:
        box.press(key)
        picked = home.locator("[role=option][aria-selected=true]")
        expect(picked).to_have_count(1 if chosen else 0)
        if chosen:
            expect(picked).to_contain_text(chosen)
            expect(box).to_have_attribute("aria-activedescendant", picked.get_attribute("id") or "")
    expect(box).to_be_focused()
    expect(box).to_have_value("西")
    check_accessible(home)


def test_escape_closes_the_suggestions_and_enter_searches_for_what_was_typed(home: Page) -> None:
    box = home.get_by_role("combobox")
    box.press_sequentially("西")
    expect(home.get_by_role("option")).to_have_count(3)
    box.press("Escape")
    expect(home.locator(".suggested")).to_be_hidden()
    expect(box).to_have_value("西")
    box.press("Enter")
    home.wait_for_url("**/search?q=%E8%A5%BF")


@pytest.mark.parametrize("how", ["key", "click"])
def test_a_suggestion_leads_where_it_says(how: str, home: Page) -> None:
    box = home.get_by_role("combobox")
    box.press_sequentially("西")
    expect(home.get_by_role("option")).to_have_count(3)
    if how == "key":
        box.press("ArrowUp")  # from the box to the last one
        box.press("ArrowUp")
        box.press("Enter")
    else:
        home.get_by_role("option").nth(1).click()
    home.wait_for_url("**/search?q=**")
    assert "%E8%A5%BF%E8%97%8F" in home.url or "西藏" in home.url


def test_nothing_in_a_suggestion_is_done(home: Page) -> None:
    home.get_by_role("combobox").press_sequentially("西")
    expect(home.get_by_role("option").nth(2)).to_contain_text("<b>西")
    expect(home.locator(".suggested b")).to_have_count(0)


def test_the_input_method_is_left_alone_until_it_is_done(home: Page) -> None:
    asked: list[str] = []
    home.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    home.evaluate(
        """() => {
          const box = document.getElementById("q");
          box.focus();
          box.dispatchEvent(new CompositionEvent("compositionstart"));
          box.value = "xi'you";
          box.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
        }"""
    )
    home.wait_for_timeout(400)
    assert asked == []
    home.evaluate(
        """() => {
          const box = document.getElementById("q");
          box.value = "西游";
          box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
        }"""
    )
    expect(home.get_by_role("option")).to_have_count(3)
    assert len(asked) == 1


def test_a_citation_is_copied_and_that_is_said(live_server: LiveServer, page: Page, desk: Desk) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address(live_server, desk, "/l/a/records/{record}"))
    page.get_by_role("button", name="复制：GB/T 7714—2015").click()
    expect(page.get_by_role("status").filter(has_text="已复制")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite-gb").input_value()


def test_a_slip_prints_on_one_sheet_without_the_masthead(
    live_server: LiveServer, page: Page, desk: Desk
) -> None:
    page.goto(address(live_server, desk, "/l/a/records/{record}/slip"))
    page.emulate_media(media="print")
    expect(page.locator(".slip .callno")).to_be_visible()
    for gone in (".masthead", ".foot", ".btn.go"):
        expect(page.locator(gone)).to_be_hidden()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
