"""Find records of a library: exact numbers, then titles, then pinyin, then full text. The same records on both engines.

An empty line leafs through everything the library holds. Every answer says how many hits each filter would leave.
"""

from dataclasses import dataclass, field
from functools import cached_property

from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.codes import clean_scan
from shuxiang.common.isbn import parse_isbn, parse_issn
from shuxiang.common.text import And, Field, Not, Or, Query, fold, is_empty, parse_query, title_key
from shuxiang.common.typed import is_mixed
from shuxiang.holdings import searching as sql
from shuxiang.holdings.models import Holding, ShelvingLocation
from shuxiang.holdings.searchbrowse import Tallied, browse
from shuxiang.holdings.searchfacets import NO_FILTERS, Facet, FacetValue, Filters, Tally, facets_of
from shuxiang.holdings.searchmeant import did_you_mean
from shuxiang.holdings.searchsimilar import similar
from shuxiang.holdings.searchsort import SORTS, sorted_ids
from shuxiang.holdings.searchsuggest import Suggestion, suggest
from shuxiang.holdings.searchtyped import by_mixture, by_other_readings
from shuxiang.holdings.selectors import Copies
from shuxiang.libraries.models import Library

__all__ = [
    "CAP", "NO_FILTERS", "SORTS", "Facet", "FacetValue", "Filters", "Hit", "SearchPage", "Suggestion",
    "did_you_mean", "search", "similar", "suggest",
]  # fmt: skip

CAP = 10_000  # more hits are counted as "more than", and their facets among the first so many
RANKED = 2_000  # candidates that are ranked by relevance; very common words have more


@dataclass(frozen=True, slots=True)
class Hit:
    """A record on a result page: its call number in the library, its copies on the books and those in now."""

    record: BibliographicRecord
    call_number: str
    copies: Copies


@dataclass(frozen=True)
class SearchPage:
    """One page of results. `count` is exact up to CAP; `is_capped` says that there are more.

    When all titles are leafed through, `count` is exact whatever it is; with filters above CAP it is an estimate and
    `is_capped`. Only the first CAP hits have pages.
    """

    count: int
    is_capped: bool
    ids: tuple[int, ...]
    page: int
    page_size: int
    library: Library | None
    filters: Filters = NO_FILTERS
    _tallied: tuple[Tallied, ...] = field(default=(), repr=False)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The records of this page in order, with call numbers and copies: two queries for all of them."""
        records = BibliographicRecord.objects.in_bulk(self.ids)
        held = Holding.objects.filter(
            record_id__in=self.ids
        )  # in no order: asked for one, SQLite reads the library
        if self.library is not None:
            held = held.filter(library=self.library)
        numbers: dict[int, str] = {}
        copies: dict[int, Copies] = {}
        columns = ("pk", "record_id", "call_number", "on_books", "on_shelf")
        for _pk, key, number, total, available in sorted(held.values_list(*columns), reverse=True):
            numbers[key] = number or numbers.get(key, "")
            before = copies.get(key, NONE)
            copies[key] = Copies(before.total + total, before.available + max(available, 0))
        return tuple(
            Hit(records[key], numbers.get(key, ""), copies.get(key, NONE))
            for key in self.ids
            if key in records
        )

    @property
    def records(self) -> tuple[BibliographicRecord, ...]:
        return tuple(hit.record for hit in self.hits)

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return -(-min(self.count, CAP) // self.page_size)

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The choices: clc, subclass (below the chosen class), audience, available, location, year; see Facet.

        Counts are those with the other filters applied, exact up to CAP hits. Without a library there are no locations.
        """
        labels = _names_of_places(self.library)
        found: dict[str, Facet] = {}
        for (
            marks,
            is_capped,
            scale,
        ) in self._tallied:  # what is left by the filters, then what they choose from
            tally = Tally(marks, self.filters)
            for one in facets_of(tally, labels, is_capped=is_capped, scale=scale):
                if one.name not in found or one.name in self.filters.chosen:
                    found[one.name] = one
        if self.library is None:
            found.pop("location", None)
        return tuple(found.values())


NONE = Copies(0, 0)


def _names_of_places(library: Library | None) -> dict[str, str]:
    places = _PLACES.all(library=library.pk) if library else []
    return {str(key): name for key, name in places}


_PLACES = Question(
    lambda library: ShelvingLocation.objects.filter(library=library).values_list("pk", "name").order_by()
)


