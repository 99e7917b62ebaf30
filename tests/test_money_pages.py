"""The pages of urging, the outbox, compensation, the cash book and the service desk, as plain forms."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shuxiang.cashbook.models import CashEntry, DayClose
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_out
from shuxiang.common import clock
from shuxiang.compensation import selectors as compensation
from shuxiang.compensation.models import Case
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.inquiries.models import Inquiry
from shuxiang.outbox.models import Message
from shuxiang.outbox.secrets import password_of
from shuxiang.urging.models import Contact, Round
from tests.doors import BACKEND, add_book
from tests.school import BY, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def librarian(people: Cast) -> Client:
    return signed_in(people, "librarian")


def signed_in(people: Cast, role: str) -> Client:
    client = Client()
    client.force_login(people.accounts[role], backend=BACKEND)
    return client


@pytest.fixture
def loans(people: Cast) -> list[Loan]:
    """Three volumes at 25.80 yuan that a pupil has had for 60 days."""
    items = add_book(people.a.library, "赔偿手册", copies=3, barcode="P", clc="G25")
    at = clock.now() - timedelta(days=60)
    for item in items:
        item.property_line.list_price_fen = 2580
        item.property_line.save()
    return [
        check_out(
            library=people.a.library, patron=people.a.patron, item=Item.objects.get(pk=item.pk), at=at, by=BY,
            confirmed=frozenset({"loan_limit_reached", "has_overdue", "outside_slot"}),
        )
        for item in items
    ]  # fmt: skip


def get(client: Client, route: str, *args: object, **query: Any) -> Any:
    return client.get(reverse(f"desk:{route}", args=args), query)


def post(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.post(reverse(f"desk:{route}", args=args), sent, follow=True)


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_class_is_urged_by_slip_and_the_loan_shows_it(
    librarian: Client, loans: list[Loan], people: Cast
) -> None:
    key = people.a.school_class.pk
    assert get(librarian, "urging").context["volumes"] >= 3
    page = get(librarian, "urging_group", key)
    assert "赔偿手册" in page.content.decode()
    post(librarian, "urging_mark", loan=[loan.pk for loan in loans], way="slip", **{"class": key})
    post(librarian, "urging_mark", way="wall", all="1")
    shown = get(librarian, "urging_loan", loans[0].pk)
    assert shown.context["times"] == 2
    assert get(librarian, "urging_slips").status_code == 200
    rounds = get(librarian, "urging_rounds").context["rounds"]
    assert [one.way for one, _words in rounds] == ["wall", "slip"]
    post(librarian, "urging_take_back", rounds[0][0].pk)
    assert get(librarian, "urging_loan", loans[0].pk).context["times"] == 1
    assert "过期" in told(post(librarian, "urging_mark", loan=[], way="slip"))


def test_the_wall_names_children_by_a_star_until_the_school_says_otherwise(
    librarian: Client, loans: list[Loan], people: Cast
) -> None:
    name = people.a.patron.name
    page = get(librarian, "urging_wall").content.decode()
    assert f"{name[0]}*" in page
    assert name not in page
    assert "赔偿手册" not in page
    post(librarian, "urging_wall_names", shows="1")
    assert name in get(librarian, "urging_wall").content.decode()


def test_a_class_teacher_sees_the_own_class_and_urges_nobody(loans: list[Loan], people: Cast) -> None:
    teacher = signed_in(people, "class_teacher")
    assert get(teacher, "urging").status_code == 200
    assert get(teacher, "urging_loan", loans[0].pk).status_code == 200
    assert get(teacher, "urging_group", 0).status_code == 404
    assert post(teacher, "urging_mark", loan=[loans[0].pk], way="slip").status_code == 403
    assert not Round.objects.filter(library=people.a.library).exists()


def test_a_message_to_the_class_teacher_waits_in_the_outbox(
    librarian: Client, loans: list[Loan], people: Cast
) -> None:
    key = people.a.school_class.pk
    post(librarian, "urging_contact_save", name="沈老师", address="shen@example.com", **{"class": key})
    assert "不发送" in told(post(librarian, "urging_send", key))
    sender = {
        "kind": "smtp",
        "host": "127.0.0.1",
        "port": "1",
        "security": "plain",
        "from_address": "a@example.com",
    }
    post(librarian, "outbox_sender", **sender, password="secret-word")
    assert password_of(people.a.library.code) == "secret-word"
    assert "secret-word" not in get(librarian, "outbox_sender").content.decode()
    post(librarian, "urging_send", key)
    [message] = Message.objects.filter(library=people.a.library)
    assert "赔偿手册" in message.body
    post(librarian, "outbox_turn", message.pk, "cancel")
    message.refresh_from_db()
    assert message.state == "cancelled"
    post(librarian, "outbox_test", to="b@example.com")
    assert get(librarian, "outbox", state="queued").context["page"].paginator.count == 1
    assert "smtp.example.com" in told(post(librarian, "outbox_sender", **(sender | {"host": ""})))
    contact = Contact.objects.get()
    post(librarian, "urging_contact_forget", contact.pk)
    assert not Contact.objects.exists()


def test_parents_are_written_to_with_their_consent_only(
    librarian: Client, loans: list[Loan], people: Cast
) -> None:
    card = people.a.patron.cards.get().number
    form = {"card": card, "name": "家长", "address": "jz@example.com"}
    assert "同意" in told(post(librarian, "urging_contact_save", **form))
    assert "9999" in told(post(librarian, "urging_contact_save", **(form | {"card": "9999"})))
    post(librarian, "urging_contact_save", **form, consent="2026-09 签字单")
    assert Contact.objects.get().patron == people.a.patron
    assert "不发送" in told(post(librarian, "urging_send_reader", Contact.objects.get().pk))


def test_a_loss_goes_from_the_loan_to_the_receipt_and_out_of_the_books(
    librarian: Client, loans: list[Loan]
) -> None:
    page = get(librarian, "compensation_loan", loans[0].pk)
    assert "25.80" in page.content.decode()
    page = post(librarian, "compensation_lost", loans[0].pk, operation=uuid4())
    case = Case.objects.get()
    assert page.context["case"] == case
    refused = post(librarian, "compensation_act", case.pk, "pay", amount="99", payer="家长")
    assert refused.status_code == 409
    assert "25.80" in refused.context["problem"]
    bad = post(librarian, "compensation_act", case.pk, "pay", amount="十元", payer="家长")
    assert bad.status_code == 409
    post(librarian, "compensation_act", case.pk, "pay", amount="25.80", payer="家长", operation=uuid4())
    receipt = get(librarian, "cash_receipt", CashEntry.objects.get().pk)
    assert receipt.content.decode().count("贰拾伍元捌角整") == 2
    assert get(librarian, "compensation_notice", case.pk).status_code == 200
    assert "批准" in told(post(librarian, "compensation_strike", case=[case.pk]))
    done = post(librarian, "compensation_strike", case=[case.pk], approved_by="王校长", document="2026-1")
    assert "1" in told(done)
    case.refresh_from_db()
    assert case.withdrawal is not None
    post(librarian, "compensation_act", case.pk, "found", refund="25.80")
    case.refresh_from_db()
    assert (case.state, case.paid_fen) == ("found", 0)
    assert Withdrawal.objects.filter(restores__isnull=False).count() == 1


def test_a_new_volume_a_waiver_and_an_undo(librarian: Client, loans: list[Loan]) -> None:
    post(librarian, "compensation_lost", loans[0].pk)
    case = Case.objects.get()
    assert "P1" in post(librarian, "compensation_act", case.pk, "replace", barcode="P1").context["problem"]
    post(librarian, "compensation_act", case.pk, "replace", barcode="P9", price="30")
    case.refresh_from_db()
    assert case.replacement is not None
    for _ in range(2):
        post(librarian, "compensation_act", case.pk, "undo")
    case.refresh_from_db()
    assert case.state == "cancelled"
    post(librarian, "compensation_lost", loans[0].pk)
    again = Case.objects.exclude(pk=case.pk).get()
    assert (
        post(librarian, "compensation_act", again.pk, "waive", approved_by="", reason="").status_code == 409
    )
    post(librarian, "compensation_act", again.pk, "waive", approved_by="王校长", reason="困难")
    again.refresh_from_db()
    assert (again.state, again.way) == ("settled", "waiver")
    assert get(librarian, "compensation_ended").context["page"].paginator.count == 2


def test_only_who_may_waive_does(loans: list[Loan], people: Cast) -> None:
    lending = signed_in(people, "lending")
    post(lending, "compensation_lost", loans[0].pk)
    case = Case.objects.get()
    page = post(lending, "compensation_act", case.pk, "waive", approved_by="王校长", reason="困难")
    assert page.status_code == 404
    assert get(lending, "compensation_settled").status_code == 403


def test_a_late_refund_asks_and_a_yes_pays_it_back(
    librarian: Client, loans: list[Loan], monkeypatch: pytest.MonkeyPatch
) -> None:
    post(librarian, "compensation_lost", loans[0].pk)
    case = Case.objects.get()
    post(librarian, "compensation_act", case.pk, "pay", payer="家长")
    Case.objects.update(settled_on=clock.local_date(clock.now()) - timedelta(days=90))
    asked = post(librarian, "compensation_act", case.pk, "found", refund="25.80")
    assert asked.context["asks"] == ["refund_late"]
    post(librarian, "compensation_act", case.pk, "found", refund="25.80", confirm="refund_late")
    case.refresh_from_db()
    assert case.state == "found"


def test_a_damaged_volume_is_scanned_and_a_case_opened(
    librarian: Client, loans: list[Loan], people: Cast
) -> None:
    assert "没有" in told(post(librarian, "compensation_scan", scan="NIX"))
    page = post(librarian, "compensation_scan", scan="P1")
    assert page.context["is_out"]
    librarian.post(reverse("desk:return_loan", args=[loans[0].pk]), {})
    page = post(librarian, "compensation_scan", scan="P1")
    assert page.context["loan"] == loans[0]
    post(librarian, "compensation_damaged", loans[0].item_id, severity="heavy", whose="last")
    case = Case.objects.get()
    assert (case.patron, case.due_fen) == (people.a.patron, 2580)
    post(librarian, "compensation_act", case.pk, "repaired", what="粘好")
    case.refresh_from_db()
    assert case.way == "repair"
    post(librarian, "compensation_damaged", loans[0].item_id, severity="light", whose="card", card="NIX")
    post(librarian, "compensation_damaged", loans[0].item_id, severity="light", whose="")
    assert Case.objects.get(patron=None).due_fen == 0


def test_the_rule_table_is_taken_over_changed_and_tried(librarian: Client, people: Cast) -> None:
    post(librarian, "compensation_take_over", set="double")
    tried = get(librarian, "compensation_rules", price="18", material="book", copies="3")
    assert "36.00" in str(tried.context["tried"])
    post(librarian, "compensation_save_rules", base1="list", factor1="1.5", max1="20", base2="")
    terms = compensation.terms_of(people.a.library)
    assert [(rule.factor, rule.max_fen) for rule in terms.rules] == [(150, 2000)]
    assert "1" in told(post(librarian, "compensation_save_rules", base1="list", factor1="x"))
    assert told(post(librarian, "compensation_save_rules", base1=""))
    post(librarian, "compensation_policy", unknown="15", refund_days="60", fee="5")
    terms = compensation.terms_of(people.a.library)
    assert (terms.unknown_price_fen, terms.refund_days, terms.replacement_fee_fen) == (1500, 60, 500)
    assert told(post(librarian, "compensation_policy", refund_days="x"))
    assert get(librarian, "compensation_rules", price="x").context["tried"]["problem"]


def test_the_cash_book_receives_reverses_hands_over_closes_and_goes_into_a_file(
    librarian: Client, people: Cast
) -> None:
    post(librarian, "cash_receive", kind="card", amount="5", payer="周予安", words="补证")
    entry = CashEntry.objects.get()
    post(librarian, "cash_reverse", entry.pk, words="写错")
    post(librarian, "cash_receive", kind="copy", amount="12.5", payer="沈老师")
    assert told(post(librarian, "cash_hand_over", amount="20", to="总务处"))
    post(librarian, "cash_hand_over", amount="10", to="总务处")
    assert get(librarian, "cash").context["book"].book_fen == 250
    assert "-7.50" not in told(post(librarian, "cash_close", counted="2.50", signed_by="李"))
    assert DayClose.objects.get().difference_fen == 0
    assert "结" in told(post(librarian, "cash_receive", kind="other", amount="1", payer="x"))
    file = get(librarian, "cash_file")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 5
    assert get(librarian, "cash", month="1999-13").status_code == 200
    assert get(librarian, "cash_closings").status_code == 200


def test_what_belongs_to_a_case_is_not_reversed_in_the_cash_book(
    librarian: Client, loans: list[Loan]
) -> None:
    post(librarian, "compensation_lost", loans[0].pk)
    post(librarian, "compensation_act", Case.objects.get().pk, "pay", payer="家长")
    assert post(librarian, "cash_reverse", CashEntry.objects.get().pk).status_code == 404


def test_a_request_is_asked_answered_found_and_taken_back(librarian: Client, people: Cast) -> None:
    card = people.a.patron.cards.get().number
    post(librarian, "inquiries_ask", kind="search", who=card, question="恐龙的资料")
    inquiry = Inquiry.objects.get()
    assert inquiry.patron == people.a.patron
    assert told(post(librarian, "inquiries_ask", kind="search", who="", question="x"))
    assert told(post(librarian, "inquiry_answer", inquiry.pk, answer="见架", minutes="x"))
    post(librarian, "inquiry_answer", inquiry.pk, answer="见《恐龙百科》", minutes="10", fee="2")
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.fee_fen) == ("answered", 200)
    assert get(librarian, "inquiries", q="百科").context["page"].paginator.count == 1
    assert get(librarian, "inquiries", q="火箭").context["page"].paginator.count == 0
    assert get(librarian, "inquiry", inquiry.pk).status_code == 200
    file = get(librarian, "inquiries_file")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[1][3] == "恐龙的资料"
    post(librarian, "inquiry_turn", inquiry.pk, "reopen")
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.fee_fen) == ("open", 0)
    post(librarian, "inquiry_turn", inquiry.pk, "drop")
    inquiry.refresh_from_db()
    assert inquiry.state == "dropped"


def test_what_is_not_there_is_not_found(librarian: Client, people: Cast) -> None:
    there = people.b.owing
    for route, args in (
        ("compensation_case", (there.case.pk,)), ("cash_receipt", (there.entry.pk,)), ("inquiry", (there.inquiry.pk,)),
        ("urging_loan", (people.b.loan.pk,)), ("compensation_loan", (people.b.loan.pk,)),
        ("compensation_volume", (people.b.item.pk,)), ("compensation_case", (2**40,)), ("urging_group", (2**40,)),
    ):  # fmt: skip
        assert get(librarian, route, *args).status_code == 404
    assert post(librarian, "outbox_turn", there.message.pk, "cancel").status_code == 404
    assert post(librarian, "compensation_act", there.case.pk, "pay").status_code == 404


def test_the_desk_tells_of_money_when_a_volume_that_was_paid_for_comes_back(
    librarian: Client, people: Cast, loans: list[Loan]
) -> None:
    loan, barcode, words = loans[0], "P1", "这册书已按遗失赔偿 25.80 元"
    post(librarian, "compensation_lost", loan.pk, operation=uuid4())
    case = Case.objects.get()
    post(librarian, "compensation_act", case.pk, "pay", amount="25.80", payer="家长", operation=uuid4())
    back = post(librarian, "scan", scan=barcode, operation=uuid4()).content.decode()
    way = reverse("desk:compensation_case", args=[case.pk])
    assert words in back and way in back
    assert words in get(librarian, "desk").content.decode()  # looked at again
    helper = signed_in(people, "pupil_librarian")
    assert way not in post(helper, "scan", scan=barcode, operation=uuid4()).content.decode()
    post(librarian, "compensation_act", case.pk, "found", refund="25.80")
    assert words not in post(librarian, "scan", scan=barcode, operation=uuid4()).content.decode()


def test_a_pile_tells_of_money_too_when_a_volume_that_was_paid_for_comes_back(
    librarian: Client, people: Cast, loans: list[Loan]
) -> None:
    words = "这册书已按遗失赔偿 25.80 元"
    post(librarian, "compensation_lost", loans[0].pk, operation=uuid4())
    case = Case.objects.get()
    post(librarian, "compensation_act", case.pk, "pay", amount="25.80", payer="家长", operation=uuid4())
    post(librarian, "returns_scan", scan="P1", operation=uuid4())
    listed = get(librarian, "returns").content.decode()
    assert words in listed and reverse("desk:compensation_case", args=[case.pk]) in listed
    post(librarian, "compensation_act", case.pk, "found", refund="25.80")
    assert words not in get(librarian, "returns").content.decode()
