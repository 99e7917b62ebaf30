"""Figures and the term summary as Chromium shows them: from a number to its rows, with and without scripts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.circulation.tests.desk import Desk, open_desk
from tests.browser.desk import enter

Check = Callable[[Page], None]
PERIOD = "period=2026-autumn"
PAGES = (
    f"/desk/figures/?{PERIOD}",
    f"/desk/figures/circulation.loans_per_pupil/?{PERIOD}",
    f"/desk/reports/term-summary/?{PERIOD}",
)


@pytest.fixture
def school(transactional_db: None) -> Iterator[Desk]:
    """The small school with one loan in October."""
    shipped.install(Role)
    made = open_desk()
    made.lend(at=datetime(2026, 10, 12, 4, tzinfo=UTC))
    yield made


@pytest.mark.parametrize("width", [1366, 390])
def test_the_pages_are_accessible_and_fit_the_screen(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, live_server, school)
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_number_of_the_dashboard_leads_to_its_rows(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    page.goto(f"{live_server.url}{PAGES[0]}")
    page.locator("ul.figures a.name").first.click()
    page.wait_for_url("**/circulation.loans_per_pupil/**")
    assert "1 ÷ 2" in page.locator("main").inner_text()
    assert page.locator("section table tbody tr").count() == 1


def test_a_number_of_the_summary_leads_to_the_same_rows(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    page.goto(f"{live_server.url}{PAGES[2]}")
    page.get_by_role("link", name="0.50", exact=True).first.click()
    page.wait_for_url("**/circulation.loans_per_pupil/**")
    assert "1 ÷ 2" in page.locator("main").inner_text()
    assert page.locator("section table tbody tr").count() == 1


def test_everything_works_without_scripts(school: Desk, live_server: LiveServer, chromium: Browser) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, live_server, school)
    page.goto(f"{live_server.url}{PAGES[0]}")
    page.get_by_label("时期").select_option("2026-2027")
    page.get_by_role("button", name="查看").click()
    assert "2026–2027 学年" in page.locator("h1").inner_text()
    page.goto(f"{live_server.url}{PAGES[2]}")
    page.locator("#part-activities").fill("四月举办读书节。")
    page.locator("form:has(#part-activities) button").click()
    assert "四月举办读书节。" in page.locator("article").inner_text()
    context.close()


def test_words_of_a_table_keep_a_width_on_a_phone(school: Desk, live_server: LiveServer, page: Page) -> None:
    """Not one sign a line: the table scrolls instead, and bars fit without scrolling."""
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_server, school)
    narrowest = "Math.min(...[...document.querySelectorAll('.scroll tbody th')].map(e => e.clientWidth))"
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate(narrowest) >= 80, path
        bars = "[...document.querySelectorAll('.drawing.bars')].every(e => e.scrollWidth <= e.clientWidth)"
        assert page.evaluate(bars), path
