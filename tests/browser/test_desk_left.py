"""A desk that was interrupted is picked up: same reader, last act, pending question, and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import Desk, add_book, set_limit
from shuxiang.desk import sitting
from tests.browser.desk import barcode, enter, press, scan


def test_a_reload_and_a_browser_started_again_find_the_reader_and_the_question(
    school: Desk, live_server: LiveServer, page: Page, chromium: Browser
) -> None:
    set_limit(school, 1)
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    page.reload()
    assert page.locator("#reader-name").inner_text() == "林知夏"
    assert "已借《西游记》给林知夏" in page.locator("#toasts").inner_text()
    scan(page, barcode(school, 1))
    again = chromium.new_context(storage_state=page.context.storage_state(), locale="zh-CN").new_page()
    again.goto(f"{live_server.url}/desk/")
    assert "最多借 1 册" in again.locator("section.act").inner_text()
    press(again, " ")
    assert Loan.objects.filter(patron=school.pupil, in_at=None).count() == 2
    again.context.close()


def test_the_last_act_is_still_undone_after_a_reload(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    scan(page, barcode(school, 0))
    page.reload()
    press(page, "Control+z")
    assert Loan.objects.get().outcome == "cancelled"


def test_a_list_to_choose_from_is_still_there_after_a_reload(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "三1班")
    page.reload()
    assert page.locator(".choice").count() == 2
    scan(page, "2")
    assert page.locator("#reader-name").inner_text() == "周予安"


def test_the_next_who_signs_in_does_not_meet_the_reader_of_the_last(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    enter(page, live_server, school, "pupil_librarian")
    assert page.locator("#reader-name").count() == 0
    assert "林知夏" not in page.content()


def test_a_reader_left_a_quarter_of_an_hour_ago_is_offered_not_assumed(
    school: Desk, live_server: LiveServer, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    monkeypatch.setattr(sitting, "FRESH", timedelta(0))
    page.reload()
    assert "接着给林知夏办吗" in page.locator("section.act").inner_text()
    scan(page, barcode(school, 0))  # a book alone: taken back, not lent to who stood there before
    assert Loan.objects.count() == 0
    scan(page, "0001")
    page.reload()
    press(page, " ")
    assert page.locator("#reader-name").inner_text() == "林知夏"


def test_two_tabs_have_two_readers(school: Desk, live_server: LiveServer, page: Page) -> None:
    enter(page, live_server, school)
    scan(page, "0001")
    other = page.context.new_page()
    other.goto(f"{live_server.url}/desk/")
    scan(other, "0002")
    scan(page, barcode(school, 0))
    scan(other, barcode(school, 1))
    owners = {loan.item: loan.patron for loan in Loan.objects.all()}
    assert owners == {school.items[0]: school.pupil, school.items[1]: school.other}


def test_a_whole_pile_is_taken_back_with_a_sum_that_adds_up(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    school.lend()
    school.lend(school.items[1], patron=school.other)
    [unlent] = add_book(school.library, "昆虫记", copies=1)
    enter(page, live_server, school, path="/desk/returns/")
    for code in (unlent.identifiers.get().value, "99999999", barcode(school, 0), barcode(school, 1)):
        scan(page, code)
    assert page.locator("#sums h2").inner_text() == "扫了 4 次"
    sums = page.locator("#sums .who p").inner_text()
    parts, whole = sums.split("=")
    assert sum(int(part.split()[-1]) for part in parts.split("+")) == int(whole) == 4
    assert page.locator("#odd li").count() >= 2
    assert Loan.objects.filter(in_at=None).count() == 0
    press(page, "Control+z")
    press(page, "Control+z")
    press(page, "Control+z")
    undone = [" undone" in f" {row.get_attribute('class')}" for row in page.locator("#pile-lines li").all()]
    assert undone == [True, True, False, False]  # the last two scans; those before them did nothing
    page.reload()
    assert page.locator("#pile-lines li").count() == 4
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert "下一堆" in page.locator("label[for=scan]").inner_text()
    assert page.locator("#sums h2").inner_text() == "扫了 4 次"
    scan(page, "88888888")
    assert page.locator("#sums h2").inner_text() == "扫了 1 次"


def test_whose_book_it_is_is_answered_by_a_number_in_the_pile_too(
    school: Desk, live_server: LiveServer, page: Page
) -> None:
    school.lend()
    school.lend(school.items[1], patron=school.other)
    enter(page, live_server, school, path="/desk/returns/")
    scan(page, "9787020002207")
    number = page.locator(".choice", has_text="周予安").locator(".no").inner_text()
    scan(page, number)
    assert Loan.objects.get(patron=school.other).outcome == "returned"
    assert Loan.objects.get(patron=school.pupil).outcome == ""


def test_without_scripts_the_same_desk_works_by_plain_forms(
    school: Desk, live_server: LiveServer, chromium: Browser, client: Client
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    enter(page, live_server, school)
    for code in ("0001", barcode(school, 0)):
        page.fill("#scan", code)
        page.press("#scan", "Enter")
        page.wait_for_load_state()
    assert "已借《西游记》给林知夏" in page.locator("#toasts").inner_text()
    page.get_by_role("button", name="撤销").first.click()
    page.wait_for_load_state()
    assert "已撤销" in page.locator("#toasts").inner_text()
    assert Loan.objects.get().outcome == "cancelled"
    context.close()
