"""What the loan importer knows while it goes through a log: readers, titles, copies, open loans, events already in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.rules import titles_agree
from shuxiang.circulation.imports.events import Event
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.common.isbn import parse_isbn
from shuxiang.common.text import title_key
from shuxiang.holdings.models import Holding, Item, ItemAccount, ItemIdentifier, ShelvingLocation
from shuxiang.holdings.reading.cells import bare_title
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card, Patron

_CHUNK = 400
# A log may be about thousands of titles and volumes, and they stay in memory: only what is asked of them.
_COLUMNS = ("title", "title_key", "isbn", "isbn13", "clc", "clc_main", "price_fen")
_OF_ITEMS = (
    "library",
    "account",
    "copy_number",
    "home",
    "current",
    "modified_at",
    "holding__record",
    "holding__clc",
    "property_line__item",
    "property_line__clc_main",
    "property_line__list_price_fen",
)
_T = TypeVar("_T", str, int)


@dataclass(slots=True, eq=False)
class Copy:
    """A volume that can be lent; `free_from` is when its last known loan ended."""

    item: Item
    is_in: bool
    free_from: datetime | None = None
    loan: OpenLoan | None = None


@dataclass(slots=True, eq=False)
class OpenLoan:
    """A loan as far as the log has come; `row` is the database's, None until it is written."""

    record: BibliographicRecord
    patron: Patron
    out_at: datetime
    copy: Copy | None
    event: Event | None = None
    row: Loan | None = None


@dataclass(slots=True)
class Title:
    """A record held by the library, with its copies and open loans."""

    record: BibliographicRecord
    copies: list[Copy] = field(default_factory=list)
    open: list[OpenLoan] = field(default_factory=list)

    def free_copy(self, at: datetime) -> Copy | None:
        """Any copy that is in at an instant: one without a loan before, in copy order, else the longest in."""
        free = [
            copy for copy in self.copies if copy.is_in and (copy.free_from is None or copy.free_from <= at)
        ]
        return free[0] if free else None


