"""The account books: every number is that of the raw movements; pages, sheets and paper carry the same lines."""

import io
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import python_calamine as calamine
from django.utils import translation

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.holdings.models import AccessionBatch, Item, Movement
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.services import (
    add_items,
    draft_batch,
    hold,
    mark_found,
    mark_missing,
    post_batch,
    reverse_batch,
    withdraw,
)
from shuxiang.holdings.services.closing import close_year
from shuxiang.holdings.services.restoring import restore
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library
from shuxiang.reports.ledgers import excel, pdf, profiles, reading, registry
from shuxiang.reports.ledgers.profiles import SHIPPED, Kept
from shuxiang.reports.ledgers.registry import Asked
from shuxiang.reports.ledgers.rows import ENTRIES, UNKNOWN, Row, added_up
from shuxiang.reports.ledgers.services import keep_profile, write_ledger
from shuxiang.reports.ledgers.sources import stream

BY = Actor("li", "desk")
START = datetime(2025, 1, 1, 4, tzinfo=UTC)
CODES = [book.code for book in registry.all_books()]
WHOLE = Period("2025-01-01..2026-12-31", date(2025, 1, 1), date(2026, 12, 31))
PERIODS = (
    WHOLE,
    Period("2025", date(2025, 1, 1), date(2025, 12, 31)),
    Period("2026", date(2026, 1, 1), date(2026, 12, 31)),
    Period("x", date(2025, 7, 3), date(2026, 5, 20)),
)


class Chance:
    """Two years of acts by chance, each on its day: entries in two series, withdrawals, reversals of both kinds."""

    def __init__(self, library: Library, seed: int) -> None:
        self.library, self.random, self.day = library, random.Random(seed), 0  # noqa: S311
        titles = (("西游记", "I242.4"), ("昆虫记", "Q96"), ("词典", "H163"), ("宇宙", "P1"), ("杂志", ""))
        self.holdings = [
            hold(library=library, record=self._record(title, clc), clc=clc, by=BY, at=START)
            for title, clc in titles
        ]

    def _record(self, title: str, clc: str) -> BibliographicRecord:
        values = RecordValues(title=title, clc=clc, clc_main=clc[:1])
        return save_record(record=None, values=values, library=self.library, by=BY, at=START)

    @property
    def when(self) -> dict[str, object]:
        at = START + timedelta(days=self.day)
        return {"by": BY, "at": at, "on": at.date()}

    def go(self, steps: int) -> None:
        acts: tuple[Callable[[], None], ...] = (
            self.enter,
            self.enter,
            self.strike,
            self.reverse,
            self.restore,
        )
        for _n in range(steps):
            self.day = min(729, self.day + self.random.randrange(0, 36))
            self.random.choice(acts)()

    def enter(self) -> None:
        day = (START + timedelta(days=self.day)).date()
        batch = draft_batch(library=self.library, source="purchase", received_on=day, by=BY, at=START)
        for holding in self.random.sample(self.holdings, 2):
            price = self.random.choice((None, 1250, 3300))
            copies, series = self.random.randrange(1, 4), self.random.choice("BBP")
            add_items(
                batch=batch,
                holding=holding,
                copies=copies,
                list_price_fen=price,
                series=series,
                by=BY,
                at=START,
            )
        post_batch(batch, **self.when)  # type: ignore[arg-type]

    def strike(self) -> None:
        there = list(Item.objects.filter(library=self.library, account="shelf").order_by("pk"))
        if there:
            some = self.random.sample(there, min(len(there), 3))
            mark_missing(some[0], **self.when)  # type: ignore[arg-type]
            mark_found(some[0], **self.when)  # type: ignore[arg-type]
            withdraw(some, reason="worn", approved_by="校长", **self.when)  # type: ignore[arg-type]

    def reverse(self) -> None:
        batches = list(AccessionBatch.objects.filter(library=self.library, state="posted").order_by("pk"))
        if batches:
            reverse_batch(self.random.choice(batches), **self.when)  # type: ignore[arg-type]

    def restore(self) -> None:
        entries = list(self.library.withdrawals.filter(reason="worn", lines__isnull=False).distinct())
        if entries:
            restore(self.random.choice(entries), **self.when)  # type: ignore[arg-type]


