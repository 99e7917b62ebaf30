"""Fills an empty data folder with the demonstration.

The seeds' school with two finished terms and a running one, and a small school beside it.
"""

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date, to_local
from shuxiang.common.schoolyear import school_year_of
from shuxiang.demo import plan
from shuxiang.demo.books import Stock, instant, titles
from shuxiang.demo.corners import fill_corners
from shuxiang.demo.helpers import fill_helpers, fill_turn, open_year
from shuxiang.demo.interruption import fill_interruption
from shuxiang.demo.loanlog import LoanLog, Reader, school_days, shares
from shuxiang.demo.money import fill_money
from shuxiang.demo.people import names
from shuxiang.demo.reading import fill_reading_room
from shuxiang.demo.school import FOUNDED, School
from shuxiang.demo.selfservice import fill_selfservice
from shuxiang.demo.waiting import fill_waiting
from shuxiang.imports.services import import_file
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library, set_standard

BY = Actor("demo", "demo")
MAIN, SMALL = "liuxi", "xiaohe"
SEED = 20260901
ROLES = (  # username, what the person is called, role
    ("guanzhang", "馆长", "owner"),
    ("guanyuan", "馆员", "librarian"),
    ("banzhuren", "三（1）班班主任", "class_teacher"),
    ("xiaoguanyuan", "小图书管理员", "pupil_librarian"),
    ("xiaozhang", "校长", "head"),
    ("ducha", "督导员", "inspector"),
)
LINK_DAYS = timedelta(days=3650)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Link:
    """A way into the demonstration: who one is then, and the code of the link."""

    who: str
    role: str
    code: str


class NotEmpty(Exception):
    """The data folder is not empty: what is in it stays untouched."""


def is_filled() -> bool:
    return libraries.find_library(MAIN) is not None and libraries.find_library(SMALL) is not None


def fill(at: datetime, say: Say) -> list[Link]:
    """Make both schools as of now. Raises NotEmpty when there are libraries already, be it a demonstration cut short."""
    if there := libraries.all_libraries():
        raise NotEmpty(", ".join(library.code for library in there))
    today = local_date(at)
    school = _main_school(today, at, say)
    _small_school(today, at, say)
    return _people(school, at)


def _main_school(today: date, at: datetime, say: Say) -> School:
    rng = random.Random(SEED)  # noqa: S311  a demonstration must come out the same every time
    library = create_library(
        code=MAIN, name="柳溪镇中心小学图书馆", kind="primary", by=BY, at=instant(FOUNDED)
    )
    school = School(library, BY, rng, names(rng))
    school.lay_ground(today)
    for row in plan.CLASSES:
        school.open_class(row.label, row.pupils, f"{plan.FIRST_YEAR}-{plan.FIRST_YEAR + 1}")
    school.hire(plan.TEACHERS)
    say("346 + 18")
    stock = Stock(library, BY, rng)
    catalogue = titles()
    rng.shuffle(catalogue)
    cuts = [0, 2000, 2150, 2260, 2400, 2420, len(catalogue)]
    for delivery, first, last in zip(plan.DELIVERIES, cuts, cuts[1:], strict=False):
        if delivery.on <= today:
            stock.receive(catalogue[first:last], delivery, say)
    log = LoanLog(rng, stock.volumes)
    _finished_terms(school, log)
    school.move_up(today)
    _rotation(school, today)
    _running_term(school, log, today, at)
    _import_log(library, log, at, say)
    fill_waiting(library, BY, at)
    fill_reading_room(school, at)
    fill_selfservice(library, BY, at)
    fill_helpers(school, at)
    fill_turn(school, at)
    fill_corners(school, at)
    fill_money(library, BY, at)
    fill_interruption(library, at)
    return school


def _finished_terms(school: School, log: LoanLog) -> None:
    closed = [(from_on, to_on) for from_on, to_on, _ in plan.HOLIDAYS]
    for term, (first, last) in plan.LENDING_WEEKS.items():
        days = list(school_days(first, last, closed))
        is_spring = term == "2026-spring"
        for row, readers in zip(plan.CLASSES, school.readers.values(), strict=True):
            loans = row.spring_loans if is_spring else row.autumn_loans
            idle = row.idle if is_spring else 2 * row.idle
            visiting = [day for day in days if day.isoweekday() == row.weekday]
            _visits(log, readers[: len(readers) - idle], loans, visiting, school.rng)
        teachers = plan.SPRING_TEACHER_LOANS if is_spring else plan.AUTUMN_TEACHER_LOANS
        _visits(log, school.teachers[: plan.TEACHERS - 2], teachers, days, school.rng)


