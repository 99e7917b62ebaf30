"""The self-service machine in a browser: touch, keys, the countdown, and nothing of the last child anywhere."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.accounts.services import KioskValues, issue_kiosk_code, save_kiosk
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, START, Desk
from shuxiang.patrons.models import ClassMembership
from shuxiang.patrons.services import set_code

Check = Callable[[Page], None]
RIGHT = (3, 7, 7, 12)
SCREENS = [(1080, 1920), (1366, 768), (390, 844)]


@dataclass
class Machine:
    desk: Desk
    kiosk: Kiosk
    url: str

    def register(self, page: Page) -> None:
        code = issue_kiosk_code(kiosk=self.kiosk, by=BY, at=timezone.now())
        page.goto(f"{self.url}/kiosk/")
        page.get_by_label("登记码").fill(code)
        tap(page, "登记这台电脑")  # and wait: what is typed before its page is there is lost

    def card(self) -> str:
        return str(self.desk.pupil.cards.get().number)

    def code(self, index: int = 0) -> str:
        return str(self.desk.items[index].identifiers.get().value)

    def set(self, **values: object) -> None:
        plain = KioskValues(**{"name": "门口", **values})  # type: ignore[arg-type]
        save_kiosk(library=self.desk.library, values=plain, row=self.kiosk, by=BY, at=START)


@pytest.fixture
def machine(school: Desk, live_server: LiveServer) -> Machine:
    set_code(patron=school.pupil, pictures=RIGHT, by=BY, at=START)
    kiosk = save_kiosk(library=school.library, values=KioskValues("门口"), row=None, by=BY, at=START)
    return Machine(school, kiosk, live_server.url)


def scan(page: Page, code: str) -> None:
    """What a scanner does, into whatever has the focus."""
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tap(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def plain(page: Page) -> str:
    """The text without the pinyin above it."""
    return str(
        page.evaluate(
            "() => { const copy = document.body.cloneNode(true);"
            " copy.querySelectorAll('rt').forEach((one) => one.remove()); return copy.textContent; }"
        )
    )


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_each_step_is_accessible_and_fits_the_screen(
    machine: Machine, page: Page, check_accessible: Check, *, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    ClassMembership.objects.filter(patron=machine.desk.pupil).update(number=38)

    def is_fine() -> None:
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "() => [...document.querySelectorAll('main button, main .btn')].filter((one) => one.offsetParent"
            " && one.getBoundingClientRect().height < 44).map((one) => one.textContent)"
        )
        assert small == []

    page.goto(f"{machine.url}/kiosk/register")
    is_fine()
    machine.register(page)
    is_fine()
    press(page, ".bigway")
    is_fine()
    press(page, ".grades button")
    is_fine()
    number, mark = (page.locator(f".pupil {part}").first.bounding_box() for part in (".no", ".mark"))
    assert number and mark
    assert number["x"] + number["width"] <= mark["x"]
    press(page, f"button.pupil[value='{machine.desk.pupil.pk}']")
    is_fine()
    page.goto(f"{machine.url}/kiosk/left")
    scan(page, machine.card())
    is_fine()
    scan(page, machine.code())
    assert "借好了" in plain(page)
    is_fine()
    scan(page, "NOPE999")
    is_fine()


def test_class_name_and_pictures_by_touch_then_lend_and_give_back(machine: Machine, page: Page) -> None:
    machine.set(shows_pinyin=False)
    machine.register(page)
    tap(page, "我没带借书证")
    tap(page, "三（1）班")
    tap(page, machine.desk.pupil.name)
    buttons = page.locator("[data-pictures] button[name=picture]")
    for place, picture in enumerate(RIGHT, 1):
        button = buttons.nth(picture - 1)
        if place < 4:
            button.click()
            assert page.locator(".dots i.on").count() == place
        else:
            with page.expect_navigation():
                button.click()
    assert machine.desk.pupil.name in plain(page)
    scan(page, machine.code())
    assert Loan.objects.get(in_at=None).patron == machine.desk.pupil
    page.wait_for_timeout(1100)
    scan(page, machine.code())
    assert not Loan.objects.filter(in_at=None).exists()


def test_after_the_countdown_nothing_of_the_child_is_left_not_even_behind_the_back_button(
    machine: Machine, page: Page
) -> None:
    machine.set(reset_seconds=10, shows_pinyin=False)
    machine.register(page)
    scan(page, machine.card())
    scan(page, machine.code())
    name = machine.desk.pupil.name
    assert name in plain(page)
    assert page.locator("[data-secs]").inner_text().isdigit()
    page.wait_for_timeout(6000)
    page.keyboard.press("Shift")  # somebody is still there
    page.wait_for_timeout(6000)
    assert name in plain(page)
    page.wait_for_selector("body.at-start", timeout=20_000)
    assert name not in plain(page)
    assert "西游记" not in plain(page)
    pages_behind = page.evaluate("history.length") - 2  # without the first, empty one and this one
    assert pages_behind >= 3
    for step in [page.go_back] * pages_behind + [page.go_forward] * pages_behind:
        step()
        page.wait_for_function("document.readyState === 'complete' && document.querySelector('#scan, #code')")
        assert name not in page.content()
        assert "西游记" not in page.content()
    assert page.locator("#scan").get_attribute("autocomplete") == "off"
    addresses = page.evaluate("performance.getEntriesByType('navigation').map((one) => one.name)")
    assert all(machine.card() not in address for address in addresses)


def test_the_end_button_ends_by_keyboard_and_the_next_child_starts_afresh(
    machine: Machine, page: Page
) -> None:
    machine.register(page)
    scan(page, machine.card())
    page.locator("#turn button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "scan"
    assert machine.desk.pupil.name not in plain(page)


def test_without_scripts_everything_is_done_all_the_same(machine: Machine, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    machine.set(shows_pinyin=False)
    machine.register(page)
    page.get_by_role("button", name="我没带借书证").click()
    page.get_by_role("button", name="三（1）班").click()
    page.get_by_role("button", name=machine.desk.pupil.name).click()
    for picture in RIGHT:
        page.locator("[data-pictures] button[name=picture]").nth(picture - 1).click()
    page.locator("#scan").fill(machine.code())
    page.locator("form.scan button").click()
    assert Loan.objects.get(in_at=None).patron == machine.desk.pupil
    page.get_by_role("button", name="我办完了").click()
    assert machine.desk.pupil.name not in page.content()
    context.close()


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_other_languages_are_accessible_too(
    machine: Machine, page: Page, check_accessible: Check, language: str
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": machine.url}])
    code = issue_kiosk_code(kiosk=machine.kiosk, by=BY, at=timezone.now())
    page.goto(f"{machine.url}/kiosk/register")
    page.locator("#code").fill(code)
    with page.expect_navigation():
        page.locator("#code").press("Enter")
    check_accessible(page)
    scan(page, machine.card())
    scan(page, machine.code())
    check_accessible(page)
    page.emulate_media(color_scheme="dark")
    check_accessible(page)


@pytest.mark.parametrize("width", [1366, 390])
def test_the_readers_own_page_is_accessible_and_leaves_nothing_behind(
    machine: Machine, page: Page, check_accessible: Check, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    machine.desk.lend(at=timezone.now())
    page.goto(f"{machine.url}/l/a/me")
    check_accessible(page)
    page.get_by_label("借书证号").fill(machine.card())
    buttons = page.locator("[data-pictures] button[name=picture]")
    for picture in RIGHT[:3]:
        buttons.nth(picture - 1).click()
    with page.expect_navigation():
        buttons.nth(RIGHT[3] - 1).click()
    assert "西游记" in plain(page)
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()
    page.go_back()
    page.wait_for_load_state()
    assert machine.desk.pupil.name not in page.content()
