"""Lending: the loan, the movement, the snapshot, the reasons, and doing it once."""

from datetime import date
from uuid import uuid4

import pytest

from shuxiang.audit.models import Operation
from shuxiang.audit.operations import OperationMismatch
from shuxiang.audit.reconcile import run
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import NoCopyIn, check_in, check_out_record
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, add_book, card_of, later, open_desk, set_limit
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.services import mark_missing, put_aside, withdraw
from shuxiang.libraries.services import set_special_days, set_term
from shuxiang.patrons.services import block, report_card_lost


def codes(refusal: "pytest.ExceptionInfo[Refused]") -> tuple[str, ...]:
    return refusal.value.codes


def test_a_loan_names_its_movement_and_writes_down_what_was_true(desk: Desk) -> None:
    loan = desk.lend()
    assert (loan.out_on, loan.due_on, loan.kind) == (ON, date(2026, 10, 29), "personal")
    assert (loan.class_label, loan.grade, loan.patron_kind) == ("三（1）班", 3, "pupil")
    assert (loan.clc, loan.clc_main, loan.price_fen) == ("I242.4", "I", 2580)
    movement = loan.out_movement
    assert movement is not None
    assert (movement.source, movement.target, movement.cause, movement.at) == (
        "shelf",
        "loan",
        "check_out",
        AT,
    )
    assert Item.objects.get(pk=desk.item.pk).account == "loan"
    assert run().is_clean


def test_the_act_is_in_the_audit_trail(desk: Desk) -> None:
    loan = desk.lend()
    operation = Operation.objects.get(pk=loan.out_operation_id)
    assert (operation.action, operation.actor, operation.door) == ("circulation.check_out", "li", "desk")
    assert operation.subject == f"holdings.item:{desk.item.pk}"


def test_the_same_operation_id_lends_once(desk: Desk) -> None:
    operation = uuid4()
    first = desk.lend(operation_id=operation)
    again = desk.lend(operation_id=operation)
    assert first == again
    assert Loan.objects.count() == 1
    assert Movement.objects.filter(cause="check_out").count() == 1


def test_an_operation_id_of_another_act_is_not_taken_for_this_one(desk: Desk) -> None:
    operation = uuid4()
    desk.lend(operation_id=operation)
    with pytest.raises(OperationMismatch):
        desk.lend(desk.items[1], operation_id=operation)


def test_what_somebody_has_is_asked_about_and_taken_back_first(desk: Desk) -> None:
    first = desk.lend(patron=desk.other)
    with pytest.raises(Refused) as refusal:
        desk.lend(at=later(1))
    assert codes(refusal) == ("lent_to_other",)
    second = desk.lend(at=later(1), confirmed=frozenset({"lent_to_other"}))
    first.refresh_from_db()
    assert (first.outcome, first.in_on) == ("returned", date(2026, 10, 16))
    assert second.patron == desk.pupil
    assert run().is_clean


def test_above_the_limit_a_librarian_is_asked(desk: Desk) -> None:
    set_limit(desk, 1)
    desk.lend()
    with pytest.raises(Refused) as refusal:
        desk.lend(desk.items[1])
    assert codes(refusal) == ("loan_limit_reached",)
    assert desk.lend(desk.items[1], confirmed=frozenset({"loan_limit_reached"})).pk


def test_a_readers_own_limit_goes_before_the_category(desk: Desk) -> None:
    desk.pupil.loan_limit = 0
    desk.pupil.save(update_fields=["loan_limit"])
    with pytest.raises(Refused) as refusal:
        desk.lend()
    assert codes(refusal) == ("loan_limit_reached",)


def test_every_reason_is_given_at_once(desk: Desk) -> None:
    desk.lend(desk.items[1])
    set_limit(desk, 1)
    block(patron=desk.pupil, reason="暂停", by=BY, at=AT)
    put_aside(desk.item, target="mending", by=BY, at=AT, on=ON)
    with pytest.raises(Refused) as refusal:
        desk.lend(at=later(30))
    assert codes(refusal) == ("reader_blocked", "loan_limit_reached", "has_overdue", "item_elsewhere")


