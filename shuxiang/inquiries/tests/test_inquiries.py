"""The service desk: asked, answered, paid for, taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.cashbook.models import CashEntry
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.inquiries import selectors
from shuxiang.inquiries.models import Inquiry
from shuxiang.inquiries.services import Answered, answer, ask, drop, reopen


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


def asked(desk: Desk, **more: object) -> Inquiry:
    values = {
        "library": desk.library,
        "kind": "search",
        "question": "课题：古诗词教学",
        "patron": desk.teacher,
    }
    return ask(**(values | more), at=AT, by=BY)  # type: ignore[arg-type]


def test_a_request_is_answered_and_its_fee_has_a_receipt(desk: Desk) -> None:
    inquiry = asked(desk, kind="copy", patron=None, asker="来访教师")
    done = answer(inquiry, Answered("复印 12 页", "《诗词大会》", 15, 240), at=AT, by=BY)
    assert (done.state, done.answered_on, done.minutes) == ("answered", ON, 15)
    assert done.receipt is not None
    assert (done.receipt.amount_fen, done.receipt.kind, done.receipt.payer) == (240, "copy", "来访教师")
    assert reconcile.run().is_clean
    [row] = selectors.table_of(selectors.inquiries_of(desk.library))
    assert row[-2:] == ["2.40", "2026-0001"]


def test_an_answer_taken_back_gives_the_fee_back_by_an_entry_of_its_own(desk: Desk) -> None:
    done = answer(asked(desk), Answered("见附表", fee_fen=500), at=AT, by=BY)
    again = reopen(done, words="答错", at=AT, by=BY)
    assert (again.state, again.receipt, again.fee_fen, again.answer) == ("open", None, 0, "见附表")
    assert [e.amount_fen for e in CashEntry.objects.order_by("number")] == [500, -500]
    assert answer(again, Answered("另见目录"), at=AT, by=BY).receipt is None
    assert reconcile.run().is_clean


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"question": " "}, "no_question"),
        ({"patron": None}, "nobody_asks"),
        ({"on": ON + timedelta(days=1)}, "day_to_come"),
    ],
)
def test_half_a_request_is_refused(desk: Desk, more: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(desk, **more)
    assert refused.value.codes == (code,)


def test_an_empty_answer_and_a_second_one_are_refused(desk: Desk) -> None:
    inquiry = asked(desk)
    for given, code in ((Answered(" "), "no_answer"), (Answered("x", minutes=9999), "bad_minutes")):
        with pytest.raises(Refused) as refused:
            answer(inquiry, given, at=AT, by=BY)
        assert refused.value.codes == (code,)
    answer(inquiry, Answered("见附表"), at=AT, by=BY)
    with pytest.raises(Refused) as refused:
        answer(inquiry, Answered("又一次", fee_fen=100), at=AT, by=BY)
    assert refused.value.codes == ("answered_already",)
    assert not CashEntry.objects.exists()


def test_one_that_nobody_wants_any_more_is_dropped_and_may_be_taken_up_again(desk: Desk) -> None:
    inquiry = drop(asked(desk), at=AT, by=BY)
    assert inquiry.state == "dropped"
    assert reopen(inquiry, words="", at=AT, by=BY).state == "open"
    with pytest.raises(Refused):
        reopen(inquiry, words="", at=AT, by=BY)


def test_the_same_act_twice_is_done_once(desk: Desk) -> None:
    key, second = uuid4(), uuid4()
    inquiry = asked(desk, operation_id=key)
    assert asked(desk, operation_id=key) == inquiry
    given = Answered("见附表", fee_fen=100)
    answer(inquiry, given, at=AT, by=BY, operation_id=second)
    answer(inquiry, given, at=AT, by=BY, operation_id=second)
    assert CashEntry.objects.count() == 1


def test_requests_are_found_by_any_word_and_only_in_their_own_school(desk: Desk) -> None:
    other = open_desk("b")
    inquiry = answer(asked(desk), Answered("见《唐诗鉴赏》"), at=AT, by=BY)
    for text in ("古诗词", "唐诗 沈书意", ""):
        assert list(selectors.inquiries_of(desk.library, text=text)) == [inquiry]
    assert not selectors.inquiries_of(desk.library, text="宋词")
    assert not selectors.inquiries_of(desk.library, state="open")
    assert selectors.inquiry_of(other.library, inquiry.pk) is None
    with pytest.raises(Refused) as refused:
        asked(desk, patron=other.teacher)
    assert refused.value.codes == ("reader_elsewhere",)


def test_figures_count_by_kind_and_add_up_minutes(desk: Desk) -> None:
    answer(asked(desk), Answered("见附表", minutes=25), at=AT, by=BY)
    asked(desk, kind="delivery")
    drop(asked(desk), at=AT, by=BY)
    scope = Scope(desk.library, Period("2026-10", date(2026, 10, 1), date(2026, 10, 31)))
    values = {c: registry.get(f"inquiries.{c}").value(scope).number for c in ("asked", "answered", "minutes")}
    assert values == {"asked": 2, "answered": 50, "minutes": 25}


def test_a_fee_without_its_receipt_is_found(desk: Desk) -> None:
    done = answer(asked(desk), Answered("见附表", fee_fen=500), at=AT, by=BY)
    Inquiry.objects.filter(pk=done.pk).update(fee_fen=400)
    assert {d.code for d in reconcile.run().differences} == {"fee_differs"}
