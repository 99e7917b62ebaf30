"""The paper register of a class, typed in afterwards."""

from datetime import date

import pytest

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in_loan
from shuxiang.circulation.tests.desk import AT, BY, ISBN, later
from shuxiang.common.decisions import Refused
from shuxiang.corners.models import PaperRow, PaperSheet
from shuxiang.corners.services import own, paper
from shuxiang.corners.services.paper import Typed
from shuxiang.corners.tests.school import Corners, account, code_of, differences

pytestmark = pytest.mark.django_db
NOW = later(30)  # 14 November


def sheet_of(school: Corners, *typed: Typed) -> PaperSheet:
    school_class = school.corner.school_class
    assert school_class is not None
    return paper.keep_rows(paper.begin_sheet(school_class, "纸质登记", by=BY, at=NOW), typed)


def verdicts(rows: list[PaperRow]) -> list[str]:
    return [str(row.reasons[0][0]) if row.reasons else "" for row in rows]


def test_a_sheet_is_tried_without_a_trace_and_then_entered_under_its_days(school: Corners) -> None:
    one, two = school.volumes[:2]
    school.fill(one)
    sheet = sheet_of(
        school,
        Typed("11.2", "1", code_of(one), "11.6"),
        Typed("", "周予安", two.holding.record.title),
        Typed("11.9", "2", code_of(one)),
    )
    rows = paper.try_out(sheet, by=BY, at=NOW)
    assert verdicts(rows) == ["", "", ""]
    assert [row.item for row in rows] == [one, two, one]
    assert not Loan.objects.exists()
    paper.enter(sheet, by=BY, at=NOW)
    found = [(x.out_on, x.patron, x.in_on, x.kind) for x in Loan.objects.order_by("out_at", "pk")]
    day = date(2026, 11, 2)
    assert found == [
        (day, school.desk.pupil, date(2026, 11, 6), "corner"),
        (day, school.desk.other, None, "personal"),
        (date(2026, 11, 9), school.desk.other, None, "corner"),
    ]
    assert differences() == []


def test_a_row_that_cannot_be_is_refused_by_name_and_the_others_are_entered(school: Corners) -> None:
    one, two = school.volumes[:2]
    school.desk.lend(two, school.desk.teacher, at=AT)
    sheet = sheet_of(
        school,
        Typed("11.31", "1", code_of(one)),
        Typed("11.2", "77", code_of(one)),
        Typed("11.2", "1", "没有这本书"),
        Typed("11.2", "1", code_of(two)),
        Typed("10.2", "1", code_of(school.volumes[2]), "9.30"),
        Typed("11.2", "1", code_of(one)),
    )
    rows = paper.try_out(sheet, by=BY, at=NOW)
    assert verdicts(rows) == ["row_day", "row_reader", "row_book", "lent_to_other", "row_back_before", ""]
    paper.enter(sheet, by=BY, at=NOW)
    assert [row.state for row in sheet.rows.order_by("position")] == ["refused"] * 5 + ["done"]
    assert Loan.objects.filter(item=one).count() == 1
    rest = paper.rest_of(sheet, by=BY, at=NOW)
    assert [row.book_text for row in rest.rows.order_by("position")][2] == "没有这本书"
    assert rest.rows.count() == 5
    assert differences() == []


def test_a_day_before_the_last_movement_and_one_to_come_are_refused(school: Corners) -> None:
    one = school.volumes[0]
    loan = school.desk.lend(one, at=later(20))
    check_in_loan(loan=loan, at=later(25), by=BY)
    rows = paper.try_out(sheet_of(school, Typed("11.1", "2", code_of(one))), by=BY, at=NOW)
    assert verdicts(rows) == ["earlier_than_last_movement"]
    rows = paper.try_out(sheet_of(school, Typed("2026-12-1", "2", code_of(one))), by=BY, at=NOW)
    assert verdicts(rows) == ["row_day"]


