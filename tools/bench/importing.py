"""Bringing data in: MARC records read, a table of books, a loan log."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from pymarc import MARCReader

from shuxiang.catalogue.services import RecordValues
from shuxiang.common import clock
from shuxiang.common.isbn import isbn10_to_13
from shuxiang.demo import plan
from shuxiang.demo.books import titles
from shuxiang.demo.loanlog import LoanLog, school_days
from shuxiang.imports.models import Run
from shuxiang.imports.services import import_file
from shuxiang.marc import RawRecord, read_marc, write_iso2709
from tools.bench.ground import BY, Ground
from tools.bench.lines import Line, Spent, rates, timed
from tools.bench.twin import Twin

SAMPLES = ("trln_cjk880.mrc", "bnu_sru_cnmarc.xml")
MARC_RECORDS, MARC_ROUNDS = 1000, 5
ROWS, LOANS_OF_ONE, ROUNDS = 1000, 6, 3
COLUMNS = ("ISBN", "书名", "作者", "出版社", "出版日期", "页数", "定价", "分类号", "册数")


def read_records() -> list[Line]:
    """Sample records over and over, from memory; the floor is pymarc reading the same bytes."""
    some = _sample()
    times = MARC_RECORDS // len(some)
    content, count = b"".join(some) * times, len(some) * times
    ours, floor = [], []
    for _number in range(MARC_ROUNDS):
        ours.append(timed(lambda: _expect(count, sum(isinstance(r, RawRecord) for r in read_marc(content)))))
        floor.append(timed(lambda: _expect(count, _read_by_pymarc(content))))
    return [rates("marc.read", "records/s", count, ours, floor)]


def _sample() -> list[bytes]:
    """Three MARC 21 records with Chinese fields and two of CNMARC, all in UTF-8 and such as pymarc reads too."""
    folder = files("shuxiang.marc").joinpath("tests", "data")
    read = [item for name in SAMPLES for item in read_marc(folder.joinpath(name).read_bytes())]
    return [write_iso2709(item.record) for item in read if isinstance(item, RawRecord)]


def _read_by_pymarc(content: bytes) -> int:
    return sum(record is not None for record in MARCReader(io.BytesIO(content), force_utf8=True))


def books(ground: Ground, folder: Path) -> list[Line]:
    """A table of 1,000 titles the library has not, a volume each: kept, mapped, checked, catalogued, indexed, posted."""

    def write(number: int) -> tuple[str, Path]:
        path = folder / f"books-{number}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            table.writerows(_row(values) for values in _new_titles(number))
        return "books", path

    return _rounds("import.books", "rows/s", write, count=ROWS, ground=ground, copy=folder / "books.sqlite3")


def _new_titles(number: int) -> list[RecordValues]:
    """Real titles made into others by a number, with ISBNs of their own."""
    first = (number + 1) * ROWS
    return [
        replace(values, title=f"{values.title} {first + n}", isbn=isbn10_to_13(f"7{first + n:08d}0"))
        for n, values in enumerate(titles()[:ROWS])
    ]


def _row(values: RecordValues) -> tuple[str, ...]:
    v = values
    return (v.isbn, v.title, v.authors, v.publisher, v.published, v.extent, v.price_text, v.clc, "1")


def loans(ground: Ground, folder: Path) -> list[Line]:
    """A log of a month: 360 loans and their returns."""
    count = 2 * LOANS_OF_ONE * len(ground.readers)
    log = LoanLog(random.Random(2), ground.stock.volumes[:8000])  # noqa: S311  the same log every time

    def write(number: int) -> tuple[str, Path]:
        path = folder / f"log-{number}.csv"
        log.events.clear()
        first = date(2025, 9, 15) + timedelta(days=28 * number)
        days = list(school_days(first, first + timedelta(days=19), []))
        for reader in ground.readers:
            log.visit(reader, days, LOANS_OF_ONE, plan.NOON, keep_last=False)
        _expect(count, log.write(path))
        return "loans", path

    return _rounds(
        "import.loans", "events/s", write, count=count, ground=ground, copy=folder / "loans.sqlite3"
    )


def _rounds(
    name: str, unit: str, write: Callable[[int], tuple[str, Path]], *, count: int, ground: Ground, copy: Path
) -> list[Line]:
    """Import a new file each round; the floor writes the same rows after it."""
    twin = Twin(copy)
    ours: list[Spent] = []
    floor: list[Spent] = []
    for number in range(ROUNDS):
        kind, path = write(number)
        runs: list[Run] = []
        with twin.listening():
            ours.append(timed(lambda: runs.append(_import(ground, kind, path))))  # noqa: B023  run at once
        floor.append(timed(twin.follow))
        _expect(count, runs[0].rows_made)
    twin.agree("circulation_loan")
    twin.agree("holdings_item")
    twin.close()
    return [rates(name, unit, count, ours, floor)]


def _import(ground: Ground, kind: str, path: Path) -> Run:
    return import_file(kind, path, library=ground.library, name=path.name, by=BY, at=clock.now())


def _expect(wanted: int, got: int) -> None:
    if wanted != got:
        raise RuntimeError(f"{wanted} expected, {got} there: not everything was measured")
