"""Signing in, seen from the browser."""

from typing import Any
from urllib.parse import quote

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from shuxiang.accounts.models import Account, Grant
from shuxiang.accounts.services import create_account, end_grant, grant, issue_sign_in_code, set_active
from shuxiang.accounts.tests.conftest import AT, BY, PASSWORD, TODAY, MakeAccount
from shuxiang.common import clock
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import find_or_open

SIGN_IN = "/desk/sign-in"


def browser(language: str = "en") -> Client:
    """In English, so that the words are those of the source."""
    return Client(headers={"Accept-Language": language})


def sign_in(client: Client, username: str = "lin", password: str = PASSWORD, **more: Any) -> Any:
    values = {"username": username, "password": password, **more.pop("data", {})}
    return client.post(SIGN_IN, values, **more)


def to(response: Any) -> str:
    """Where a redirect leads."""
    return str(response.headers["Location"])


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_right_password_leads_to_the_desk_under_a_new_session(
    pages: Client, make_account: MakeAccount
) -> None:
    make_account()
    pages.get("/desk/")
    session = pages.session
    session["something"] = 1
    session.save()
    before = session.session_key
    response = sign_in(pages, " ＬＩＮ ")
    assert (response.status_code, to(response)) == (302, "/desk/home/")
    assert pages.session.session_key != before
    assert text(pages.get("/desk/")) == "at elm"


def test_an_account_brings_its_language(pages: Client, make_account: MakeAccount) -> None:
    account = make_account()
    Account.objects.filter(pk=account.pk).update(language="en")
    chinese = browser("zh-hans")
    assert '<html lang="zh' in text(chinese.get(SIGN_IN))
    sign_in(chinese)
    assert '<html lang="en"' in text(chinese.get("/desk/library"))


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back(
    pages: Client, make_account: MakeAccount
) -> None:
    make_account()
    response = pages.get("/desk/readers?q=1")
    assert to(response) == f"{SIGN_IN}?next={quote('/desk/readers?q=1', safe='')}"
    assert to(sign_in(pages, data={"next": "/desk/readers?q=1"})) == "/desk/readers?q=1"
    swapped = browser().get("/desk/", headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (204, SIGN_IN)


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "\\\\x"]
)
def test_nobody_is_led_to_a_foreign_address(elsewhere: str, pages: Client, make_account: MakeAccount) -> None:
    make_account()
    assert to(sign_in(pages, data={"next": elsewhere})) == "/desk/home/"


