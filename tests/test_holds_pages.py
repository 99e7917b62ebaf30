"""Holds, recalls, lending rules, holidays and blocks, as plain forms."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.circulation.holdmodels import Hold, Recall, Vacation
from shuxiang.circulation.models import Loan, LoanPolicy
from shuxiang.circulation.services import check_in, check_out
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item, PropertyLine
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Block, Patron
from shuxiang.patrons.services import add_patron
from tests.doors import BACKEND, add_book
from tests.school import CANARY, Cast, School, cast

pytestmark = pytest.mark.django_db
BY = Actor("tests", "system")


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def school(people: Cast) -> School:
    return people.a


@pytest.fixture
def librarian(people: Cast) -> Client:
    client = Client()
    client.force_login(people.accounts["librarian"], backend=BACKEND)
    return client


@pytest.fixture
def pupil_librarian(people: Cast) -> Client:
    client = Client()
    client.force_login(people.accounts["pupil_librarian"], backend=BACKEND)
    return client


@pytest.fixture
def book(school: School) -> Item:
    """A title with one copy, lent to the pupil."""
    item = add_book(school.library, "候鸟笔记", copies=1, barcode="W", clc="Q959")[0]
    asked = frozenset({"has_overdue"})
    check_out(library=school.library, patron=school.patron, item=item, at=clock.now(), by=BY, confirmed=asked)
    return item


@pytest.fixture
def friend(school: School) -> Patron:
    return add_patron(
        library=school.library,
        name="阿依努尔·买买提",
        category=school.patron.category,
        card_number="A0099",
        on=date(2026, 9, 1),
        by=BY,
        at=clock.now(),
    )


def post(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.post(reverse(f"desk:{route}", args=args), sent, follow=True)


def get(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.get(reverse(f"desk:{route}", args=args), sent)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_hold_is_placed_seen_kept_and_ended(librarian: Client, book: Item, friend: Patron) -> None:
    page = get(librarian, "holds_place", reader="A0099", title="W1")
    assert (page.context["patron"], page.context["record"]) == (friend, book.holding.record)
    record = book.holding.record_id
    post(librarian, "holds_place_do", patron=friend.pk, record=record)
    hold = Hold.objects.get(patron=friend)
    assert friend.name in text(get(librarian, "holds_title", record))
    librarian.post(reverse("desk:scan"), {"scan": "W1", "patron": ""})
    hold.refresh_from_db()
    assert hold.state == "ready"
    desk = text(librarian.get(reverse("desk:desk")))
    assert "预约架" in desk and friend.name in desk
    assert friend.name in text(get(librarian, "holds"))
    post(librarian, "hold_cancel", hold.pk)
    hold.refresh_from_db()
    assert (hold.state, hold.needs_shelving) == ("cancelled", True)
    post(librarian, "hold_put_back", hold.pk)
    hold.refresh_from_db()
    assert not hold.needs_shelving
    assert "候鸟笔记" in text(get(librarian, "holds_ended"))


def test_the_desk_offers_to_wait_when_no_copy_is_in(librarian: Client, book: Item, friend: Patron) -> None:
    librarian.post(reverse("desk:scan"), {"scan": "A0099"})
    librarian.post(reverse("desk:lend_title", args=[book.holding.record_id]), {"patron": friend.pk})
    page = text(librarian.get(reverse("desk:desk")))
    assert f"patron={friend.pk}&amp;record={book.holding.record_id}" in page


def test_what_stands_in_the_way_of_a_hold_is_said_before_the_button(
    librarian: Client, pupil_librarian: Client, school: School, book: Item, friend: Patron
) -> None:
    spare = add_book(school.library, "在架的书", copies=1, barcode="S", clc="I287")[0]
    asked = {"patron": friend.pk, "record": spare.holding.record_id}
    assert get(librarian, "holds_place", **asked).context["confirm"] == "copy_is_in"
    assert get(pupil_librarian, "holds_place", **asked).context["may_confirm"] is False
    post(pupil_librarian, "holds_place_do", **asked, confirm="copy_is_in")
    assert not Hold.objects.exists()
    has_it = get(librarian, "holds_place", patron=school.patron.pk, record=book.holding.record_id)
    assert has_it.context["is_refused"]
    refused = post(librarian, "holds_place_do", patron=school.patron.pk, record=book.holding.record_id)
    assert "已" in told(refused) and not Hold.objects.exists()
    post(librarian, "holds_place_do", **asked, confirm="copy_is_in")
    page = get(librarian, "holds")
    assert [row.item for row in page.context["fetch"]] == [spare]
    hold = Hold.objects.get()
    post(librarian, "hold_fetch", hold.pk)
    hold.refresh_from_db()
    assert hold.ready_item == spare


def test_the_order_changes_with_a_reason_only_and_not_by_a_helper(
    librarian: Client, pupil_librarian: Client, school: School, book: Item, friend: Patron
) -> None:
    other = add_patron(
        library=school.library,
        name="周予安",
        category=school.patron.category,
        card_number="A0098",
        on=date(2026, 9, 1),
        by=BY,
        at=clock.now(),
    )
    for reader in (friend, other):
        post(librarian, "holds_place_do", patron=reader.pk, record=book.holding.record_id)
    first, second = Hold.objects.order_by("queued_at")
    assert pupil_librarian.post(reverse("desk:hold_move", args=[second.pk])).status_code == 403
    post(librarian, "hold_move", second.pk, before=first.pk, reason="")
    assert Hold.objects.order_by("queued_at").first() == first
    page = post(librarian, "hold_move", second.pk, before=first.pk, reason="明天比赛")
    assert Hold.objects.order_by("queued_at").first() == second
    assert "明天比赛" in text(page)


def test_what_nobody_fetched_is_passed_on_by_hand_too(librarian: Client, book: Item, friend: Patron) -> None:
    post(librarian, "holds_place_do", patron=friend.pk, record=book.holding.record_id)
    check_in(library=friend.library, item=book, at=clock.now(), by=BY)
    yesterday = clock.local_date(clock.now()) - timedelta(days=1)
    Hold.objects.update(ready_until=yesterday)
    assert [row.hold.patron for row in get(librarian, "holds").context["over"]] == [friend]
    post(librarian, "holds_tidy")
    assert Hold.objects.get().state == "expired"
    assert [row.hold.patron for row in get(librarian, "holds").context["back"]] == [friend]


def test_a_pile_says_what_goes_to_the_pickup_shelf(librarian: Client, book: Item, friend: Patron) -> None:
    post(librarian, "holds_place_do", patron=friend.pk, record=book.holding.record_id)
    post(librarian, "returns_scan", scan="W1")
    page = text(librarian.get(reverse("desk:returns")))
    assert friend.name in page and "预约架" in page


def test_all_is_called_in_with_slips_and_taken_back(librarian: Client, school: School, book: Item) -> None:
    loan = Loan.objects.get(item=book)
    due = clock.local_date(clock.now()) + timedelta(days=1)
    asked = {"scope": "class", "school_class": "", "due_on": due.isoformat(), "reason": "放寒假"}
    page = get(librarian, "recall_preview", **asked)
    assert loan in page.context["seen"].loans
    post(librarian, "recall_do", **{**asked, "scope": "all"})
    made = Recall.objects.get()
    loan.refresh_from_db()
    assert loan.due_on == due
    slips = text(get(librarian, "recall_slips", made.pk))
    assert "候鸟笔记" in slips and "放寒假" in slips
    librarian.post(reverse("desk:scan"), {"scan": "A0001"})
    post(librarian, "recall_reverse", made.pk)
    made.refresh_from_db()
    loan.refresh_from_db()
    assert made.reversed_at is not None and loan.due_on > due
    assert "已" in told(post(librarian, "recall_reverse", made.pk))


@pytest.mark.parametrize(
    "asked",
    [
        {"scope": "all", "due_on": "morgen", "reason": "放假"},
        {"scope": "title", "title": "没有这本", "due_on": "2027-01-01", "reason": "放假"},
        {"scope": "class", "school_class": "99999", "due_on": "2027-01-01", "reason": "放假"},
        {"scope": "loan", "loan": "99999", "due_on": "2027-01-01", "reason": "放假"},
        {"due_on": "2027-01-01"},
    ],
)
def test_a_recall_of_nothing_is_said(librarian: Client, asked: dict[str, str]) -> None:
    page = librarian.get(reverse("desk:recall_preview"), asked, follow=True)
    assert told(page)
    assert not Recall.objects.exists()


def test_a_title_is_called_in_by_its_barcode(librarian: Client, book: Item) -> None:
    due = clock.local_date(clock.now()) + timedelta(days=2)
    asked = {"scope": "title", "title": "W1", "due_on": due.isoformat(), "reason": "有人预约"}
    assert len(get(librarian, "recall_preview", **asked).context["seen"].loans) == 1


def test_the_rules_are_words_and_each_row_can_be_changed(librarian: Client, school: School) -> None:
    category = school.patron.category
    page = get(librarian, "policies")
    assert "2 册" in text(page) and category.name in text(page)
    sent = {"category": category.pk, "place": "", "loan_limit": "3", "loan_days": "7", "in_room_only": ""}
    post(librarian, "policy_row", **sent)
    row = LoanPolicy.objects.get(category=category, location=None)
    assert (row.loan_limit, row.loan_days, row.renewals) == (3, 7, None)
    bad = librarian.post(reverse("desk:policy_row"), {**sent, "loan_days": "0"})
    assert bad.status_code == 422
    place = school.item.home
    post(librarian, "policy_row", category=category.pk, place=place.pk, loan_days="2")
    assert LoanPolicy.objects.filter(category=category, location=place).exists()
    post(librarian, "policy_remove", category=category.pk, place=place.pk)
    assert not LoanPolicy.objects.filter(category=category, location=place).exists()
    assert librarian.get(reverse("desk:policy_row"), {"category": 99999}).status_code == 404


def test_trying_out_says_which_row_decides_and_lends_nothing(
    librarian: Client, school: School, book: Item, friend: Patron
) -> None:
    spare = add_book(school.library, "试一试", copies=1, barcode="T", clc="I287")[0]
    page = get(librarian, "policy_try", reader="A0099", code="T1")
    answers = {question: (answer, who) for question, answer, who in page.context["lines"]}
    assert answers["可借册数"] == ("2", school.patron.category.name)
    assert not Loan.objects.filter(item=spare).exists()
    assert "Q0" in text(get(librarian, "policy_try", reader="没有此人", code="Q0"))
    line = PropertyLine.objects.get(item=spare)
    numbered = get(librarian, "policy_try", reader="A0099", code=f"{line.series}{line.number}")
    assert numbered.context["found"].item == spare
    for age in ("0001-01-01", "9999-12-31"):
        assert get(librarian, "policy_try", reader="A0099", code="T1", on=age).context["lines"]


def test_a_holiday_is_entered_changed_and_removed(librarian: Client) -> None:
    sent = {"name": "寒假", "from_on": "2027-01-11", "to_on": "2027-01-15", "due_on": "2027-02-24"}
    post(librarian, "vacation_new", **sent, loan_limit="5")
    row = Vacation.objects.get()
    assert "寒假" in text(get(librarian, "vacations"))
    bad = librarian.post(reverse("desk:vacation", args=[row.pk]), {**sent, "due_on": "2027-01-12"})
    assert bad.status_code == 422 and "2027-02-24" not in str(Vacation.objects.get().name)
    post(librarian, "vacation", row.pk, **{**sent, "name": "寒假借阅"})
    assert Vacation.objects.get().name == "寒假借阅"
    post(librarian, "vacation_remove", row.pk)
    assert not Vacation.objects.exists()


def test_a_reader_is_stopped_with_reason_and_end_shown_at_the_desk_and_let_go(
    librarian: Client, friend: Patron
) -> None:
    assert told(post(librarian, "blocks", patron=friend.pk, reason=""))
    assert told(post(librarian, "blocks", patron=friend.pk, reason="迟还", until="2020-01-01"))
    assert not Block.objects.exists()
    until = clock.local_date(clock.now()) + timedelta(days=7)
    post(librarian, "blocks", patron=friend.pk, reason="赔书未结", until=until.isoformat())
    assert "赔书未结" in text(get(librarian, "blocks"))
    librarian.post(reverse("desk:scan"), {"scan": "A0099"})
    assert "赔书未结" in text(librarian.get(reverse("desk:desk")))
    post(librarian, "block_lift", Block.objects.get().pk)
    assert Block.objects.get().lifted_at is not None


def test_who_is_to_be_stopped_is_named_with_the_class(
    librarian: Client, people: Cast, school: School, friend: Patron
) -> None:
    pupil, today = people.a.patron, clock.local_date(clock.now())
    label = patrons.class_label_on(pupil, today)
    assert label != ""
    assert get(librarian, "blocks", patron=pupil.pk).context["who"] == label
    Patron.objects.filter(pk=friend.pk).update(name=pupil.name, name_pinyin=pupil.name_pinyin)
    found = dict(get(librarian, "blocks", reader=pupil.name).context["readers"])
    assert (found[pupil], found[friend]) == (label, friend.category.name)


def test_nothing_of_the_other_school_is_found_here(librarian: Client, people: Cast) -> None:
    there = people.b.waiting
    for route in ("holds", "holds_ended", "recalls", "policies", "vacations", "blocks"):
        assert CANARY not in text(get(librarian, route)), route
    for route, key in (("recall", there.recall.pk), ("vacation", there.vacation.pk)):
        assert get(librarian, route, key).status_code == 404
    for route, key in (("hold_cancel", there.hold.pk), ("block_lift", there.block.pk)):
        assert librarian.post(reverse(f"desk:{route}", args=[key])).status_code == 404
    found = get(librarian, "holds_place", patron=there.hold.patron_id, record=people.b.record.pk)
    assert CANARY not in text(found)


def test_a_pupil_librarian_does_not_read_who_waited_for_what(pupil_librarian: Client) -> None:
    assert get(pupil_librarian, "holds_ended").status_code == 403
    assert reverse("desk:holds_ended") not in get(pupil_librarian, "holds").content.decode()
