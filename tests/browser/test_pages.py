"""Pages as a browser shows them: no fault of accessibility, no script refused by the policy, nothing cut off on a phone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

OPEN_PAGES = ["accounts:sign_in", "accounts:welcome"]


@pytest.mark.parametrize("name", OPEN_PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_has_no_fault_that_axe_finds(
    name: str, scheme: str, live_server: LiveServer, page: Page, check_accessible: Callable[[Page], None]
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(live_server.url + reverse(name))
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    check_accessible(page)


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_a_page_fits_a_phone(name: str, live_server: LiveServer, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url + reverse(name))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