def _visits(log: LoanLog, readers: list[Reader], loans: int, days: list[date], rng: random.Random) -> None:
    for reader, count in zip(readers, shares(loans, len(readers), rng), strict=True):
        log.visit(reader, days, count, plan.NOON, keep_last=False)


def _running_term(school: School, log: LoanLog, today: date, at: datetime) -> None:
    """From the beginning of teaching to the last school day before today; some volumes are out, some of them late."""
    term = libraries.calendar_of(school.library).term_on(today)
    closed = [(from_on, to_on) for from_on, to_on, _ in plan.HOLIDAYS]
    last = min(today - timedelta(days=1), term.teaching_to)
    days = list(school_days(term.teaching_from + timedelta(days=5), last, closed))
    if len(days) < 3:
        return
    for readers in school.readers.values():
        for number, reader in enumerate(readers):
            if number % 7 == 6:
                continue  # has not been here yet
            count = school.rng.randint(1, max(1, len(days) // 9))
            recent = days if number % 3 else days[-10:]
            log.visit(reader, recent, min(count, len(recent)), plan.NOON, keep_last=number % 3 != 1)
    for number, reader in enumerate(school.teachers):
        log.visit(
            reader, days, min(len(days), school.rng.randint(1, 6)), plan.AFTERNOON, keep_last=number % 2 == 0
        )
    now = to_local(at).replace(tzinfo=None)
    log.events = [event for event in log.events if event.at < now]


def _rotation(school: School, today: date) -> None:
    term = libraries.calendar_of(school.library).term_on(today)
    weekdays = dict(zip(school.readers, [row.weekday for row in plan.CLASSES], strict=False))
    school.turn(weekdays, term.starts_on)


def _import_log(library: Library, log: LoanLog, at: datetime, say: Say) -> None:
    with tempfile.TemporaryDirectory(prefix="shuxiang-demo-") as folder:
        path = Path(folder) / "借阅记录.csv"
        count = log.write(path)
        run = import_file("loans", path, library=library, name=path.name, by=BY, at=at)
        if run.rows_made != count:
            raise RuntimeError(
                f"the demonstration's own loan log was not taken whole: {run.rows_made} of {count}"
            )
        say(f"{count:,}")


def _small_school(today: date, at: datetime, say: Say) -> None:
    rng = random.Random(SEED + 1)  # noqa: S311
    library = create_library(code=SMALL, name="小河教学点图书室", kind="primary", by=BY, at=instant(FOUNDED))
    set_standard(library=library, standard=library.standard, by=BY, at=at)
    school = School(library, BY, rng, names(rng))
    school.lay_ground(today)
    year = f"{plan.FIRST_YEAR}-{plan.FIRST_YEAR + 1}"
    for label, pupils in (("一年级", 14), ("三年级", 17), ("五年级", 12)):
        school.open_class(label, pupils, year)
    school.hire(4)
    stock = Stock(library, BY, rng)
    delivery = plan.Delivery(date(2021, 9, 6), "transfer", "调拨单 2021-17", "柳溪镇中心小学", 640)
    stock.receive(titles()[:420], delivery, say)
    log = LoanLog(rng, stock.volumes)
    days = list(school_days(*plan.LENDING_WEEKS["2026-spring"], []))
    for readers, loans in zip(school.readers.values(), (64, 118, 77), strict=True):
        _visits(log, readers, loans, days, rng)
    _import_log(library, log, at, say)
    if school_year_of(today) > year:
        open_year(school, plan.FIRST_YEAR + 1)


def _people(school: School, at: datetime) -> list[Link]:
    """One account a role with a link that can be used again; the class teacher's and the helper's reach one class."""
    links = []
    own = libraries.find_class(school.library, "三（1）班", school_year_of(local_date(at)))
    for username, shown, role in ROLES:
        account = create_account(username=username, display_name=shown, by=BY, at=at)
        grant(
            account=account,
            role=role,
            library=None if role == "owner" else school.library,
            school_class=own if role == "class_teacher" else None,
            from_on=FOUNDED,
            by=BY,
            at=at,
        )
        code = issue_sign_in_code(account=account, by=BY, at=at, lifetime=LINK_DAYS, is_reusable=True)
        links.append(Link(shown, role, code))
    return links
