"""Which books there are. A book is parts; a part is columns and a source of rows between an opening and a closing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shuxiang.audit.discovery import Discovery
from shuxiang.common.schoolyear import Period
from shuxiang.libraries.models import Library
from shuxiang.reports.ledgers.rows import Column, Row
from shuxiang.reports.ledgers.sources import Source

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = object


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which library, for which period; readers' names only for who may see them."""

    library: Library
    period: Period
    with_names: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a book. `unit` says what an entry is: 25 volumes, 12 loans."""

    key: str
    title: "StrOrPromise"
    columns: tuple[Column, ...]
    source: Source
    unit: "StrOrPromise"
    opening: Sequence[Row] = ()
    closing: Sequence[Row] = ()
    note: "StrOrPromise" = ""  # how its numbers are counted, printed under it
    is_chosen: bool = False  # whether a library may choose among its columns


Parts = Callable[[Asked], Sequence[Part]]


@dataclass(frozen=True, slots=True)
class Book:
    """`place` is its place among the seven (七本帐). `columns` are those of the first part, among which a library chooses;
    `feeds` says what writes into it."""

    code: str
    place: int
    title: "StrOrPromise"
    columns: tuple[Column, ...]
    parts: Parts
    feeds: "StrOrPromise"
    more: list[Parts] = field(default_factory=list)

    def all_parts(self, asked: Asked) -> list[Part]:
        """Its own and those that rooms below have added."""
        found = list(self.parts(asked))
        for each in self.more:
            found += each(asked)
        return found


class UnknownBook(KeyError):
    """There is no account book of this code."""


_books: dict[str, Book] = {}
_discover = Discovery("ledgers.seven")


def register(book: Book) -> Book:
    if book.code in _books:
        raise ValueError(f"book {book.code} registered twice")
    _books[book.code] = book
    return book


def feed(code: str, parts: Parts) -> None:
    """Add parts to a book. Raises UnknownBook."""
    get(code).more.append(parts)


def get(code: str) -> Book:
    """Raises UnknownBook."""
    _discover()
    try:
        return _books[code]
    except KeyError:
        raise UnknownBook(code) from None


def all_books() -> list[Book]:
    """In the order of the seven."""
    _discover()
    return sorted(_books.values(), key=lambda book: book.place)
