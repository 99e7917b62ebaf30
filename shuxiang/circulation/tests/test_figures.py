"""Figures of lending on a school small enough to count by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import cancel_loan, check_in, renew
from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope, UnknownPart, Value
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import SchoolClass
from shuxiang.libraries.services import count_enrolment, find_or_open, set_term
from shuxiang.patrons.models import Patron
from shuxiang.patrons.selectors import category
from shuxiang.patrons.services import add_patron

NOON = timedelta(hours=4)


def on(month: int, day: int) -> datetime:
    """Noon in China."""
    return datetime(2026, month, day, tzinfo=UTC) + NOON


@dataclass
class Term:
    """The autumn of 2026: class 三（1） of 2 pupils, 四（1） of 3; 3 volumes of I, 2 of N.

    Loans: 林知夏 on 10 September (returned) and 15 October, 陆青禾 on 2 November, the teacher on 2 November. Two that do not
    count: 周予安's was cancelled, and what 周予安 read in the room.
    """

    desk: Desk
    third: Patron
    fourth: Patron
    class_four: SchoolClass
    loans: list[Loan]

    def scope(self, as_of: date = date(2026, 11, 20), only: SchoolClass | None = None) -> Scope:
        period = libraries.period(self.desk.library, "2026-autumn")
        scope = Scope(self.desk.library, period, as_of=as_of)
        return scope.narrowed(school_class_id=only.pk) if only else scope

    def value(self, code: str, only: SchoolClass | None = None) -> Value:
        return registry.get(code).value(self.scope(only=only))

    def parts(self, code: str, by: str) -> dict[str, Decimal | None]:
        return {part.label: part.value.number for part in registry.get(code).parts[by](self.scope())}


def _science(desk: Desk) -> list[Item]:
    values = RecordValues(title="十万个为什么")
    record = save_record(record=None, values=values, library=desk.library, by=BY, at=START)
    holding = hold(library=desk.library, record=record, clc="N49", by=BY, at=START)
    batch = draft_batch(library=desk.library, source="purchase", received_on=START.date(), by=BY, at=START)
    items = add_items(batch=batch, holding=holding, copies=2, barcodes=("N1", "N2"), by=BY, at=START)
    post_batch(batch, by=BY, at=START, on=START.date())
    return [Item.objects.get(pk=item.pk) for item in items]


@pytest.fixture
def term(db: None) -> Term:
    desk = open_desk()
    set_term(
        library=desk.library, code="2026-autumn", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 31),
        teaching_from=date(2026, 9, 1), teaching_to=date(2027, 1, 15), by=BY, at=START,
    )  # fmt: skip
    class_four = find_or_open(
        library=desk.library, label="四（1）班", school_year="2026-2027", by=BY, at=START
    )
    count_enrolment(library=desk.library, count=3, on=START.date(), school_class=class_four, by=BY, at=START)
    pupil = category(desk.library, "pupil")
    assert pupil is not None
    third, fourth = (
        add_patron(
            library=desk.library, name=name, category=pupil, card_number=card, on=START.date(), by=BY, at=START,
            school_class=class_four,
        )
        for name, card in (("陆青禾", "0003"), ("许星野", "0004"))
    )  # fmt: skip
    science = _science(desk)
    first = desk.lend(at=on(9, 10))
    check_in(library=desk.library, item=desk.item, at=on(9, 20), by=BY)
    cancelled = desk.lend(desk.items[1], desk.other, at=on(10, 15))
    cancel_loan(loan=cancelled, at=on(10, 15), by=BY)
    desk.lend(desk.items[1], desk.other, at=on(10, 16), kind=Loan.Kind.IN_ROOM)
    loans = [
        first,
        desk.lend(at=on(10, 15)),
        desk.lend(science[0], third, at=on(11, 2)),
        desk.lend(desk.items[2], desk.teacher, at=on(11, 2)),
    ]
    return Term(desk, third, fourth, class_four, loans)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("circulation.loans", "4"),
        ("circulation.loans_pupils", "3"),
        ("circulation.loans_teachers", "1"),
        ("circulation.loans_per_pupil", "0.60"),
        ("circulation.loans_per_teacher", "1.00"),
        ("circulation.participation", "40.0"),
        ("circulation.never_borrowed", "2"),
        ("circulation.rate", "80.0"),
        ("circulation.rate_volumes", "60.0"),
        ("circulation.overdue", "3"),
        ("patrons.card_rate", "80.0"),
        ("patrons.teachers", "1"),
        ("libraries.pupils", "5"),
        ("libraries.classes", "2"),
    ],
)
def test_each_figure_is_what_one_counts_by_hand(term: Term, code: str, number: str) -> None:
    figure = registry.get(code)
    assert figure.value(term.scope()).rounded(figure.decimals) == Decimal(number)


def test_parts_of_loans_by_class_grade_month_subject_and_shelf(term: Term) -> None:
    assert term.parts("circulation.loans_pupils", "class") == {"三（1）班": 2, "四（1）班": 1}
    assert term.parts("circulation.loans_pupils", "grade") == {"三年级": 2, "四年级": 1}
    assert term.parts("circulation.loans", "month") == {"2026-09": 1, "2026-10": 1, "2026-11": 2}
    assert {label[:1]: n for label, n in term.parts("circulation.loans", "clc").items()} == {"I": 3, "N": 1}
    assert sum(n or 0 for n in term.parts("circulation.loans", "location").values()) == 4


def test_quotients_of_a_class_divide_by_the_pupils_of_that_class(term: Term) -> None:
    parts = registry.get("circulation.loans_per_pupil").parts["class"](term.scope())
    assert [part.value for part in parts] == [Value.quotient(2, 2), Value.quotient(1, 3)]
    taking = registry.get("circulation.participation").parts["class"](term.scope())
    assert [part.value for part in taking] == [Value.quotient(1, 2, 100), Value.quotient(1, 3, 100)]


COUNTS = [
    "circulation.loans", "circulation.loans_pupils", "circulation.loans_teachers", "circulation.never_borrowed",
    "circulation.overdue",
]  # fmt: skip


@pytest.mark.parametrize("code", COUNTS)
def test_the_parts_of_a_count_sum_to_the_whole(term: Term, code: str) -> None:
    figure = registry.get(code)
    whole = figure.value(term.scope()).number
    sums = {by: sum(p.value.number or 0 for p in split(term.scope())) for by, split in figure.parts.items()}
    assert sums == dict.fromkeys(figure.parts, whole)


@pytest.mark.parametrize(
    "code",
    [*COUNTS, "circulation.loans_per_pupil", "circulation.loans_per_teacher", "circulation.participation",
     "circulation.rate", "circulation.rate_volumes", "patrons.card_rate"],
)  # fmt: skip
def test_there_are_as_many_rows_as_the_number_says(term: Term, code: str) -> None:
    figure = registry.get(code)
    value, drill = figure.value(term.scope()), figure.rows
    assert drill is not None
    rows = drill(term.scope(), "", 0, 100)
    assert (
        rows.total == (value.number if value.numerator is None else value.numerator) == len(list(rows.rows))
    )


@pytest.mark.parametrize("code", COUNTS)
def test_there_are_as_many_rows_as_each_part_says(term: Term, code: str) -> None:
    figure = registry.get(code)
    assert figure.rows is not None
    for by, split in figure.parts.items():
        for part in split(term.scope()):
            rows = figure.rows(term.scope(), f"{by}:{part.key}", 0, 100)
            assert rows.total == len(list(rows.rows)) == part.value.number, (by, part)


def test_loans_of_no_class_of_the_period_are_a_part_of_their_own(term: Term) -> None:
    Loan.objects.filter(pk=term.loans[0].pk).update(school_class=None, grade=None)
    figure = registry.get("circulation.loans_pupils")
    rest = {by: figure.part(term.scope(), f"{by}:-").value.number for by in ("class", "grade")}
    assert rest == {"class": 1, "grade": 1}
    assert figure.rows is not None
    assert figure.rows(term.scope(), "class:-", 0, 9).total == 1


def test_a_running_period_is_looked_at_up_to_the_day(term: Term) -> None:
    halfway = term.scope(as_of=date(2026, 10, 31))
    assert registry.get("circulation.loans").value(halfway).number == 2
    assert [p.key for p in registry.get("circulation.loans").parts["month"](halfway)] == [
        "2026-09",
        "2026-10",
    ]
    assert (
        registry.get("circulation.overdue").value(halfway).number == 1 + 1
    )  # one of them was read in the room


def test_a_renewal_on_a_later_day_does_not_unmake_what_was_overdue(term: Term) -> None:
    late = term.loans[1]  # due on 29 October
    renew(loan=late, at=on(10, 31), by=BY, confirmed=frozenset({"loan_overdue"}))
    late.refresh_from_db()
    assert late.due_on > date(2026, 10, 31)
    overdue = registry.get("circulation.overdue")
    assert overdue.value(term.scope(as_of=date(2026, 10, 30))).number == 2
    assert overdue.value(term.scope(as_of=date(2026, 10, 31))).number == 1


def test_anonymous_loans_are_told_apart_by_their_pseudonym(term: Term) -> None:
    for loan, pseudonym in zip(term.loans, ("p", "p", "q", "t"), strict=True):
        Loan.objects.filter(pk=loan.pk).update(patron=None, pseudonym=pseudonym)
    assert term.value("circulation.participation").numerator == 2
    figure = registry.get("circulation.participation")
    assert figure.rows is not None
    rows = figure.rows(term.scope(), "", 0, 9)
    assert (rows.total, [row[1] for row in rows.rows]) == (2, ["", ""])


def test_who_never_borrowed_cannot_be_told_once_loans_are_anonymous(term: Term) -> None:
    Loan.objects.filter(pk=term.loans[0].pk).update(patron=None, pseudonym="p")
    assert term.value("circulation.never_borrowed").number is None
    figure = registry.get("circulation.never_borrowed")
    assert figure.rows is not None
    assert figure.rows(term.scope(), "", 0, 9).total == 0
    assert figure.parts["class"](term.scope()) == []


def test_a_class_sees_its_own_loans_readers_and_overdue_volumes_only(term: Term) -> None:
    values = {code: term.value(code, term.class_four).number for code in COUNTS}
    assert values == {
        "circulation.loans": 1,
        "circulation.loans_pupils": 1,
        "circulation.loans_teachers": 0,
        "circulation.never_borrowed": 1,
        "circulation.overdue": 1,
    }
    assert term.value("circulation.loans_per_pupil", term.class_four).denominator == 3
    drill = registry.get("circulation.never_borrowed").rows
    assert drill is not None
    assert list(drill(term.scope(only=term.class_four), "", 0, 9).rows) == [("四（1）班", "许星野")]


def test_a_grade_has_the_pupils_and_loans_of_its_classes(term: Term) -> None:
    per_pupil = registry.get("circulation.loans_per_pupil").value(term.scope().narrowed(grade=4))
    assert per_pupil == Value.quotient(1, 3)


def test_weekly_participation_is_the_mean_over_the_teaching_weeks_so_far(term: Term) -> None:
    """Up to 20 September: three weeks, one pupil in the second: (0 + 1 + 0) ÷ 3 ÷ 5."""
    figure, scope = registry.get("circulation.participation_week"), term.scope(as_of=date(2026, 9, 20))
    assert figure.value(scope).rounded(2) == Decimal("6.67")
    assert figure.rows is not None
    assert [row[2] for row in figure.rows(scope, "", 0, 9).rows] == [0, 1, 0]


def test_figures_may_be_asked_as_if_volumes_were_gone(term: Term) -> None:
    scope = term.scope()
    without = Scope(
        scope.library, scope.period, scope.as_of, without_items=frozenset({term.desk.items[0].pk})
    )
    assert registry.get("circulation.rate").value(without).rounded(0) == 100  # 4 ÷ 4
    volumes = registry.get("circulation.rate_volumes").value(without)
    assert volumes == Value.quotient(2, 4, 100)


def test_a_part_that_does_not_exist_is_refused(term: Term) -> None:
    for name in ("class:99999", "class:x", "shelf:1", "month:2030-01", ""):
        with pytest.raises(UnknownPart):
            registry.get("circulation.loans_pupils").part(term.scope(), name)


def test_names_of_readers_stand_in_marked_columns(term: Term) -> None:
    """Wherever a reader's name comes out of a figure, the column says so."""
    names = {"林知夏", "周予安", "陆青禾", "许星野", "沈书意"}
    leaks = [
        (figure.code, value)
        for figure in registry.all_figures()
        if figure.rows is not None
        for rows in [figure.rows(term.scope(), "", 0, 100)]
        for row in rows.rows
        for n, value in enumerate(_words(row))
        if value in names and n not in rows.personal
    ]
    assert leaks == []


def _words(row: Iterable[object]) -> list[str]:
    return [str(value) for value in row]


@pytest.mark.parametrize(
    ("loans", "readers", "per_head"),
    [(587, 42, "13.98"), (698, 43, "16.23"), (405, 30, "13.50"), (456, 41, "11.12"), (440, 26, "16.92"),
     (694, 40, "17.35"), (6410, 518, "12.37"), (3208, 346, "9.27"), (136, 18, "7.56")],
)  # fmt: skip
def test_published_tables_of_schools_come_out_as_printed(loans: int, readers: int, per_head: str) -> None:
    assert Value.quotient(loans, readers).rounded(2) == Decimal(per_head)
