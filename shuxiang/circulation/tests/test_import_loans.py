"""Loan logs come in: any order, pairs of events or whole loans, longer logs later, and undo."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings

from shuxiang.audit import reconcile
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services import check_in_loan, default_policies
from shuxiang.holdings.models import Item
from shuxiang.imports.messages import sentence
from shuxiang.imports.models import Run
from shuxiang.imports.services import CannotUndo, NotImported
from shuxiang.imports.tests.builders import AT, BY, Desk, codes, new_library, verdicts

HEAD = ["时间", "单位", "姓名", "借书号", "动作", "ISBN", "书名", "还书期限"]
BOOKS = [
    ["书名", "作者", "ISBN", "册数", "条码号", "价格"],
    ["狼王梦", "沈石溪", "9787534256301", "2", "", "18元"],
    ["草房子", "曹文轩", "", "1", "B7", "22元"],
]
READERS = [
    ["借书号", "姓名", "单位"],
    ["0001", "甲某", "六乙"],
    ["0002", "乙某", "六乙"],
    ["0003", "丙某", "教师"],
]
WOLF = ["9787534256301", "《狼王梦》"]


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    library = new_library()
    default_policies(library=library, at=AT, by=BY)
    desk = Desk(library, tmp_path)
    desk.load("books", BOOKS)
    desk.load("patrons", READERS, school_year="2016-2017")
    return desk


def _event(
    day: str, card: str, action: str, book: list[str] | None = None, *, unit: str = "", due: str = "15"
) -> list[str]:
    at = f"2017-03-{day} 11:00:00" if len(day) == 2 else day
    return [at, unit, "", card, action, *(book or WOLF), due]


OUT, BACK = _event("01", "0001", "借书"), _event("09", "0001", "还书")


def test_events_in_any_order_become_loans_with_historic_movements(desk: Desk) -> None:
    run = desk.load("loans", [HEAD, BACK, _event("02", "0002", "Check-out"), OUT])
    assert verdicts(run) == ["made"] * 3
    loan = Loan.objects.get(patron__name="甲某")
    assert (loan.out_on, loan.in_on, loan.due_on) == (date(2017, 3, 1), date(2017, 3, 9), date(2017, 3, 16))
    assert (loan.outcome, loan.class_label, loan.grade) == ("returned", "六乙", 6)
    assert loan.price_fen == 1800
    assert Loan.objects.filter(in_at=None).count() == 1
    assert Item.objects.filter(account="loan").count() == 1
    assert run.totals == {"loans": 2, "open": 1, "without_volume": 0}
    assert reconcile.run().is_clean


def test_the_class_in_the_log_wins_over_the_cohort(desk: Desk) -> None:
    desk.load("loans", [HEAD, _event("01", "0001", "借书", unit="五丙")])
    loan = Loan.objects.get()
    assert (loan.class_label, loan.grade, loan.school_class) == ("五丙", 5, None)


def test_more_loans_than_copies_stay_without_a_volume_and_reconcile_allows_it(desk: Desk) -> None:
    events = [_event("01", "0001", "借书"), _event("02", "0002", "借书"), _event("03", "0003", "借书")]
    run = desk.load("loans", [HEAD, *events])
    assert codes(run)[2] == ["beyond_copies"]
    assert Loan.objects.filter(item=None, in_at=None).count() == 1
    outcome = reconcile.run()
    assert outcome.is_clean
    assert [one.code for one in outcome.exceptions] == ["loan_without_volume"]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (_event("2030-01-01 08:00", "0001", "借书"), "in_future"),
        (_event("01", "7777", "借书"), "card_unknown"),
        (_event("01", "0001", "跳舞"), "action_unknown"),
        (_event("01", "0001", ""), "action_missing"),
        (_event("01", "0001", "还书"), "no_open_loan"),
        (_event("01", "0001", "借书", ["9787020002207", "红楼梦"]), "title_unknown"),
        (_event("昨天", "0001", "借书"), "time_unreadable"),
        (_event("", "0001", "借书"), "time_missing"),
        (_event("01", "", "借书"), "card_missing"),
        (_event("01", "0001", "借书", ["", ""]), "book_missing"),
        (["2017-03-01 11:00", "", "别人", "0001", "借书", *WOLF, ""], "card_name_differs"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_the_rest_goes_in(
    desk: Desk, event: list[str], code: str
) -> None:
    run = desk.load("loans", [HEAD, event, _event("20", "0002", "借书")])
    assert run.rows_refused == 1
    assert [row.reasons[0]["code"] for row in run.rows.filter(verdict="refused")] == [code]
    assert Loan.objects.count() == 1


def test_a_longer_log_later_brings_only_what_is_new_and_closes_earlier_loans(desk: Desk) -> None:
    desk.load("loans", [HEAD, OUT])
    run = desk.load("loans", [HEAD, OUT, BACK, _event("10", "0002", "借书")])
    assert verdicts(run) == ["skipped", "made", "made"]
    assert Loan.objects.count() == 2
    assert Loan.objects.filter(in_at=None).count() == 1
    desk.undo(run)
    loan = Loan.objects.exclude(outcome="cancelled").get()
    assert loan.in_at is None
    assert Item.objects.filter(account="loan").count() == 1
    assert reconcile.run().is_clean


def test_a_renewal_moves_the_due_date_and_a_loss_makes_the_volume_missing(desk: Desk) -> None:
    desk.load("loans", [HEAD, OUT, _event("10", "0001", "续借"), _event("20", "0001", "丢书")])
    loan = Loan.objects.get()
    assert (loan.renewals, loan.due_on, loan.outcome) == (1, date(2017, 3, 25), "lost")
    assert Renewal.objects.get().due_before == date(2017, 3, 16)
    assert Item.objects.filter(account="missing").count() == 1


def test_one_row_a_loan_by_barcode_or_title_is_read_too(desk: Desk) -> None:
    head = ["条码号", "书名", "读者证号", "借出日期", "还书日期"]
    rows = [["B7", "", "0001", "2017-03-01", "2017-03-05"], ["", "草房子", "0002", "2017-03-06", ""]]
    run = desk.load("loans", [head, *rows])
    assert verdicts(run) == ["made", "made"]
    assert Loan.objects.filter(item__identifiers__value="B7").count() == 2
    later = desk.load("loans", [head, rows[0], [*rows[1][:4], "2017-03-20"]])
    assert verdicts(later) == ["skipped", "changed"]


def test_undo_cancels_what_nobody_touched_and_names_what_came_back_at_the_desk(desk: Desk) -> None:
    run = desk.load("loans", [HEAD, OUT, BACK, _event("10", "0002", "借书"), _event("11", "0003", "借书")])
    open_loan = Loan.objects.get(patron__name="丙某")
    check_in_loan(loan=open_loan, at=AT, by=BY)
    undone = desk.undo(run)
    assert undone.reversed == {"loans": 2}
    assert [note.code for note in undone.kept] == ["loan_kept"]
    assert Loan.objects.exclude(outcome="cancelled").get() == open_loan
    assert not Item.objects.filter(account="loan").exists()
    assert reconcile.run().is_clean
    again = desk.load("loans", [HEAD, OUT, BACK])
    assert verdicts(again) == ["made", "made"]


def test_a_preview_plays_the_log_through_and_writes_nothing(desk: Desk) -> None:
    seen = desk.preview("loans", [HEAD, OUT, BACK, _event("10", "0002", "借书")])
    assert dict(seen.counts) == {"made": 3}
    assert seen.totals == {"loans": 2, "open": 1, "without_volume": 0}
    assert not Loan.objects.exists()


def test_what_a_later_import_rests_on_is_undone_only_after_it(desk: Desk) -> None:
    loans = desk.load("loans", [HEAD, OUT, BACK])
    books, readers = (Run.objects.get(kind=kind) for kind in ("books", "patrons"))
    for run in (books, readers):
        with pytest.raises(CannotUndo) as refused:
            desk.undo(run)
        assert refused.value.note.code == "undo_later_first"
        assert str(loans.pk) in sentence(refused.value.note)
    assert Item.objects.exclude(account="void").count() == 3
    desk.undo(loans)
    assert desk.undo(readers).reversed["patrons"] == 3
    assert [str(note.params["title"]) for note in desk.undo(books).kept] in ([], ["狼王梦"])
    assert reconcile.run().is_clean


def test_a_list_of_books_is_no_list_of_loans(desk: Desk) -> None:
    before = Run.objects.count()
    with pytest.raises(NotImported) as refused:
        desk.load("loans", [*BOOKS, *[[f"书{n}", "某", "", "1", "", "18元"] for n in range(9)]])
    assert refused.value.note.code in ("books_for_loans", "columns_missing")
    assert Run.objects.count() == before
