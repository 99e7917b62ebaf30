"""Where rows come from, a page at a time from either end: every question starts at a key, none counts its way there."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from shuxiang.reports.ledgers.rows import Key, Row

AT_ONCE = 1000  # rows of a book that is written to a file


class Source(Protocol):
    """Rows in the order of their keys."""

    def after(self, key: Key | None, many: int) -> list[Row]:
        """The next rows behind a key; the first ones for None."""

    def before(self, key: Key | None, many: int) -> list[Row]:
        """The rows just before a key, in their order; the last ones for None."""

    def count(self) -> int | None:
        """How many rows there are; None where that is not known without reading them."""


def stream(source: Source, many: int = AT_ONCE) -> Iterator[Row]:
    """All rows, in the memory of some."""
    key: Key | None = None
    while rows := source.after(key, many):
        yield from rows
        key = rows[-1].key


class Fixed:
    """Rows that are there already: few, made from sums."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = list(rows)

    def after(self, key: Key | None, many: int) -> list[Row]:
        return [row for row in self._rows if key is None or row.key > key][:many]

    def before(self, key: Key | None, many: int) -> list[Row]:
        return [row for row in self._rows if key is None or row.key < key][-many:]

    def count(self) -> int | None:
        return len(self._rows)


Make = Callable[[Sequence[Mapping[str, Any]]], Sequence[Row]]


class Days:
    """Rows of a table in the order of a day and of their writing; an index on (library, day) answers from both ends.

    `make` turns values (with `pk`, the day, `columns` and what `more` computes) into rows, whose keys begin with the day and
    end with `pk`. Counting leaves `more` out; where even that must look at every row, `is_counted` is False.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        day: str,
        columns: Sequence[str],
        make: Make,
        *,
        more: Mapping[str, Any] | None = None,
        is_counted: bool = True,
    ) -> None:
        self._rows, self._day, self._make, self._more = rows, day, make, dict(more or {})
        self._columns = tuple(dict.fromkeys(("pk", day, *columns, *self._more)))
        self._is_counted = is_counted

    def after(self, key: Key | None, many: int) -> list[Row]:
        return self._read(self._side("gt", key), many, (self._day, "pk"))

    def before(self, key: Key | None, many: int) -> list[Row]:
        return self._read(self._side("lt", key), many, (f"-{self._day}", "-pk"))[::-1]

    def count(self) -> int | None:
        return self._rows.count() if self._is_counted else None

    def _read(self, side: Q, many: int, order: tuple[str, str]) -> list[Row]:
        rows = self._rows.filter(side).annotate(**self._more)
        return list(self._make(list(rows.order_by(*order).values(*self._columns)[:many])))

    def _side(self, way: str, key: Key | None) -> Q:
        if key is None:
            return Q()
        day = date.fromordinal(min(max(key[0], 1), date.max.toordinal()))
        beyond = Q(**{f"{self._day}__{way}": day}) | Q(**{self._day: day, f"pk__{way}": key[-1]})
        return Q(**{f"{self._day}__{way}e": day}) & beyond  # the first part is what the index takes


class Placed:
    """Days whose keys carry, between day and number, which of two tables they are of."""

    def __init__(self, days: Days, place: int) -> None:
        self._days, self._place = days, place

    def after(self, key: Key | None, many: int) -> list[Row]:
        return self._days.after(self._inner(key, 1), many)

    def before(self, key: Key | None, many: int) -> list[Row]:
        return self._days.before(self._inner(key, -1), many)

    def count(self) -> int | None:
        return self._days.count()

    def _inner(self, key: Key | None, step: int) -> Key | None:
        """A key of the other table says only whether the day's rows of this one come before or behind it."""
        if key is None or key[1] == self._place:
            return key
        is_behind = self._place > key[1]
        return (key[0], 0 if is_behind else 2**62)


class Merged:
    """Two sources whose keys are alike, as one."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources

    def after(self, key: Key | None, many: int) -> list[Row]:
        found = heapq.merge(*(one.after(key, many) for one in self._sources), key=_key)
        return list(found)[:many]

    def before(self, key: Key | None, many: int) -> list[Row]:
        found = heapq.merge(*(one.before(key, many) for one in self._sources), key=_key)
        return list(found)[-many:]

    def count(self) -> int | None:
        return _sum(one.count() for one in self._sources)


def _key(row: Row) -> Key:
    return row.key


def _sum(counts: Iterator[int | None]) -> int | None:
    whole = 0
    for count in counts:
        if count is None:
            return None
        whole += count
    return whole


class Chain:
    """Sources one behind the other; a key begins with the place of its source."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def after(self, key: Key | None, many: int) -> list[Row]:
        found: list[Row] = []
        for place, inner in self._from(key, 1):
            found += self._placed(place, self._sources[place].after(inner, many - len(found)))
            if len(found) >= many:
                break
        return found

    def before(self, key: Key | None, many: int) -> list[Row]:
        found: list[Row] = []
        for place, inner in self._from(key, -1):
            found = self._placed(place, self._sources[place].before(inner, many - len(found))) + found
            if len(found) >= many:
                break
        return found

    def count(self) -> int | None:
        return _sum(one.count() for one in self._sources)

    def _from(self, key: Key | None, step: int) -> Iterator[tuple[int, Key | None]]:
        last = len(self._sources) - 1
        start = (0 if step > 0 else last) if key is None else key[0]
        inner: Key | None = key[1:] if key is not None and len(key) > 1 else None
        for place in range(start, last + 1) if step > 0 else range(min(start, last), -1, -1):
            yield place, inner
            inner = None

    @staticmethod
    def _placed(place: int, rows: Sequence[Row]) -> list[Row]:
        return [
            Row((place, *row.key), row.cells, row.look, row.entries, row.unknown, row.address) for row in rows
        ]


class Grouped:
    """Neighbours that say the same become one row: copies of a title that came together.

    A key is that of the first and that of the last line, one behind the other, both `width` long. A page always begins
    and ends between groups, from whichever side it is read.
    """

    def __init__(
        self,
        lines: Source,
        same: Callable[[Row], object],
        join: Callable[[Sequence[Row]], Row],
        width: int = 1,
    ) -> None:
        self._lines, self._same, self._join, self._width = lines, same, join, width

    def after(self, key: Key | None, many: int) -> list[Row]:
        inner = None if key is None else key[self._width :]
        groups: list[list[Row]] = []
        while len(groups) <= many and (lines := self._lines.after(inner, 4 * many)):
            inner = lines[-1].key
            for line in lines:
                if groups and self._same(groups[-1][-1]) == self._same(line):
                    groups[-1].append(line)
                else:
                    groups.append([line])
        return [self._join(group) for group in groups[:many]]

    def before(self, key: Key | None, many: int) -> list[Row]:
        inner = None if key is None else key[: self._width]
        groups: list[list[Row]] = []  # the last one first
        while len(groups) <= many and (lines := self._lines.before(inner, 4 * many)):
            inner = lines[0].key
            for line in reversed(lines):
                if groups and self._same(groups[-1][0]) == self._same(line):
                    groups[-1].insert(0, line)
                else:
                    groups.append([line])
        return [self._join(group) for group in reversed(groups[:many])]

    def count(self) -> int | None:
        return None