def test_a_lost_card_opens_nothing(desk: Desk) -> None:
    card = report_card_lost(card=card_of(desk.pupil), by=BY, at=AT)
    with pytest.raises(Refused) as refusal:
        desk.lend(card=card)
    assert codes(refusal) == ("card_lost",)


def test_a_reference_work_is_read_in_the_room_and_due_today(desk: Desk) -> None:
    [item] = add_book(desk.library, "现代汉语词典", copies=1, is_reference=True)
    with pytest.raises(Refused) as refusal:
        desk.lend(item)
    assert codes(refusal) == ("in_room_only",)
    loan = desk.lend(item, kind="in-room")
    assert (loan.kind, loan.due_on) == ("in-room", ON)


def test_a_missing_volume_that_is_lent_was_found(desk: Desk) -> None:
    mark_missing(desk.item, by=BY, at=AT, on=ON)
    desk.lend(at=later(1))
    causes = list(Movement.objects.filter(item=desk.item).order_by("id").values_list("cause", flat=True))
    assert causes[-3:] == ["missing", "found", "check_out"]
    assert run().is_clean


def test_a_withdrawn_volume_is_not_lent(desk: Desk) -> None:
    withdraw([desk.item], reason="worn", by=BY, at=AT, on=ON)
    with pytest.raises(Refused) as refusal:
        desk.lend(at=later(1))
    assert codes(refusal) == ("item_withdrawn",)


def test_nothing_happens_before_the_last_thing_that_happened(desk: Desk) -> None:
    loan = desk.lend()
    assert loan.item is not None
    check_in(library=desk.library, item=loan.item, at=later(2), by=BY)
    with pytest.raises(Refused) as refusal:
        desk.lend(at=later(1))
    assert codes(refusal) == ("earlier_than_last_movement",)


def test_the_recall_date_caps_and_closed_days_move_the_due_date(desk: Desk) -> None:
    set_special_days(
        library=desk.library,
        name="运动会",
        from_on=date(2026, 10, 29),
        to_on=date(2026, 10, 30),
        is_open=False,
        by=BY,
        at=AT,
    )
    assert desk.lend().due_on == date(2026, 11, 2)
    set_term(
        library=desk.library,
        code="2026-autumn",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 1, 31),
        teaching_from=date(2026, 9, 1),
        teaching_to=date(2027, 1, 15),
        recall_on=date(2026, 10, 20),
        by=BY,
        at=AT,
    )
    assert desk.lend(desk.items[1]).due_on == date(2026, 10, 20)


def test_a_reader_or_a_volume_of_another_school_is_refused(desk: Desk) -> None:
    stranger = open_desk("b")
    with pytest.raises(Refused) as refusal:
        desk.lend(stranger.item, patron=stranger.pupil)
    assert set(codes(refusal)) == {"reader_of_other_library", "item_of_other_library"}


def test_by_isbn_any_copy_that_is_in_is_lent_until_none_is(desk: Desk) -> None:
    records = [desk.item.holding.record]
    lent = {
        check_out_record(library=desk.library, patron=desk.teacher, records=records, at=AT, by=BY).item_id
        for _ in range(3)
    }
    assert lent == {item.pk for item in desk.items}
    with pytest.raises(NoCopyIn):
        check_out_record(library=desk.library, patron=desk.teacher, records=records, at=AT, by=BY)


def test_by_isbn_too_the_same_operation_lends_once(desk: Desk) -> None:
    operation, records = uuid4(), [desk.item.holding.record]
    loans = {
        check_out_record(
            library=desk.library, patron=desk.teacher, records=records, at=AT, by=BY, operation_id=operation
        ).pk
        for _ in range(2)
    }
    assert len(loans) == 1
