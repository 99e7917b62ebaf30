"""A real rural primary school goes in whole through the command line, with the numbers its librarian would count."""

import json
from pathlib import Path

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import default_policies
from shuxiang.cli import dispatch
from shuxiang.holdings.models import Item, PropertyLine
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.ground import Ground
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library
from shuxiang.patrons.models import Card, Patron
from shuxiang.patrons.services import default_categories
from tests.school import BY, START

DATA = Path(__file__).parents[1] / "data" / "school"
BOOKS, LOANS = DATA / "图书馆信息.xlsx", DATA / "借阅记录_至2017-05.xlsx"
pytestmark = pytest.mark.django_db


def found(code: str) -> Library:
    library = create_library(code=code, name="小官市小学", kind="primary", by=BY, at=START)
    default_categories(library)
    default_policies(library=library, at=START, by=BY)
    return library


class Desk:
    """Runs commands and gives what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def run(self, *words: str, status: int = 0) -> str:
        self.capsys.readouterr()
        answer = dispatch.run(["--lang", "en", *words])
        printed = self.capsys.readouterr()
        assert answer == status, printed.err + printed.out
        return printed.out + printed.err

    def json(self, *words: str, status: int = 0) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.run(*words, "--json", status=status))
        return answer

    def import_all(self, code: str, books: Path, readers: Path, loans: Path, *, year: str) -> None:
        where = ("--library", code, "--school-year", year)
        self.run("import", "books", str(books), *where)
        self.run("import", "patrons", str(readers), *where)
        self.run("import", "loans", str(loans), "--library", code)


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(capsys)


def test_the_real_school_goes_in_whole_comes_back_equal_and_can_be_undone(desk: Desk, tmp_path: Path) -> None:
    school = found("xgs")
    preview = desk.json("import", "books", str(BOOKS), "--dry-run")
    assert (preview["read"], preview["made"], preview["run"]) == (2662, 2662, None)
    assert not Item.objects.exists()
    desk.import_all("xgs", BOOKS, BOOKS, LOANS, year="2016-2017")
    _assert_counts(school)
    _assert_a_second_run_changes_nothing(desk, school)
    _assert_export_comes_back_equal(desk, tmp_path)
    _assert_undo(desk, school)


def _assert_counts(school: Library) -> None:
    items = Item.objects.filter(library=school)
    assert items.values("holding__record").distinct().count() == 2661  # one of 2,662 titles has no volume
    assert school.holdings.count() == 2662
    assert items.count() == PropertyLine.objects.filter(library=school).count() == 9945
    assert items.filter(account="shelf").count() == 9826
    assert items.filter(account="loan").count() == 119
    readers = Patron.objects.filter(library=school)
    assert readers.count() == 334
    assert readers.filter(category__kind="pupil").count() == 313
    assert readers.filter(category__kind="teacher").count() == 21
    assert Card.objects.filter(library=school, ended="lost").count() == 2
    assert readers.filter(blocks__lifted_at=None, blocks__isnull=False).count() == 5
    assert not readers.filter(loan_limit__isnull=False).exists()
    loans = Loan.objects.filter(library=school)
    assert loans.count() == 1813
    assert loans.filter(in_at=None).count() == 120
    assert loans.filter(in_at=None, item=None).count() == 1
    assert loans.filter(item=None).count() == 6
    spring = libraries.period(school, "2017-spring")
    in_spring = loans.filter(out_on__range=(spring.starts_on, spring.ends_on), patron_kind="pupil")
    assert in_spring.count() == 1801
    assert Ground(school).pupils_in(spring) == 313
    assert loans.filter(class_label="六乙", grade=6).count() == 178
    outcome = reconcile.run("xgs")
    assert outcome.is_clean, outcome.differences
    assert [one.code for one in outcome.exceptions] == ["loan_without_volume"]


def _assert_a_second_run_changes_nothing(desk: Desk, school: Library) -> None:
    for kind, file, rows in (("books", BOOKS, 2662), ("patrons", BOOKS, 334), ("loans", LOANS, 3506)):
        again = desk.json("import", kind, str(file), "--library", school.code, "--school-year", "2016-2017")
        assert (again["read"], again["skipped"], again["made"]) == (rows, rows, 0), kind


def _assert_export_comes_back_equal(desk: Desk, folder: Path) -> None:
    """Into a second, empty library of the same installation: what it exports is the same to the letter."""
    found("copy")
    for kind, suffix in (("books", "xlsx"), ("patrons", "csv"), ("loans", "xlsx")):
        desk.run("export", kind, str(folder / f"{kind}.{suffix}"), "--library", "xgs")
    desk.import_all(
        "copy", folder / "books.xlsx", folder / "patrons.csv", folder / "loans.xlsx", year="2016-2017"
    )
    for kind in ("books", "patrons", "loans"):
        desk.run("export", kind, str(folder / f"first-{kind}.csv"), "--library", "xgs")
        desk.run("export", kind, str(folder / f"second-{kind}.csv"), "--library", "copy")
        first, second = ((folder / f"{name}-{kind}.csv").read_text("utf-8") for name in ("first", "second"))
        assert first.splitlines()[1:3] != []
        assert sorted(first.splitlines()) == sorted(second.splitlines()), kind
    assert reconcile.run("copy").is_clean


def _assert_undo(desk: Desk, school: Library) -> None:
    """Loans first, then books: volumes that were lent meanwhile are named and stay."""
    runs = {run.kind: run for run in school.import_runs.filter(rows_made__gt=0)}
    assert "Undone: 1813 loans; 0 left" in desk.run("undo", str(runs["loans"].pk))
    assert not Loan.objects.filter(library=school).exclude(outcome="cancelled").exists()
    assert not Item.objects.filter(library=school, account="loan").exists()
    answer = desk.json("undo", str(runs["books"].pk), status=1)
    kept, undone = answer["kept"], answer["undone"]
    assert isinstance(kept, list)
    assert isinstance(undone, dict)
    assert undone["items"] + len(kept) == 9945
    assert Item.objects.filter(library=school, account="shelf").count() == len(kept)
    assert reconcile.run("xgs").is_clean
