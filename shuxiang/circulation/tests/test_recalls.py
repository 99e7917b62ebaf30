"""Calling loans in before they were due: the day moves, the old one is kept, and it can be taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation import recalled, selectors
from shuxiang.circulation.holdmodels import Recall, RecalledLoan
from shuxiang.circulation.holdrules import may_recall
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import (
    Wanted,
    check_in,
    foresee_recall,
    recall,
    renew,
    reverse_recall,
    undo_act,
)
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, add_book, later
from shuxiang.common.decisions import Refused

HOLIDAY = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"reason": " "}, ["recall_without_reason"]),
        ({"due_on": ON - timedelta(days=1)}, ["recall_in_the_past"]),
        ({"due_on": ON + timedelta(days=401)}, ["recall_too_far"]),
        ({"loans": 0}, ["nothing_to_recall"]),
    ],
)
def test_what_a_recall_needs(change: dict[str, object], expected: list[str]) -> None:
    asked: dict[str, object] = {"due_on": HOLIDAY, "today": ON, "reason": "放假", "loans": 3} | change
    decision = may_recall(**asked)  # type: ignore[arg-type]
    assert [reason.code for reason in decision.reasons] == expected


def call_in(desk: Desk, wanted: Wanted, days: int = 0, **more: object) -> Recall:
    return recall(library=desk.library, wanted=wanted, reason="国庆前收书", at=later(days), by=BY, **more)  # type: ignore[arg-type]


def test_all_is_called_in_before_a_holiday_and_the_old_day_is_kept(desk: Desk) -> None:
    pupils, teachers = desk.lend(), desk.lend(desk.items[1], desk.teacher)
    seen = foresee_recall(desk.library, Wanted("all", HOLIDAY), AT)
    assert (len(seen.loans), seen.due_anyhow) == (2, 0)
    key = uuid4()
    made = call_in(desk, Wanted("all", HOLIDAY), operation_id=key)
    assert call_in(desk, Wanted("all", HOLIDAY), operation_id=key) == made
    assert set(Loan.objects.values_list("due_on", flat=True)) == {HOLIDAY}
    rows = {row.loan_id: row.due_before for row in RecalledLoan.objects.all()}
    assert rows == {pupils.pk: pupils.due_on, teachers.pk: teachers.due_on}
    assert [slip.label for slip in recalled.slips_of(made, ON)] == ["三（1）班", "教师"]
    assert [getattr(one, "is_recalled") for one in selectors.loans_of(desk.pupil)] == [True]  # noqa: B009


def test_taking_a_recall_back_leaves_what_moved_on(desk: Desk) -> None:
    one, two = desk.lend(), desk.lend(desk.items[1], desk.teacher)
    made = call_in(desk, Wanted("all", HOLIDAY))
    check_in(library=desk.library, item=desk.items[1], at=later(1), by=BY)
    _recall, sums = reverse_recall(recall=made, at=later(2), by=BY)
    assert (sums.read, sums.changed, sums.left) == (2, 1, {"returned": 1})
    assert Loan.objects.get(pk=one.pk).due_on == one.due_on
    assert Loan.objects.get(pk=two.pk).due_on == HOLIDAY
    with pytest.raises(Refused) as refused:
        reverse_recall(recall=made, at=later(2), by=BY)
    assert refused.value.codes == ("recall_reversed",)
    assert [getattr(one, "is_recalled") for one in selectors.loans_of(desk.pupil)] == [False]  # noqa: B009


@pytest.mark.parametrize("scope", ["loan", "title", "class"])
def test_a_recall_reaches_only_what_it_names(desk: Desk, scope: str) -> None:
    mine, teachers = desk.lend(), desk.lend(desk.items[1], desk.teacher)
    other = add_book(desk.library, "红楼梦", copies=1)[0]
    far = desk.lend(other, desk.teacher)
    membership = desk.pupil.memberships.get()
    wanted = {
        "loan": Wanted("loan", HOLIDAY, loan=mine),
        "title": Wanted("title", HOLIDAY, record=mine.record),
        "class": Wanted("class", HOLIDAY, school_class=membership.school_class),
    }[scope]
    call_in(desk, wanted)
    moved = {loan.pk for loan in Loan.objects.filter(due_on=HOLIDAY)}
    assert moved == ({mine.pk, teachers.pk} if scope == "title" else {mine.pk})
    assert far.pk not in moved


def test_renewing_what_was_called_in_is_asked_about_and_lending_mentions_it(desk: Desk) -> None:
    loan = desk.lend(desk.items[0], desk.teacher)
    call_in(desk, Wanted("all", HOLIDAY))
    with pytest.raises(Refused) as refused:
        renew(loan=loan, at=later(1), by=BY)
    assert refused.value.codes == ("loan_recalled",)
    told: list[str] = []
    desk.lend(
        desk.items[1], desk.teacher, later(1), tell=lambda said: told.extend(r.code for r in said.reasons)
    )
    assert "has_recalled" in told


def test_a_renewal_before_the_recall_cannot_be_undone_under_it(desk: Desk) -> None:
    loan = desk.lend(desk.items[0], desk.teacher, later(-10))
    key = uuid4()
    renew(loan=loan, at=later(1), by=BY, operation_id=key)
    call_in(desk, Wanted("all", HOLIDAY), days=2)
    with pytest.raises(Refused) as refused:
        undo_act(library=desk.library, act=key, at=later(2), by=BY)
    assert refused.value.codes == ("recalled_since",)


def test_recalls_reconcile(desk: Desk) -> None:
    desk.lend()
    made = call_in(desk, Wanted("all", HOLIDAY))
    reverse_recall(recall=made, at=later(1), by=BY)
    assert reconcile.run().differences == ()
