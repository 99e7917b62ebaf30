"""Lost and damaged volumes from the report to the end, and every step back; the books agree after each."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.cashbook.models import CashEntry
from shuxiang.cashbook.services import close_day
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, add_book, later, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.compensation import selectors
from shuxiang.compensation.dues import SOURCE
from shuxiang.compensation.models import Case
from shuxiang.compensation.rules import Rule
from shuxiang.compensation.services import (
    NewVolume,
    PolicyValues,
    open_damaged,
    open_lost,
    pay,
    repaired,
    replace,
    save_policy,
    save_rules,
    step_back,
    striking,
    take_over,
    turn_up,
    waive,
    withdraw_settled,
)
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.holdings.services import withdraw

LATER, LATER_ON = later(7), ON + timedelta(days=7)


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:
    """Whatever a test does, all accounts agree in the end."""
    desk = open_desk()
    yield desk
    assert reconcile.run().differences == ()


def account(item: Item) -> str:
    return Item.objects.get(pk=item.pk).account


def lost(desk: Desk, item: Item | None = None, **more: object) -> Case:
    return open_lost(desk.lend(item), at=LATER, by=BY, **more)  # type: ignore[arg-type]


def paid(desk: Desk, item: Item | None = None) -> Case:
    case = lost(desk, item)
    pay(case, amount_fen=case.due_fen, payer="林知夏的家长", at=LATER, by=BY)
    case.refresh_from_db()
    return case


def strike(desk: Desk, *cases: Case, **more: object) -> striking.Withdrawn:
    return withdraw_settled(
        [case.pk for case in cases], library=desk.library, approved_by="王校长", document="2026-03", on=LATER_ON,
        at=LATER, by=BY, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def codes(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return refused.value.codes


def test_a_lost_volume_is_paid_for_withdrawn_and_in_the_books(desk: Desk) -> None:
    take_over(library=desk.library, code="double", at=AT, by=BY)
    case = lost(desk)
    assert (case.due_fen, case.class_label, case.patron_id) == (5160, "三（1）班", desk.pupil.pk)
    assert account(desk.item) == "missing"
    first = pay(case, amount_fen=2000, payer="林知夏的家长", at=LATER, by=BY)
    case.refresh_from_db()
    assert (case.state, case.left_fen) == ("open", 3160)
    with pytest.raises(Refused) as refused:
        pay(case, amount_fen=3161, payer="x", at=LATER, by=BY)
    assert codes(refused) == ("more_than_due",)
    second = pay(case, amount_fen=3160, payer="林知夏的家长", at=LATER, by=BY)
    case.refresh_from_db()
    assert (case.state, case.way, case.settled_on) == ("settled", "cash", LATER_ON)
    assert (
        [str(e) for e in selectors.receipts_of(case)]
        == [str(first), str(second)]
        == ["2026-0001", "2026-0002"]
    )
    done = strike(desk, case)
    entry = Withdrawal.objects.get(pk=done.withdrawals[0])
    assert (entry.reason, entry.approved_by, entry.volumes) == ("lost-paid", "王校长", 1)
    assert account(desk.item) == "withdrawn"


def test_nothing_grows_with_the_days_that_a_loan_is_late(desk: Desk) -> None:
    assert open_lost(desk.lend(), at=later(200), by=BY).due_fen == 2580


def test_the_same_edition_takes_the_place_of_the_old_volume(desk: Desk) -> None:
    case = replace(lost(desk), NewVolume("NEW1", 3000), at=LATER, by=BY)
    assert (case.state, case.way, case.due_fen) == ("settled", "edition", 0)
    new = case.replacement
    assert new is not None
    assert (new.account, new.holding_id, new.property_line.list_price_fen) == (
        "shelf",
        desk.item.holding_id,
        3000,
    )
    assert new.property_line.batch.source == "compensation"
    assert new.property_line.batch.document == "B1"
    strike(desk, case)
    case.refresh_from_db()
    assert case.withdrawal is not None
    assert case.withdrawal.reason == "lost-paid"


def test_with_a_new_volume_only_the_fee_is_due(desk: Desk) -> None:
    values = PolicyValues(None, 30, 500)
    save_policy(library=desk.library, values=values, at=AT, by=BY)
    case = replace(lost(desk), NewVolume(), at=LATER, by=BY)
    assert (case.state, case.left_fen) == ("open", 500)
    pay(case, amount_fen=500, payer="家长", at=LATER, by=BY)
    case.refresh_from_db()
    assert (case.state, case.way) == ("settled", "edition")


def test_a_waiver_needs_who_approved_it_and_why_and_is_withdrawn_as_lost(desk: Desk) -> None:
    case = lost(desk)
    pay(case, amount_fen=580, payer="家长", at=LATER, by=BY)
    with pytest.raises(Refused) as refused:
        waive(case, approved_by=" ", reason="困难", at=LATER, by=BY)
    assert codes(refused) == ("waiver_unsigned",)
    case = waive(case, approved_by="王校长", reason="家庭困难", at=LATER, by=BY)
    assert (case.state, case.way, case.waived_fen, case.left_fen) == ("settled", "cash", 2000, 0)
    other = waive(lost(desk, desk.items[1]), approved_by="王校长", reason="火灾", at=LATER, by=BY)
    done = strike(desk, case, other)
    reasons = Withdrawal.objects.filter(pk__in=done.withdrawals).values_list("reason", flat=True)
    assert sorted(reasons) == ["lost", "lost-paid"]


def test_a_damaged_volume_is_repaired_by_the_pupil_or_paid_for(desk: Desk) -> None:
    loan = desk.lend()
    check_in(library=desk.library, item=desk.item, at=LATER, by=BY)
    assert selectors.last_loan_of(desk.item) == loan
    light = open_damaged(desk.item, severity="light", patron=desk.pupil, loan=loan, at=LATER, by=BY)
    assert (light.due_fen, light.class_label) == (0, "三（1）班")
    with pytest.raises(Refused) as refused:
        open_damaged(desk.item, severity="heavy", patron=None, at=LATER, by=BY)
    assert codes(refused) == ("case_already",)
    light = repaired(light, what="擦净", at=LATER, by=BY)
    assert (light.state, light.way) == ("settled", "repair")
    assert not selectors.to_withdraw(desk.library)
    heavy = open_damaged(desk.item, severity="heavy", patron=desk.pupil, at=LATER, by=BY)
    pay(heavy, amount_fen=2580, payer="家长", at=LATER, by=BY)
    assert account(desk.item) == "shelf"
    done = strike(desk, heavy)
    assert Withdrawal.objects.get(pk=done.withdrawals[0]).reason == "worn"


def test_a_lost_volume_cannot_be_repaired_and_a_returned_loan_is_not_lost(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        repaired(lost(desk), what="", at=LATER, by=BY)
    assert codes(refused) == ("cannot_repair_lost",)
    loan = desk.lend(desk.items[1])
    check_in(library=desk.library, item=desk.items[1], at=LATER, by=BY)
    with pytest.raises(Refused) as refused:
        open_lost(loan, at=LATER, by=BY)
    assert codes(refused) == ("loan_closed",)


def test_a_price_that_nobody_knows_is_asked_for(desk: Desk) -> None:
    Item.objects.get(pk=desk.item.pk)
    [item] = add_book(desk.library, "无价书", copies=1)
    item.property_line.list_price_fen = None
    item.property_line.save()
    loan = desk.lend(item)
    Loan.objects.filter(pk=loan.pk).update(price_fen=None)
    with pytest.raises(Refused) as refused:
        open_lost(loan, at=LATER, by=BY)
    assert codes(refused) == ("price_unknown",)
    assert account(item) == "loan"
    case = open_lost(loan, current_fen=1200, at=LATER, by=BY)
    assert (case.price_fen, case.due_fen, case.reckoning["base"]) == (1200, 1200, "current")
    # the batch's totals were made with the price: put it back for the accounts to agree
    item.property_line.list_price_fen = 2580
    item.property_line.save()


def test_a_found_volume_brings_the_money_back_and_stays_where_it_was_returned(desk: Desk) -> None:
    case = paid(desk)
    check_in(library=desk.library, item=desk.item, at=later(10), by=BY)
    assert list(selectors.turned_up(desk.library)) == [case]
    case = turn_up(case, refund_fen=2580, at=later(10), by=BY)
    assert (case.state, case.paid_fen, account(desk.item)) == ("found", 0, "shelf")
    assert [e.amount_fen for e in selectors.receipts_of(case)] == [2580, -2580]
    assert not selectors.turned_up(desk.library)


def test_a_volume_found_after_it_was_withdrawn_comes_back_to_the_books_alone(desk: Desk) -> None:
    case, other = paid(desk), paid(desk, desk.items[1])
    strike(desk, case, other)
    case.refresh_from_db()
    case = turn_up(case, refund_fen=2580, at=later(10), by=BY)
    assert (case.state, case.was_restored, account(desk.item)) == ("found", True, "shelf")
    assert account(desk.items[1]) == "withdrawn"
    back = Withdrawal.objects.get(restores=case.withdrawal)
    assert (back.volumes, back.reason) == (-1, "reversal")
    with pytest.raises(Refused) as refused:
        step_back(case, words="", at=later(10), by=BY)
    assert codes(refused) == ("restored_stays",)


def test_money_goes_back_late_only_when_somebody_says_yes(desk: Desk) -> None:
    case = paid(desk)
    with pytest.raises(Refused) as refused:
        turn_up(case, refund_fen=2580, at=later(60), by=BY)
    assert codes(refused) == ("refund_late",)
    assert account(desk.item) == "missing"
    done = turn_up(case, refund_fen=2580, at=later(60), by=BY, confirmed=frozenset({"refund_late"}))
    assert done.state == "found"


def test_the_reader_keeps_the_found_one_when_a_new_one_was_brought(desk: Desk) -> None:
    case = replace(lost(desk), NewVolume(), at=LATER, by=BY)
    with pytest.raises(Refused) as refused:
        turn_up(case, refund_fen=0, takes_back=False, at=later(10), by=BY)
    assert codes(refused) == ("still_on_books",)
    strike(desk, case)
    case.refresh_from_db()
    case = turn_up(case, refund_fen=0, takes_back=False, at=later(10), by=BY)
    assert (case.state, account(desk.item)) == ("found", "withdrawn")
    assert step_back(case, words="", at=later(10), by=BY).state == "settled"


def test_every_step_is_taken_back_one_after_the_other(desk: Desk) -> None:
    case = lost(desk)
    pay(case, amount_fen=1000, payer="家长", at=LATER, by=BY)
    waive(case, approved_by="王校长", reason="困难", at=LATER, by=BY)
    strike(desk, case)
    case.refresh_from_db()
    seen = []
    for _ in range(4):
        case = step_back(case, words="写错", at=LATER, by=BY)
        assert reconcile.run().differences == ()
        seen.append((case.state, case.way, case.paid_fen, case.waived_fen, account(desk.item)))
    assert seen == [
        ("settled", "cash", 1000, 1580, "missing"),
        ("open", "cash", 1000, 0, "missing"),
        ("open", "", 0, 0, "missing"),
        ("cancelled", "", 0, 0, "loan"),
    ]
    with pytest.raises(Refused) as refused:
        step_back(case, words="", at=LATER, by=BY)
    assert codes(refused) == ("case_ended",)
    again = open_lost(Loan.objects.get(), at=later(8), by=BY)
    assert again.pk != case.pk


def test_a_wrong_new_volume_is_taken_out_again(desk: Desk) -> None:
    case = replace(lost(desk), NewVolume("NEW1"), at=LATER, by=BY)
    new = case.replacement
    assert new is not None
    case = step_back(case, words="版本不对", at=later(9), by=BY)
    assert (case.state, case.way, case.due_fen, account(new)) == ("open", "", 2580, "withdrawn")
    case = replace(case, NewVolume("NEW2"), at=later(9), by=BY)
    assert case.replacement is not None
    desk.lend(case.replacement, desk.other, at=later(10))
    with pytest.raises(Refused) as refused:
        step_back(case, words="", at=later(11), by=BY)
    assert codes(refused) == ("new_moved_on",)


def test_a_refund_is_taken_back_when_it_was_another_volume(desk: Desk) -> None:
    case = turn_up(paid(desk), refund_fen=1000, at=LATER, by=BY)
    assert case.paid_fen == 1580
    case = step_back(case, words="认错了", at=LATER, by=BY)
    assert (case.state, case.paid_fen, account(desk.item)) == ("settled", 2580, "missing")
    assert step_back(case, words="", at=LATER, by=BY).state == "open"
    assert sum(e.amount_fen for e in CashEntry.objects.all()) == 0


def test_a_closed_day_keeps_its_money(desk: Desk) -> None:
    case = paid(desk)
    close_day(library=desk.library, on=LATER_ON, counted_fen=2580, signed_by="李", at=LATER, by=BY)
    with pytest.raises(Refused) as refused:
        step_back(case, words="", at=LATER, by=BY)
    assert codes(refused) == ("day_closed",)
    assert step_back(case, words="", at=later(8), by=BY).state == "open"


def test_the_same_act_sent_twice_is_done_once(desk: Desk) -> None:
    loan, key, second = desk.lend(), uuid4(), uuid4()
    case = open_lost(loan, at=LATER, by=BY, operation_id=key)
    assert open_lost(loan, at=LATER, by=BY, operation_id=key) == case
    receipt = pay(case, amount_fen=2580, payer="家长", at=LATER, by=BY, operation_id=second)
    assert pay(case, amount_fen=2580, payer="家长", at=LATER, by=BY, operation_id=second) == receipt
    third = uuid4()
    assert strike(desk, case, operation_id=third) == strike(desk, case, operation_id=third)


def test_a_settled_batch_is_struck_whole_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops it between two entries, a kill too, leaves the one transaction undone."""
    case = paid(desk)
    other = waive(lost(desk, desk.items[1]), approved_by="王校长", reason="困难", at=LATER, by=BY)
    calls: list[int] = []

    def dies(*args: object, **more: object) -> Withdrawal:
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return withdraw(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(striking, "withdraw", dies)
    with pytest.raises(KeyboardInterrupt):
        strike(desk, case, other)
    assert calls
    assert not Withdrawal.objects.exists()
    assert account(desk.item) == "missing"
    monkeypatch.undo()
    assert len(strike(desk, case, other).struck) == 2
    with pytest.raises(Refused) as refused:
        strike(desk, case)
    assert codes(refused) == ("nothing_to_withdraw",)


def test_cases_of_another_school_are_left_alone(desk: Desk) -> None:
    other = open_desk("b")
    case = paid(other)
    assert selectors.case_of(desk.library, case.pk) is None
    mine = paid(desk)
    done = strike(desk, mine, case)
    assert (done.struck, done.left) == ((mine.pk,), (case.pk,))
    assert selectors.terms_of(desk.library).set_code == "at-price"
    take_over(library=other.library, code="triple", at=AT, by=BY)
    assert selectors.terms_of(desk.library).set_code == "at-price"


def test_a_table_is_changed_and_a_row_that_cannot_be_meant_is_refused(desk: Desk) -> None:
    terms = save_rules(library=desk.library, rules=[Rule(factor=120, min_fen=500)], at=AT, by=BY)
    assert (terms.set_code, terms.rules[0].factor) == ("", 120)
    for wrong in (Rule(factor=9999), Rule(min_fen=500, max_fen=100), Rule(copies_from=5, copies_to=1)):
        with pytest.raises(Refused) as refused:
            save_rules(library=desk.library, rules=[Rule(), wrong], at=AT, by=BY)
        assert refused.value.decision.reasons[0].params == {"place": 2}
    with pytest.raises(Refused):
        save_rules(library=desk.library, rules=[], at=AT, by=BY)
    with pytest.raises(Refused):
        take_over(library=desk.library, code="?", at=AT, by=BY)
    assert selectors.terms_of(desk.library).rules == terms.rules


def test_readers_owe_what_is_not_settled(desk: Desk) -> None:
    case = lost(desk)
    [due] = SOURCE.ask(desk.library, {desk.pupil.pk, desk.other.pk})
    assert (due.patron_id, due.what, due.fen) == (desk.pupil.pk, "西游记", 2580)
    pay(case, amount_fen=2580, payer="家长", at=LATER, by=BY)
    assert SOURCE.ask(desk.library, {desk.pupil.pk}) == []


def test_figures_count_cases_and_what_was_paid(desk: Desk) -> None:
    paid(desk)
    lost(desk, desk.items[1])
    scope = Scope(desk.library, Period("2026-10", date(2026, 10, 1), date(2026, 10, 31)))
    values = {c: registry.get(f"compensation.{c}").value(scope).number for c in ("cases", "settled", "paid")}
    assert values == {"cases": 2, "settled": 1, "paid": Decimal("25.8")}


def test_what_differs_is_named(db: None) -> None:
    desk = open_desk()
    case = paid(desk)
    Case.objects.filter(pk=case.pk).update(paid_fen=100)
    CashEntry.objects.create(
        library=desk.library, year=2026, number=2, act="receipt", kind="compensation", amount_fen=1,
        payer="x", subject="compensation.case:999", on=LATER_ON, at=LATER, by="x",
        operation=CashEntry.objects.get().operation,
    )  # fmt: skip
    found = reconcile.run().differences
    assert {d.code for d in found} == {"paid_differs", "settled_half", "stray_receipt", "gap_in_receipts"}
    assert all(reconcile.describe(d) for d in found)
