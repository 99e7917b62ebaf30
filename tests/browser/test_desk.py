"""An hour at the desk by scanner and keyboard alone, as Chromium shows it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import ISBN, START, Desk, add_book, set_limit
from tests.browser.desk import barcode, enter, press, scan, settled

Check = Callable[[Page], None]


def told(page: Page) -> str:
    return page.locator("#toasts").inner_text()


def test_a_reader_then_a_book_is_lent_and_the_box_keeps_the_focus(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    check_accessible(page)
    scan(page, "0001")
    assert page.locator("#reader-name").inner_text() == "林知夏"
    scan(page, barcode(school, 0))
    assert "已借《西游记》给林知夏" in told(page)
    assert page.locator("#count-lent").inner_text() == "1"
    assert page.locator("#fact-out").inner_text() == "1"
    assert page.evaluate("document.activeElement.id") == "scan"
    assert Loan.objects.get().patron == school.pupil
    check_accessible(page)


def test_who_and_what_are_written_large(school: Desk, live_server: LiveServer, page: Page) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    sizes = {
        selector: page.locator(selector).evaluate("el => parseFloat(getComputedStyle(el).fontSize)")
        for selector in (".told .who b", ".told .what", ".told .due b", "#reader-name")
    }
    assert sizes == {".told .who b": 30, ".told .what": 22, ".told .due b": 20, "#reader-name": 30}
    assert page.locator(".told .who").inner_text().split() == ["林知夏", "三（1）班"]


def test_a_book_alone_is_taken_back(school: Desk, live_server: LiveServer, page: Page) -> None:
    school.lend()
    enter(page, live_server, school)
    scan(page, barcode(school, 0))
    assert "已还《西游记》" in told(page)
    assert Loan.objects.get().outcome == "returned"
    assert page.locator("#count-returned").inner_text() == "1"


def test_a_book_that_nobody_had_is_taken_in_too(school: Desk, live_server: LiveServer, page: Page) -> None:
    enter(page, live_server, school)
    scan(page, barcode(school, 0))
    assert "没有借出" in told(page)
    assert page.locator(".act.no:visible").count() == 0


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


def test_scanning_on_while_a_question_stands_means_no_and_says_so(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    set_limit(school, 1)
    [other] = add_book(school.library, "昆虫记", copies=1)
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    scan(page, other.identifiers.get().value)
    assert page.locator("section.act").count() == 1
    scan(page, "0002")
    assert "《昆虫记》当作不借" in told(page)
    assert page.locator("#reader-name").inner_text() == "周予安"
    assert Loan.objects.count() == 1


def test_a_scanner_that_sends_enter_twice_confirms_nothing(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    set_limit(school, 0)
    enter(page, live_server, school)
    scan(page, "0001")
    page.keyboard.type(barcode(school, 0))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Enter")
    settled(page)
    assert page.locator("section.act").is_visible()
    assert Loan.objects.count() == 0


def test_the_last_acts_are_undone_one_by_one_by_control_z(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    scan(page, barcode(school, 1))
    press(page, "Control+z")
    assert "已撤销" in told(page)
    assert page.locator("#count-lent").inner_text() == "1"
    press(page, "Control+z")
    assert [loan.outcome for loan in Loan.objects.all()] == ["cancelled", "cancelled"]
    assert page.locator("#log .undone").count() == 2
    assert page.locator("#fact-out").inner_text() == "0"


def test_a_loan_is_renewed_by_its_number_and_that_is_undone(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    school.lend(at=START)
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, "＋1")
    assert (
        "问" in page.locator("section.act .seal").first.inner_text()
    )  # it is overdue by now: a librarian decides
    press(page, " ")
    assert "已续借" in told(page)
    assert page.locator("#log .seal").first.inner_text() == "续"
    assert Loan.objects.get().renewals == 1
    press(page, "Control+z")
    assert Loan.objects.get().renewals == 0
    scan(page, "+7")
    assert "没有第 7 行" in page.locator("section.act").inner_text()


def test_a_book_by_isbn_is_asked_about_when_several_have_it(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    school.lend()
    school.lend(school.items[1], patron=school.other)
    enter(page, live_server, school)
    scan(page, ISBN)
    assert page.locator("section.act li").count() == 2
    check_accessible(page)
    number = page.locator(".choice", has_text="周予安").locator(".no").inner_text()
    scan(page, number)
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


def test_a_reader_is_found_by_initials_full_width_digits_and_in_the_class_by_number(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    scan(page, "lzx")
    assert page.locator("#reader-name").inner_text() == "林知夏"
    scan(page, "０００２")
    assert page.locator("#reader-name").inner_text() == "周予安"
    scan(page, "三1班")
    assert page.locator(".choice").count() == 2
    check_accessible(page)
    scan(page, "1")
    assert page.locator("#reader-name").inner_text() == "林知夏"
    scan(page, "三（1）班")
    scan(page, "zya")
    assert page.locator("#reader-name").inner_text() == "周予安"


def test_words_of_a_title_offer_what_is_in_and_a_number_lends_it(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    scan(page, "西游")
    assert "在架 3 册" in page.locator(".choice").inner_text()
    check_accessible(page)
    scan(page, "0001")
    scan(page, "西游")
    scan(page, "1")
    assert "已借《西游记》给林知夏" in told(page)
    assert Loan.objects.get().patron == school.pupil


def test_a_title_typed_while_nobody_is_there_is_shown_and_the_next_scans_count(
    school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    scan(page, "西游")
    scan(page, "1")
    assert "在架 3 册" in told(page)
    assert "/records/" in str(page.locator("#toasts a").get_attribute("href"))
    check_accessible(page)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    assert Loan.objects.get().patron == school.pupil


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


@pytest.mark.parametrize(
    "screen", [(width, language) for width in (1366, 390) for language in ("zh-hans", "zh-hant", "en")]
)
def test_nothing_runs_out_of_the_screen_in_any_language(
    screen: tuple[int, str], school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    width, language = screen
    page.set_viewport_size({"width": width, "height": 768})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    enter(page, live_server, school)
    set_limit(school, 1)
    for code in ("0001", barcode(school, 0), barcode(school, 1)):
        scan(page, code)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    check_accessible(page)


def test_language_and_theme_are_switched_at_the_desk(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    assert "Lent today" in page.locator(".strip").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("document.activeElement.id") == "scan"


@pytest.mark.parametrize("path", ["/desk/home/", "/desk/reconcile/"])
def test_the_other_pages_have_no_fault_that_axe_finds(
    path: str, school: Desk, live_server: LiveServer, page: Page, check_accessible: Check
) -> None:
    enter(page, live_server, school)
    page.goto(live_server.url + path)
    check_accessible(page)
