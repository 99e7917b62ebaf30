"""Undo at the desk: every act has its opposite, once, while nothing else has happened; the books agree afterwards."""

from uuid import UUID, uuid4

import pytest

from shuxiang.audit.models import Operation
from shuxiang.audit.reconcile import run
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services import Undone, check_in, mark_lost, renew, undo_act
from shuxiang.circulation.tests.desk import AT, BY, Desk, later
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import ItemAccount


def undo(desk: Desk, act: UUID, days: int = 9, operation_id: UUID | None = None) -> Undone:
    return undo_act(library=desk.library, act=act, at=later(days), by=BY, operation_id=operation_id)


def codes(desk: Desk, act: UUID) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        undo(desk, act)
    return refused.value.codes


def test_a_loan_a_return_and_a_renewal_are_undone_by_their_operations(desk: Desk) -> None:
    loan = desk.lend()
    due = loan.due_on
    renewed = renew(loan=loan, at=later(3), by=BY)
    assert renewed.due_on > due
    renewal = Operation.objects.get(action="circulation.renew")
    undone = undo(desk, renewal.pk).loan
    assert undone is not None
    assert (undone.due_on, undone.renewals, Renewal.objects.count()) == (due, 0, 0)
    check_in(library=desk.library, item=desk.item, at=later(4), by=BY)
    back = Operation.objects.get(action="circulation.check_in")
    undo(desk, back.pk)
    assert Loan.objects.get().in_at is None
    undo(desk, loan.out_operation_id)
    assert Loan.objects.get().outcome == Loan.Outcome.CANCELLED
    assert run().is_clean


def test_the_same_undo_sent_twice_is_done_once(desk: Desk) -> None:
    loan, operation = desk.lend(), uuid4()
    for _ in range(2):
        assert undo(desk, loan.out_operation_id, operation_id=operation).loan == loan
    assert Operation.objects.filter(action="circulation.cancel_loan").count() == 1


def test_a_renewal_sent_twice_to_be_undone_is_undone_once(desk: Desk) -> None:
    loan, operation = desk.lend(), uuid4()
    renew(loan=loan, at=later(3), by=BY)
    act = Operation.objects.get(action="circulation.renew")
    for _ in range(2):
        undo(desk, act.pk, operation_id=operation)
    assert Loan.objects.get().renewals == 0


def test_what_was_undone_or_moved_on_is_refused(desk: Desk) -> None:
    loan = desk.lend()
    undo(desk, loan.out_operation_id)
    assert codes(desk, loan.out_operation_id) == ("undone_already",)
    again = desk.lend(at=later(10))
    check_in(library=desk.library, item=desk.item, at=later(11), by=BY)
    back = Operation.objects.get(action="circulation.check_in")
    assert codes(desk, again.out_operation_id) == ("loan_closed",)
    desk.lend(patron=desk.other, at=later(12))
    assert codes(desk, back.pk) == ("item_moved_on",)


def test_only_the_last_renewal_is_undone_and_only_while_the_loan_is_open(desk: Desk) -> None:
    loan = desk.lend()
    renew(loan=loan, at=later(3), by=BY)
    first = Operation.objects.get(action="circulation.renew")
    renew(loan=loan, at=later(5), by=BY, confirmed=frozenset({"renewals_used_up"}))
    assert codes(desk, first.pk) == ("renewed_again",)
    last = Operation.objects.filter(action="circulation.renew").exclude(pk=first.pk).get()
    check_in(library=desk.library, item=desk.item, at=later(6), by=BY)
    assert codes(desk, last.pk) == ("loan_closed",)


def test_a_volume_taken_from_somebody_else_is_theirs_again(desk: Desk) -> None:
    before = desk.lend(patron=desk.other)
    taken = desk.lend(at=later(2), confirmed=frozenset({"lent_to_other"}))
    undo(desk, taken.out_operation_id)
    before.refresh_from_db()
    desk.item.refresh_from_db()
    assert (before.in_at, before.outcome, desk.item.account) == (None, "", ItemAccount.LOAN)
    assert run().is_clean


def test_a_volume_that_was_found_is_missing_again(desk: Desk) -> None:
    mark_lost(loan=desk.lend(), at=AT, by=BY)
    check_in(library=desk.library, item=desk.item, at=later(1), by=BY)
    found = Operation.objects.get(action="circulation.check_in")
    assert undo(desk, found.pk).loan is None
    desk.item.refresh_from_db()
    assert desk.item.account == ItemAccount.MISSING
    assert codes(desk, found.pk) == ("undone_already",)
    assert run().is_clean


def test_a_return_that_moved_nothing_and_acts_of_another_library_cannot_be_undone(desk: Desk) -> None:
    check_in(library=desk.library, item=desk.item, at=AT, by=BY)
    assert codes(desk, Operation.objects.get(action="circulation.check_in").pk) == ("nothing_to_undo",)
    assert codes(desk, uuid4()) == ("nothing_to_undo",)
