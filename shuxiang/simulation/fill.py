"""Makes the library: the ground by acts, the mass of rows in one transaction, a few acts more, and a last count."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord, SearchRow
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.holdings.models import (
    Holding,
    Item,
    ItemAccount,
    ItemIdentifier,
    Movement,
    PropertyLine,
)
from shuxiang.holdings.services import mark_missing, withdraw
from shuxiang.libraries.models import Library
from shuxiang.libraries.selectors import all_libraries
from shuxiang.patrons.models import Card, ClassMembership, Patron
from shuxiang.safekeeping.derived import renew_stale
from shuxiang.simulation.ground import Ground, lay
from shuxiang.simulation.lending import Lending
from shuxiang.simulation.plan import Size, Timeline, instant
from shuxiang.simulation.readers import Readers
from shuxiang.simulation.records import COLUMNS, Shelf, reckoned
from shuxiang.simulation.stock import MISSING_EVERY, WITHDRAWN_EVERY, Stock
from shuxiang.simulation.tables import Table, one_transaction, without_indexes, write_words

FILLED = (
    BibliographicRecord, SearchRow, Holding, Item, ItemIdentifier, PropertyLine, Movement, Patron, Card, ClassMembership,
    Loan, Renewal, Operation,
)  # fmt: skip
Say = Callable[[str, int, int], None]  # what, how many so far, of how many


class NotEmpty(Exception):
    """There are libraries already; the message names them."""


@dataclass(frozen=True)
class Made:
    """What there is now, counted in the database."""

    titles: int
    volumes: dict[str, int]  # account → items
    patrons: int
    loans: int
    out: int
    overdue: int


def fill(size: Size, *, code: str, name: str, by: Actor, at: datetime, say: Say) -> Made:
    """Make the library as of `at` in an installation that has none. Raises Impossible, NotEmpty, Refused."""
    size.check()
    if there := all_libraries():
        raise NotEmpty(", ".join(library.code for library in there))
    timeline = Timeline.until(local_date(at))
    with one_transaction():
        ground = lay(size, code=code, name=name, by=by, at=at, timeline=timeline)
        with without_indexes([model._meta.db_table for model in FILLED]):
            stock = _mass(size, ground, say)
        _some_acts(ground, stock)
    renew_stale()
    return count(ground.library, timeline.today)


def _mass(size: Size, ground: Ground, say: Say) -> Stock:
    """The rows that are many; while other processes reckon the catalogue, this one draws and writes loans."""
    shelf = Shelf(size.seed, size.titles, size.path, ground.library.pk)
    stock = Stock(ground, shelf, size.items, ground.timeline.deliveries(size.titles))
    readers = Readers(ground, size.seed)
    catalogue = _catalogue(shelf, stock, say)
    next(catalogue, None)  # the others begin
    readers.write()
    say("patrons", size.patrons, size.patrons)
    if size.loans:
        for loans in Lending(ground, size, readers, stock).write():
            say("loans", loans, size.loans)
            next(catalogue, None)
    stock.write()
    say("items", size.items, size.items)
    for _piece in catalogue:
        pass
    say("indexes", 0, 0)
    return stock


def _catalogue(shelf: Shelf, stock: Stock, say: Say) -> Iterator[None]:
    """Writes the pieces of the catalogue that are ready, and goes on whenever it is asked for more."""
    records = Table(BibliographicRecord, *COLUMNS)
    instants = {
        first: instant(next(one.on for one in stock.deliveries if first < one.last))
        for first in shelf.pieces()
    }
    done = 0
    for piece in reckoned(shelf, instants):
        if not piece.done():
            yield
        rows = piece.result()
        records.write(rows.records)
        write_words(rows.words)
        done += len(rows.records)
        say("titles", done, shelf.count)


def _some_acts(ground: Ground, stock: Stock) -> None:
    """In the last summer worn volumes were withdrawn, and others were not found."""
    on = date(ground.timeline.year, 7, 6)
    mine = Item.objects.filter(library=ground.library).select_related("library", "holding", "home")
    worn = [number + 1 for number in stock.kept_back(WITHDRAWN_EVERY)]
    if worn:
        items = [
            item
            for start in range(0, len(worn), 400)
            for item in mine.filter(pk__in=worn[start : start + 400])
        ]
        withdraw(items, reason="worn", by=ground.by, at=instant(on), on=on, approved_by="馆长")
    for number in stock.kept_back(MISSING_EVERY):
        item = mine.get(pk=number + 1)
        if item.account == ItemAccount.SHELF:
            mark_missing(item, by=ground.by, at=instant(on), on=on)


def count(library: Library, today: date) -> Made:
    """Count what was made, in the database."""
    accounts = (
        Item.objects.filter(library=library).values_list("account").annotate(count=Count("pk")).order_by()
    )
    loans = Loan.objects.filter(library=library)
    out = loans.filter(in_at__isnull=True)
    return Made(
        titles=Holding.objects.filter(library=library).count(),
        volumes=dict(accounts),
        patrons=Patron.objects.filter(library=library).count(),
        loans=loans.count(),
        out=out.count(),
        overdue=out.filter(due_on__lt=today).count(),
    )
