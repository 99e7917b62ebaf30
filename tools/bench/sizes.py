"""A simulated library as its users meet it: desks, terminals and pages over HTTP, in a copy that is thrown away."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.audit.models import Job
from shuxiang.circulation.jobs import KIND
from shuxiang.circulation.models import Loan
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item, ItemIdentifier
from shuxiang.libraries.models import Library
from shuxiang.libraries.selectors import all_libraries
from shuxiang.patrons.models import Card, Patron
from shuxiang.safekeeping.light import daily_folder
from shuxiang.safekeeping.models import Backup
from tools.bench import ledgers, lending, pages, terminals
from tools.bench.crowd import Result, Task
from tools.bench.lines import Line, at, plain
from tools.bench.servers import Server, running

BY = Actor("bench", "system")
CROWD, CARDS, VOLUMES = 16, 20, 60  # desks or terminals; readers and volumes at each desk
# seconds to become warm, as fast as they can, and at a pace; acts a second: what is wanted, and a city's peak
WARM, BUSY, STEADY, WANTED, PEAK = 5.0, 20.0, 30.0, 120.0, 10.0
Row = TypeVar("Row", bound=Model)


def measure(folder: Path, *, with_pages: bool) -> Iterator[Line]:
    """Everything at one size; the settings name the copy. Raises RuntimeError when an act was lost."""
    library = all_libraries()[0]
    sign_in_code = _librarian(library)
    _jobs_are_done()
    patrons, items = _readers(library), _volumes(library)
    desks, asked = _desks(patrons, items), terminals.questions()
    connection.close()
    with running("-m", "shuxiang", "start") as server:
        yield plain("first_page", server.seconds, "s")
        server.settle()
        yield plain("memory.idle", server.resident(), "MiB")
        crowd(server, Task(server.address, WARM, 0, sign_in_code, desks[::-1]))
        before = Loan.objects.count()
        connection.close()
        busy, cpu = crowd(server, Task(server.address, BUSY, 0, sign_in_code, desks))
        yield from _busy(busy, cpu)
        wanted, cpu = crowd(server, Task(server.address, STEADY, WANTED, sign_in_code, desks))
        yield from _paced("desk.120", wanted, cpu)
        steady, cpu = crowd(server, Task(server.address, STEADY, PEAK, sign_in_code, desks))
        yield from _paced("desk.peak", steady, cpu)
        yield from terminals.alone(server, library, asked)
        ways = terminals.paths(library, asked, CROWD)
        served, cpu = crowd(server, Task(server.address, BUSY, terminals=ways))
        yield plain("search.16.pages", len(served.spent) / served.seconds, "pages/s")
        yield plain("search.16.cpu", cpu * 1000 / len(served.spent), "ms CPU/page")
        yield plain("memory.loaded", server.resident(), "MiB")
        if with_pages:
            yield from pages.weigh(server, library, sign_in_code)
    there = Loan.objects.count() - before
    answered = busy.lent + wanted.lent + steady.lent
    if there != answered:
        raise RuntimeError(f"{answered} loans were answered, {there} are there")
    if connection.vendor == "sqlite":
        yield from lending.lend(library, patrons, items, folder)
    yield from ledgers.measure(library, folder)


def crowd(server: Server, task: Task) -> tuple[Result, float]:
    """Let them come; gives what they met, and the seconds of computing it cost the server. Raises RuntimeError."""
    cpu = server.cpu()
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.crowd"],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        check=True,
    )
    result = Result(**json.loads(done.stdout))
    if result.problems:
        raise RuntimeError("; ".join(sorted(set(result.problems))))
    return result, server.cpu() - cpu


def _busy(done: Result, cpu: float) -> Iterator[Line]:
    acts = len(done.spent)
    yield plain("desk.16.acts", acts / done.seconds, "acts/s")
    yield plain("desk.16.cpu", cpu * 1000 / acts, "ms CPU/act")
    yield plain("desk.16.crowd_cpu", done.cpu * 1000 / acts, "ms CPU/act")
    for percent in (50, 99):
        yield plain(f"desk.16.p{percent}", at(done.spent, percent) * 1000, "ms")


def _paced(name: str, done: Result, cpu: float) -> Iterator[Line]:
    """A crowd that comes at a pace: what it got, and what an act costs when the cores are not fought over."""
    yield plain(f"{name}.acts", len(done.spent) / done.seconds, "acts/s")
    yield plain(f"{name}.cpu", cpu * 1000 / len(done.spent), "ms CPU/act")
    for percent in (50, 99):
        yield plain(f"{name}.p{percent}", at(done.spent, percent) * 1000, "ms")


def _jobs_are_done() -> None:
    """No backup of the day and no count of the night while something is measured."""
    now = clock.now()
    Backup.objects.create(path=str(daily_folder() / "none.zip"), made_at=now)
    newest = Loan.objects.order_by("-pk").values_list("pk", flat=True).first()
    Job.objects.create(
        kind=KIND, state=Job.State.DONE, params={"last_loan": newest}, created_at=now, finished_at=now
    )


def _librarian(library: Library) -> str:
    now = clock.now()
    account = create_account(username="bench", display_name="测速", by=BY, at=now)
    grant(account=account, role="librarian", library=library, from_on=clock.local_date(now), by=BY, at=now)
    return issue_sign_in_code(account=account, by=BY, at=now, lifetime=timedelta(days=1), is_reusable=True)


def _readers(library: Library) -> list[Patron]:
    """Readers who are here and have nothing."""
    have = Loan.objects.filter(library=library, in_at__isnull=True).values("patron_id")
    return _spread(Patron.objects.filter(library=library, left_on=None).exclude(pk__in=have), CROWD * CARDS)


def _volumes(library: Library) -> list[Item]:
    """Volumes that are in and go out of the house."""
    there = Item.objects.filter(library=library, account="shelf", holding__record__is_reference=False)
    return _spread(there.select_related("holding__record"), CROWD * VOLUMES)


def _spread(rows: QuerySet[Row], count: int) -> list[Row]:
    """So many of them, from the first to the last."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = keys[:: max(1, len(keys) // count)][:count]
    return list(rows.order_by("pk").filter(pk__in=chosen))


def _desks(patrons: list[Patron], items: list[Item]) -> list[dict[str, list[str]]]:
    """Cards and barcodes of each desk; no two desks have a reader or a volume in common."""
    cards = list(
        Card.objects.filter(patron__in=patrons, to_at=None)
        .order_by("patron_id")
        .values_list("number", flat=True)
    )
    there = ItemIdentifier.objects.filter(item__in=items, to_at=None).order_by("item_id")
    barcodes = list(there.values_list("value", flat=True))
    return [{"cards": cards[n::CROWD], "barcodes": barcodes[n::CROWD]} for n in range(CROWD)]
