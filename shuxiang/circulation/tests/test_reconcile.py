"""A tampered row is found and named."""

from collections.abc import Callable

import pytest

from shuxiang.audit.reconcile import describe, run
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in
from shuxiang.circulation.tests.desk import BY, Desk, later, open_desk
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.services.counts import recount


def put_item_back(loan: Loan) -> None:
    Item.objects.filter(pk=loan.item_id or 0).update(account="shelf")


def close_without_movement(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(in_at=later(1), in_on=later(1).date(), outcome="returned")


def change_hour(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(out_at=later(-1))


def forget_movement(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(out_movement=None)


def steal_movement(loan: Loan) -> None:
    other = Movement.objects.exclude(item=loan.item).order_by("pk").first()
    Loan.objects.filter(pk=loan.pk).update(out_movement=other)


def delete(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).delete()


def move_the_day(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(out_on=later(-400).date())


def renew_by_hand(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(renewals=3)


def give_to_another_library(loan: Loan) -> None:
    Loan.objects.filter(pk=loan.pk).update(library=open_desk("z").library)


def call_it_lost(loan: Loan) -> None:
    check_in(library=loan.library, item=loan.item, at=later(1), by=BY)  # type: ignore[arg-type]
    Loan.objects.filter(pk=loan.pk).update(outcome="lost")


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (delete, "movement_without_loan"),
        (move_the_day, "loan_day_differs"),
        (renew_by_hand, "loan_renewals_differ"),
        (give_to_another_library, "loan_of_other_library"),
        (call_it_lost, "loan_end_differs"),
        (put_item_back, "open_loan_without_movement"),
        (close_without_movement, "volume_out_without_loan"),
        (change_hour, "loan_movement_differs"),
        (forget_movement, "loan_movement_differs"),
        (steal_movement, "loan_movement_differs"),
    ],
)
def test_a_tampered_row_is_found_and_named(desk: Desk, tamper: Callable[[Loan], None], expected: str) -> None:
    loan = desk.lend()
    assert run().is_clean
    tamper(loan)
    found = run().differences
    named = [d for d in found if d.code == expected]
    assert named, [d.code for d in found]
    assert {loan.pk, loan.item_id} & set(named[0].params.values())
    assert describe(named[0])


def test_a_loan_without_a_volume_is_an_exception_that_is_allowed(desk: Desk) -> None:
    loan = desk.lend()
    Loan.objects.filter(pk=loan.pk).update(item=None, out_movement=None)
    put_item_back(loan)
    recount([desk.item.holding_id])
    Movement.objects.filter(pk=loan.out_movement_id or 0).delete()
    outcome = run()
    assert outcome.is_clean
    assert [d.code for d in outcome.exceptions] == ["loan_without_volume"]
    assert "西游记" in describe(outcome.exceptions[0])
