"""Forty pupils at the class desk, each with a book to give back and one to borrow, by keys alone: no pointer, no touch."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.audit import reconcile
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_out
from shuxiang.circulation.tests.desk import BY, START
from tests.class_of_forty import Forty, barcode_of, class_of_forty

POINTERS = """() => {
  window.pointed = 0;
  for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"])
    addEventListener(kind, () => { window.pointed += 1; }, { capture: true });
}"""


@pytest.fixture
def forty(transactional_db: None) -> Iterator[Forty]:
    """All forty have a book at home."""
    shipped.install(Role)
    made = class_of_forty(size=40)
    at = timezone.now() - timedelta(days=3)
    for reader in made.readers:
        check_out(library=made.library, patron=reader, item=made.items.pop(), at=at, by=BY)
    yield made


def wait(page: Page) -> None:
    """Until every act that was sent has been answered."""
    page.wait_for_function("() => !Shuxiang.acts.waiting")


def test_forty_pupils_give_back_and_borrow_by_keyboard_events_only(
    forty: Forty, live_server: LiveServer, page: Page
) -> None:
    account = create_account(username="helper", display_name="小馆员", by=BY, at=START)
    grant(
        account=account,
        role="pupil_librarian",
        library=forty.library,
        school_class=forty.school_class,
        from_on=START.date(),
        by=BY,
        at=START,
    )
    code = issue_sign_in_code(account=account, by=BY, at=timezone.now(), is_reusable=True)
    page.goto(f"{live_server.url}/desk/enter/{code}")
    page.goto(f"{live_server.url}/desk/class/{forty.school_class.pk}/")
    page.evaluate(POINTERS)
    old = {loan.patron_id: barcode_of(loan) for loan in Loan.objects.filter(in_at=None)}
    keys = page.keyboard
    for number, reader in enumerate(forty.readers, 1):
        for typed in (str(number), old[reader.pk], forty.code(number - 1)):
            keys.type(typed)
            keys.press("Enter")
        if number % 8 == 0:
            wait(page)
    wait(page)
    assert page.evaluate("window.pointed") == 0
    assert page.locator("#served b").inner_text() == "40"
    sums = page.locator("#sums").inner_text().replace("\n", " ")
    assert "借出 40" in sums
    assert "还回 40" in sums
    assert Loan.objects.filter(outcome="returned").count() == 40
    lent = {loan.patron_id: barcode_of(loan) for loan in Loan.objects.filter(in_at=None)}
    assert lent == {reader.pk: forty.code(at) for at, reader in enumerate(forty.readers)}
    assert reconcile.run(forty.library.code).differences == ()
