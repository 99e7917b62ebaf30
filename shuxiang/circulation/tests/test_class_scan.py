"""A class at the desk: whom a scan is about, and that what is out of turn is said, counted and done all the same."""

from datetime import date, time
from uuid import uuid4

import pytest

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Outcome, Sitting
from shuxiang.circulation.services.class_scan import ClassScan, about_guest, about_now, scan_for_class
from shuxiang.circulation.tests.desk import AT, BY, ISBN, START, Desk, add_book, later
from shuxiang.common.clock import local_date
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import SchoolClass
from shuxiang.libraries.services import add_room, find_or_open, set_slot
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import ClassMembership, Patron
from shuxiang.patrons.services import add_patron, default_categories

NAMES = ["林知夏", "周予安", "阿依努尔·买买提", "欧阳若水", "欧阳雪"]


class Served:
    """三（1）班 at the desk: the first two as the desk's school has them, the others added, numbered from 1."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.library = desk, desk.library
        self.school_class = self.open("三（1）班")
        self.other_class = self.open("三（2）班")
        for number, reader in enumerate((desk.pupil, desk.other), 1):
            ClassMembership.objects.filter(patron=reader).update(number=number)
        self.readers = [desk.pupil, desk.other]
        self.readers += [
            self.add(name, number, self.school_class) for number, name in enumerate(NAMES[2:], 3)
        ]
        self.guest = self.add("外班生", 9, self.other_class)

    def open(self, label: str) -> SchoolClass:
        return find_or_open(library=self.library, label=label, school_year="2026-2027", by=BY, at=START)

    def add(self, name: str, number: int, school_class: SchoolClass) -> Patron:
        return add_patron(
            library=self.library,
            name=name,
            category=default_categories(self.library)["pupil"],
            card_number=f"{school_class.pk}-{number}",
            on=START.date(),
            by=BY,
            at=START,
            school_class=school_class,
            class_number=number,
        )

    def scan(self, code: str, reader: Patron | None = None, **more: object) -> ClassScan:
        sitting = Sitting(library=self.library, at=later(1), by=BY, patron=reader, **more)  # type: ignore[arg-type]
        members = patrons.members_of(self.school_class, local_date(AT))
        return scan_for_class(sitting, self.school_class, code, members=members)

    def give_turn(self, school_class: SchoolClass) -> None:
        """All of the day after AT, a Friday."""
        set_slot(
            library=self.library,
            room=add_room(library=self.library, code="main", name="阅览室", by=BY, at=START),
            weekday=5,
            starts=time(0, 0),
            ends=time(23, 59),
            valid_from=date(2026, 9, 1),
            school_class=school_class,
            by=BY,
            at=START,
        )


@pytest.fixture
def served(desk: Desk) -> Served:
    return Served(desk)


def code_of(item: Item) -> str:
    return item.identifiers.get().value


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("1", 0),
        ("２", 1),
        ("03", 2),
        ("zhouyuan", 1),
        ("zya", 1),
        ("知夏", 0),
        ("买买提", 2),
        ("0001", 0),  # a card, were there one
    ],
)
def test_a_pupil_is_picked_by_number_name_initials_or_card(served: Served, typed: str, index: int) -> None:
    done = served.scan(typed)
    assert (done.result.outcome, done.result.patron) == (Outcome.READER, served.readers[index])
    assert not done.is_guest


def test_two_that_begin_alike_are_asked_about_and_nobody_outside_the_class_is_among_them(
    served: Served,
) -> None:
    served.add("欧阳别班", 8, served.other_class)
    done = served.scan("欧阳")
    assert done.result.outcome is Outcome.WHICH_READER
    assert list(done.result.patrons) == served.readers[3:]


def test_a_number_that_nobody_in_the_class_has_is_no_reader(served: Served) -> None:
    assert served.scan("9").result.outcome is Outcome.UNKNOWN


def test_a_picked_pupil_borrows_and_gives_back_what_was_borrowed(served: Served) -> None:
    code = code_of(served.desk.item)
    assert served.scan(code, served.readers[0]).result.outcome is Outcome.LENT
    assert served.scan(code, served.readers[0]).result.outcome is Outcome.RETURNED


@pytest.mark.parametrize("picked", [None, 1])
def test_a_volume_that_a_classmate_has_comes_back_from_that_one_whoever_is_picked(
    served: Served, picked: int | None
) -> None:
    loan = served.desk.lend()
    done = served.scan(code_of(served.desk.item), served.readers[picked] if picked else None)
    assert (done.result.outcome, done.result.loan, done.result.patron) == (
        Outcome.RETURNED,
        loan,
        served.readers[0],
    )


def test_by_isbn_the_only_classmate_who_has_it_gives_it_back_when_nobody_is_picked(served: Served) -> None:
    loan = served.desk.lend()
    served.desk.lend(served.desk.items[1], patron=served.guest)
    assert served.scan(ISBN).result.loan == loan


def test_by_isbn_a_picked_pupil_borrows_a_copy_that_is_in(served: Served) -> None:
    served.desk.lend()
    done = served.scan(ISBN, served.readers[1])
    assert (done.result.outcome, done.result.patron) == (Outcome.LENT, served.readers[1])


def test_by_isbn_with_no_copy_in_the_classmates_comes_back(served: Served) -> None:
    [item] = add_book(served.library, "草房子", copies=1, isbn="9787534618727")
    loan = served.desk.lend(item)
    assert served.scan("9787534618727", served.readers[1]).result.loan == loan


def test_by_isbn_two_of_the_class_are_asked_about(served: Served) -> None:
    served.desk.lend()
    served.desk.lend(served.desk.items[1], patron=served.readers[1])
    assert served.scan(ISBN).result.outcome is Outcome.WHOSE


def test_what_another_class_has_is_asked_about_with_a_pupil_and_taken_back_without(served: Served) -> None:
    served.desk.lend(patron=served.guest)
    code = code_of(served.desk.item)
    assert served.scan(code, served.readers[0]).result.outcome is Outcome.ASKED
    done = served.scan(code)
    assert (done.result.outcome, done.is_guest, done.out_of_turn) == (Outcome.RETURNED, True, False)


def test_a_reader_of_another_class_is_lent_to_and_counted(served: Served) -> None:
    assert served.scan(f"{served.other_class.pk}-9").is_guest
    done = served.scan(code_of(served.desk.item), served.guest)
    assert (done.result.outcome, done.is_guest, done.out_of_turn) == (Outcome.LENT, True, True)


@pytest.mark.parametrize(("turn", "out_of_turn"), [("school_class", False), ("other_class", True)])
def test_in_another_class_time_the_loan_is_made_noted_and_counted(
    served: Served, turn: str, out_of_turn: bool
) -> None:
    served.give_turn(getattr(served, turn))
    done = served.scan(code_of(served.desk.item), served.readers[0])
    assert (done.result.outcome, done.out_of_turn) == (Outcome.LENT, out_of_turn)
    sitting = Sitting(library=served.library, at=later(1), by=BY)
    noted = [reason.code for reason in about_now(sitting, served.school_class).reasons]
    assert noted == (["turn_of_others"] if out_of_turn else [])


def test_a_day_on_which_the_library_is_closed_is_said_once_for_the_class(served: Served) -> None:
    sunday = Sitting(library=served.library, at=later(3), by=BY)
    assert [reason.code for reason in about_now(sunday, served.school_class).reasons] == [
        "library_closed_today"
    ]


def test_a_guest_and_a_reader_without_a_class_are_noted(served: Served) -> None:
    served.give_turn(served.school_class)
    sitting = Sitting(library=served.library, at=later(1), by=BY)

    def codes(reader: Patron) -> list[str]:
        return [reason.code for reason in about_guest(sitting, served.school_class, reader).reasons]

    assert codes(served.guest) == ["reader_of_other_class", "turn_of_others"]
    assert codes(served.desk.teacher) == ["reader_without_class"]
    assert codes(served.readers[0]) == []


def test_a_scan_sent_twice_acts_once_although_the_volume_stands_elsewhere_by_then(served: Served) -> None:
    loan = served.desk.lend()
    operation = uuid4()
    code = code_of(served.desk.item)
    first = served.scan(code, served.readers[1], operation_id=operation)
    again = served.scan(code, served.readers[1], operation_id=operation)
    assert first.result.loan == again.result.loan == loan
    assert again.result.outcome is Outcome.RETURNED
    assert Loan.objects.count() == 1
