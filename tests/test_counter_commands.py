"""Lending at the command line, and letting people in: what is printed, and the exit status."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Account, Role
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.tests.desk import ISBN, Desk, open_desk, set_limit
from shuxiang.cli import dispatch
from shuxiang.common import clock
from shuxiang.patrons.services import report_card_lost
from tests.school import BY, START

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def desk(db: None) -> Desk:
    shipped.install(Role)
    return open_desk()


def run(*words: str) -> int:
    return dispatch.run(["--lang", "en", *words])


def test_a_volume_is_lent_and_taken_back(desk: Desk, capsys: Printed) -> None:
    assert run("lend", "--library", "a", "--card", "0001", "--code", ISBN) == 0
    assert capsys.readouterr().out.startswith("Lent: “西游记” to 林知夏, due ")
    assert run("return", "--code", ISBN) == 0  # the only library need not be named
    assert capsys.readouterr().out == "Returned: “西游记” from 林知夏\n"


def test_a_loan_is_renewed(desk: Desk, capsys: Printed) -> None:
    loan = desk.lend(desk.items[0], desk.pupil, START)
    assert run("renew", "--code", ISBN, "--card", "0001") == 1
    out = capsys.readouterr().out
    assert "loan_overdue: It was due on" in out
    assert "To renew all the same: --confirm loan_overdue" in out
    assert run("renew", "--code", ISBN, "--card", "0001", "--confirm", "loan_overdue") == 0
    due = Loan.objects.get(pk=loan.pk).due_on
    assert capsys.readouterr().out == f"Renewed: “西游记” of 林知夏, due {due.isoformat()}\n"
    assert due > loan.due_on


def test_a_renewal_names_whom_it_may_be_about(desk: Desk, capsys: Printed) -> None:
    assert run("renew", "--code", ISBN) == 1
    assert "nothing_to_renew: According to the books nobody has it" in capsys.readouterr().out
    for item, patron in zip(desk.items, (desk.pupil, desk.other), strict=False):
        desk.lend(item, patron)
    assert run("renew", "--code", ISBN) == 1
    out = capsys.readouterr().out
    assert "which_reader" in out
    assert desk.pupil.name in out
    assert desk.other.name in out
    assert not Renewal.objects.exists()
    assert run("renew", "--code", ISBN, "--card", desk.teacher.cards.get().number) == 1
    assert "not_lent_to_reader" in capsys.readouterr().out


def test_a_lost_card_renews_nothing(desk: Desk, capsys: Printed) -> None:
    desk.lend(desk.items[0], desk.pupil)
    report_card_lost(card=desk.pupil.cards.get(), by=BY, at=clock.now())
    assert run("renew", "--code", ISBN, "--card", "0001") == 1
    assert "card_lost" in capsys.readouterr().out
    assert not Renewal.objects.exists()


def test_one_operation_renews_once(desk: Desk, capsys: Printed) -> None:
    desk.lend(desk.items[0], desk.pupil, clock.now() - timedelta(days=5))
    line = ("renew", "--code", ISBN, "--operation", "01890a5d-ac96-774b-bcce-b302099a8057")
    assert run(*line) == 0
    said = capsys.readouterr().out
    assert run(*line) == 0
    assert capsys.readouterr().out == said
    assert Renewal.objects.count() == 1
    assert run(*line, "--card", "0002") == 2


def test_every_reason_is_printed_and_how_to_go_on(desk: Desk, capsys: Printed) -> None:
    set_limit(desk, 0)
    assert run("lend", "--card", "0001", "--code", ISBN) == 1
    out = capsys.readouterr().out
    assert "loan_limit_reached: Already has 0; the limit is 0." in out
    assert "--confirm loan_limit_reached" in out
    assert run("lend", "--card", "0001", "--code", ISBN, "--confirm", "loan_limit_reached") == 0
    assert Loan.objects.count() == 1


def test_an_isbn_that_several_have_names_them(desk: Desk, capsys: Printed) -> None:
    for card in ("0001", "0002"):
        assert run("lend", "--card", card, "--code", ISBN) == 0
    capsys.readouterr()
    assert run("return", "--code", ISBN) == 1
    out = capsys.readouterr().out
    assert "林知夏" in out
    assert "周予安" in out
    assert run("return", "--code", ISBN, "--card", "0002") == 0


@pytest.mark.parametrize(
    "words",
    [
        ("lend", "--card", "9999", "--code", ISBN),
        ("lend", "--card", "0001", "--code", "X999"),
        ("lend", "--library", "zz", "--card", "0001", "--code", ISBN),
        ("return", "--code", "X999"),
        ("renew", "--code", "X999"),
        ("renew", "--code", ISBN, "--card", "9999"),
        ("return", "--code", ISBN, "--card", "9999"),
        ("account", "token", "nobody", "script"),
        ("account", "add", "--role", "no-such-role", "--name", "李", "li"),
    ],
)
def test_what_is_unknown_ends_in_a_sentence_and_status_2(
    words: tuple[str, ...], desk: Desk, capsys: Printed
) -> None:
    assert run(*words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert not Account.objects.exists()


def test_a_person_let_in_sets_a_password_and_lends(desk: Desk, capsys: Printed) -> None:
    assert run("account", "add", "--library", "a", "--role", "librarian", "--name", "李老师", "Li") == 0
    code = re.search(r"(\w{5}(?:-\w{5}){3})", capsys.readouterr().out)
    assert code is not None
    words = {"code": code[1], "password": "山高月小水落石出曾日月", "again": "山高月小水落石出曾日月"}
    client = Client()
    assert client.post(reverse("accounts:welcome"), words).status_code == 302
    assert client.get(reverse("desk:desk")).status_code == 200
    assert run("account", "add", "--library", "a", "--role", "librarian", "li") == 2  # the name is taken


def test_a_key_printed_once_opens_the_interface(desk: Desk, capsys: Printed) -> None:
    run("account", "add", "--role", "librarian", "li")
    capsys.readouterr()
    assert run("account", "token", "li", "self-check machine") == 0
    token = capsys.readouterr().out.split()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/loans", {"library": "a", "card": "0001"}, headers=headers).json() == []


def test_a_hold_is_placed_listed_and_given_up(desk: Desk, capsys: Printed) -> None:
    for item in desk.items:
        desk.lend(item, desk.teacher)
    assert run("hold", "--card", "0001", "--code", ISBN) == 0
    out = capsys.readouterr().out
    number = re.match(r"(\d+): “西游记”, number 1 in the queue", out)
    assert number is not None
    assert run("hold", "--card", "0001", "--code", ISBN) == 1
    assert "hold_exists" in capsys.readouterr().out
    assert run("hold", "--card", "0001") == 0
    assert "西游记" in capsys.readouterr().out
    assert run("hold", "--card", "0002", "--cancel", number[1]) == 2
    assert run("hold", "--card", "0001", "--cancel", number[1]) == 0
    assert run("hold", "--card", "0001", "--code", "X999") == 2


def test_a_hold_for_what_is_in_says_how_to_go_on(desk: Desk, capsys: Printed) -> None:
    assert run("hold", "--card", "0001", "--code", ISBN, "--json") == 1
    assert "copy_is_in" in capsys.readouterr().out
    assert run("hold", "--card", "0001", "--code", ISBN, "--confirm", "copy_is_in") == 0
