"""What scanners and input methods do to a box, and a server that is slow or gone: nothing is lost, nothing happens twice."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, CDPSession, Page, Route
from pytest_django.live_server_helper import LiveServer

from shuxiang.circulation import services
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import Desk, add_book
from tests.browser.desk import barcode, enter, press, scan, settled

SCAN = "**/desk/scan"


@pytest.fixture
def rough(chromium: Browser) -> Iterator[Page]:
    """A page whose server may fail: what the browser says about lost answers is no fault of the page."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.set_default_timeout(10_000)
    yield tab
    context.close()
    assert problems == []


class Keys:
    """Keys as they come from the keyboard's driver, five milliseconds apart, however slow this computer is."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.at = time.time()

    def _send(self, **event: object) -> None:
        self.at += 0.005
        self.cdp.send("Input.dispatchKeyEvent", {**event, "timestamp": self.at})

    def taken(self, code: str, *, shift: bool = False) -> None:
        """A key that the input method takes for itself: the page is told where it lies, not what it writes."""
        modifiers = 8 if shift else 0
        self._send(
            type="rawKeyDown", key="Process", code=code, windowsVirtualKeyCode=229, modifiers=modifiers
        )

    def types(self, text: str) -> None:
        """Digits and capitals."""
        for sign in text:
            code = f"Digit{sign}" if sign.isdigit() else f"Key{sign}"
            modifiers = 0 if sign.isdigit() else 8
            key = {"key": sign, "code": code, "text": sign, "windowsVirtualKeyCode": ord(sign)}
            self._send(type="keyDown", modifiers=modifiers, **key)

    def end(self, name: str) -> None:
        keys = {"Enter": 13, "NumpadEnter": 13, "Tab": 9}
        key = name.removeprefix("Numpad")
        text = "\r" if key == "Enter" else ""
        self._send(type="keyDown", key=key, code=name, text=text, windowsVirtualKeyCode=keys[name])
        self._send(type="keyUp", key=key, code=name, windowsVirtualKeyCode=keys[name])

    def compose(self, text: str) -> None:
        place = len(text)
        self.cdp.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": place, "selectionEnd": place}
        )

    def insert(self, text: str) -> None:
        self.cdp.send("Input.insertText", {"text": text})


def test_a_scan_into_an_active_chinese_input_method_arrives_as_printed(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    code = barcode(school, 0)
    keys = Keys(page)
    keys.taken("KeyA", shift=True)
    keys.compose("a")  # the letter begins a word
    for digit in code[1:]:
        keys.taken(f"Digit{digit}")
    keys.insert("啊")  # the digits chose a character for it
    keys.taken("Enter")
    settled(page)
    assert "已借《西游记》给林知夏" in page.locator("#toasts").inner_text()
    assert page.locator("#scan").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "scan"


def test_what_the_input_method_still_holds_when_the_scan_ends_is_no_part_of_the_next(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    keys = Keys(page)
    keys.taken("KeyT", shift=True)
    keys.compose("t")
    for code in ("Digit0", "Digit1", "KeyA"):
        keys.taken(code)
    keys.compose("t01a")
    keys.taken("Enter")
    settled(page)
    assert "T01a" in page.locator("section.act").inner_text()
    scan(page, "T01")
    assert page.locator("#reader-name").inner_text() == "沈书意"


def test_full_width_digits_from_the_input_method_are_digits(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    keys = Keys(page)
    for digit, wide in zip("0001", "０００１", strict=True):
        keys.taken(f"Digit{digit}")
        keys.insert(wide)
    keys.end("Enter")
    settled(page)
    assert page.locator("#reader-name").inner_text() == "林知夏"


def test_a_person_who_types_a_name_with_the_input_method_is_not_taken_for_a_scanner(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    keys = Keys(page)
    for place, letter in enumerate("linz"):
        keys.at += 0.12
        keys.taken(f"Key{letter.upper()}")
        keys.compose("linz"[: place + 1])
    keys.taken("Enter")  # is the input method's, and asks for nothing
    keys.insert("林知夏")
    assert page.locator("#scan").input_value() == "林知夏"
    page.keyboard.press("Enter")
    settled(page)
    assert page.locator("#reader-name").inner_text() == "林知夏"


@pytest.mark.parametrize(
    "suffix", [["Enter"], ["Enter", "Enter"], ["Tab"], ["Enter", "Tab"], ["NumpadEnter"]]
)
def test_a_scan_ends_with_whatever_the_scanner_sends(
    suffix: list[str], school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    keys = Keys(page)
    for code, name in (("0001", "林知夏"), ("0002", "周予安")):
        keys.types(code)
        for end in suffix:
            keys.end(end)
        settled(page)
        assert page.locator("#reader-name").inner_text() == name
        assert page.evaluate("document.activeElement.id") == "scan"


def test_tab_leaves_the_box_for_somebody_who_types(school: Desk, live_server: LiveServer, page: Page) -> None:
    enter(page, live_server, school)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "scan"
    page.locator("#scan").focus()
    page.keyboard.type("lin", delay=120)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "scan"
    assert page.locator("#scan").input_value() == "lin"


def test_a_scan_that_meets_a_button_goes_into_the_box(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    school.lend(at=timezone.now())
    enter(page, live_server, school)
    scan(page, "0001")
    page.get_by_role("button", name="续借").focus()
    scan(page, barcode(school, 1))
    assert Loan.objects.filter(renewals__gt=0).count() == 0
    assert Loan.objects.filter(patron=school.pupil, in_at=None).count() == 2


def test_the_focus_comes_back_after_clicks_and_when_the_window_does(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    focused = "document.activeElement.id"
    enter(page, live_server, school)
    scan(page, "0001")
    page.locator("#reader-name").click()
    assert page.evaluate(focused) == "scan"
    page.get_by_text("刚才办的").click()
    assert page.evaluate(focused) == "scan"
    page.evaluate("document.activeElement.blur(); window.dispatchEvent(new Event('focus'))")
    assert page.evaluate(focused) == "scan"
    page.get_by_role("button", name="办理").click()
    settled(page)
    page.wait_for_function(f"{focused} === 'scan'")  # the answer is drawn first, then the box is given back


def test_scans_during_an_act_wait_for_their_turn_and_none_is_lost(
    school: Desk, live_server: LiveServer, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = services.scan

    def slowly(sitting: services.Sitting, code: str) -> services.ScanResult:
        time.sleep(0.4)
        return at_once(sitting, code)

    monkeypatch.setattr(services, "scan", slowly)
    enter(page, live_server, school)
    for code in ("0001", barcode(school, 0), "0002", barcode(school, 1), "0001"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    settled(page)
    assert [(loan.item, loan.patron) for loan in Loan.objects.order_by("pk")] == [
        (school.items[0], school.pupil),
        (school.items[1], school.other),
    ]
    assert page.locator("#reader-name").inner_text() == "林知夏"


def test_an_answer_that_was_lost_is_asked_for_again_and_the_act_is_done_once(
    school: Desk, live_server: LiveServer, rough: Page
) -> None:
    enter(rough, live_server, school)
    scan(rough, "0001")
    tries: list[str] = []

    def lose_first(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            route.fetch()  # the server has done it
            route.abort()
        else:
            route.continue_()

    rough.route(SCAN, lose_first)
    scan(rough, barcode(school, 0))
    assert len(tries) == 2
    assert tries[0] == tries[1]
    assert Loan.objects.filter(in_at=None).count() == 1
    assert "已借《西游记》给林知夏" in rough.locator("#toasts").inner_text()


def test_while_the_server_is_gone_it_says_so_and_a_reload_loses_nothing(
    school: Desk, live_server: LiveServer, rough: Page
) -> None:
    enter(rough, live_server, school)
    scan(rough, "0001")
    rough.route(SCAN, lambda route: route.abort())
    for n in (0, 1):
        rough.keyboard.type(barcode(school, n))
        rough.keyboard.press("Enter")
    rough.get_by_text("服务器没有答复").wait_for()
    rough.keyboard.press(" ")  # a yes to nothing
    rough.unroute(SCAN)
    rough.reload()
    settled(rough)
    assert Loan.objects.filter(patron=school.pupil, in_at=None).count() == 2


def test_a_scan_that_fails_stops_those_behind_it_until_somebody_says_what_to_do(
    school: Desk, live_server: LiveServer, rough: Page, check_accessible: Callable[[Page], None]
) -> None:
    enter(rough, live_server, school)
    rough.route(SCAN, lambda route: route.fulfill(status=500, body="broken"))
    for code in ("0001", barcode(school, 0)):
        rough.keyboard.type(code)
        rough.keyboard.press("Enter")
    rough.get_by_text("没有办成").wait_for()
    assert "0001" in rough.locator("#acts").inner_text()
    check_accessible(rough)
    rough.unroute(SCAN)
    rough.get_by_role("button", name="现在再试").last.click()
    settled(rough)
    assert Loan.objects.get().patron == school.pupil


def test_the_same_code_twice_within_a_second_counts_once_and_says_so(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    keys = Keys(page)
    for _ in range(2):
        keys.types(barcode(school, 0))
        keys.end("Enter")
    settled(page)
    assert Loan.objects.get().in_at is None
    assert "只算一次" in page.locator("#acts").inner_text()
    page.wait_for_timeout(1100)
    keys.at += 1.5
    keys.types(barcode(school, 0))
    keys.end("Enter")
    settled(page)
    assert Loan.objects.get().outcome == "returned"


def test_two_scans_glued_together_are_two(school: Desk, live_server: LiveServer, page: Page) -> None:
    [first] = add_book(school.library, "夏洛的网", copies=1, isbn="9787532733415")
    [second] = add_book(school.library, "昆虫记", copies=1, isbn="9787806041574")
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, "97875327334159787806041574")
    assert {loan.item for loan in Loan.objects.all()} == {first, second}
    assert page.locator("#log li").count() == 2
    assert page.locator("#count-lent").inner_text() == "2"


def test_tones_are_told_apart_can_be_turned_down_and_off_and_stay_so(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    toned = "document.documentElement.dataset.toned"
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    assert page.evaluate(toned) == "yes"
    press(page, "Control+z")
    assert page.evaluate(toned) == "undo"
    scan(page, "99999999")
    assert page.evaluate(toned) == "no"
    page.locator("[data-sound-volume]").focus()
    page.keyboard.press("End")
    page.locator("[data-sound-switch]").focus()
    page.keyboard.press(" ")
    page.reload()
    assert not page.locator("[data-sound-switch]").is_checked()
    assert page.locator("[data-sound-volume]").input_value() == "100"
    assert page.locator("[data-sound-volume]").is_disabled()
