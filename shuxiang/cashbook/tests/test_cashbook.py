"""The cash book: numbers without a gap, sums that answer each other, days that stay closed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.audit.operations import OperationMismatch
from shuxiang.cashbook import selectors
from shuxiang.cashbook.models import CashEntry, DayClose
from shuxiang.cashbook.services import close_day, hand_over, receive, refund, reverse
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.common.yuan import capital_yuan, read_yuan
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library

BY = Actor("li", "desk")
AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)  # a Thursday, half past eleven in China
ON = date(2026, 10, 15)


@dataclass
class Desk:
    library: Library


def open_desk(code: str = "a") -> Desk:
    return Desk(create_library(code=code, name="榆树小学", kind="primary", by=BY, at=AT))


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


NEXT_DAY = later(1)


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


def paid(desk: Desk, fen: int = 3600, **more: object) -> CashEntry:
    values: dict[str, object] = {
        "library": desk.library, "kind": "compensation", "amount_fen": fen, "payer": "林知夏",
        "words": "遗失《西游记》", "at": AT, "by": BY,
    }  # fmt: skip
    return receive(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (3600, "叁拾陆元整"), (1000, "壹拾元整"), (10000, "壹佰元整"), (5, "伍分"), (50, "伍角整"),
        (105, "壹元零伍分"), (1050, "壹拾元零伍角整"), (1234567, "壹万贰仟叁佰肆拾伍元陆角柒分"), (1000000, "壹万元整"),
        (10000100, "壹拾万零壹元整"), (100100000, "壹佰万零壹仟元整"), (10**12, "壹佰亿元整"), (-3600, "负叁拾陆元整"),
    ],
)  # fmt: skip
def test_a_receipt_spells_its_sum_in_capital_characters(fen: int, words: str) -> None:
    assert capital_yuan(fen) == words


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("", None), ("12", 1200), ("12.5", 1250), ("￥１２．５０元", 1250), ("0.01", 1), ("12.", 1200)],
)
def test_a_sum_is_read_as_it_is_typed(typed: str, fen: int | None) -> None:
    assert read_yuan(typed) == fen


@pytest.mark.parametrize("typed", ["-1", "12.345", "1e9", "十二", "nan", "1,200", "99999999", "1.٣"])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_yuan(typed)


def test_entries_bear_the_next_number_of_their_year_and_a_refused_one_takes_none(desk: Desk) -> None:
    first = paid(desk)
    with pytest.raises(Refused):
        paid(desk, 0)
    with pytest.raises(Refused):
        paid(desk, 500, payer=" ")
    second = refund(first, amount_fen=600, words="多收", at=AT, by=BY)
    third = paid(desk, at=later(80))
    assert [(e.year, e.number) for e in (first, second, third)] == [(2026, 1), (2026, 2), (2027, 1)]
    assert str(first) == "2026-0001"
    assert reconcile.run().is_clean


def test_the_same_receipt_sent_twice_is_one_and_the_same(desk: Desk) -> None:
    key = uuid4()
    assert paid(desk, operation_id=key).pk == paid(desk, operation_id=key).pk
    with pytest.raises(OperationMismatch):
        paid(desk, 100, operation_id=key)
    assert CashEntry.objects.count() == 1


def test_no_more_is_paid_back_than_was_received(desk: Desk) -> None:
    entry = paid(desk)
    refund(entry, amount_fen=3000, words="找到", at=AT, by=BY)
    with pytest.raises(Refused) as refused:
        refund(entry, amount_fen=700, words="找到", at=AT, by=BY)
    assert refused.value.codes == ("more_than_received",)
    with pytest.raises(Refused) as refused:
        reverse(entry, words="写错", at=AT, by=BY)
    assert refused.value.codes == ("paid_back_in_part",)
    rest = refund(entry, amount_fen=600, words="找到", at=AT, by=BY)
    with pytest.raises(Refused) as refused:
        refund(rest, amount_fen=1, words="", at=AT, by=BY)
    assert "no_receipt" in refused.value.codes
    assert selectors.book_to(desk.library, ON).book_fen == 0


def test_what_was_entered_wrongly_is_reversed_once_and_stays_in_the_book(desk: Desk) -> None:
    entry = paid(desk)
    wrong = refund(entry, amount_fen=3600, words="错", at=AT, by=BY)
    assert reverse(wrong, words="退错", at=AT, by=BY).amount_fen == 3600
    back = reverse(entry, words="写错", at=AT, by=BY)
    assert (back.act, back.amount_fen, back.of_id) == ("reversal", -3600, entry.pk)
    for again, code in ((entry, "reversed_already"), (back, "reversal_stands")):
        with pytest.raises(Refused) as refused:
            reverse(again, words="", at=AT, by=BY)
        assert refused.value.codes == (code,)
    assert [e.is_reversed for e in selectors.entries_between(desk.library, ON, ON)] == [  # type: ignore[attr-defined]
        True, True, False, False,
    ]  # fmt: skip
    assert reconcile.run().is_clean


def test_a_day_is_closed_with_what_was_counted_and_never_opened_again(desk: Desk) -> None:
    paid(desk)
    with pytest.raises(Refused) as refused:
        close_day(library=desk.library, on=ON, counted_fen=3500, signed_by="李", at=AT, by=BY)
    assert refused.value.codes == ("difference_unexplained",)
    close = close_day(
        library=desk.library, on=ON, counted_fen=3500, signed_by="李", note="少一元，待查", at=AT, by=BY
    )
    assert (close.book_fen, close.difference_fen, close.entries) == (3600, -100, 1)
    with pytest.raises(Refused) as refused:
        paid(desk)
    assert refused.value.codes == ("day_closed",)
    with pytest.raises(Refused) as refused:
        close_day(library=desk.library, on=ON, counted_fen=3600, signed_by="李", at=AT, by=BY)
    assert "closed_already" in refused.value.codes
    paid(desk, 1000, at=NEXT_DAY)
    following = close_day(
        library=desk.library, on=ON + timedelta(days=1), counted_fen=4500, signed_by="李", at=NEXT_DAY, by=BY
    )
    assert (following.opening_fen, following.book_fen, following.from_on) == (
        3500,
        4500,
        ON + timedelta(days=1),
    )
    assert reconcile.run().is_clean
    DayClose.objects.filter(pk=close.pk).update(in_fen=3700, book_fen=3700)
    assert {d.check for d in reconcile.run().differences} == {"cashbook.days"}


def test_a_day_to_come_is_neither_entered_nor_closed(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        paid(desk, on=ON + timedelta(days=1))
    assert refused.value.codes == ("day_to_come",)
    with pytest.raises(Refused) as refused:
        close_day(
            library=desk.library, on=ON + timedelta(days=1), counted_fen=0, signed_by="李", at=AT, by=BY
        )
    assert refused.value.codes == ("day_to_come",)


def test_no_more_is_handed_over_than_there_is(desk: Desk) -> None:
    paid(desk)
    with pytest.raises(Refused) as refused:
        hand_over(library=desk.library, amount_fen=4000, to="总务处", at=AT, by=BY)
    assert refused.value.codes == ("more_than_there_is",)
    hand_over(library=desk.library, amount_fen=3600, to="总务处", at=AT, by=BY)
    found = selectors.totals(selectors.entries_between(desk.library, ON, ON))
    assert (found.kinds, found.handed_fen, found.sum_fen) == ({"compensation": 3600}, -3600, 0)


def test_each_school_has_a_book_of_its_own(desk: Desk) -> None:
    other = open_desk("b")
    paid(desk)
    entry = paid(other)
    close_day(library=desk.library, on=ON, counted_fen=3600, signed_by="李", at=AT, by=BY)
    assert paid(other).number == 2
    assert selectors.entry_of(desk.library, entry.pk) is None


def test_the_figure_takes_off_what_was_paid_back_but_not_what_was_handed_over(desk: Desk) -> None:
    entry = paid(desk)
    refund(entry, amount_fen=600, words="", at=AT, by=BY)
    hand_over(library=desk.library, amount_fen=3000, to="总务处", at=AT, by=BY)
    scope = Scope(desk.library, Period("2026-10", date(2026, 10, 1), date(2026, 10, 31)))
    figure = registry.get("cashbook.received")
    assert figure.value(scope).number == Decimal(30)
    assert [(p.key, p.value.number) for p in figure.parts["kind"](scope)] == [("compensation", Decimal(30))]


def test_a_gap_and_a_wrong_answer_are_found(desk: Desk) -> None:
    first, second = paid(desk), paid(desk)
    reverse(first, words="", at=AT, by=BY)
    CashEntry.objects.filter(act="reversal").update(amount_fen=-1)
    CashEntry.objects.filter(pk=second.pk).update(number=9)
    found = reconcile.run().differences
    assert {d.code for d in found} == {"gap_in_receipts", "wrong_answer"}
    assert all(reconcile.describe(d) for d in found)
