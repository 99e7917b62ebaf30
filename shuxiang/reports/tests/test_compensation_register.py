"""The compensation register: a case with its receipts, a loss without one, what came in for it."""

from datetime import date

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation.services import mark_lost
from shuxiang.circulation.tests.desk import BY, Desk, later, open_desk
from shuxiang.common.schoolyear import Period
from shuxiang.compensation.models import Case
from shuxiang.compensation.services import NewVolume, open_lost, pay, replace, step_back, turn_up
from shuxiang.reports.ledgers import registry, tenrules
from shuxiang.reports.ledgers.registry import Asked
from shuxiang.reports.ledgers.rows import Row, added_up
from shuxiang.reports.ledgers.sources import stream

YEAR = Period("2026", date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


def register(desk: Desk, *, with_names: bool = True) -> list[Row]:
    losses, _replaced = registry.get("ledger.compensation").all_parts(Asked(desk.library, YEAR, with_names))
    return list(stream(losses.source, 1))


def lost(desk: Desk, place: int) -> Case:
    return open_lost(desk.lend(desk.items[place]), at=later(place), by=BY)


def test_each_case_stands_with_its_receipts_and_what_became_of_it(desk: Desk) -> None:
    paid, brought = lost(desk, 0), lost(desk, 1)
    pay(paid, amount_fen=2580, payer="家长", at=later(3), by=BY)
    turn_up(paid, refund_fen=2580, at=later(4), by=BY)
    replace(brought, NewVolume("NEW"), at=later(4), by=BY)
    first, second = register(desk)
    assert [first.cells[k] for k in ("reader", "class", "number", "due", "paid", "receipt", "times")] == [
        "林知夏", "三（1）班", "B1", 2580, 0, "2026-0001 2026-0002", "1",
    ]  # fmt: skip
    assert second.cells["number"] == "B2"
    assert "B4" in str(second.cells["result"])
    sums = added_up(registry.get("ledger.compensation").columns, [first, second])
    assert (sums["due"], sums["paid"]) == (2580, 0)
    assert reconcile.run().is_clean


def test_a_loss_without_a_case_is_not_left_out_and_a_mistake_is(desk: Desk) -> None:
    mark_lost(loan=desk.lend(desk.items[0]), at=later(0), by=BY)
    step_back(lost(desk, 1), words="误登", at=later(1), by=BY)
    [row] = register(desk)
    assert (row.cells["number"], row.cells["due"]) == ("B1", None)


def test_names_are_for_those_who_may_see_them_and_pages_meet_from_both_ends(desk: Desk) -> None:
    for place in range(3):
        lost(desk, place) if place else mark_lost(loan=desk.lend(desk.items[0]), at=later(0), by=BY)
    rows = register(desk, with_names=False)
    assert {row.cells["reader"] for row in rows} == {"＊"}
    [losses, _other] = registry.get("ledger.compensation").all_parts(Asked(desk.library, YEAR))
    assert [row.key for row in losses.source.before(None, 3)] == [row.key for row in rows]
    assert losses.source.count() == 3


def test_rule_six_is_held_by_cases_receipts_and_the_cash_book(desk: Desk) -> None:
    outcome = reconcile.run()
    assert set(tenrules.RULES[5].checks) <= set(outcome.checks)
