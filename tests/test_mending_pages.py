"""The pages of mending, binding, missing and found, as plain forms."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.holdings.models import Item
from shuxiang.mending.models import Round, Task
from tests.doors import BACKEND, add_book
from tests.school import Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def books(people: Cast) -> list[Item]:
    return add_book(people.a.library, "修补手册", copies=3, barcode="M", clc="TS88")


@pytest.fixture
def librarian(people: Cast) -> Client:
    client = Client()
    client.force_login(people.accounts["librarian"], backend=BACKEND)
    return client


def post(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.post(reverse(f"desk:{route}", args=args), sent, follow=True)


def account(item: Item) -> str:
    return Item.objects.get(pk=item.pk).account


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_scan_take_in_finish_and_undo(librarian: Client, books: list[Item]) -> None:
    page = post(librarian, "mending_scan", scan="M1")
    assert page.context["item"] == books[0]
    post(librarian, "mending_take_in", books[0].pk, kind="spine", note="书脊开裂")
    assert account(books[0]) == "mending"
    assert "书脊开裂" in librarian.get(reverse("desk:mending")).content.decode()
    task = Task.objects.get(item=books[0])
    post(librarian, "mending_finish", task.pk, outcome="mended", helper="五（2）班", cost="3.50")
    task.refresh_from_db()
    assert (task.outcome, task.cost_fen, account(books[0])) == ("mended", 350, "shelf")
    assert "五（2）班" in librarian.get(reverse("desk:mending_log")).content.decode()
    post(librarian, "mending_undo", task.pk)
    assert account(books[0]) == "mending"
    post(librarian, "mending_undo", task.pk)
    assert account(books[0]) == "shelf"


@pytest.mark.parametrize("cost", ["viel", "1.234"])
def test_a_cost_that_is_no_sum_is_said(librarian: Client, books: list[Item], cost: str) -> None:
    answer = post(librarian, "mending_mend", books[0].pk, kind="pages", cost=cost)
    assert cost in told(answer)
    assert not Task.objects.filter(item=books[0]).exists()


def test_an_afternoon_is_filled_by_scanning(librarian: Client, books: list[Item], people: Cast) -> None:
    post(
        librarian,
        "mending_afternoon",
        name="三年级修补日",
        helpers="8",
        school_class=people.a.school_class.pk,
    )
    made = Round.objects.latest("pk")
    page = post(librarian, "mending_round_scan", made.pk, scan="M2", kind="cover", helper="第一组")
    assert (page.context["kind"], page.context["helper"]) == ("cover", "第一组")
    assert Task.objects.get(item=books[1]).round == made
    unknown = post(librarian, "mending_round_scan", made.pk, scan="nichts", kind="cover")
    assert "nichts" in told(unknown)
    assert post(librarian, "mending_afternoon", name="x", helpers="viele").status_code == 422


def test_a_consignment_goes_out_and_comes_home(librarian: Client, books: list[Item]) -> None:
    post(librarian, "mending_consignment", name="新华装订厂", due_on="2020-01-02", on="2020-01-01")
    sent = Round.objects.latest("pk")
    for code in ("M1", "M2", "M2"):
        answer = post(librarian, "mending_round_scan", sent.pk, scan=code)
    assert told(answer)
    assert [account(book) for book in books] == ["binding", "binding", "shelf"]
    page = librarian.get(reverse("desk:mending"))
    assert len(page.context["overdue"]) == 2
    keys = [task.pk for task in Task.objects.filter(round=sent)]
    post(librarian, "mending_home", sent.pk, task=keys, bill="25")
    assert [task.cost_fen for task in Task.objects.filter(round=sent)] == [1250, 1250]
    assert [account(book) for book in books] == ["shelf"] * 3
    refused = post(librarian, "mending_consignment", name="厂", on="2020-05-01", due_on="2020-01-01")
    assert refused.status_code == 422


def test_missing_found_and_undone(librarian: Client, books: list[Item]) -> None:
    post(librarian, "missing_scan", scan="M3", act="missing")
    assert account(books[2]) == "missing"
    page = librarian.get(reverse("desk:missing"))
    assert [gone.item for gone, _cause in page.context["rows"]] == [books[2]]
    again = post(librarian, "missing_scan", scan="M3", act="missing")
    assert told(again)
    post(librarian, "missing_scan", scan="M3", act="found")
    assert account(books[2]) == "shelf"
    act = librarian.get(reverse("desk:missing")).context["lately"][0]
    assert act.is_found
    post(librarian, "missing_undo", act=act.act)
    assert account(books[2]) == "missing"
    assert told(post(librarian, "missing_undo", act="x"))


def test_of_another_school_nothing_is_there(librarian: Client, people: Cast) -> None:
    for route, key in (
        ("mending_volume", people.b.item.pk),
        ("mending_round", people.b.counted.afternoon.pk),
    ):
        assert librarian.get(reverse(f"desk:{route}", args=[key])).status_code == 404
    assert post(librarian, "mending_undo", people.b.counted.task.pk).status_code == 404
