"""What anybody may see of the stock: titles to leaf through, the copies of a title and where they are. No readers here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, prefetch_related_objects

from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.holdings.models import Holding, Item, ItemAccount
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.search import SearchPage, search
from shuxiang.libraries.models import Library

_SHOWN = Holding.objects.exclude(review=Holding.Review.HELD)
LARGEST = 2**63 - 1  # key that an engine takes; an address may hold any number


def held(library: Library | None) -> QuerySet[BibliographicRecord]:
    """The living records that a library (or any library) holds; none that is set aside for review there."""
    holdings = _SHOWN.filter(record=OuterRef("pk"))
    if library is not None:
        holdings = holdings.filter(library=library)
    return BibliographicRecord.objects.filter(Exists(holdings), deleted_at__isnull=True)


def held_record(library: Library | None, pk: int) -> BibliographicRecord | None:
    """A record, if the library (or any library) holds it."""
    if library is None:
        return held(None).filter(pk=pk).first()
    if pk > LARGEST:
        return None
    return _RECORD.first(library=library.pk, pk=pk)


def held_parts(library: Library, pk: int, most: int) -> list[tuple[int, str, str]]:
    """(key, volume mark, title) of the volumes of a set that have records of their own, in their order."""
    return _PARTS.all(library=library.pk, parent=pk)[:most]


def _held_by(library: Any) -> QuerySet[BibliographicRecord]:
    holdings = _SHOWN.filter(record=OuterRef("pk"), library=library)
    return BibliographicRecord.objects.filter(Exists(holdings), deleted_at__isnull=True)


_RECORD = Question(lambda library, pk: _held_by(library).filter(pk=pk))
_PARTS = Question(
    lambda library, parent: (
        _held_by(library)
        .filter(parent=parent)
        .order_by("part_number", "title_sort", "pk")
        .values_list("pk", "volume_mark", "title")
    )
)


def browse(library: Library | None, *, page: int = 1, page_size: int = 20) -> SearchPage:
    """All titles held, the newest in the catalogue first; the count is exact."""
    return search("", library=library, page=page, page_size=page_size)


@dataclass
class Where:
    """Where the copies of a title are: how many in each account, and the place to look first."""

    accounts: Counter[str] = field(default_factory=Counter)
    place: str = ""

    @property
    def on_shelf(self) -> int:
        return self.accounts[ItemAccount.SHELF]

    @property
    def total(self) -> int:
        return self.accounts.total()


def where_are(library: Library, record_ids: Sequence[int]) -> dict[int, Where]:
    """Copies on the books by account for each record, in one query. The place is where a copy stands now, if any does."""
    items = Item.objects.filter(library=library, holding__record_id__in=record_ids, account__in=ON_BOOKS)
    rows = items.values("account", "home__name", "current__name", record=F("holding__record_id")).annotate(
        n=Count("pk")
    )
    found: dict[int, Where] = {}
    for row in sorted(rows, key=lambda row: (_nearness(row["account"]), -row["n"], row["home__name"])):
        where = found.setdefault(row["record"], Where())
        where.accounts[row["account"]] += row["n"]
        where.place = where.place or row["current__name"] or row["home__name"]
    return found


def _nearness(account: str) -> int:
    order = (ItemAccount.SHELF, ItemAccount.DISPLAY, ItemAccount.CORNER)
    return order.index(ItemAccount(account)) if account in order else len(order)


def copies_shown(library: Library, record: BibliographicRecord) -> list[Item]:
    """The copies of a title on the library's books, labels loaded, in the order of their copies."""
    items = _COPIES.all(library=library.pk, record=record.pk)
    prefetch_related_objects(items, "identifiers")
    return items


# The library is that of the holding only: told that of an item, SQLite reads all items that the library has.
_COPIES = Question(
    lambda library, record: (
        Item.objects.filter(holding__library=library, holding__record=record, account__in=ON_BOOKS)
        .select_related("holding", "home", "current")
        .order_by("volume_mark", "copy_number", "pk")
    )
)


def label_of(item: Item) -> str:
    """The code to scan on a volume; empty where it has none. Reads the identifiers that copies_shown loaded."""
    valid = [identifier for identifier in item.identifiers.all() if identifier.to_at is None]
    return max(valid, key=lambda identifier: identifier.pk).value if valid else ""
