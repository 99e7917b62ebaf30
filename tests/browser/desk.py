"""What browser tests of the desk share: signing in, and what a scanner does."""

from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shuxiang.accounts.models import Account
from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.circulation.tests.desk import BY, START, Desk


def enter(
    page: Page, server: LiveServer, school: Desk, role: str = "librarian", *, path: str = "/desk/"
) -> Account:
    """Sign in by a link, as the demonstration does, and go to the desk."""
    username = role.replace("_", "-")
    account = Account.objects.filter(username=username).first()
    if account is None:
        account = create_account(username=username, display_name="馆员", by=BY, at=START)
        grant(account=account, role=role, library=school.library, from_on=START.date(), by=BY, at=START)
    code = issue_sign_in_code(account=account, by=BY, at=timezone.now(), is_reusable=True)
    page.goto(f"{server.url}/desk/enter/{code}")
    page.goto(f"{server.url}{path}")
    return account


def settled(page: Page) -> None:
    """Every act of the page has been answered; an error after ten seconds."""
    page.evaluate(
        "() => new Promise((go, no) => { Shuxiang.acts.whenIdle(go); setTimeout(() => no('no answer'), 10000); })"
    )


def scan(page: Page, code: str) -> None:
    """What a scanner does: the digits, then Enter, into whatever has the focus."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    settled(page)


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    settled(page)


def barcode(school: Desk, index: int) -> str:
    return str(school.items[index].identifiers.get().value)
