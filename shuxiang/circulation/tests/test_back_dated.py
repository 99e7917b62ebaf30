"""Acts entered afterwards, and what is read in the room."""

from datetime import date
from uuid import uuid4

import pytest

from shuxiang.audit.models import Operation
from shuxiang.audit.operations import begin
from shuxiang.circulation.inroom import not_back, read_here, uses_on
from shuxiang.circulation.models import InRoomUse, Loan
from shuxiang.circulation.services.backdated import lend_on_day, return_on_day
from shuxiang.circulation.services.in_room import count_use, uncount_use
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, later, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Movement
from shuxiang.holdings.years import YearClosing

pytestmark = pytest.mark.django_db
WHY = "停电时的纸质记录"


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


def entered(desk: Desk, on: date, **more: object) -> Loan:
    return lend_on_day(
        library=desk.library, patron=desk.pupil, item=desk.item, on=on, reason=WHY, at=later(10), by=BY,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_loan_entered_afterwards_stands_under_its_day_with_the_reason(desk: Desk) -> None:
    key = uuid4()
    loan = entered(desk, ON, operation_id=key)
    assert (loan.out_on, loan.due_on) == (ON, date(2026, 10, 29))
    act = Operation.objects.get(pk=key)
    assert act.detail == {"reason": WHY, "on": "2026-10-15", "act": str(loan.out_operation_id)}
    assert act.at == later(10)
    assert entered(desk, ON, operation_id=key) == loan
    done = return_on_day(
        library=desk.library, item=desk.item, on=date(2026, 10, 20), reason=WHY, at=later(10), by=BY
    )
    assert done.loan is not None
    assert done.loan.in_on == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [
        (date(2026, 10, 26), WHY, "back_date_to_come"),
        (ON, "  ", "back_date_without_reason"),
        (date(2026, 8, 1), WHY, "earlier_than_last_movement"),
    ],
)
def test_a_day_to_come_no_reason_and_a_day_before_the_last_movement_are_refused(
    desk: Desk, on: date, reason: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        lend_on_day(
            library=desk.library, patron=desk.pupil, item=desk.item, on=on, reason=reason, at=later(10), by=BY
        )
    assert not Loan.objects.exists()


def test_a_day_in_a_closed_year_is_refused(desk: Desk) -> None:
    operation = begin("tests.close", by=BY, at=AT, library_code=desk.library.code).operation
    YearClosing.objects.create(
        library=desk.library, year=2026, closed_at=AT, closed_by="li", operation=operation
    )
    with pytest.raises(Refused, match="year_closed"):
        entered(desk, ON)


def test_a_return_entered_afterwards_wants_a_loan(desk: Desk) -> None:
    with pytest.raises(Refused, match="was_not_lent"):
        return_on_day(library=desk.library, item=desk.item, on=ON, reason=WHY, at=later(10), by=BY)


def test_lent_and_back_on_the_same_day_keep_their_order(desk: Desk) -> None:
    loan = desk.lend(at=later(1))  # after half past eleven on the 16th
    done = return_on_day(
        library=desk.library, item=desk.item, on=loan.out_on, reason=WHY, at=later(10), by=BY
    )
    assert done.loan is not None
    assert done.loan.in_at is not None
    assert done.loan.in_at >= loan.out_at
    assert done.loan.in_on == loan.out_on


def test_a_volume_on_the_table_is_counted_and_nothing_moves(desk: Desk) -> None:
    key, moves = uuid4(), Movement.objects.count()
    for _ in range(2):
        count_use(library=desk.library, item=desk.item, at=AT, by=BY, operation_id=key)
    assert uses_on(desk.library, ON).count() == 1
    assert Movement.objects.count() == moves
    assert not Loan.objects.exists()
    use = InRoomUse.objects.get()
    uncount_use(library=desk.library, use_id=use.pk, at=AT, by=BY)
    assert not InRoomUse.objects.exists()
    with pytest.raises(Refused, match="undone_already"):
        uncount_use(library=desk.library, use_id=use.pk, at=AT, by=BY)


def test_a_lent_volume_and_one_of_another_school_are_not_counted(desk: Desk) -> None:
    desk.lend()
    with pytest.raises(Refused, match="lent_not_counted"):
        count_use(library=desk.library, item=desk.item, at=AT, by=BY)
    with pytest.raises(Refused, match="item_of_other_library"):
        count_use(library=desk.library, item=open_desk("b").item, at=AT, by=BY)


def test_the_list_at_closing_names_what_is_not_back(desk: Desk) -> None:
    first, second = desk.items[:2]
    desk.lend(first, kind="in-room")
    loan = desk.lend(second, desk.other, kind="in-room")
    assert loan.due_on == ON
    assert [one.item for one in not_back(desk.library, ON)] == [first, second]
    return_on_day(library=desk.library, item=first, on=ON, reason=WHY, at=AT, by=BY)
    assert [one.item for one in not_back(desk.library, ON)] == [second]
    assert read_here(desk.library, ON).count() == 2
    assert desk.lend(desk.items[2], kind="personal").kind == "personal"  # reading here fills no limit