@pytest.fixture(params=[1, 2, 3])
def library(request: pytest.FixtureRequest, db: None) -> Library:
    made = create_library(code="l", name="育林小学", kind="primary", by=BY, at=START)
    Chance(made, request.param).go(26)
    return made


def parts(library: Library, code: str, period: Period) -> list[reading.Chosen]:
    book, kept = reading.kept_book(library, code)
    return reading.parts_of(Asked(library, period), book, kept)


def entries(part: reading.Chosen) -> list[Row]:
    return [row for row in stream(part.source, 7) if row.look != "sub"]


def flows(library: Library, period: Period) -> tuple[list[tuple[str, int | None, str, int]], ...]:
    """(class, price, accession number, +1 or −1) of what came and of what went, from the movements alone."""
    came, went = [], []
    moves = Movement.objects.filter(library=library, on__range=(period.starts_on, period.ends_on))
    for move in moves.select_related("item__property_line").order_by("pk"):
        line = move.item.property_line
        one = (line.clc_main, line.list_price_fen, f"{line.series}{line.number}")
        if move.source == "draft":
            came.append((*one, 1))
        elif (move.source in ON_BOOKS) != (move.target in ON_BOOKS):
            went.append((*one, 1 if move.target == "withdrawn" else -1))
    return came, went


@pytest.mark.parametrize("period", PERIODS, ids=lambda each: each.code)
def test_every_book_comes_to_what_the_raw_movements_say(library: Library, period: Period) -> None:
    came, went = flows(library, period)
    value = sum(price or 0 for _main, price, _number, _sign in came)
    lost = sum(sign * (price or 0) for _main, price, _number, sign in went)
    register = [row for part in parts(library, "ledger.accessions", period) for row in entries(part)]
    assert sorted(str(row.cells["number"]) for row in register) == sorted(
        number for _m, _p, number, _s in came
    )
    assert sum(row.cells["price"] or 0 for row in register) == value  # type: ignore[misc]
    struck = entries(parts(library, "ledger.withdrawals", period)[0])
    assert Counter((row.cells["number"], row.entries) for row in struck) == Counter(
        (number, sign) for _main, _price, number, sign in went
    )
    assert sum(row.cells["price"] or 0 for row in struck) == lost  # type: ignore[misc]
    total = parts(library, "ledger.total", period)[0]
    sums = added_up(total.columns, entries(total))
    assert sums.get("volumes", 0) == len(came) - sum(sign for *_rest, sign in went)
    assert sums.get("amount", 0) == value - lost
    classes = parts(library, "ledger.classes", period)[0]
    sums = added_up(classes.columns, entries(classes))
    assert sums.get("volumes", 0) == len(came) - sum(sign for *_rest, sign in went)
    assert sums.get("amount", 0) == value - lost
    unknown = sum(price is None for _m, price, _n, _s in came) - sum(
        sign for _m, price, _n, sign in went if price is None
    )
    assert sums.get(UNKNOWN, 0) == unknown
    assert sums.get(ENTRIES, 0) == sums.get("volumes", 0)


@pytest.mark.parametrize("period", PERIODS, ids=lambda each: each.code)
def test_opening_and_entries_come_to_the_closing_in_register_classes_and_balance(
    library: Library, period: Period
) -> None:
    total, balance = parts(library, "ledger.total", period)
    sums = added_up(total.columns, entries(total))
    opening, (_came, _went, held) = total.opening[0], total.closing
    for key in ("volumes", "amount", "d1", "d3", "d4", "c"):
        start, end = opening.cells.get(key) or 0, held.cells.get(key) or 0
        assert start + sums.get(key, 0) == end, key  # type: ignore[operator]
    (whole,) = balance.closing
    for name in ("volumes", "amount"):
        column = sum(row.cells[f"after_{name}"] or 0 for row in balance.source.after(None, 99))  # type: ignore[misc]
        assert column == (whole.cells[f"after_{name}"] or 0) == (held.cells[name] or 0)
    for row in [*balance.source.after(None, 99), whole]:
        before, added, withdrawn, after = (
            row.cells[f"{part}_titles"] or 0 for part in ("before", "added", "withdrawn", "after")
        )
        assert before + added - withdrawn == after  # type: ignore[operator]


