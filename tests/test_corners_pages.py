"""The pages of the reading room, boxes, rounds, corners, paper registers and drifting books, as plain forms."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.models import InRoomUse, Loan
from shuxiang.circulation.services import check_in_loan
from shuxiang.common import clock
from shuxiang.corners.besides import DriftBook, DriftComment, OwnBook
from shuxiang.corners.models import Box, CornerCheck, CornerMove, PaperSheet
from shuxiang.corners.services.places import open_corner
from shuxiang.holdings.models import Item
from shuxiang.libraries.services import find_or_open
from shuxiang.patrons.models import ClassMembership
from shuxiang.patrons.services import add_patron, default_categories
from tests.doors import BACKEND, add_book
from tests.school import BY, SCHOOL_YEAR, START, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def books(people: Cast) -> list[Item]:
    return add_book(people.a.library, "图书角样书", copies=4, barcode="K", clc="I28")


@pytest.fixture
def librarian(people: Cast) -> Client:
    client = Client()
    client.force_login(people.accounts["librarian"], backend=BACKEND)
    return client


def get(client: Client, route: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(f"desk:{route}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.post(reverse(f"desk:{route}", args=args), sent, follow=True)


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def account(item: Item) -> str:
    return Item.objects.get(pk=item.pk).account


def test_the_reading_room_counts_and_lists_what_is_not_back(
    librarian: Client, people: Cast, books: list[Item]
) -> None:
    assert "图书角样书" in told(post(librarian, "in_room_scan", scan="K1"))
    assert InRoomUse.objects.filter(item=books[0]).count() == 1
    assert "K9" in told(post(librarian, "in_room_scan", scan="K9"))
    post(librarian, "in_room_undo", use=InRoomUse.objects.get().pk)
    assert not InRoomUse.objects.exists()
    check_in_loan(loan=people.a.loan, at=clock.now(), by=BY)  # it was overdue
    card = people.a.patron.cards.get().number
    librarian.post(reverse("desk:scan"), {"scan": card})
    librarian.post(reverse("desk:scan"), {"scan": "K2", "in_room": "1"})
    assert Loan.objects.get(item=books[1]).kind == "in-room"
    page = get(librarian, "in_room_list")
    assert "图书角样书" in page
    assert people.a.patron.name in page


def test_a_loan_is_entered_afterwards_and_undone(librarian: Client, people: Cast, books: list[Item]) -> None:
    on = clock.local_date(clock.now()) - timedelta(days=3)
    name = people.a.patron.name
    sent = {"on": on.isoformat(), "scan": "K1", "reader": name, "act": "lend"}
    refused = post(librarian, "back_dated_enter", **sent, reason=" ")
    assert not Loan.objects.filter(item=books[0]).exists()
    assert name in refused.content.decode()  # what was typed is still there
    asked = told(
        post(librarian, "back_dated_enter", **sent, reason="停电")
    )  # something of this reader's is overdue
    assert asked
    assert not Loan.objects.filter(item=books[0]).exists()
    done = post(librarian, "back_dated_enter", **sent, reason="停电", anyway="on")
    loan = Loan.objects.get(item=books[0])
    assert (loan.out_on, loan.patron) == (on, people.a.patron)
    post(librarian, "back_dated_undo", operation=str(done.context["act"]))
    loan.refresh_from_db()
    assert loan.outcome == "cancelled"


def test_a_reader_whom_nobody_or_several_are_called_is_refused_in_words(
    librarian: Client, books: list[Item]
) -> None:
    on = clock.local_date(clock.now()).isoformat()
    said = told(
        post(librarian, "back_dated_enter", on=on, scan="K1", reader="没有这人", reason="停电", act="lend")
    )
    assert "没有这人" in said
    said = told(
        post(librarian, "back_dated_enter", on="昨天", scan="K1", reader="x", reason="停电", act="lend")
    )
    assert "昨天" in said


@pytest.mark.parametrize(("on", "said"), [("", "请填写"), ("0001-01-01", "0001-01-01")])
def test_a_day_that_was_forgotten_or_is_of_another_age_is_refused(
    librarian: Client, people: Cast, books: list[Item], on: str, said: str
) -> None:
    reader = people.a.patron.cards.get().number
    refused = post(librarian, "back_dated_enter", on=on, scan="K1", reader=reader, reason="停电", act="lend")
    assert said in told(refused)
    assert not Loan.objects.filter(item=books[0]).exists()


def test_a_box_from_plan_to_pile(librarian: Client, people: Cast, books: list[Item]) -> None:
    reader = people.a.cornered.box.patron
    page = post(librarian, "box_begin", reader=reader.pk, note="第一学期")
    box = Box.objects.get(note="第一学期")
    assert page.context["box"] == box
    post(librarian, "box_add", box.pk, scan="K1 K2\nK3")
    said = told(post(librarian, "box_add", box.pk, scan="K4 不是书"))
    assert "不是书" in said
    assert box.lines.count() == 4
    post(librarian, "box_change", box.pk, act="drop", line=box.lines.get(item=books[3]).pk)
    assert "3" in told(post(librarian, "box_change", box.pk, act="issue"))
    assert {account(item) for item in books[:3]} == {"loan"}
    assert "图书角样书" in get(librarian, "box_slip", box.pk)
    post(librarian, "box_return", box.pk, scan="K1")
    assert account(books[0]) == "shelf"
    assert str(box.number) in told(post(librarian, "box_return", box.pk, scan="K4"))
    assert account(books[3]) == "shelf"
    post(librarian, "box_change", box.pk, act="cancel")
    assert {account(item) for item in books} == {"shelf"}


def test_a_box_is_passed_on_to_another_group(librarian: Client, people: Cast, books: list[Item]) -> None:
    library = people.a.library
    other = add_patron(
        library=library, name="数学组", category=default_categories(library)["group"], card_number="GG2",
        on=START.date(), by=BY, at=START,
    )  # fmt: skip
    post(librarian, "box_begin", reader=people.a.cornered.box.patron.pk, note="轮换")
    box = Box.objects.get(note="轮换")
    post(librarian, "box_add", box.pk, scan="K1 K2")
    post(librarian, "box_change", box.pk, act="issue")
    page = post(librarian, "box_change", box.pk, act="pass", reader=other.pk)
    passed = page.context["box"]
    assert passed.came_from_id == box.pk
    post(librarian, "box_change", passed.pk, act="issue")
    assert {loan.patron for loan in Loan.objects.filter(item__in=books, in_at=None)} == {other}


def test_a_round_is_planned_ticked_and_printed(librarian: Client, people: Cast, books: list[Item]) -> None:
    page = post(librarian, "box_round_plan", name="周三送书", on="2026-10-21")
    tour = page.context["tour"]
    post(librarian, "box_round_change", tour.pk, act="stop", reader=people.a.cornered.box.patron.pk)
    box = tour.boxes.get()
    post(librarian, "box_add", box.pk, scan="K1")
    post(librarian, "box_change", box.pk, act="issue")
    post(librarian, "box_round_change", tour.pk, act="tick", box=box.number, delivered="on")
    box.refresh_from_db()
    assert (box.is_delivered, box.is_collected) == (True, False)
    assert "图书角样书" in get(librarian, "box_round_slips", tour.pk)
    post(librarian, "box_round_change", tour.pk, act="remove")
    assert type(tour)._default_manager.filter(pk=tour.pk).exists()
    empty = post(librarian, "box_round_plan", name="空的", on="").context["tour"]
    post(librarian, "box_round_change", empty.pk, act="remove")
    assert not type(tour)._default_manager.filter(pk=empty.pk).exists()


def filled(librarian: Client, people: Cast, codes: str) -> int:
    """The corner of the class with these volumes in it."""
    place = people.a.cornered.corner
    page = post(librarian, "corner_change", place.pk, act="fill", scan=codes)
    post(librarian, "corner_carry", page.context["move"].pk, act="do")
    return place.pk


def test_a_corner_is_filled_lends_takes_back_and_is_emptied(
    librarian: Client, people: Cast, books: list[Item]
) -> None:
    pk = filled(librarian, people, "K1 K2")
    assert [account(item) for item in books] == ["corner", "corner", "shelf", "shelf"]
    pupil = people.a.patron
    page = post(librarian, "corner_scan", pk, scan=pupil.name)
    assert page.context["reader"] == pupil
    page = post(librarian, "corner_scan", pk, scan="K1", reader=pupil.pk)
    assert Loan.objects.get(item=books[0]).kind == "corner"
    page = post(librarian, "corner_scan", pk, scan="K2", reader=pupil.pk)
    assert page.context["confirm"] == "loan_limit_reached"
    post(librarian, "corner_scan", pk, scan="K2", reader=pupil.pk, confirm="loan_limit_reached")
    assert account(books[1]) == "loan"
    assert post(librarian, "corner_scan", pk, scan="K3", reader=pupil.pk).context["kind"] == "refuse"
    for code in ("K1", "K2"):
        post(librarian, "corner_scan", pk, scan=code)
    page = post(librarian, "corner_change", pk, act="home")
    post(librarian, "corner_carry", page.context["move"].pk, act="do")
    assert {account(item) for item in books} == {"shelf"}
    post(librarian, "corner_carry", page.context["move"].pk, act="undo")
    assert account(books[0]) == "corner"


def test_a_corner_is_opened_once_and_its_terms_are_set(librarian: Client, people: Cast) -> None:
    pk = people.a.cornered.corner.pk
    assert post(librarian, "corner_open", school_class=people.a.school_class.pk).redirect_chain
    post(librarian, "corner_change", pk, act="terms", limit="2", days="14")
    assert get(librarian, "corner", pk)
    assert "x" in told(post(librarian, "corner_change", pk, act="terms", limit="x", days="14"))


def test_two_corners_exchange_and_take_it_back(librarian: Client, people: Cast, books: list[Item]) -> None:
    library = people.a.library
    fourth = find_or_open(library=library, label="四（2）班", school_year=SCHOOL_YEAR, by=BY, at=START)
    other = post(librarian, "corner_open", school_class=fourth.pk).context["place"]
    pk = filled(librarian, people, "K1")
    page = post(librarian, "corner_change", pk, act="exchange", other=other.pk)
    assert CornerMove.objects.filter(kind="exchange").count() == 1
    post(librarian, "corner_carry", page.context["move"].pk, act="do")
    assert Item.objects.get(pk=books[0].pk).current_id == other.pk
    post(librarian, "corner_carry", page.context["move"].pk, act="undo")
    assert Item.objects.get(pk=books[0].pk).current_id == pk


def test_a_check_is_scanned_closed_settled_and_undone(
    librarian: Client, people: Cast, books: list[Item]
) -> None:
    pk = filled(librarian, people, "K1 K2")
    post(librarian, "corner_check_begin", pk)
    check = CornerCheck.objects.get(location_id=pk, closed_at=None)
    post(librarian, "corner_check_scan", check.pk, scan="K1 K3")
    assert "K8" in told(post(librarian, "corner_check_scan", check.pk, scan="K8"))
    page = get(librarian, "corner_check", check.pk)
    assert "自带书" in page
    post(librarian, "corner_check_change", check.pk, act="unscan", scan=check.scans.get(code="K3").pk)
    post(librarian, "corner_check_change", check.pk, act="close")
    assert "图书角样书" in get(librarian, "corner_check_report", check.pk)
    post(librarian, "corner_check_change", check.pk, act="settle")
    assert account(books[1]) == "missing"
    post(librarian, "corner_check_change", check.pk, act="undo")
    assert account(books[1]) == "corner"
    post(librarian, "corner_check_change", check.pk, act="reopen")
    check.refresh_from_db()
    assert check.closed_at is None


def test_a_pupils_own_book_comes_and_goes(librarian: Client, people: Cast) -> None:
    pk = people.a.cornered.corner.pk
    post(librarian, "corner_own", pk, owner=people.a.patron.pk, title="昆虫记", author="法布尔")
    book = OwnBook.objects.get(title="昆虫记")
    assert book.code in get(librarian, "corner", pk)
    assert told(post(librarian, "corner_own", pk, owner="", title="昆虫记"))
    post(librarian, "corner_own_end", pk, book=[book.pk], ended="home")
    book.refresh_from_db()
    assert book.ended == "home"


def test_a_paper_sheet_is_typed_tried_entered_and_undone(
    librarian: Client, people: Cast, books: list[Item]
) -> None:
    ClassMembership.objects.filter(patron=people.a.patron).update(number=7)
    page = post(librarian, "paper_begin", school_class=people.a.school_class.pk, reason="纸质登记")
    sheet = page.context["sheet"]
    day = clock.local_date(clock.now()) - timedelta(days=5)
    typed = {
        "on": [day.isoformat(), "", "2.30"],
        "reader": ["7", "7", "7"],
        "book": ["K1", "K2", "K3"],
        "back": [(day + timedelta(days=1)).isoformat(), "", ""],
    }
    page = post(librarian, "paper_change", sheet.pk, act="try", **typed)
    assert (page.context["good"], page.context["bad"]) == (2, 1)
    assert "2.30" in page.content.decode()
    assert not Loan.objects.filter(item__in=books).exists()
    said = told(post(librarian, "paper_change", sheet.pk, act="enter", **typed))
    assert "3" in said
    assert Loan.objects.filter(item__in=books, out_on=day).count() == 2
    rest = post(librarian, "paper_change", sheet.pk, act="rest").context["sheet"]
    assert rest.rows.get().book_text == "K3"
    post(librarian, "paper_change", sheet.pk, act="undo")
    assert PaperSheet.objects.get(pk=sheet.pk).state == "undone"
    assert {account(item) for item in books} == {"shelf"}


def test_the_register_is_printed_empty_and_filled(librarian: Client, people: Cast, books: list[Item]) -> None:
    pk = people.a.school_class.pk
    assert people.a.patron.name not in get(librarian, "paper_print", pk)
    assert people.a.patron.name in get(librarian, "paper_print", pk, query="?filled=1")


def test_a_drifting_book_from_its_card_to_its_end(librarian: Client, people: Cast) -> None:
    library, pupil = people.a.library, people.a.patron
    post(librarian, "drift_release", title="窗边的小豆豆", giver="赵老师", words="很好看", on="")
    book = DriftBook.objects.get(title="窗边的小豆豆")
    assert book.code in get(librarian, "drift_card", book.pk)
    post(librarian, "drift_change", book.pk, act="hop", who=pupil.name)
    assert book.hops.get().patron == pupil
    post(librarian, "drift_change", book.pk, act="hop", who="李师傅", place="传达室")
    post(librarian, "drift_change", book.pk, act="comment", text="读了三遍", signed=pupil.name)
    public = reverse("opac:drift", args=[library.code, book.number])
    seen = Client().get(public).content.decode()
    assert "读了三遍" not in seen
    comment = DriftComment.objects.get(text="读了三遍")
    post(librarian, "drift_change", book.pk, act="judge", comment=comment.pk, state="shown")
    seen = Client().get(public).content.decode()
    assert "读了三遍" in seen
    for name in (pupil.name, "李师傅", "赵老师"):
        assert name not in seen
    post(librarian, "drift_change", book.pk, act="unhop", hop=book.hops.get(place="传达室").pk)
    post(librarian, "drift_change", book.pk, act="end", ended="lost")
    assert told(post(librarian, "drift_change", book.pk, act="hop", who=pupil.name))
    post(librarian, "drift_change", book.pk, act="find")
    book.refresh_from_db()
    assert (book.ended, book.hops.count()) == ("", 1)
    assert Client().get(reverse("opac:drift", args=[library.code, 999])).status_code == 404


def test_a_helper_of_one_class_serves_its_corner_only(people: Cast) -> None:
    library = people.a.library
    fourth = find_or_open(library=library, label="四（2）班", school_year=SCHOOL_YEAR, by=BY, at=START)
    other = open_corner(library=library, school_class=fourth, by=BY, at=START)
    helper = create_account(username="helper", display_name="小帮手", by=BY, at=START)
    grant(
        account=helper, role="pupil_librarian", library=library, school_class=people.a.school_class,
        from_on=START.date(), by=BY, at=START,
    )  # fmt: skip
    client = Client()
    client.force_login(helper, backend=BACKEND)
    own, strange = people.a.cornered.corner.pk, other.pk
    assert client.get(reverse("desk:corner", args=[own])).status_code == 200
    assert client.get(reverse("desk:corner", args=[strange])).status_code == 403
    listed = client.get(reverse("desk:corners")).content.decode()
    assert reverse("desk:corner", args=[strange]) not in listed
