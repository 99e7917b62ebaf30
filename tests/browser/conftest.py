"""Chromium for the tests: found on the computer, one for the run, a fresh profile for each test."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.circulation.tests.desk import Desk, open_desk

# without these it asks the world for updates at every start, and its sandbox needs a kernel that
# a container may not offer
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this run."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("No Chromium on this computer: `make test` installs it.")
    # playwright keeps an event loop in this thread, which Django takes for asynchronous use of the database
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty tab in Chinese on an office PC's screen; a failed script or a broken policy fails the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    tab.set_default_timeout(10_000)
    yield tab
    context.close()
    assert problems == []


@pytest.fixture
def school(transactional_db: None) -> Desk:
    """The small school and its roles; tables were emptied before."""
    shipped.install(Role)
    return open_desk()


@pytest.fixture
def check_accessible() -> Callable[[Page], None]:
    """Assert that axe finds no fault in what the page shows now."""

    def check(page: Page) -> None:
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        faults = [
            f"{fault['id']}: {node['target']} {node['html'][:120]}"
            for fault in found
            for node in fault["nodes"]
        ]
        assert faults == []

    return check