@pytest.mark.parametrize("code", CODES)
def test_turning_pages_from_either_end_shows_the_same_lines(
    library: Library, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS_A_PAGE", 5)
    for part in parts(library, code, WHOLE):
        every = list(stream(part.source, 1000))
        page = reading.page_of(part)
        onward = list(page.rows)
        while page.has_after:
            page = reading.page_of(part, after=page.rows[-1].key)
            assert page.has_before
            onward += page.rows
        assert onward == every
        page = reading.page_of(part, is_last=True)
        back = list(page.rows)
        while page.has_before:
            page = reading.page_of(part, before=page.rows[0].key)
            back = [*page.rows, *back]
        assert [row.key for row in back] == [row.key for row in every]
        assert page.count in {None, len(every)}


def test_a_closed_year_and_the_open_one_print_the_same_as_before(library: Library) -> None:
    before = {
        (code, period.code): [entries(part) for part in parts(library, code, period)]
        for code in CODES
        for period in PERIODS[1:3]
    }
    held = parts(library, "ledger.total", PERIODS[2])[0].closing[-1].cells
    close_year(library, 2025, by=BY, at=datetime(2027, 1, 5, tzinfo=UTC))
    after = {
        (code, period.code): [entries(part) for part in parts(library, code, period)]
        for code in CODES
        for period in PERIODS[1:3]
    }
    assert after == before
    assert parts(library, "ledger.total", PERIODS[2])[0].closing[-1].cells == held


def told(_done: int) -> None:
    pass


def volume(library: Library, code: str) -> reading.Volume:
    with translation.override("zh-hans"):
        return reading.volume_of(
            library, code, WHOLE.code, with_names=True, at=START, today=date(2026, 12, 31)
        )


@pytest.mark.parametrize("code", CODES)
def test_every_book_is_written_as_excel_and_pdf(library: Library, code: str, tmp_path: Path) -> None:
    counted = sum(len(entries(part)) for part in parts(library, code, WHOLE))
    for form in ("xlsx", "pdf"):
        path = tmp_path / f"{code}.{form}"
        written = write_ledger(
            library=library, code=code, period=WHOLE.code, path=path, with_names=True, by=BY, at=START
        )
        assert (written.entries, written.size) == (counted, path.stat().st_size)
        assert [each.name for each in tmp_path.glob(".*")] == []
    assert (tmp_path / f"{code}.pdf").read_bytes().startswith(b"%PDF")


def test_a_full_sheet_is_followed_by_one_that_begins_with_what_is_carried_over(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    part = parts(library, "ledger.accessions", WHOLE)[0]
    with translation.override("zh-hans"):
        excel.write(path, volume(library, "ledger.accessions"), told, rows_a_sheet=15)
    book = calamine.CalamineWorkbook.from_path(str(path))
    names = [name for name in book.sheet_names if not name.startswith("合订")]
    assert len(names) > 1
    sheets = [book.get_sheet_by_name(name).to_python() for name in names]
    assert all(len(rows) <= 15 for rows in sheets)
    wanted = [str(row.cells["number"]) for row in entries(part)]
    at = next(n for n, title in enumerate(sheets[0][2]) if title == "登录号")
    found = [row[at] for rows in sheets for row in rows[3:]]
    assert [text for text in found if text in set(wanted)] == wanted
    price = next(n for n, title in enumerate(sheets[0][2]) if "价" in str(title))
    assert sheets[0][-1][price] == sheets[1][3][price]
    last = sheets[-1][-1][price]
    assert isinstance(last, float)
    assert last * 100 == pytest.approx(sum(row.cells["price"] or 0 for row in entries(part)))  # type: ignore[misc]


def test_each_page_carries_on_what_the_one_before_came_to(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, dict[str, int]]] = []
    plain = pdf._Printed._sum

    def noted(self: pdf._Printed, label: str, sums: dict[str, int]) -> None:
        drawn.append((label, dict(sums)))
        plain(self, label, sums)

    monkeypatch.setattr(pdf._Printed, "_sum", noted)
    with translation.override("zh-hans"):
        pdf.write(io.BytesIO(), volume(library, "ledger.withdrawals"), told)
    part = parts(library, "ledger.withdrawals", WHOLE)[0]
    carried: dict[str, int] = {}
    for n, (label, sums) in enumerate(drawn):
        if label == "承前页":
            assert sums == carried
        elif label == "过次页":
            assert sums == {
                key: carried.get(key, 0) + drawn[n - 1][1].get(key, 0)
                for key in carried.keys() | drawn[n - 1][1].keys()
            }
            carried = sums
    assert drawn[-1] == ("合计", added_up(part.columns, entries(part)))


@pytest.mark.django_db
def test_an_empty_library_has_empty_books_that_say_what_feeds_them(tmp_path: Path) -> None:
    made = create_library(code="l", name="育林小学", kind="primary", by=BY, at=START)
    for code in CODES:
        assert [
            row for part in parts(made, code, WHOLE) for row in entries(part) if part.key != "balance"
        ] == []
        assert str(registry.get(code).feeds)
        for form in ("xlsx", "pdf"):
            write_ledger(
                library=made,
                code=code,
                period="2026",
                path=tmp_path / f"a.{form}",
                with_names=True,
                by=BY,
                at=START,
            )


@pytest.mark.parametrize("name", ["a.docx", "a"])
@pytest.mark.django_db
def test_another_kind_of_file_is_refused(name: str, tmp_path: Path) -> None:
    made = create_library(code="l", name="育林小学", kind="primary", by=BY, at=START)
    with pytest.raises(Refused):
        write_ledger(
            library=made,
            code="ledger.total",
            period="2026",
            path=tmp_path / name,
            with_names=True,
            by=BY,
            at=START,
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.django_db
def test_a_library_keeps_the_set_it_chose(name: str) -> None:
    made = create_library(code="l", name="育林小学", kind="primary", by=BY, at=START)
    assert reading.profile_of(made) == profiles.USUAL
    keep_profile(library=made, books=SHIPPED[name][1], by=BY, at=START)
    assert reading.profile_of(made) == SHIPPED[name][1]


@pytest.mark.parametrize(
    "books",
    [
        (),
        (Kept("ledger.total"), Kept("ledger.total", "总帐")),
        (Kept("ledger.none"),),
        (Kept("ledger.total", "", ("day", "colour")),),
        (Kept("ledger.total", "总" * 41),),
    ],
)
@pytest.mark.django_db
def test_a_profile_that_cannot_be_is_refused(books: tuple[Kept, ...]) -> None:
    made = create_library(code="l", name="育林小学", kind="primary", by=BY, at=START)
    with pytest.raises(Refused):
        keep_profile(library=made, books=books, by=BY, at=START)
    assert reading.profile_of(made) == profiles.USUAL


@pytest.mark.django_db
def test_columns_stand_as_they_were_chosen(tmp_path: Path) -> None:
    made = create_library(code="l", name="育林小学", kind="primary", by=BY, at=START)
    own = Kept("ledger.total", "总帐", ("number", "volumes", "cI", "amount"))
    keep_profile(library=made, books=[own], by=BY, at=START)
    register = parts(made, "ledger.total", WHOLE)[0]
    assert [column.key for column in register.columns] == list(own.columns)
    assert volume(made, "ledger.total").title == "总帐"
    row = (made.ledger_profile, "")[0]
    row.books = [*row.books, {"code": "ledger.of-tomorrow"}, "nonsense"]
    row.save()
    assert reading.profile_of(made) == (own,)
