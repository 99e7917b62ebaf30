"""The public catalogue in a browser: nothing axe objects to, nothing cut off on a phone, and all of it without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from shuxiang.circulation.tests.desk import Desk, add_book, open_desk

PATHS = ["/l/a/", "/l/a/search?q=xyj", "/l/a/search?q=nothing", "/l/a/records/{record}"]


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    made = open_desk()
    for number in range(25):
        add_book(made.library, f"一个很长很长的书名，用来看它在手机上怎样换行 {number}", copies=1)
    made.lend()
    return made


def address(server: LiveServer, desk: Desk, path: str) -> str:
    return server.url + path.format(record=desk.item.holding.record_id)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_fault_that_axe_finds(
    scheme: str, live_server: LiveServer, page: Page, desk: Desk, check_accessible: Callable[[Page], None]
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PATHS:
        page.goto(address(live_server, desk, path))
        check_accessible(page)


def test_the_pages_fit_a_phone(live_server: LiveServer, page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in PATHS:
        page.goto(address(live_server, desk, path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_book_is_found_without_scripts(live_server: LiveServer, chromium: Browser, desk: Desk) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill("xyj")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="西游记").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("西游记")
    expect(page.get_by_role("row")).to_have_count(4)
    context.close()
