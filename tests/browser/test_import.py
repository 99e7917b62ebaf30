"""The import wizard as Chromium shows it: by keyboard, without scripts, on a phone, in three languages."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connections
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.audit import jobs
from shuxiang.circulation.tests.desk import Desk, open_desk
from shuxiang.holdings.models import Item
from shuxiang.imports.models import Run
from tests.browser.desk import enter

Check = Callable[[Page], None]
LONG = "阿依努尔·买买提和她的一千零一个夜晚里讲不完的故事"
ROWS = [f"第{n}本《{LONG}》,,2,39{n % 10}.00" for n in range(60)]
BOOKS = "\n".join(["书名,ISBN,册数,价格,书评", *(f"{row},好" for row in ROWS), "水浒传,1234,1,八元,", ""])


@pytest.fixture
def school(transactional_db: None, tmp_path: Path, settings: LazySettings) -> Iterator[Desk]:
    """The small school, with somebody who does what is queued, as the server has."""
    settings.MEDIA_ROOT = tmp_path / "files"
    shipped.install(Role)
    made = open_desk()
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(stop,))
    worker.start()
    yield made
    stop.set()
    jobs.wake()
    worker.join()


def work(stop: threading.Event) -> None:
    with jobs.working():
        while not stop.is_set():
            jobs.run_pending()
            jobs.wait(0.2)
    connections.close_all()


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "新书.csv"
    path.write_text(BOOKS, encoding="utf-8")
    return path


def bring(page: Page, server: LiveServer, path: Path) -> None:
    """Bring a file and wait until it is judged: the job of another thread, so a little longer than a page."""
    page.set_default_timeout(30_000)
    page.goto(f"{server.url}/desk/import/")
    page.set_input_files("#file", path)
    page.locator("form.bring button").click()
    page.locator(".wizard").wait_for()


def fits(page: Page) -> bool:
    inside = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(inside))


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_every_page_of_the_way_is_accessible_and_fits(
    school: Desk,
    *,
    live_server: LiveServer,
    page: Page,
    check_accessible: Check,
    books: Path,
    width: int,
    height: int,
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    enter(page, live_server, school)

    def look() -> None:
        check_accessible(page)
        assert fits(page), page.url

    page.goto(f"{live_server.url}/desk/import/")
    look()
    bring(page, live_server, books)
    look()
    page.locator(".tabs a", has_text="有说明").click()
    assert page.locator("table.rows tbody tr").count() == 1
    look()
    page.locator("[data-enter]").click()
    page.get_by_text("收进 61 种").wait_for()
    look()
    page.get_by_role("link", name="撤回（").click()
    look()
    page.get_by_role("button", name="撤回").click()
    page.get_by_text("已撤回 61 种").wait_for()
    look()
    page.goto(f"{live_server.url}/desk/import/")
    look()


def test_without_scripts_and_by_keyboard_alone(
    school: Desk, live_server: LiveServer, chromium: Browser, books: Path
) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, live_server, school)
    before = Item.objects.count()
    page.goto(f"{live_server.url}/desk/import/")
    page.set_input_files("#file", books)
    page.locator("form.bring button").focus()
    page.keyboard.press("Enter")
    page.locator(".wizard").wait_for()
    page.get_by_label("书评").focus()
    page.get_by_label("书评").select_option("note")
    page.get_by_role("button", name="按这样再试跑").press("Enter")
    page.locator("[data-enter]").wait_for()
    assert page.get_by_label("书评").input_value() == "note"
    page.locator("[data-enter]").press("Enter")
    page.get_by_text("收进 61 种").wait_for()
    assert Item.objects.count() == before + 121
    context.close()


def test_changed_columns_must_be_tried_before_they_are_entered(
    school: Desk, live_server: LiveServer, page: Page, books: Path
) -> None:
    enter(page, live_server, school)
    bring(page, live_server, books)
    assert page.locator("[data-enter]").is_enabled()
    page.get_by_label("书评").select_option("note")
    assert page.locator("[data-enter]").is_disabled()
    assert page.get_by_text("列改过了").is_visible()
    page.get_by_role("button", name="按这样再试跑").click()
    page.locator("[data-enter]:enabled").wait_for()


def test_a_file_is_dropped_and_its_size_is_shown(school: Desk, live_server: LiveServer, page: Page) -> None:
    enter(page, live_server, school)
    page.goto(f"{live_server.url}/desk/import/")
    page.evaluate(
        """() => {
            const given = new DataTransfer();
            given.items.add(new File(["书名\\n童年\\n".repeat(2000)], "拖来的.csv"));
            const zone = document.querySelector("[data-drop]");
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true }));
        }"""
    )
    assert "拖来的.csv · 2" in page.locator("[data-chosen]").inner_text()
    page.locator("form.bring button").click()
    page.locator(".wizard").wait_for()
    assert "拖来的.csv" in page.locator(".file").inner_text()


def test_the_way_back_and_the_same_button_again_do_no_harm(
    school: Desk, live_server: LiveServer, page: Page, books: Path
) -> None:
    enter(page, live_server, school)
    bring(page, live_server, books)
    page.locator("[data-enter]").click()
    page.get_by_text("收进 61 种").wait_for()
    page.go_back()
    if page.locator("[data-enter]").count():
        page.evaluate("document.querySelector('[data-enter]').form.submit()")
    page.get_by_text("收进 61 种").wait_for()
    assert Run.objects.count() == 1


@pytest.mark.parametrize(("language", "heading"), [("zh-hant", "導入圖書"), ("en", "Import books")])
def test_the_wizard_speaks_the_readers_language(
    school: Desk, live_server: LiveServer, page: Page, *, books: Path, language: str, heading: str
) -> None:
    enter(page, live_server, school)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    bring(page, live_server, books)
    assert page.locator("h1").inner_text() == heading
    assert fits(page)
