"""What lists of titles need: the titles themselves, their barcodes, the classes as a shelf, what is new and what is lent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Max, Sum
from django.db.models.functions import Substr, Upper

from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.holdings.models import AccessionSeries, Holding, ItemIdentifier, Withdrawal
from shuxiang.libraries.models import Library

MOST_CODES = 400  # read for one page
KEPT = 600  # seconds


@dataclass(frozen=True, slots=True)
class Title:
    """The columns of a record that a line in a list shows."""

    pk: int
    title: str
    subtitle: str
    volume_mark: str
    authors: str
    publisher: str
    published: str
    clc: str
    audience: str
    title_initials: str


_COLUMNS = tuple(Title.__dataclass_fields__)


def titles(record_ids: Sequence[int]) -> dict[int, Title]:
    """Many titles by their keys, in one question."""
    rows = _TITLES.all(keys=tuple(record_ids)) if record_ids else []
    return {row[0]: Title(*row) for row in rows}


_TITLES = Question(
    lambda keys: BibliographicRecord.objects.filter(pk__in=keys).order_by().values_list(*_COLUMNS)
)


def barcodes(library: Library, record_ids: Sequence[int]) -> dict[int, list[str]]:
    """The valid codes of the copies of each title, the oldest first; not all of them where there are hundreds."""
    rows = _CODES.all(library=library.pk, records=tuple(record_ids)) if record_ids else []
    found: dict[int, list[str]] = {}
    for key, code in rows:
        found.setdefault(key, []).append(code)
    return found


# The library is that of the holding only: told that of an identifier, SQLite reads all that the library ever gave.
_CODES = Question(
    lambda library, records: (
        ItemIdentifier.objects.filter(
            item__holding__library=library, item__holding__record__id__in=records, to_at__isnull=True
        )
        .order_by("pk")
        .values_list("item__holding__record_id", "value")[:MOST_CODES]
    )
)


def volumes_by_class(library: Library) -> dict[str, int]:
    """Volumes on the books by the first letter of the class, '' for none; classes without volumes are left out.

    Read from all holdings (0.7 s for 750,000), so kept for ten minutes, or until a batch is posted or volumes are withdrawn.
    """
    key = _stock_key(library)
    held: dict[str, int] | None = cache.get(key)
    if held is None:
        counted = Holding.objects.filter(library=library, on_books__gt=0).order_by()
        held = dict(counted.values_list(Upper(Substr("clc", 1, 1))).annotate(Sum("on_books")))
        cache.set(key, held, KEPT)
    return held


def _stock_key(library: Library) -> str:
    """Another one after every posting and every withdrawal: the numbers that these acts give."""
    posted = AccessionSeries.objects.filter(library=library).order_by("series").values_list("last", flat=True)
    withdrawn = Withdrawal.objects.filter(library=library).aggregate(last=Max("number"))["last"] or 0
    return "-".join(map(str, ("shelf", library.uuid, *posted, withdrawn)))


def newest(library: Library, limit: int) -> list[int]:
    """The titles that came last and are here."""
    held = Holding.objects.filter(library=library, on_books__gt=0).order_by("-pk")
    return _once(held.values_list("record_id", flat=True)[: limit * 2], limit)


def most_lent(library: Library, limit: int) -> list[int]:
    """The titles lent most in the last twelve months that are still here."""
    lent = Holding.objects.filter(library=library, times_lent__gt=0, on_books__gt=0)
    ordered = lent.order_by("-times_lent", "record_id")
    return _once(ordered.values_list("record_id", flat=True)[: limit * 2], limit)


def _once(keys: Iterable[int], limit: int) -> list[int]:
    """A title in two shelving groups is listed once."""
    return list(dict.fromkeys(keys))[:limit]


@dataclass(frozen=True, slots=True)
class Gone:
    """A tombstone: the title it bore, the record it was merged into, and whether this library knew it."""

    title: str
    merged_into_id: int | None
    was_ours: bool


def gone(library: Library, pk: int) -> Gone | None:
    """What became of a record that is not in the catalogue any more; None for one that is, or never was."""
    record = BibliographicRecord.objects.filter(pk=pk, deleted_at__isnull=False).first()
    if record is None:
        return None
    was_ours = record.created_by_library_id == library.pk
    was_ours = was_ours or Holding.objects.filter(library=library, record=record).exists()
    return Gone(record.title, record.merged_into_id, was_ours)
