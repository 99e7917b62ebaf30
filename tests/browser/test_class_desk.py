"""Forty pupils in one break, by number pad and scanner; on a telephone by photographs; in three languages, for everybody."""

import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, START
from tests.browser.conftest import FLAGS
from tests.class_of_forty import Forty, barcode_of, class_of_forty, reader_of

Check = Callable[[Page], None]

# every tile lies between the top of the page and the strip at its foot, and the page does not scroll
FITS = """() => {
  const page = document.documentElement, foot = document.querySelector(".strip").getBoundingClientRect().top;
  const places = [...document.querySelectorAll("#wall li")].map((tile) => tile.getBoundingClientRect());
  return page.scrollHeight <= innerHeight && page.scrollWidth <= innerWidth
    && places.every((place) => place.height >= 44 && place.top >= 0 && place.bottom <= foot + 1);
}"""
CUT = """() => [...document.querySelectorAll(".pupil .nm")]
  .filter((name) => name.scrollWidth > name.clientWidth + 1 || name.scrollHeight > name.clientHeight + 3)
  .map((name) => name.textContent)"""


@pytest.fixture
def forty(transactional_db: None) -> Iterator[Forty]:
    """The class of forty, some with books out; tables were emptied before."""
    shipped.install(Role)
    yield class_of_forty(out=9, late=3)


def enter(page: Page, server: LiveServer, forty: Forty, role: str = "pupil_librarian") -> None:
    """Sign in with a grant for this class and go to its wall."""
    account = create_account(username=role.replace("_", "-"), display_name="小馆员", by=BY, at=START)
    grant(
        account=account,
        role=role,
        library=forty.library,
        school_class=forty.school_class if role == "pupil_librarian" else None,
        from_on=START.date(),
        by=BY,
        at=START,
    )
    code = issue_sign_in_code(account=account, by=BY, at=timezone.now(), is_reusable=True)
    page.goto(f"{server.url}/desk/enter/{code}")
    page.goto(f"{server.url}/desk/class/{forty.school_class.pk}/")


def settled(page: Page) -> None:
    """Until every act that was posted has been answered."""
    page.wait_for_timeout(20)
    while page.evaluate("Shuxiang.acts.waiting"):
        page.wait_for_timeout(20)