def search(
    query: str,
    *,
    library: Library | None = None,
    page: int = 1,
    page_size: int = 20,
    sort: str = "relevance",
    filters: Filters = NO_FILTERS,
) -> SearchPage:
    """The records that a search line finds: those the library holds, or all of the installation.

    Any text is a question, none raises; an empty one is all titles held, the newest in the catalogue first. In order
    of relevance come exact numbers, the exact title, titles that begin so, pinyin, then full text; other sorts (SORTS)
    are plain. A page beyond the last is empty.
    """
    if sort not in SORTS:
        raise ValueError(f"no such order: {sort}")
    page = max(page, 1)
    plain = query.replace("\x00", " ").encode(errors="replace").decode()  # what no database can be asked for
    library_id = library.pk if library else None
    start = (page - 1) * page_size
    if not plain.strip():
        all_ = browse(library_id, cap=CAP, start=start, page_size=page_size, sort=sort, filters=filters)
        return SearchPage(
            all_.count, all_.is_capped, all_.ids, page, page_size, library, filters, all_.tallied
        )
    found = _Found(plain, sql.Scope(library_id, CAP + 1))
    tallied: tuple[Tallied, ...] = (found.tallied,)
    marks, is_capped = found.marks, found.is_capped
    if filters.chosen:
        if is_capped:  # the filters choose among all hits, not among the first
            found = _Found(plain, sql.Scope(library_id, CAP + 1, sql.wanted(filters)))
            tallied = (found.tallied, *tallied)
            marks, is_capped = found.marks, found.is_capped
        tally = Tally((), filters)
        marks = {key: mark for key, mark in marks.items() if tally.matches(mark)}
    ids = list(marks)[:CAP]
    by_relevance = sort == "relevance"
    ids = found.in_relevance(ids, start + page_size) if by_relevance else sorted_ids(ids, sort, library_id)
    shown = tuple(ids[start : start + page_size])
    return SearchPage(len(ids), is_capped, shown, page, page_size, library, filters, tallied)


class _Found:
    """All hits of a line, at most CAP + 1: those by number, title or pinyin in order of relevance, then those by words."""

    def __init__(self, plain: str, scope: sql.Scope) -> None:
        self._ast = parse_query(plain)
        first = _exact_numbers(plain, scope)
        if _is_plain(self._ast):
            key = title_key(plain)
            first |= sql.by_title(scope, key) if key else {}
            letters = fold(plain).replace(" ", "").replace("'", "")
            if letters.isascii() and letters.isalnum():
                first |= sql.by_pinyin(scope, letters)
                first |= by_other_readings(scope, letters)
            elif is_mixed(key):
                first |= by_mixture(scope, key)
        words = {} if is_empty(self._ast) else sql.by_words(scope, self._ast)
        self._first = len(first)
        self.marks: sql.Marks = first | words
        self.is_capped = len(self.marks) > CAP

    @property
    def tallied(self) -> Tallied:
        return tuple(self.marks.values())[:CAP], self.is_capped, 1.0

    def in_relevance(self, ids: list[int], needed: int) -> list[int]:
        """Ids of the marks, in their order, with the first RANKED of those by words sorted; not if no one looks there."""
        first = set(list(self.marks)[: self._first])
        head = [key for key in ids if key in first]
        words = ids[len(head) :]
        if not words or len(head) >= needed:
            return ids
        ranked, rest = words[:RANKED], words[RANKED:]
        ranks = sql.ranks(self._ast, ranked[0], ranked[-1])
        return [*head, *sorted(ranked, key=lambda key: (ranks.get(key, 0.0), key)), *rest]


def _is_plain(ast: Query) -> bool:
    """Whether the line is words only, so that it may be a title as it stands."""
    match ast:
        case Field() | Not() | Or():
            return False
        case And(parts):
            return all(_is_plain(part) for part in parts)
    return True


def _exact_numbers(query: str, scope: sql.Scope) -> sql.Marks:
    """ISBN or the school's own number, ISSN, barcode, call number: when the whole line is one."""
    code = clean_scan(query)
    if not code or len(code) > 100:
        return {}
    isbn13, issn = parse_isbn(code).isbn13 or "", parse_issn(code).issn or ""
    return sql.by_numbers(scope, raw=code, isbn13=isbn13, issn=issn)
