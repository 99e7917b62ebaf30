"""An hour at the desk by scanner and keyboard alone, as Chromium shows it."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, ISBN, START, Desk, add_book, open_desk, set_limit

Check = Callable[[Page], None]


@pytest.fixture
def school(transactional_db: None) -> Iterator[Desk]:
    """The small school and its roles; tables were emptied before."""
    shipped.install(Role)
    yield open_desk()


def enter(page: Page, server: LiveServer, school: Desk, role: str = "librarian") -> None:
    """Sign in by a link, as the demonstration does, and go to the desk."""
    account = create_account(username=role.replace("_", "-"), display_name="馆员", by=BY, at=START)
    grant(account=account, role=role, library=school.library, from_on=START.date(), by=BY, at=START)
    code = issue_sign_in_code(account=account, by=BY, at=timezone.now(), is_reusable=True)
    page.goto(f"{server.url}/desk/enter/{code}")
    page.goto(f"{server.url}/desk/")


def scan(page: Page, code: str) -> None:
    """What a scanner does: the digits, then Enter, into whatever has the focus."""
    with page.expect_navigation():
        page.keyboard.type(code)
        page.keyboard.press("Enter")


def press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def barcode(school: Desk, index: int) -> str:
    return str(school.items[index].identifiers.get().value)


def test_a_reader_then_a_book_is_lent_and_the_box_keeps_the_focus(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    check_accessible(page)
    scan(page, "0001")
    assert page.locator("#reader-name").inner_text() == "林知夏"
    scan(page, barcode(school, 0))
    assert "已借《西游记》给林知夏" in page.locator("#toasts").inner_text()
    assert page.evaluate("document.activeElement.id") == "scan"
    assert Loan.objects.get().patron == school.pupil
    check_accessible(page)


def test_a_book_alone_is_taken_back(school: Desk, live_server: LiveServer, page: Page) -> None:
    school.lend()
    enter(page, live_server, school)
    scan(page, barcode(school, 0))
    assert "已还《西游记》，林知夏 借的" in page.locator("#toasts").inner_text().replace(
        "林知夏借", "林知夏 借"
    )
    assert Loan.objects.get().outcome == "returned"


def test_a_question_is_confirmed_by_space_and_dropped_by_escape(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    set_limit(school, 1)
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    scan(page, barcode(school, 1))
    assert "最多借 1 册" in page.locator("section.act").inner_text()
    check_accessible(page)
    press(page, "Escape")
    assert Loan.objects.count() == 1
    assert page.locator("#reader-name").is_visible()
    scan(page, barcode(school, 1))
    press(page, " ")
    assert Loan.objects.count() == 2


def test_a_scanner_that_sends_enter_twice_confirms_nothing(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    set_limit(school, 0)
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    press(page, "Enter")
    assert Loan.objects.count() == 0


def test_the_last_act_is_undone_by_control_z(school: Desk, live_server: LiveServer, page: Page) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    press(page, "Control+z")
    assert "已撤销" in page.locator("#toasts").inner_text()
    assert Loan.objects.get().outcome == "cancelled"


def test_a_book_by_isbn_is_asked_about_when_several_have_it(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    school.lend()
    school.lend(school.items[1], patron=school.other)
    enter(page, live_server, school)
    scan(page, ISBN)
    assert page.locator("section.act li").count() == 2
    check_accessible(page)
    with page.expect_navigation():
        page.get_by_role("button", name="是周予安的").click()
    assert Loan.objects.get(patron=school.other).outcome == "returned"
    assert Loan.objects.get(patron=school.pupil).outcome == ""


def test_a_reference_work_is_refused_and_read_here_by_f4(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    [item] = add_book(school.library, "现代汉语词典", copies=1, is_reference=True)
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, item.identifiers.get().value)
    assert "只在馆里看" in page.locator("section.act").inner_text()
    press(page, "F4")
    assert Loan.objects.get().kind == "in-room"


def test_a_reader_is_found_by_initials_and_full_width_digits(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "lzx")
    assert page.locator("#reader-name").inner_text() == "林知夏"
    scan(page, "０００２")
    assert page.locator("#reader-name").inner_text() == "周予安"


def test_a_pupil_librarian_sees_the_question_but_cannot_answer_it(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    set_limit(school, 0)
    enter(page, live_server, school, "pupil_librarian")
    scan(page, "0001")
    assert "本学期借过" not in page.locator(".card").inner_text()
    scan(page, barcode(school, 0))
    assert page.locator("[name=confirm]").count() == 0
    assert "请馆员老师来定" in page.locator("section.act").inner_text()


@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_runs_out_of_the_screen(
    width: int, school: Desk, live_server: LiveServer, page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    enter(page, live_server, school)
    scan(page, "0001")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/desk/home/", "/desk/reconcile/"])
def test_the_other_pages_have_no_fault_that_axe_finds(
    path: str, school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    page.goto(live_server.url + path)
    check_accessible(page)
