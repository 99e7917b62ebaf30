"""Taking back: always accepted, once, with everything odd said; renewing, losing, undoing."""

from datetime import date
from uuid import uuid4

import pytest

from shuxiang.audit.reconcile import run
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services import (
    WhichReader,
    cancel_loan,
    check_in,
    check_in_record,
    mark_lost,
    renew,
    reopen_loan,
)
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, later
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import mark_missing, withdraw


def noted(result: object) -> list[str]:
    return [reason.code for reason in result.decision.reasons]  # type: ignore[attr-defined]


def account(desk: Desk) -> str:
    return Item.objects.get(pk=desk.item.pk).account


def test_a_return_closes_the_loan_and_puts_the_volume_back(desk: Desk) -> None:
    loan = desk.lend()
    result = check_in(library=desk.library, item=desk.item, at=later(3), by=BY)
    loan.refresh_from_db()
    assert result.loan == loan
    assert (loan.outcome, loan.in_on) == ("returned", date(2026, 10, 18))
    assert loan.in_movement is not None
    assert (account(desk), noted(result)) == ("shelf", [])
    assert run().is_clean


def test_a_late_return_says_how_late(desk: Desk) -> None:
    desk.lend()
    result = check_in(library=desk.library, item=desk.item, at=later(16), by=BY)
    assert noted(result) == ["returned_late"]
    assert result.decision.reasons[0].params["days"] == 2


def test_a_volume_that_was_not_lent_is_taken_in_all_the_same(desk: Desk) -> None:
    result = check_in(library=desk.library, item=desk.item, at=AT, by=BY)
    assert (result.loan, noted(result), account(desk)) == (None, ["was_not_lent"], "shelf")


def test_a_missing_volume_comes_back_to_the_shelf(desk: Desk) -> None:
    mark_missing(desk.item, by=BY, at=AT, on=ON)
    result = check_in(library=desk.library, item=desk.item, at=later(1), by=BY)
    assert (noted(result), account(desk)) == (["found_again"], "shelf")
    assert run().is_clean


def test_a_withdrawn_volume_stays_withdrawn(desk: Desk) -> None:
    withdraw([desk.item], reason="worn", by=BY, at=AT, on=ON)
    result = check_in(library=desk.library, item=desk.item, at=later(1), by=BY)
    assert (noted(result), account(desk)) == (["withdrawn_came_back"], "withdrawn")


def test_the_same_operation_returns_once(desk: Desk) -> None:
    desk.lend()
    operation = uuid4()
    first = check_in(library=desk.library, item=desk.item, at=later(16), by=BY, operation_id=operation)
    again = check_in(library=desk.library, item=desk.item, at=later(16), by=BY, operation_id=operation)
    assert (first.loan, noted(first)) == (again.loan, noted(again))


def test_by_isbn_the_only_reader_who_has_it_is_found(desk: Desk) -> None:
    loan = desk.lend()
    result = check_in_record(library=desk.library, records=[loan.record], at=later(1), by=BY)
    assert result.loan == loan


def test_by_isbn_somebody_must_say_whose_it_is_when_several_have_it(desk: Desk) -> None:
    mine = desk.lend()
    desk.lend(desk.items[1], patron=desk.other)
    with pytest.raises(WhichReader) as several:
        check_in_record(library=desk.library, records=[mine.record], at=later(1), by=BY)
    assert {loan.patron for loan in several.value.loans} == {desk.pupil, desk.other}
    result = check_in_record(
        library=desk.library, records=[mine.record], at=later(1), by=BY, patron_id=desk.pupil.pk
    )
    assert result.loan == mine


def test_renewing_counts_from_today_and_keeps_the_old_date(desk: Desk) -> None:
    loan = renew(loan=desk.lend(), at=later(7), by=BY)
    assert (loan.due_on, loan.renewals) == (date(2026, 11, 5), 1)
    assert Renewal.objects.get().due_before == date(2026, 10, 29)
    with pytest.raises(Refused) as refusal:
        renew(loan=loan, at=later(8), by=BY)
    assert refusal.value.codes == ("renewals_used_up",)


def test_a_closed_loan_is_not_renewed(desk: Desk) -> None:
    loan = desk.lend()
    check_in(library=desk.library, item=desk.item, at=later(1), by=BY)
    with pytest.raises(Refused) as refusal:
        renew(loan=loan, at=later(2), by=BY)
    assert "loan_closed" in refusal.value.codes


def test_a_lost_volume_ends_the_loan_and_is_missing(desk: Desk) -> None:
    loan = mark_lost(loan=desk.lend(), at=later(5), by=BY)
    assert (loan.outcome, account(desk)) == ("lost", "missing")
    with pytest.raises(Refused):
        mark_lost(loan=loan, at=later(6), by=BY)
    assert run().is_clean


def test_an_undone_loan_does_not_count_and_the_volume_is_back(desk: Desk) -> None:
    loan = cancel_loan(loan=desk.lend(), at=AT, by=BY)
    assert (loan.outcome, account(desk)) == ("cancelled", "shelf")
    assert loan.out_operation.undone_by is not None
    assert run().is_clean
    with pytest.raises(Refused):
        cancel_loan(loan=loan, at=AT, by=BY)


def test_an_undone_return_opens_the_same_loan_again(desk: Desk) -> None:
    loan = desk.lend()
    check_in(library=desk.library, item=desk.item, at=later(1), by=BY)
    loan = reopen_loan(loan=loan, at=later(1), by=BY)
    assert (loan.in_at, loan.outcome, account(desk)) == (None, "", "loan")
    assert Loan.objects.count() == 1
    assert run().is_clean
    check_in(library=desk.library, item=desk.item, at=later(2), by=BY)
    assert run().is_clean


def test_a_return_cannot_be_undone_once_the_volume_moved_on(desk: Desk) -> None:
    loan = desk.lend()
    check_in(library=desk.library, item=desk.item, at=later(1), by=BY)
    desk.lend(patron=desk.other, at=later(1))
    with pytest.raises(Refused) as refusal:
        reopen_loan(loan=loan, at=later(2), by=BY)
    assert refusal.value.codes == ("item_moved_on",)