def scan(page: Page, code: str) -> None:
    """What a scanner or the number pad does: the signs, then Enter, into whatever has the focus."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def act(page: Page, code: str) -> str:
    """Scan, wait, and say what the page says."""
    scan(page, code)
    settled(page)
    return page.locator("#said").inner_text()


def test_a_class_of_forty_is_served_by_keyboard_and_scanner_alone(
    forty: Forty, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, forty)
    check_accessible(page)
    on_time = [at for at in range(40) if at + 1 not in (40, 38, 36)]
    for count, at in enumerate(on_time):
        scan(page, str(at + 1))
        scan(page, forty.code(count))
    settled(page)
    check_accessible(page)
    assert page.evaluate("document.activeElement.id") == "scan"
    assert page.locator("#served b").inner_text() == "37"
    assert "借出 37" in page.locator("#sums").inner_text().replace("\n", " ")
    assert Loan.objects.filter(in_at=None).count() == 9 + 37
    assert {reader_of(loan).name for loan in Loan.objects.filter(in_at=None)} == {
        r.name for r in forty.readers
    }
    assert "逾期，应还日期" in act(page, "40")
    assert "请馆员老师来定" in act(page, forty.code(38))
    page.keyboard.press("Escape")
    settled(page)
    late = Loan.objects.get(patron=forty.readers[39], in_at=None)
    assert "40 号张立言　已还" in act(page, barcode_of(late))
    assert "40 号张立言　已借" in act(page, forty.code(39))
    page.keyboard.press("Control+z")
    settled(page)
    assert "已撤销" in page.locator("#said").inner_text()
    assert page.locator("#served b").inner_text() == "38"
    page.goto(page.url + "end")
    assert "共办理 39 次 = 借出 37 + 还回 1 + 续借 0 + 没办成 1。" in page.locator("main").inner_text()
    check_accessible(page)


@pytest.mark.parametrize("height", [768, 625])
@pytest.mark.parametrize("size", [40, 48, 56])
def test_the_whole_wall_fits_an_office_screen_even_with_a_question_pending(
    height: int, size: int, transactional_db: None, live_server: LiveServer, page: Page
) -> None:
    shipped.install(Role)
    forty = class_of_forty(size=size, out=9, late=3)
    page.set_viewport_size({"width": 1366, "height": height})
    enter(page, live_server, forty, "librarian")

    def fits() -> bool:
        return bool(page.evaluate(FITS))

    assert fits()
    act(page, "12")
    assert fits()
    assert "最多借" not in act(page, forty.code(0))
    assert fits()
    act(page, forty.code(1))
    assert "最多借 2 册" in act(page, forty.code(2))
    assert fits() or size > 48


def test_names_are_whole_on_the_wall(forty: Forty, live_server: LiveServer, page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 625})
    enter(page, live_server, forty)
    assert page.evaluate(CUT) == []


def test_a_tile_is_picked_by_pointer_and_arrow_keys(
    forty: Forty, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, forty)
    page.locator("#wall").get_by_text("白景行").click()
    settled(page)
    assert "2 号白景行" in page.locator("#scan-label").inner_text()
    assert page.evaluate("document.activeElement.id") == "scan"
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    settled(page)
    assert "11 号高语晨" in page.locator("#scan-label").inner_text()


@pytest.mark.parametrize(
    ("language", "width"), [("zh-hans", 1366), ("zh-hans", 390), ("zh-hant", 1366), ("en", 390)]
)
def test_every_state_is_accessible_in_every_language(
    forty: Forty, live_server: LiveServer, page: Page, check_accessible: Check, *, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844 if width == 390 else 768})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    enter(page, live_server, forty, "librarian")
    for code in ("", "36", forty.code(0), "x-unknown", forty.code(1)):
        if code:
            act(page, code)
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)  # colours fade over
    check_accessible(page)
    for path in ("/desk/class/", page.url.removeprefix(live_server.url) + "end"):
        page.goto(live_server.url + path)
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# photographs


def photograph(*codes: str) -> bytes:
    """A JPEG as a telephone would make it: large, a little aslant, the labels on grey paper."""
    paper = Image.new("L", (2400, 3200), 150)
    for at, text in enumerate(codes):
        drawn = memoryview(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=6))  # type: ignore[arg-type]
        height, width = drawn.shape or (0, 0)
        paper.paste(Image.frombytes("L", (width, height), drawn.tobytes()), (500, 700 + 800 * at))
    written = BytesIO()
    paper.rotate(6, fillcolor=150).save(written, "JPEG", quality=75)
    return written.getvalue()


def send(page: Page, data: bytes) -> None:
    with page.expect_response("**/desk/photo/"):
        page.locator("form.photo input[type=file]").set_input_files(
            {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": data}
        )
    page.wait_for_timeout(100)
    settled(page)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A telephone: touch, a narrow screen, no keyboard."""
    context = chromium.new_context(
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    tab = context.new_page()
    tab.set_default_timeout(10_000)
    yield tab
    context.close()


def test_on_a_telephone_a_tap_and_a_photograph_lend(
    forty: Forty, live_server: LiveServer, phone: Page, check_accessible: Check
) -> None:
    enter(phone, live_server, forty)
    phone.locator("#wall").get_by_text("蔡雨桐").tap()
    settled(phone)
    send(phone, photograph(forty.code(0)))
    assert "3 号蔡雨桐　已借《成语接龙》" in phone.locator("#said").inner_text()
    assert Loan.objects.filter(patron=forty.readers[2], in_at=None).count() == 1
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    check_accessible(phone)


def test_several_codes_in_one_photograph_are_offered_one_by_one_or_all(
    forty: Forty, live_server: LiveServer, phone: Page, check_accessible: Check
) -> None:
    enter(phone, live_server, forty)
    out = [barcode_of(loan) for loan in Loan.objects.filter(in_at=None)[:3]]
    send(phone, photograph(*out))
    assert "要哪一个" in phone.locator("[data-photo-said]").inner_text()
    check_accessible(phone)
    phone.get_by_role("button", name="全部办理").tap()
    settled(phone)
    assert Loan.objects.filter(in_at=None).count() == 6


def test_a_photograph_without_a_code_says_what_to_do(
    forty: Forty, live_server: LiveServer, phone: Page
) -> None:
    enter(phone, live_server, forty)
    send(phone, photograph())
    assert "请靠近些、拿稳" in phone.locator("[data-photo-said]").inner_text()


def test_without_scripts_a_photograph_and_a_tap_still_lend(
    forty: Forty, live_server: LiveServer, chromium: Browser
) -> None:
    context = chromium.new_context(
        java_script_enabled=False, locale="zh-CN", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    enter(page, live_server, forty)
    page.locator("#wall").get_by_text("蔡雨桐").click()
    page.locator("form.photo input[type=file]").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photograph(forty.code(0))}
    )
    page.get_by_role("button", name="识别").click()
    page.get_by_role("button", name="办理这一册").click()
    assert "3 号蔡雨桐　已借《成语接龙》" in page.locator("#said").inner_text()
    context.close()


def test_live_video_scans_by_itself_where_the_context_is_secure(
    forty: Forty, live_server: LiveServer, chromium: Browser, tmp_path: Path
) -> None:
    film = tmp_path / "film.mjpeg"
    frame = Image.open(BytesIO(photograph(forty.code(0)))).crop((300, 500, 1740, 1580)).resize((1280, 960))
    written = BytesIO()
    frame.convert("RGB").save(written, "JPEG", quality=90)
    film.write_bytes(written.getvalue() * 4)
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=[*FLAGS, *flags]
    )
    page = browser.new_page(locale="zh-CN")
    enter(page, live_server, forty)
    act(page, "3")
    page.get_by_role("button", name="摄像头连扫").click()
    page.get_by_text("3 号蔡雨桐　已借《成语接龙》").wait_for(timeout=15_000)
    page.wait_for_timeout(1500)  # the book stays in the picture: it is lent once
    page.get_by_role("button", name="摄像头连扫").click()
    assert not page.locator("video").is_visible()
    browser.close()
    assert Loan.objects.get(patron=forty.readers[2]).in_at is None


def test_where_the_context_is_not_secure_no_video_is_offered(
    forty: Forty, live_server: LiveServer, page: Page
) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    enter(page, live_server, forty)
    assert not page.get_by_role("button", name="摄像头连扫").is_visible()
    assert page.locator("form.photo input[type=file]").is_enabled()