class Memory:
    """Loaded as the log names things: a few queries a chunk, whatever the size of the library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.cards: dict[str, Card | None] = {}
        self.titles: dict[int, Title] = {}
        self.items: dict[int, Copy] = {}
        self.known: set[tuple[str, int, int, datetime]] = set()  # action, record, reader, instant
        self._by_number: dict[str, list[int]] = {}
        self._by_title: dict[str, list[int]] = {}
        self._by_barcode: dict[str, int | None] = {}
        self._new: list[int] = []
        self._places = ShelvingLocation.objects.filter(library=library).in_bulk()

    def learn(self, events: Iterable[Event]) -> None:
        """Read everything these events can touch."""
        events = list(events)
        self._learn_cards({event.card for event in events} - {""})
        self._learn_numbers({_number(event.isbn) for event in events} - {""})
        self._learn_barcodes({event.barcode for event in events} - {""})
        self._learn_titles({_title(event.title) for event in events if not self._is_numbered(event)} - {""})

    def _is_numbered(self, event: Event) -> bool:
        return bool(self._by_number.get(_number(event.isbn)) or self._by_barcode.get(event.barcode))

    def _learn_cards(self, numbers: set[str]) -> None:
        for some in _chunks(numbers - self.cards.keys()):
            self.cards.update(dict.fromkeys(some))
            cards = Card.objects.filter(library=self.library, number__in=some, patron__deleted_at=None)
            for card in cards.select_related("patron__category"):
                card.patron.library = self.library
                self.cards[card.number] = card

    def _learn_numbers(self, numbers: set[str]) -> None:
        for some in _chunks(numbers - self._by_number.keys()):
            self._by_number.update({number: [] for number in some})
            for record in self._held().filter(Q(isbn13__in=some) | Q(isbn__in=some)):
                for number in {record.isbn13, record.isbn} & set(some):
                    self._by_number[number].append(record.pk)
                self._know(record)
        self._fill()

    def _learn_barcodes(self, codes: set[str]) -> None:
        new: list[int] = []
        for some in _chunks(codes - self._by_barcode.keys()):
            self._by_barcode.update(dict.fromkeys(some))
            found = ItemIdentifier.objects.filter(library=self.library, value__in=some)
            for value, item, held in found.values_list("value", "item_id", "item__holding__record_id"):
                self._by_barcode[value] = item
                new.append(held)
        for record in self._held().filter(pk__in=new):
            self._know(record)
        self._fill()

    def _learn_titles(self, keys: set[str]) -> None:
        for some in _chunks(keys - self._by_title.keys()):
            self._by_title.update({key: [] for key in some})
            for record in self._held().filter(title_key__in=some):
                self._by_title[record.title_key].append(record.pk)
                self._know(record)
        self._fill()

    def _held(self) -> QuerySet[BibliographicRecord]:
        held = Exists(Holding.objects.filter(library=self.library, record=OuterRef("pk")))
        return BibliographicRecord.objects.filter(held, deleted_at=None).only(*_COLUMNS).order_by("pk")

    def _know(self, record: BibliographicRecord) -> None:
        if record.pk not in self.titles:
            self.titles[record.pk] = Title(record)
            self._new.append(record.pk)

    def _fill(self) -> None:
        """Copies, loans and events of the titles met for the first time."""
        new, self._new = self._new, []
        for some in _chunks(set(new)):
            self._fill_copies(some)
            self._fill_loans(some)

    def _fill_copies(self, records: list[int]) -> None:
        items = Item.objects.filter(
            library=self.library,
            holding__record__in=records,
            account__in=[ItemAccount.SHELF, ItemAccount.LOAN],
        )
        rows = items.select_related("holding", "property_line").only(*_OF_ITEMS)
        for item in rows.order_by("copy_number", "pk"):
            item.home = self._places[item.home_id]
            item.current = self._places[item.current_id] if item.current_id else None
            copy = self.items[item.pk] = Copy(item, item.account == ItemAccount.SHELF)
            self.titles[item.holding.record_id].copies.append(copy)

    def _fill_loans(self, records: list[int]) -> None:
        loans = Loan.objects.filter(library=self.library, record__in=records)
        renewed = Renewal.objects.filter(loan__library=self.library, loan__record__in=records)
        for record, patron, at in renewed.values_list("loan__record_id", "loan__patron_id", "at"):
            self.known.add(("renew", record, patron or 0, at))
        for loan in (
            loans.exclude(outcome=Loan.Outcome.CANCELLED)
            .select_related("patron__category")
            .order_by("out_at", "pk")
        ):
            title, reader = self.titles[loan.record_id], loan.patron_id or 0
            self.known.add(("check_out", loan.record_id, reader, loan.out_at))
            copy = self.items.get(loan.item_id or 0)
            if loan.in_at is not None:
                ended = "mark_lost" if loan.outcome == Loan.Outcome.LOST else "check_in"
                self.known.add((ended, loan.record_id, reader, loan.in_at))
                if copy is not None:
                    copy.free_from = max(loan.in_at, copy.free_from or loan.in_at)
            elif loan.patron is not None:
                current = OpenLoan(title.record, loan.patron, loan.out_at, copy, row=loan)
                title.open.append(current)
                if copy is not None:
                    copy.loan, copy.is_in = current, False

    def title_of(self, event: Event) -> Title | list[Title] | None:
        """The title an event is about; a list when several fit; None when none does."""
        item = self._by_barcode.get(event.barcode)
        if item is not None and item in self.items:
            return self.titles[self.items[item].item.holding.record_id]
        wanted = _title(event.title)
        numbered = [self.titles[key] for key in self._by_number.get(_number(event.isbn), ())]
        if numbered:
            agreeing = [title for title in numbered if titles_agree(title.record.title_key, wanted)]
            return (agreeing or numbered)[0]
        titled = [self.titles[key] for key in self._by_title.get(wanted, ())]
        if len(titled) == 1:
            return titled[0]
        return titled or None

    def copy_of(self, event: Event) -> Copy | None:
        """The very volume, when the event names its barcode."""
        item = self._by_barcode.get(event.barcode)
        return self.items.get(item) if item is not None else None

    def is_other_item(self, event: Event) -> bool:
        """Whether the barcode is the library's, but of a volume that cannot be lent (withdrawn, missing …)."""
        item = self._by_barcode.get(event.barcode)
        return item is not None and item not in self.items


def _number(isbn: str) -> str:
    return (parse_isbn(isbn).isbn13 or isbn) if isbn else ""


def _title(title: str) -> str:
    return title_key(bare_title(title))[:200]


def _chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
