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
TITLES, COPIES, TRIES = 500, 2, 5
RUNNING = "SELECT count(*) FROM imports_run WHERE state = 'running'"
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


def killed(home: Path, books: Path, question: str, goal: int) -> bool:
    """Kill an import once the answer has reached the goal; whether it was still at work, which on a busy computer it may
    not have been any more."""
    process = start(environment(home), *import_books(home, books))
    while ask(home, question) < goal and process.poll() is None:
        time.sleep(0.001)
    kill(process)
    assert process.returncode <= 0  # killed, or done before it was
    return bool(ask(home, RUNNING))


@pytest.mark.parametrize(
    ("question", "least"),
    [(ROWS, TITLES // 2), (POSTING, 1), (POSTED, TITLES // 2)],
    ids=["between the rows", "when the entry in the books begins", "in the middle of the entry"],
)
def test_after_a_kill_the_books_agree_and_the_same_command_makes_it_whole_once(
    question: str, least: int, template: Path, tmp_path: Path, books: Path
) -> None:
    homes = (filled.copy(template / "home", tmp_path / f"home{n}") for n in range(TRIES))
    home = next(homes)
    items, rows, posted = (ask(home, q) for q in (FORMER, ROWS, POSTED))
    goal = least + {ROWS: rows, POSTING: 0, POSTED: posted}[question]
    while not killed(home, books, question, goal):
        home = next(homes)
    reconciles(home)

    status, out, err = run(environment(home), *import_books(home, books))

    assert status == 0, err
    assert "taken up again" in err
    assert json.loads(out)["made"] == 0
    assert ask(home, FORMER) == items + TITLES * COPIES
    assert ask(home, POSTED) == posted + TITLES * COPIES
    assert ask(home, ROWS) == rows + 2 * TITLES
    reconciles(home)


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
