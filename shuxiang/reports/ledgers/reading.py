"""Reading a book: a page of it on the screen, or the whole of it for a file; with a library's own titles and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.reports.ledgers import profiles, registry
from shuxiang.reports.ledgers.profiles import Kept
from shuxiang.reports.ledgers.registry import Asked, Book, Part
from shuxiang.reports.ledgers.rows import Column, Key, Row, Sums, added_up
from shuxiang.reports.ledgers.sources import Source
from shuxiang.reports.models import LedgerProfile

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part with the columns that a library has chosen for it."""

    key: str
    title: str
    sheet: str  # what a sheet of it is called
    columns: tuple[Column, ...]
    source: Source
    unit: str
    opening: Sequence[Row]
    closing: Sequence[Row]
    note: str


@dataclass(frozen=True, slots=True)
class Volume:
    """A book of one period, ready to be written: words are in the language that is active when it is made."""

    library: str
    title: str
    period: str
    left: str
    signatures: str
    parts: tuple[Chosen, ...]
    at: datetime

    @property
    def subtitle(self) -> str:
        return f"{self.left}　{self.period}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a part: whether there are more before and behind them, and what they come to."""

    rows: tuple[Row, ...]
    sums: Sums
    has_before: bool
    has_after: bool
    count: int | None


def profile_of(library: Library) -> tuple[Kept, ...]:
    """The books that a library keeps, in its order; the seven when it has not chosen."""
    row = LedgerProfile.objects.filter(library=library).first()
    return (profiles.read(row.books) if row else ()) or profiles.USUAL


def kept_book(library: Library, code: str) -> tuple[Book, Kept]:
    """A book with what the library says of it; books that it does not keep can be read all the same. Raises UnknownBook."""
    book = registry.get(code)
    kept = next((each for each in profile_of(library) if each.code == code), Kept(code))
    return book, kept


def title_of(book: Book, kept: Kept) -> str:
    """What the library calls the book."""
    return kept.title or str(book.title)


def parts_of(asked: Asked, book: Book, kept: Kept) -> list[Chosen]:
    """The parts of a book, each with its columns."""
    parts = book.all_parts(asked)
    return [_chosen(part, kept, alone=len(parts) == 1, title=title_of(book, kept)) for part in parts]


def _chosen(part: Part, kept: Kept, *, alone: bool, title: str) -> Chosen:
    columns = profiles.columns_of(kept, part.columns) if part.is_chosen else part.columns
    return Chosen(
        part.key,
        str(part.title),
        title if alone else str(part.title),
        columns,
        part.source,
        str(part.unit),
        part.opening,
        part.closing,
        str(part.note),
    )


def page_of(
    part: Chosen, *, after: Key | None = None, before: Key | None = None, is_last: bool = False
) -> Page:
    """A page behind a key, before a key, the last one, or (when nothing is said, or for a key of no row) the first."""
    try:
        return _page(part, after, before, is_last)
    except IndexError:  # a key of another book, or one that somebody typed
        return _page(part, None, None, False)


def _page(part: Chosen, after: Key | None, before: Key | None, is_last: bool) -> Page:
    many = ROWS_A_PAGE
    if is_last or before is not None:
        rows = part.source.before(None if is_last else before, many + 1)
        has_before, rows = len(rows) > many, rows[-many:]
        has_after = not is_last and bool(rows) and bool(part.source.after(rows[-1].key, 1))
    else:
        rows = part.source.after(after, many + 1)
        has_after, rows = len(rows) > many, rows[:many]
        has_before = after is not None and bool(rows) and bool(part.source.before(rows[0].key, 1))
    return Page(tuple(rows), added_up(part.columns, rows), has_before, has_after, part.source.count())


def volume_of(
    library: Library, code: str, period: str, *, with_names: bool, at: datetime, today: date
) -> Volume:
    """A whole book, to be written. Raises UnknownBook, BadPeriod."""
    book, kept = kept_book(library, code)
    asked = Asked(library, libraries.period(library, period), with_names)
    first, last = asked.period.starts_on, asked.period.ends_on
    days = pgettext("ledger", "%(first)s to %(last)s") % {
        "first": first,
        "last": min(last, max(first, today)),
    }
    return Volume(
        library=library.name,
        title=title_of(book, kept),
        period=days,
        left=library.name,
        signatures=_("In charge: Checked by: Kept by: Date:"),
        parts=tuple(parts_of(asked, book, kept)),
        at=at,
    )
