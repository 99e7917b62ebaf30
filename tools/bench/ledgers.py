"""The account books of a large library: the last page of the accession register, and a whole book as a file."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from django.db import connection

from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.reports.ledgers import reading
from shuxiang.reports.ledgers.registry import Asked
from tools.bench.lines import Line, paired, plain

ROUNDS = 7
PERIOD = "2000-01-01..2099-12-31"
LAST = "SELECT * FROM holdings_propertyline ORDER BY library_id DESC, series DESC, number DESC LIMIT 50"
# most memory of a process that writes the book, and how many entries it wrote
WRITE = """
import django, resource, sys
django.setup()
from datetime import date, datetime, UTC
from pathlib import Path
from shuxiang.common.actors import Actor
from shuxiang.libraries.selectors import find_library
from shuxiang.reports.ledgers.services import write_ledger
code, form, period, path = sys.argv[1:]
written = write_ledger(library=find_library(code), code="ledger.accessions", period=period, path=Path(path),
    with_names=False, by=Actor("bench", "system"), at=datetime.now(UTC))
print(written.entries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(library: Library, folder: Path) -> Iterator[Line]:
    """Pages in this process; files by processes of their own, whose memory is theirs alone."""
    yield from _pages(library)
    for form in ("xlsx", "pdf"):
        yield from _file(library, form, folder)


def _pages(library: Library) -> Iterator[Line]:
    """The last page as the desk reads it, against the bare rows of the same file (SQLite)."""
    book, kept = reading.kept_book(library, "ledger.accessions")
    asked = Asked(library, libraries.period(library, PERIOD))
    ours, floor = [], []
    for _number in range(ROUNDS):
        began = time.perf_counter()
        (part, *_others) = reading.parts_of(asked, book, kept)
        page = reading.page_of(part, is_last=True)
        between = time.perf_counter()
        if not page.rows:
            raise RuntimeError("the accession register is empty")
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw:
                raw.execute(LAST).fetchall()
        ours.append((between - began) * 1000)
        floor.append(max((time.perf_counter() - between) * 1000, 0.001))
    yield plain("ledger.lines", page.count or 0, "volumes")
    if connection.vendor == "sqlite":
        yield paired("ledger.last_page", "ms", ours, floor)
    else:
        yield plain("ledger.last_page", median(ours), "ms")


def _file(library: Library, form: str, folder: Path) -> Iterator[Line]:
    """Everything in Excel; on paper, which is bound by years, one year."""
    period = PERIOD if form == "xlsx" else "2026"
    path, began = folder / f"ledger.{form}", time.perf_counter()
    command = [sys.executable, "-c", WRITE, library.code, form, period, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    entries, memory = done.stdout.split()
    yield plain(f"ledger.{form}.entries", float(entries), "volumes")
    yield plain(f"ledger.{form}.rate", float(entries) / (time.perf_counter() - began), "volumes/s")
    yield plain(f"ledger.{form}.memory", float(memory), "MiB")
    yield plain(f"ledger.{form}.size", path.stat().st_size / 1e6, "MB")