def test_the_whole_sheet_is_undone_the_last_act_first(school: Corners) -> None:
    one, two = school.volumes[:2]
    sheet = sheet_of(
        school,
        Typed("11.2", "1", code_of(one), "11.6"),
        Typed("11.9", "2", code_of(one), "11.11"),
        Typed("11.9", "1", code_of(two)),
    )
    paper.enter(sheet, by=BY, at=NOW)
    assert paper.undo(sheet, by=BY, at=NOW) == (3, 0)
    assert sheet.state == "undone"
    assert {loan.outcome for loan in Loan.objects.all()} == {"cancelled"}
    assert {account(one), account(two)} == {"shelf"}
    assert differences() == []


def test_undo_touches_nothing_that_happened_since(school: Corners) -> None:
    one, two = school.volumes[:2]
    sheet = sheet_of(school, Typed("11.2", "1", code_of(one), "11.6"), Typed("11.2", "2", code_of(two)))
    paper.enter(sheet, by=BY, at=NOW)
    school.desk.lend(one, school.desk.teacher, at=later(31))
    check_in_loan(loan=Loan.objects.get(item=two), at=later(31), by=BY)
    assert paper.undo(sheet, by=BY, at=later(32)) == (1, 1)
    assert sheet.state == "entered"
    assert Loan.objects.get(item=one, in_at=None).patron == school.desk.teacher
    assert Loan.objects.get(item=two).outcome == "returned"
    assert differences() == []


def test_a_sheet_begun_again_after_a_stop_goes_on(school: Corners) -> None:
    sheet = sheet_of(school, *[Typed("11.2", "1", code_of(item), "11.3") for item in school.volumes[:3]])
    paper.enter(sheet, by=BY, at=NOW)
    last = sheet.rows.order_by("position").last()
    assert last is not None
    PaperRow.objects.filter(pk=last.pk).update(state="draft", loan=None)  # the power went before it was noted
    paper.enter(sheet, by=BY, at=NOW)
    assert Loan.objects.count() == 3
    assert {row.state for row in sheet.rows.all()} == {"done"}


def test_a_pupils_own_book_is_entered_in_the_corners_register(school: Corners) -> None:
    book = own.receive(school.corner, owner=school.desk.pupil, title="小王子", on=AT.date(), by=BY, at=AT)
    sheet = sheet_of(school, Typed("11.2", "2", book.code, "11.6"))
    paper.enter(sheet, by=BY, at=NOW)
    loan = book.loans.get()
    assert (loan.patron, loan.out_on, loan.in_on) == (school.desk.other, date(2026, 11, 2), date(2026, 11, 6))
    assert paper.undo(sheet, by=BY, at=NOW) == (1, 0)
    assert not book.loans.exists()


def test_titles_are_found_by_isbn_and_by_words_and_several_are_told(school: Corners) -> None:
    rows = paper.try_out(
        sheet_of(school, Typed("11.2", "1", ISBN), Typed("11.2", "2", "边城"), Typed("11.2", "2", "")),
        by=BY, at=NOW,
    )  # fmt: skip
    assert [row.item.holding.record.title if row.item else "" for row in rows] == ["西游记", "边城", ""]
    assert verdicts(rows)[2] == "row_book"


def test_a_sheet_wants_its_reason_and_is_kept_only_while_it_is_a_draft(school: Corners) -> None:
    school_class = school.corner.school_class
    assert school_class is not None
    with pytest.raises(Refused, match="sheet_without_reason"):
        paper.begin_sheet(school_class, " ", by=BY, at=NOW)
    sheet = sheet_of(school, Typed("11.2", "1", code_of(school.volumes[0])))
    paper.enter(sheet, by=BY, at=NOW)
    with pytest.raises(Refused, match="sheet_entered"):
        paper.keep_rows(sheet, [])
    with pytest.raises(Refused, match="sheet_without_rest"):
        paper.rest_of(sheet, by=BY, at=NOW)