def test_every_failure_looks_and_costs_the_same(
    pages: Client, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account("lin")
    set_active(account=make_account("closed"), is_active=False, by=BY, at=AT)
    end_grant(grant=Grant.objects.get(account=make_account("past")), on=TODAY, by=BY, at=AT)
    make_account("nothing", role=None)
    create_account(username="codeless", display_name="x", by=BY, at=AT)
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    seen = {}
    for username, password in (
        ("lin", "wrong"),
        ("nobody", "wrong"),
        ("closed", PASSWORD),
        ("past", PASSWORD),
        ("nothing", PASSWORD),
        ("codeless", "wrong"),
    ):
        hashed.clear()
        page = text(sign_in(browser(), username, password)).replace(f'value="{username}"', "")
        seen[username] = (page[page.index("<form") :].split("csrfmiddlewaretoken")[0], len(hashed))
        assert "The name or the password is not right." in page
    assert set(seen.values()) == {seen["lin"]}
    assert seen["lin"][1] == 1


def test_five_wrong_tries_lock_that_name_at_that_address_and_a_restart_does_not_open_it(
    pages: Client, make_account: MakeAccount
) -> None:
    make_account()
    make_account("chen")
    answers = [sign_in(pages, password="wrong", REMOTE_ADDR="10.0.0.7").status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    fresh = browser()  # nothing is kept in a process: the tries are rows
    locked = sign_in(fresh, REMOTE_ADDR="10.0.0.7")
    assert locked.status_code == 429
    assert "quarter of an hour" in text(locked)
    assert AccessAttempt.objects.get().failures_since_start >= 5
    assert sign_in(browser(), REMOTE_ADDR="10.0.0.8").status_code == 302
    assert sign_in(browser(), "chen", REMOTE_ADDR="10.0.0.7").status_code == 302


def test_a_name_that_does_not_exist_locks_like_one_that_does(pages: Client) -> None:
    answers = [sign_in(pages, "nobody", "wrong").status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]


def test_signing_out_needs_a_post_and_ends_the_session(pages: Client, make_account: MakeAccount) -> None:
    make_account()
    sign_in(pages)
    assert pages.get("/desk/sign-out").status_code == 405
    assert to(pages.post("/desk/sign-out")) == SIGN_IN
    assert pages.get("/desk/").status_code == 302


def test_forms_without_their_token_are_refused(pages: Client, make_account: MakeAccount) -> None:
    make_account()
    strict = Client(enforce_csrf_checks=True)
    for address in (SIGN_IN, "/desk/sign-out", "/desk/welcome"):
        assert strict.post(address, {"username": "lin", "password": PASSWORD}).status_code == 403


def test_a_closed_account_is_out_at_its_next_click(pages: Client, make_account: MakeAccount) -> None:
    account = make_account()
    sign_in(pages)
    set_active(account=account, is_active=False, by=BY, at=AT)
    assert to(pages.get("/desk/")).startswith(SIGN_IN)


def test_an_ended_grant_is_out_at_its_next_click(pages: Client, make_account: MakeAccount) -> None:
    account = make_account()
    sign_in(pages)
    end_grant(grant=Grant.objects.get(account=account), on=TODAY, by=BY, at=AT)
    assert pages.get("/desk/").status_code == 403


def test_a_role_without_the_permission_is_refused_and_a_class_teacher_sees_the_class(
    pages: Client, elm: Library, make_account: MakeAccount
) -> None:
    school_class = find_or_open(library=elm, label="三甲", school_year="2026-2027", by=BY, at=AT)
    make_account("wang", "class_teacher", school_class=school_class)
    sign_in(pages, "wang")
    assert pages.get("/desk/").status_code == 403
    assert text(pages.get("/desk/readers")) == "all=False classes=1"


def test_the_first_page_takes_the_code_and_sets_the_password(pages: Client, elm: Library) -> None:
    owner = create_account(username="owner", display_name="馆长", by=BY, at=AT)
    grant(account=owner, role="owner", library=None, from_on=TODAY, by=BY, at=AT)
    code = issue_sign_in_code(account=owner, by=BY, at=clock.now())
    assert code in text(pages.get(f"/desk/welcome?code={code}"))
    weak = pages.post("/desk/welcome", {"code": code, "password": "123", "again": "123"})
    differ = pages.post("/desk/welcome", {"code": code, "password": PASSWORD, "again": "x"})
    wrong = pages.post("/desk/welcome", {"code": "K" * 20, "password": PASSWORD, "again": PASSWORD})
    assert [weak.status_code, differ.status_code, wrong.status_code] == [422] * 3
    assert (
        to(pages.post("/desk/welcome", {"code": code, "password": PASSWORD, "again": PASSWORD}))
        == "/desk/home/"
    )
    assert text(pages.get("/desk/")) == "at elm"
    again = browser().post("/desk/welcome", {"code": code, "password": PASSWORD, "again": PASSWORD})
    assert again.status_code == 422


def test_only_demonstration_links_sign_in_by_themselves(pages: Client, make_account: MakeAccount) -> None:
    account = make_account()
    link = issue_sign_in_code(account=account, is_reusable=True, by=BY, at=clock.now())
    for _ in range(2):
        visitor = browser()
        assert to(visitor.get(f"/desk/enter/{link}")) == "/desk/home/"
        assert text(visitor.get("/desk/")) == "at elm"
    once = issue_sign_in_code(account=account, by=BY, at=clock.now())
    assert browser().get(f"/desk/enter/{once}").status_code == 404
    assert browser().get("/desk/enter/nothing").status_code == 404


def test_changing_the_password_ends_the_other_sessions(pages: Client, make_account: MakeAccount) -> None:
    make_account()
    elsewhere = browser()
    sign_in(pages)
    sign_in(elsewhere)
    new = "xin-mima-2026"
    wrong = pages.post("/desk/password", {"present": "wrong", "password": new, "again": new})
    weak = pages.post("/desk/password", {"present": PASSWORD, "password": "lin", "again": "lin"})
    assert [wrong.status_code, weak.status_code] == [422, 422]
    assert (
        to(pages.post("/desk/password", {"present": PASSWORD, "password": new, "again": new}))
        == "/desk/home/"
    )
    assert text(pages.get("/desk/")) == "at elm"
    assert to(elsewhere.get("/desk/")).startswith(SIGN_IN)
    assert sign_in(browser(), password=new).status_code == 302


def test_who_works_in_two_libraries_chooses_one_and_may_switch(
    pages: Client, oak: Library, make_account: MakeAccount
) -> None:
    account = make_account()
    grant(account=account, role="librarian", library=oak, from_on=TODAY, by=BY, at=AT)
    sign_in(pages)
    assert to(pages.get("/desk/")) == "/desk/library?next=%2Fdesk%2F"
    assert all(name in text(pages.get("/desk/library")) for name in ("榆树小学", "橡树小学"))
    pages.post("/desk/library", {"library": "oak"})
    assert text(pages.get("/desk/")) == "at oak"
    assert pages.post("/desk/library", {"library": "elsewhere"}).status_code == 404
    Grant.objects.filter(library=oak).delete()
    assert text(pages.get("/desk/")) == "at elm"


def test_somebody_without_any_library_is_told_so(pages: Client, make_account: MakeAccount) -> None:
    account: Account = make_account()
    sign_in(pages)
    Grant.objects.filter(account=account).delete()
    assert pages.get("/desk/").status_code == 403
    assert "holds no role" in text(pages.get("/desk/library"))


def test_a_public_address_names_its_library_or_is_not_there(pages: Client, oak: Library) -> None:
    assert text(pages.get("/l/oak/")) == "oak: 橡树小学"
    assert pages.get("/l/gingko/").status_code == 404
