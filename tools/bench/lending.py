"""Lending and taking back, and reconciling afterwards."""

from pathlib import Path

from django.db import connection

from shuxiang.audit import reconcile
from shuxiang.circulation.services import check_in, check_out
from shuxiang.common import clock
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron
from tools.bench.ground import BY
from tools.bench.lines import Line, Spent, cpu_ms, paired, rates, timed
from tools.bench.twin import Twin

ROUNDS, LOANS = 5, 50


def lend(library: Library, patrons: list[Patron], items: list[Item], folder: Path) -> list[Line]:
    """Each round lends 50 volumes to 25 readers and takes them back, by the services; the floor writes the same
    rows after it."""
    twin = Twin(folder / "desk.sqlite3")
    ours: list[Spent] = []
    floor: list[Spent] = []
    for number in range(ROUNDS):
        pile = items[number * LOANS : (number + 1) * LOANS]
        with twin.listening():
            ours.append(timed(lambda pile=pile: _there_and_back(library, patrons, pile)))  # type: ignore[misc]
        floor.append(timed(twin.follow))
    for table in ("circulation_loan", "holdings_movement"):
        twin.agree(table)
    twin.close()
    acts = 2 * LOANS
    return [
        rates("desk.service.acts", "acts/s", acts, ours, floor),
        cpu_ms("desk.service.cpu", "ms CPU/act", acts, ours, floor),
    ]


def _there_and_back(library: Library, patrons: list[Patron], pile: list[Item]) -> None:
    for number, item in enumerate(pile):
        check_out(library=library, patron=patrons[number // 2], item=item, at=clock.now(), by=BY)
    for item in pile:
        check_in(library=library, item=item, at=clock.now(), by=BY)


def settle() -> list[Line]:
    """All checks over everything; the floor is SQLite's own check of its file. Raises RuntimeError on a difference."""
    ours, floor = [], []
    for _number in range(3):
        ours.append(timed(_agrees).wall)
        floor.append(timed(_quick_check).wall)
    return [paired("reconcile", "s", ours, floor)]


def _agrees() -> None:
    if not reconcile.run().is_clean:
        raise RuntimeError("the library that was measured does not reconcile")


def _quick_check() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        cursor.fetchall()
