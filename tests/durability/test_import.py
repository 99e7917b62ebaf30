"""An import that is killed, or whose disk is full: whole, or to be made whole, and never twice."""

import json
import resource
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from shuxiang.audit import reconcile
from tests.durability import filled
from tests.durability.processes import environment, kill, run, start

# processes on a SQLite file of their own
pytestmark = [pytest.mark.engine_free, pytest.mark.usefixtures("unblocked")]
TITLES, COPIES = 500, 2
FORMER = "SELECT count(*) FROM holdings_item"
ROWS = "SELECT count(*) FROM imports_runrow"
POSTING = "SELECT count(*) FROM holdings_accessionbatch WHERE state = 'posting'"
POSTED = "SELECT count(*) FROM holdings_propertyline WHERE number IS NOT NULL"


@pytest.fixture
def copied(template: Path, tmp_path: Path) -> Path:
    """A filled data folder that no process has open."""
    return filled.copy(template / "home", tmp_path / "home")


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A list of many titles, two copies each."""
    path = tmp_path / "新书.csv"
    rows = [
        f"新书第{n}种,作者{n % 70},出版社{n % 9},I287.{n % 9},{COPIES},{n % 50 + 1}.50" for n in range(TITLES)
    ]
    path.write_text("\n".join(["题名,作者,出版社,分类号,册数,单价", *rows]), encoding="utf-8")
    return path


def ask(home: Path, question: str) -> int:
    """One number of the database as it is on the disk."""
    with closing(sqlite3.connect(f"file:{home / filled.DATABASE}?mode=ro", uri=True, timeout=5)) as db:
        answer: int = db.execute(question).fetchone()[0]
        return answer


def import_books(home: Path, books: Path) -> list[str]:
    return ["shuxiang", "--lang", "en", "import", "books", str(books), "--library", "c", "--json"]


def reconciles(home: Path) -> None:
    with filled.data_folder(home):
        assert [reconcile.describe(one) for one in reconcile.run().differences] == []


@pytest.mark.parametrize(
    ("question", "least"),
    [(ROWS, TITLES // 2), (POSTING, 1), (POSTED, TITLES)],
    ids=["between the rows", "when the entry in the books begins", "in the middle of the entry"],
)
def test_after_a_kill_the_books_agree_and_the_same_command_makes_it_whole_once(
    question: str, least: int, copied: Path, books: Path
) -> None:
    items, rows, posted = (ask(copied, q) for q in (FORMER, ROWS, POSTED))
    goal = least + {ROWS: rows, POSTING: 0, POSTED: posted}[question]
    process = start(environment(copied), *import_books(copied, books))
    while ask(copied, question) < goal:
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    kill(process)
    reconciles(copied)

    status, out, err = run(environment(copied), *import_books(copied, books))

    assert status == 0, err
    assert "taken up again" in err
    assert json.loads(out)["made"] == 0
    assert ask(copied, FORMER) == items + TITLES * COPIES
    assert ask(copied, POSTED) == posted + TITLES * COPIES
    assert ask(copied, ROWS) == rows + 2 * TITLES
    reconciles(copied)


def test_a_full_disk_ends_in_a_sentence_and_loses_nothing(copied: Path, books: Path) -> None:
    """Files may not grow beyond a limit, as on a disk that is full."""
    items = ask(copied, FORMER)
    limit = (copied / filled.DATABASE).stat().st_size + 100_000

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    status, out, err = run(environment(copied), *import_books(copied, books), preexec=full)
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    reconciles(copied)

    status, out, err = run(environment(copied), *import_books(copied, books))
    assert status == 0, err
    assert ask(copied, FORMER) == items + TITLES * COPIES
    reconciles(copied)
