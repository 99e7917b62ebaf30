"""One box: what a scan means, and that a page sent twice acts once while a page shown twice does not swallow an act."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Outcome, ScanResult, Sitting, scan
from shuxiang.circulation.tests.desk import AT, BY, ISBN, Desk, later
from shuxiang.holdings.models import Item
from shuxiang.patrons.models import Patron


def code_of(item: Item) -> str:
    return item.identifiers.get().value


def at_desk(desk: Desk, code: str, patron: Patron | None = None, operation: UUID | None = None) -> ScanResult:
    return scan(
        Sitting(library=desk.library, at=later(1), by=BY, patron=patron, operation_id=operation), code
    )


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("0001", Outcome.READER),
        ("林知夏", Outcome.READER),
        ("zya", Outcome.READER),
        ("nobody", Outcome.UNKNOWN),
    ],
)
def test_a_card_a_name_and_initials_bring_a_reader_forward(desk: Desk, code: str, outcome: Outcome) -> None:
    assert at_desk(desk, code).outcome is outcome


def test_with_a_reader_a_volume_is_lent_and_then_taken_back(desk: Desk) -> None:
    lent = at_desk(desk, code_of(desk.item), desk.pupil)
    assert (lent.outcome, lent.patron) == (Outcome.LENT, desk.pupil)
    back = at_desk(desk, code_of(desk.item), desk.pupil)
    assert (back.outcome, back.loan) == (Outcome.RETURNED, lent.loan)


def test_without_a_reader_an_isbn_is_taken_back(desk: Desk) -> None:
    loan = desk.lend()
    assert at_desk(desk, ISBN).loan == loan


def test_a_page_sent_twice_acts_once(desk: Desk) -> None:
    operation = uuid4()
    first = at_desk(desk, code_of(desk.item), desk.pupil, operation)
    again = at_desk(desk, code_of(desk.item), desk.pupil, operation)
    assert (again.outcome, again.loan) == (Outcome.LENT, first.loan)
    assert Loan.objects.get().in_at is None


def test_a_return_sent_twice_is_told_twice_and_done_once(desk: Desk) -> None:
    loan = desk.lend(at=AT)
    operation = uuid4()
    first = at_desk(desk, code_of(desk.item), None, operation)
    again = at_desk(desk, code_of(desk.item), None, operation)
    assert first.loan == again.loan == loan


def test_another_scan_from_a_page_shown_before_is_another_act(desk: Desk) -> None:
    """The browser's back button shows the old page, with the old operation id in it."""
    operation = uuid4()
    at_desk(desk, code_of(desk.item), desk.pupil, operation)
    other = at_desk(desk, code_of(desk.items[1]), desk.pupil, operation)
    assert (other.outcome, other.item) == (Outcome.LENT, desk.items[1])
    assert at_desk(desk, "0002", desk.pupil, operation).patron == desk.other
    assert Loan.objects.count() == 2


def test_what_is_worth_saying_is_said_although_it_was_lent(desk: Desk) -> None:
    sunday = datetime(2026, 10, 18, 3, 0, tzinfo=UTC)
    sitting = Sitting(library=desk.library, at=sunday, by=BY, patron=desk.pupil)
    lent = scan(sitting, code_of(desk.item))
    assert lent.outcome is Outcome.LENT
    assert [reason.code for reason in lent.decision.reasons] == ["library_closed_today", "due_moved"]
