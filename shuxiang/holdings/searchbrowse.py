"""Everything a library holds, to leaf through: exact up to the cap; above it pages by index and facets from a sample."""
# ruff: noqa: S608  only names of our own are written into statements; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from shuxiang.holdings.searchfacets import Filters, Tally, rounded
from shuxiang.holdings.searching import MARK, Marks, Value, in_bytes, marks_of, wanted
from shuxiang.holdings.searchsort import sorted_ids

Tallied = tuple[
    tuple[str, ...], bool, float
]  # marks, whether these are not all, how many titles stand behind each
BLOCKS = 100  # places spread evenly over the catalogue at which a sample is taken
BLOCK = 100  # titles at each


@dataclass(frozen=True, slots=True)
class Browsed:
    """What search.SearchPage says of a page of all titles."""

    count: int
    is_capped: bool
    ids: tuple[int, ...]
    tallied: tuple[Tallied, ...]


def browse(
    library_id: int | None, *, cap: int, start: int, page_size: int, sort: str, filters: Filters
) -> Browsed:
    """A page of the titles held, the newest in the catalogue first unless sorted otherwise."""
    where, params = wanted(filters)
    some = _held(library_id, cap + 1)
    if len(some) <= cap:
        tally = Tally((), filters)
        ids = [key for key, mark in some.items() if tally.matches(mark)]
        shown = _in_order(ids, sort, library_id)[start : start + page_size]
        return Browsed(len(ids), False, tuple(shown), ((tuple(some.values()), False, 1.0),))
    count = _count(library_id)
    sample = tuple(_sample(library_id).values())
    tallied = ((sample, True, count / len(sample)),)
    shown_ids = _walk(library_id, sort, (where, params), start, min(page_size, max(cap - start, 0)))
    if not filters.chosen:
        return Browsed(count, False, shown_ids, tallied)
    left = _held(library_id, cap + 1, where, params)
    if len(left) > cap:
        estimate = Tally(sample, filters).matching * count / len(sample)
        return Browsed(max(rounded(estimate), cap), True, shown_ids, tallied)
    ids = _in_order(list(left), sort, library_id)[start : start + page_size]
    return Browsed(len(left), False, tuple(ids), ((tuple(left.values()), False, 1.0), *tallied))


def _in_order(ids: list[int], sort: str, library_id: int | None) -> list[int]:
    return sorted(ids, reverse=True) if sort == "relevance" else sorted_ids(ids, sort, library_id)


def _fetch(statement: str, params: Sequence[Value]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return list(cursor.fetchall())


def _mine(library_id: int | None) -> tuple[str, list[Value]]:
    return ("TRUE", []) if library_id is None else ("h.library_id = %s", [library_id])


def _held(library_id: int | None, limit: int, where: str = "", params: Sequence[Value] = ()) -> Marks:
    mine, library = _mine(library_id)
    statement = f"SELECT h.record_id, {MARK} FROM holdings_holding h WHERE {mine} AND NOT h.facets = ''{where} LIMIT %s"
    return marks_of(_fetch(statement, [*library, *params, limit]))


def _count(library_id: int | None) -> int:
    """Titles held: holdings, less those of a title in a second group."""
    mine, params = _mine(library_id)
    several = "SELECT COUNT(*) FROM holdings_shelvinggroup h WHERE " + mine
    what = "DISTINCT h.record_id" if _fetch(several, params)[0][0] > 1 else "*"
    return _fetch(f"SELECT COUNT({what}) FROM holdings_holding h WHERE {mine} AND NOT h.facets = ''", params)[
        0
    ][0]


def _sample(library_id: int | None) -> Marks:
    """The marks of titles taken at even distances from the whole catalogue."""
    mine, params = _mine(library_id)
    ends = f"SELECT h.record_id, 0 FROM holdings_holding h WHERE {mine} AND NOT h.facets = '' ORDER BY h.record_id"
    first, last = (_fetch(f"{ends} {way} LIMIT 1", params)[0][0] for way in ("", "DESC"))
    rows: list[tuple[int, str]] = []
    for block in range(BLOCKS):
        begin = first + (last - first) * block // BLOCKS
        rows += _fetch(
            f"SELECT h.record_id, {MARK} FROM holdings_holding h WHERE {mine} AND NOT h.facets = ''"
            " AND h.record_id >= %s ORDER BY h.record_id LIMIT %s",
            [*params, begin, BLOCK],
        )
    return marks_of(list(dict.fromkeys(rows)))


def _walk(
    library_id: int | None, sort: str, where: tuple[str, Sequence[Value]], start: int, count: int
) -> tuple[int, ...]:
    """A page taken from an index that has the order, so that nothing need be sorted."""
    mine, params = _mine(library_id)
    by_record = (
        "FROM catalogue_bibliographicrecord r CROSS JOIN holdings_holding h WHERE h.record_id = r.id AND"
    )
    source, order = {
        "relevance": ("FROM holdings_holding h WHERE", "h.record_id DESC"),
        "title": (by_record, f"{in_bytes('r.title_sort')}, r.id"),
        "newest": (by_record, "r.pub_year DESC, r.id DESC"),
        "call_number": ("FROM holdings_holding h WHERE", f"{in_bytes('h.call_number_sort')}, h.id"),
        "most_lent": ("FROM holdings_holding h WHERE", "h.times_lent DESC, h.id DESC"),
    }[sort]
    rows = _fetch(
        f"SELECT h.record_id, 0 {source} {mine} AND NOT h.facets = ''{where[0]} ORDER BY {order} LIMIT %s OFFSET %s",
        [*params, *where[1], count, start],
    )
    return tuple(key for key, _zero in rows)
