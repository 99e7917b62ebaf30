"""The log, sheets and printers in the database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library
from shuxiang.printing import selectors, services
from shuxiang.printing.models import PrintRun
from shuxiang.printing.rules import MOST_LABELS
from shuxiang.printing.sheets import BY_CODE, SHIPPED

BY = Actor("li", "desk")
AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
SHEET = BY_CODE["a4-5x13"]


@pytest.fixture
def library(db: None) -> Library:
    return create_library(code="a", name="榆树小学", kind="primary", by=BY, at=AT)


def prepared(library: Library, count: int = 10, at: datetime = AT) -> PrintRun:
    return services.prepare_run(
        library=library, kind="spine", subjects=list(range(1, count + 1)), options={}, source={"by": "list"}, by=BY, at=at
    )  # fmt: skip


def printed(run: PrintRun, *, start: int = 1, labels: int = 10, at: datetime = AT) -> PrintRun:
    return services.note_printed(
        run, sheet=SHEET, printer=None, start=start, first=1, last=run.total, labels=labels, by=BY, at=at
    )


def test_a_run_is_nothing_until_it_is_printed(library: Library) -> None:
    run = prepared(library)
    assert list(selectors.printed(library)) == []
    printed(run)
    assert [one.pk for one in selectors.printed(library)] == [run.pk]
    assert Operation.objects.filter(action="printing.print", subject=f"printing.run:{run.pk}").exists()


def test_printed_again_is_another_line_that_names_the_first(library: Library) -> None:
    run = prepared(library)
    first, second = printed(run), printed(run, start=11)
    third = printed(second, start=21)
    assert (first.pk, first.repeats) == (run.pk, None)
    assert (second.repeats, third.repeats) == (run, run)
    assert second.subjects == run.subjects


def test_the_same_act_twice_is_one_line(library: Library) -> None:
    run, same = prepared(library), uuid4()
    for _time in range(2):
        services.note_printed(
            run,
            sheet=SHEET,
            printer=None,
            start=1,
            first=1,
            last=10,
            labels=10,
            by=BY,
            at=AT,
            operation_id=same,
        )
    assert PrintRun.objects.count() == 1


def test_nothing_and_too_much_are_refused(library: Library) -> None:
    for count, code in ((0, "run_empty"), (MOST_LABELS + 1, "run_too_long")):
        with pytest.raises(Refused) as refusal:
            prepared(library, count)
        assert refusal.value.codes == (code,)


def test_what_was_never_printed_is_forgotten_after_two_days(library: Library) -> None:
    old, done = prepared(library), printed(prepared(library))
    prepared(library, at=AT + timedelta(days=1))
    assert PrintRun.objects.filter(pk=old.pk).exists()
    prepared(library, at=AT + timedelta(days=2, minutes=1))
    assert not PrintRun.objects.filter(pk=old.pk).exists()
    assert PrintRun.objects.filter(pk=done.pk).exists()


def test_a_started_sheet_is_remembered_and_a_roll_is_none(library: Library) -> None:
    assert selectors.place_after(library, SHEET, AT) == 1
    printed(prepared(library), start=60, labels=10)
    assert selectors.place_after(library, SHEET, AT) == 5
    assert selectors.place_after(library, BY_CODE["roll-30x20-3"], AT) == 1


def test_an_own_sheet_keeps_its_micrometres(library: Library) -> None:
    row = services.save_sheet(SHEET, name=" 我的 ", row=None, library=library, by=BY, at=AT)
    again = selectors.find_sheet(library, f"own-{row.pk}")
    assert again is not None
    assert (again.name, again.width, again.across, again.labels) == ("我的", 38.1, 40.6, 65)
    assert selectors.sheets_of(library)[0] == ("我的", again)
    assert len(selectors.sheets_of(library)) == len(SHIPPED) + 1
    with pytest.raises(Refused) as refusal:
        services.save_sheet(SHEET, name="我的", row=None, library=library, by=BY, at=AT)
    assert refusal.value.codes == ("sheet_name_taken",)
    services.save_sheet(SHEET, name="我的", row=row, library=library, by=BY, at=AT)


def test_sheets_printers_and_runs_of_another_library_are_not_found(library: Library) -> None:
    other = create_library(code="b", name="柳树小学", kind="primary", by=BY, at=AT)
    row = services.save_sheet(SHEET, name="我的", row=None, library=library, by=BY, at=AT)
    printer = services.save_printer(name="办公室", row=None, library=library, by=BY, at=AT)
    run = prepared(library)
    assert selectors.find_sheet(other, f"own-{row.pk}") is None
    assert selectors.find_printer(other, printer.pk) is None
    assert selectors.find_run(other, run.pk) is None
    assert selectors.printers_of(other) == []


def test_a_sheet_or_printer_that_is_forgotten_leaves_the_log(library: Library) -> None:
    printer = services.save_printer(name="办公室", row=None, library=library, by=BY, at=AT)
    row = services.save_sheet(SHEET, name="我的", row=None, library=library, by=BY, at=AT)
    sheet = selectors.find_sheet(library, f"own-{row.pk}")
    assert sheet is not None
    run = services.note_printed(
        prepared(library), sheet=sheet, printer=printer, start=1, first=1, last=10, labels=10, by=BY, at=AT
    )
    services.delete_printer(printer, by=BY, at=AT)
    services.delete_sheet(row, by=BY, at=AT)
    run.refresh_from_db()
    assert (run.printer, run.sheet) == (None, sheet.code)
    assert selectors.name_of(library, run.sheet) == run.sheet
