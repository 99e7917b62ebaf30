"""One box: what a scan means, and that a page sent twice acts once while a page shown twice does not swallow an act."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Outcome, ScanResult, Sitting, scan
from shuxiang.circulation.tests.desk import AT, BY, ISBN, Desk, add_book, later
from shuxiang.holdings.models import Item
from shuxiang.patrons.models import Patron


def code_of(item: Item) -> str:
    return item.identifiers.get().value


def at_desk(
    desk: Desk, code: str, patron: Patron | None = None, operation: UUID | None = None, days: float = 1
) -> ScanResult:
    sitting = Sitting(library=desk.library, at=later(0) + timedelta(days=days), by=BY, patron=patron)
    return scan(replace(sitting, operation_id=operation), code)


SECOND = 1 / 86400


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
    back = at_desk(desk, code_of(desk.item), desk.pupil, days=2)
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


def test_a_scanner_that_fires_twice_does_not_lend_and_take_back(desk: Desk) -> None:
    lent = at_desk(desk, code_of(desk.item), desk.pupil)
    again = at_desk(desk, code_of(desk.item), desk.pupil, days=1 + 0.9 * SECOND)
    assert (again.outcome, again.loan) == (Outcome.TWICE, lent.loan)
    assert Loan.objects.get().in_at is None
    meant = at_desk(desk, code_of(desk.item), desk.pupil, days=1 + 1.1 * SECOND)
    assert meant.outcome is Outcome.RETURNED


def test_a_return_that_came_twice_keeps_the_first_answer(desk: Desk) -> None:
    loan = desk.lend(at=AT)
    at_desk(desk, code_of(desk.item))
    again = at_desk(desk, code_of(desk.item), days=1 + 0.5 * SECOND)
    assert (again.outcome, again.loan) == (Outcome.TWICE, loan)
    later_on = at_desk(desk, code_of(desk.item), days=2)
    assert (later_on.outcome, later_on.loan) == (Outcome.RETURNED, None)


def test_a_class_is_its_readers_by_their_numbers(desk: Desk) -> None:
    result = at_desk(desk, "三1班")
    assert (result.outcome, result.patrons) == (Outcome.WHICH_READER, (desk.pupil, desk.other))
    assert result.school_class is not None


def test_words_of_a_title_are_titles_to_choose_from(desk: Desk) -> None:
    result = at_desk(desk, "西游", desk.pupil)
    assert result.outcome is Outcome.WHICH_TITLE
    assert [(hit.record.title, hit.copies.available) for hit in result.titles] == [("西游记", 3)]
    assert at_desk(desk, "xyj").titles == result.titles


def test_with_a_reader_there_words_that_fit_a_name_and_a_title_are_both_offered(desk: Desk) -> None:
    add_book(desk.library, "知夏的果园", copies=1)
    assert at_desk(desk, "知夏").outcome is Outcome.READER
    result = at_desk(desk, "知夏", desk.other)
    assert (result.outcome, result.patrons) == (Outcome.WHICH_READER, (desk.pupil,))
    assert [hit.record.title for hit in result.titles] == ["知夏的果园"]
    assert at_desk(desk, "林知夏", desk.other).patron == desk.pupil


def test_an_unknown_number_is_looked_up_neither_as_a_name_nor_as_a_title(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        assert at_desk(desk, "99999999").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("written", ["*{}*", "]C0{}", "={}", " {}\r\n"])
def test_a_barcode_is_known_with_what_scanners_add(desk: Desk, written: str) -> None:
    assert at_desk(desk, written.format(code_of(desk.item)), desk.pupil).item == desk.item


def test_an_isbn_is_known_with_its_add_on(desk: Desk) -> None:
    assert at_desk(desk, ISBN + "05", desk.pupil).outcome is Outcome.LENT


def test_a_return_before_the_loan_is_refused_and_raises_nothing(desk: Desk) -> None:
    desk.lend(at=later(3))
    result = at_desk(desk, code_of(desk.item))
    assert result.outcome is Outcome.REFUSED
    assert [reason.code for reason in result.decision.reasons] == ["earlier_than_last_movement"]
