"""The pages of readers: found, changed, moved, cards lost and given, leaving; a class teacher sees the own class only."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.common import clock
from shuxiang.patrons.models import Patron
from shuxiang.patrons.selectors import category, class_label_on, open_card
from shuxiang.patrons.services import add_patron
from tests.doors import BACKEND
from tests.school import BY, JOINED_ON, START, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def signed_in(people: Cast, role: str) -> Client:
    client = Client()
    client.force_login(people.accounts[role], backend=BACKEND)
    return client


@pytest.fixture
def librarian(people: Cast) -> Client:
    return signed_in(people, "librarian")


def post(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.post(reverse(f"desk:{route}", args=args), sent, follow=True)


def page(client: Client, route: str, *args: object, **asked: str) -> str:
    return client.get(reverse(f"desk:{route}", args=args), asked).content.decode()


@pytest.mark.parametrize("words", ["榆树小朋友", "小朋友", "ysxpy", "yushu", "A0001", "三（1）班"])
def test_a_reader_is_found_by_name_pinyin_card_and_class(librarian: Client, words: str) -> None:
    assert "榆树小朋友" in page(librarian, "readers", q=words)
    assert "榆树小朋友" not in page(librarian, "readers", q="无此人")


def test_a_class_teacher_sees_the_own_class_and_no_more(people: Cast) -> None:
    library = people.a.library
    pupil = category(library, "pupil")
    assert pupil is not None
    other = add_patron(
        library=library, name="别班同学", category=pupil, card_number="B9", on=JOINED_ON, by=BY, at=START
    )
    teacher = signed_in(people, "class_teacher")
    listed = page(teacher, "readers")
    assert "榆树小朋友" in listed
    assert "别班同学" not in listed + page(teacher, "readers", q="别班")
    assert teacher.get(reverse("desk:reader", args=[other.pk])).status_code == 404
    assert teacher.get(reverse("desk:reader_history", args=[other.pk])).status_code == 404
    shown = page(teacher, "reader", people.a.patron.pk)
    assert reverse("desk:reader_change", args=[people.a.patron.pk]) not in shown
    assert teacher.post(reverse("desk:reader_lost", args=[people.a.patron.pk])).status_code == 403


def test_who_may_see_readers_but_not_their_history_gets_none(people: Cast) -> None:
    reference = signed_in(people, "reference")
    pk = people.a.patron.pk
    assert reverse("desk:reader_history", args=[pk]) not in page(reference, "reader", pk)
    assert reference.get(reverse("desk:reader_history", args=[pk])).status_code == 403


def test_a_lost_card_is_blocked_then_a_new_number_is_given_and_the_old_one_never_again(
    people: Cast, librarian: Client
) -> None:
    pk = people.a.patron.pk
    post(librarian, "reader_lost", pk)
    assert open_card(people.a.patron) is None
    again = post(librarian, "reader_card", pk, card="A0001")
    assert again.status_code == 422
    post(librarian, "reader_card", pk, card="260001")
    valid = open_card(people.a.patron)
    assert valid is not None
    assert valid.number == "260001"
    shown = page(librarian, "reader", pk)
    assert "A0001" in shown
    assert people.a.record.title in shown


def test_a_reader_is_added_once_changed_moved_leaves_and_comes_back(people: Cast, librarian: Client) -> None:
    sent = {"name": "江月", "card": "260009", "school_class": str(people.a.school_class.pk), "number": "7",
            "operation": "00000000-0000-0000-0000-000000000009", "on": JOINED_ON.isoformat()}  # fmt: skip
    for _twice in range(2):
        post(librarian, "reader_new", **sent)
    reader = Patron.objects.get(library=people.a.library, name="江月")
    post(
        librarian, "reader_change", reader.pk, name="江小月", loan_limit="3", category=str(reader.category_id)
    )
    reader.refresh_from_db()
    assert (reader.name, reader.loan_limit) == ("江小月", 3)
    day = clock.local_date(clock.now()) + timedelta(days=1)
    post(librarian, "reader_move", reader.pk, school_class="", on=day.isoformat())
    assert class_label_on(reader, day) == ""
    post(librarian, "reader_leave", reader.pk)
    assert "江小月" in page(librarian, "readers", left="1")
    post(librarian, "reader_back", reader.pk, school_class="")
    reader.refresh_from_db()
    assert reader.left_on is None
    assert open_card(reader) is not None


@pytest.mark.parametrize(
    ("route", "sent"),
    [
        ("reader_change", {"name": ""}),
        ("reader_change", {"name": "好", "loan_limit": "许多"}),
        ("reader_move", {"number": "-1"}),
        ("reader_move", {"on": "2020-01-01", "school_class": ""}),
        ("reader_card", {"card": "110101200001010017"}),
        ("reader_card", {"card": ""}),
    ],
)
def test_bad_input_is_answered_with_a_sentence(
    people: Cast, librarian: Client, route: str, sent: dict[str, str]
) -> None:
    answer = post(librarian, route, people.a.patron.pk, **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_what_is_out_is_renewed_from_the_page(people: Cast, librarian: Client) -> None:
    pk, loan = people.a.patron.pk, people.a.loan
    answer = post(librarian, "reader_renew", pk, loan.pk)
    assert answer.status_code == 200
    assert answer.context["messages"]
    foreign = librarian.post(reverse("desk:reader_renew", args=[pk, people.b.loan.pk]))
    assert foreign.status_code == 404
