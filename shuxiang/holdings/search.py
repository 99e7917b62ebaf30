"""Find records of a library: exact numbers, then titles, then pinyin, then full text. The same records on both engines."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.codes import clean_scan
from shuxiang.common.isbn import parse_isbn, parse_issn
from shuxiang.common.text import And, Field, Not, Or, Query, fold, is_empty, parse_query, title_key
from shuxiang.holdings import searching as sql
from shuxiang.holdings.models import Holding
from shuxiang.holdings.selectors import Copies, copies_of
from shuxiang.libraries.models import Library

CAP = 10_000  # more hits are counted as "more than"
RANKED = 2_000  # candidates that are ranked by relevance; very common words have more
SORTS = ("relevance", "title", "newest", "call_number")
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A record on a result page: its call number in the library, its copies on the books and those in now."""

    record: BibliographicRecord
    call_number: str
    copies: Copies


@dataclass(frozen=True)
class SearchPage:
    """One page of results. `count` is exact up to CAP; `is_capped` says that there are more."""

    count: int
    is_capped: bool
    ids: tuple[int, ...]
    page: int
    page_size: int
    library: Library | None

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The records of this page in order, with call numbers and copies: three queries for all of them."""
        records = BibliographicRecord.objects.in_bulk(self.ids)
        copies = copies_of(self.library, self.ids)
        holdings = Holding.objects.filter(record_id__in=self.ids).order_by("-pk")
        if self.library is not None:
            holdings = holdings.filter(library=self.library)
        call_numbers = dict(holdings.values_list("record_id", "call_number"))
        none = Copies(0, 0)
        return tuple(
            Hit(records[key], call_numbers.get(key, ""), copies.get(key, none))
            for key in self.ids
            if key in records
        )

    @property
    def records(self) -> tuple[BibliographicRecord, ...]:
        return tuple(hit.record for hit in self.hits)

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return -(-self.count // self.page_size)


def search(
    query: str, *, library: Library | None = None, page: int = 1, page_size: int = 20, sort: str = "relevance"
) -> SearchPage:
    """The records that a search line finds: those the library holds, or all of the installation.

    Any text is a question, none raises. In order of relevance come exact numbers, the exact title, titles that begin
    so, pinyin, then full text; other sorts (SORTS) are plain. A page beyond the last is empty.
    """
    if sort not in SORTS:
        raise ValueError(f"no such order: {sort}")
    found = _found(query, library.pk if library else None)
    is_capped = len(found) > CAP
    found = found[:CAP]
    if sort != "relevance":
        found = sql.sorted_ids(found, sort, library.pk if library else None)
    start = (max(page, 1) - 1) * page_size
    ids = tuple(found[start : start + page_size])
    return SearchPage(len(found), is_capped, ids, max(page, 1), page_size, library)


def _found(query: str, library_id: int | None) -> list[int]:
    """All hits in order of relevance, at most CAP + 1."""
    plain = query.replace("\x00", " ").encode(errors="replace").decode()  # what no database can be asked for
    ast = parse_query(plain)
    ids = _in_order([], _exact_numbers(plain, library_id))
    if _is_plain(ast):
        key = title_key(plain)
        ids = _in_order(ids, sql.by_title(key, library_id, CAP + 1) if key else [])
        letters = fold(plain).replace(" ", "").replace("'", "")
        if letters.isascii() and letters.isalnum():
            ids = _in_order(ids, sql.by_pinyin(letters, library_id, CAP + 1))
    if not is_empty(ast):
        ids = _in_order(ids, sql.by_words(ast, library_id, CAP + 1, RANKED))
    return ids[: CAP + 1]


def _in_order(before: list[int], more: Iterable[int]) -> list[int]:
    return list(dict.fromkeys([*before, *more]))


def _is_plain(ast: Query) -> bool:
    """Whether the line is words only, so that it may be a title as it stands."""
    match ast:
        case Field() | Not() | Or():
            return False
        case And(parts):
            return all(_is_plain(part) for part in parts)
    return True


def _exact_numbers(query: str, library_id: int | None) -> list[int]:
    """ISBN or the school's own number, ISSN, barcode, call number: when the whole line is one."""
    code = clean_scan(query)
    if not code or len(code) > 100:
        return []
    return sql.by_numbers(
        raw=code,
        isbn13=parse_isbn(code).isbn13 or "",
        issn=parse_issn(code).issn or "",
        library_id=library_id,
        limit=CAP + 1,
    )
