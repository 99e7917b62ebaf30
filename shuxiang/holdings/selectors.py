"""Reads of the stack room that rooms above lean on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.codes import clean_scan
from shuxiang.common.isbn import parse_isbn
from shuxiang.holdings.models import (
    Holding,
    Item,
    ItemAccount,
    ItemIdentifier,
    PropertyLine,
    WithdrawalLine,
)
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.libraries.models import Library


def item_label(item: Item) -> str:
    """What a person finds an item by: its accession number, its barcode or its title."""
    line = getattr(item, "property_line", None)
    if line is not None and line.number is not None:
        return f"{line.series}{line.number}"
    identifier = item.identifiers.order_by("-pk").first()
    return identifier.value if identifier else f"{item.holding.record.title} ({item.copy_number})"


def item_by_identifier(library: Library, code: str) -> Item | None:
    """The item that carries, or ever carried, a scanned code; a closed code still says which item it was."""
    value = clean_scan(code)
    if not value:
        return None
    identifier = _IDENTIFIER.first(library=library.pk, value=value)
    if identifier is None:
        return None
    identifier.item.library = library
    return identifier.item


_IDENTIFIER = Question(
    lambda library, value: ItemIdentifier.objects.filter(library=library, value=value).select_related(
        "item__holding__record", "item__home", "item__current"
    )
)


def copies_in(library: Library, record: BibliographicRecord) -> QuerySet[Item]:
    """The items of a record that can be lent now, labelled or not, in the order of their copies."""
    items = Item.objects.filter(library=library, holding__record=record, account__in=_LENDABLE)
    return items.select_related("holding__record", "home", "library").order_by("copy_number", "pk")


_LENDABLE = (ItemAccount.SHELF, ItemAccount.CORNER, ItemAccount.DISPLAY)


def records_by_isbn(library: Library, code: str) -> list[BibliographicRecord]:
    """The records that the library holds under an ISBN or a number of its own; several may share one."""
    raw = clean_scan(code)
    if not raw:
        return []
    isbn13 = parse_isbn(raw).isbn13
    wanted = Q(isbn=raw, isbn13="") if not isbn13 else Q(isbn13=isbn13)
    held = Exists(Holding.objects.filter(library=library, record=OuterRef("pk")))
    return list(BibliographicRecord.objects.filter(wanted, held, deleted_at__isnull=True).order_by("pk"))


def on_books(library: Library, day: date) -> QuerySet[PropertyLine]:
    """The property lines that stand in the books at the end of a day: posted by then and not struck by then."""
    struck = WithdrawalLine.objects.filter(line=OuterRef("pk"), withdrawn_on__lte=day)
    lines = PropertyLine.objects.filter(~Exists(struck), library=library, posted_on__lte=day)
    return lines.exclude(pk__in=struck_meanwhile(library, day))


def struck_meanwhile(library: Library, day: date) -> QuerySet[StrikeReversal, int]:
    """Keys of property lines that stood struck at the end of a day, although the striking was taken back since."""
    reversed_later = StrikeReversal.objects.filter(
        library=library, withdrawn_on__lte=day, restored_on__gt=day
    )
    return reversed_later.values_list("line_id", flat=True)


@dataclass(frozen=True, slots=True)
class Copies:
    """Items of a record in a library: those on the books, and those of them that stand on a shelf now."""

    total: int
    available: int


def copies_of(library: Library | None, record_ids: Sequence[int]) -> dict[int, Copies]:
    """Copies of many records in one query; of all libraries when none is named. Records without items are left out."""
    items = Item.objects.filter(holding__record_id__in=record_ids, account__in=ON_BOOKS)
    if library is not None:
        items = items.filter(library=library)
    counts = items.values(record=F("holding__record_id")).annotate(
        total=Count("pk"), available=Count("pk", filter=Q(account__in=_LENDABLE))
    )
    return {row["record"]: Copies(row["total"], row["available"]) for row in counts.order_by()}


def first_entry_on(library: Library) -> date | None:
    """The day of the oldest property line, with which the stock begins."""
    lines = PropertyLine.objects.filter(library=library)
    first: date | None = lines.aggregate(first=Min("posted_on"))["first"]
    return first
