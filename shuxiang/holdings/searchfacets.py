"""What hits are filtered by, and how many each choice would leave: counted from the facets that holdings carry."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

FACETS = ("clc", "subclass", "audience", "available", "location", "year")
YEARS = 5  # publication years in one choice
_CLC = re.compile(r"[A-Z][A-Z0-9.\-]*")
_NO_YEAR = "0000"
_NOWHERE = frozenset({""})
_YEAR, _MAIN_CLASS = itemgetter(slice(4)), itemgetter(5)  # of a mark


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows a search to; nothing is wanted of what is left empty.

    `clc` is a main class or a longer beginning of a class number, `audience` one CNMARC code, `location` the key of
    a ShelvingLocation where a copy is at home, `available` asks for a copy on a shelf now. Years are those of
    publication, both included; an unknown year is in no range.
    """

    clc: str = ""
    audience: str = ""
    available: bool = False
    location: int | None = None
    year_from: int | None = None
    year_to: int | None = None

    @property
    def chosen(self) -> frozenset[str]:
        """The facets in which something is chosen."""
        chosen = {
            "clc": bool(self.clc),
            "audience": bool(self.audience),
            "available": self.available,
            "location": self.location is not None,
            "year": self.year_from is not None or self.year_to is not None,
        }
        return frozenset(name for name, is_chosen in chosen.items() if is_chosen)

    @property
    def clc_prefix(self) -> str:
        """The class as numbers begin; a sign that none begins with when it can be no class."""
        prefix = self.clc.strip().upper()
        return prefix if not prefix or _CLC.fullmatch(prefix) else "\x00"

    @property
    def years(self) -> tuple[str, str]:
        """The range of years as facets begin."""
        first = max(self.year_from or 1, 1)
        last = 9999 if self.year_to is None else max(self.year_to, 0)
        return f"{min(first, 9999):04d}", f"{min(last, 9999):04d}"


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice: what to filter by, how many hits it leaves under the other filters, whether it is chosen.

    `label` is a name that is data (of a location); what other values mean is words, which the door has.
    """

    value: str
    count: int
    is_chosen: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """The choices of one kind. `is_capped`: counted among the first 10,000 hits, or estimated from a sample."""

    name: str
    values: tuple[FacetValue, ...]
    is_capped: bool = False


class Tally:
    """Counts of each facet's values over marks, each under the filters of the other facets.

    A mark is the facets of a holding and a sign: "1998|I247.57|ac|,3,17,+" (+ on a shelf now); a record with several
    holdings has several, a line each.
    """

    def __init__(self, marks: Sequence[str], filters: Filters) -> None:
        self.filters = filters
        self._first, self._last = filters.years
        self._clc, self._by_year = filters.clc_prefix, "year" in filters.chosen
        self._tails: dict[str, frozenset[str]] = {}
        self.matching = 0  # records that fulfil all filters
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        several = [mark for mark in marks if "\n" in mark]
        self._count([mark for mark in marks if "\n" not in mark] if several else marks)
        self._count_several(several)

    def matches(self, mark: str) -> bool:
        """Whether a holding of the record fulfils all filters."""
        if "\n" in mark:
            return any(map(self.matches, mark.split("\n")))
        return (
            (not self._by_year or self._first <= mark[:4] <= self._last)
            and mark.startswith(self._clc, 5)
            and not self._failing(mark[mark.index("|", 5) :])
        )

    def _failing(self, tail: str) -> frozenset[str]:
        """The facets among audience, available and location whose filters a tail like "|ac|,3,+" fails."""
        if tail not in self._tails:
            filters = self.filters
            audience, homes = tail[1:-1].split("|")
            fails = {
                "audience": bool(filters.audience) and filters.audience not in audience,
                "available": filters.available and tail[-1] != "+",
                "location": filters.location is not None and f",{filters.location}," not in homes,
            }
            self._tails[tail] = frozenset(name for name, is_failing in fails.items() if is_failing)
        return self._tails[tail]

    def _count(self, marks: Sequence[str]) -> None:
        """Ten thousand marks in a few milliseconds: what is done with each is done by the interpreter's own loops."""
        first, last, clc, failing = self._first, self._last, self._clc, self._failing
        in_years = [mark for mark in marks if first <= mark[:4] <= last] if self._by_year else marks
        in_class = [mark for mark in in_years if mark.startswith(clc, 5)] if clc else in_years
        for tail, count in Counter([mark[mark.index("|", 5) :] for mark in in_class]).items():
            self._count_tail(tail, failing(tail), count)
        if self.filters.chosen - {"year", "clc"}:
            marks = [mark for mark in marks if not failing(mark[mark.index("|", 5) :])]
            in_years = [mark for mark in in_years if not failing(mark[mark.index("|", 5) :])]
        by_class = [mark for mark in marks if mark.startswith(clc, 5)] if clc else marks
        self._add_years(Counter(map(_YEAR, by_class)))
        self._add_classes(Counter(map(_MAIN_CLASS, in_years)), "clc")
        if clc:
            deeper = [mark[5 : mark.index("|", 5)] for mark in in_years if mark.startswith(clc, 5)]
            self._add_classes(Counter(_next_class(number, clc) for number in deeper), "subclass")

    def _count_tail(self, tail: str, fails: frozenset[str], count: int) -> None:
        audience, homes = tail[1:-1].split("|")
        self.matching += 0 if fails else count
        if fails <= {"audience"}:
            for code in set(audience):
                self.counts["audience"][code] += count
        if fails <= {"available"} and tail[-1] == "+":
            self.counts["available"]["1"] += count
        if fails <= {"location"}:
            for home in set(homes.split(",")) - _NOWHERE:
                self.counts["location"][home] += count

    def _add_years(self, years: Counter[str]) -> None:
        for year, count in years.items():
            if year != _NO_YEAR:
                self.counts["year"][years_of(int(year))] += count

    def _add_classes(self, classes: Counter[str], name: str) -> None:
        self.counts[name].update({key: count for key, count in classes.items() if key and key != "|"})

    def _count_several(self, marks: Iterable[str]) -> None:
        """Records with several holdings count once for a value that any of these has."""
        for mark in marks:
            found: set[tuple[str, str]] = set()
            for line in mark.split("\n"):
                one = Tally([line], self.filters)
                found.update((name, value) for name, values in one.counts.items() for value in values)
            for name, value in found:
                self.counts[name][value] += 1
            self.matching += self.matches(mark)


def years_of(year: int) -> str:
    """The choice that a year falls into: 2018 → 2015-2019."""
    first = year - year % YEARS
    return f"{first}-{first + YEARS - 1}"


def _next_class(number: str, prefix: str) -> str:
    """The class one step below a prefix: TP312 under T is TP, I247.57 under I247 is I247.5; '' for itself."""
    rest = number[len(prefix) :]
    if not rest or not rest[0].isalnum():
        return prefix + rest[:2] if rest[:1] == "." and len(rest) > 1 else ""
    return prefix + rest[0]


def facets_of(tally: Tally, labels: dict[str, str], *, is_capped: bool, scale: float = 1.0) -> list[Facet]:
    """The choices in the order in which they are shown; a chosen one is there even when it leaves nothing."""
    filters = tally.filters
    chosen = {
        "clc": filters.clc_prefix[:1],
        "subclass": "",
        "audience": filters.audience,
        "available": "1" if filters.available else "",
        "location": "" if filters.location is None else str(filters.location),
        "year": _chosen_years(filters),
    }
    facets = []
    for name in FACETS:
        counts = tally.counts[name]
        if chosen[name] and chosen[name] not in counts:  # nothing is left, or a range of the reader's own
            counts[chosen[name]] = tally.matching
        rows = [(value, rounded(count * scale) if scale > 1 else count) for value, count in counts.items()]
        rows.sort(
            key=lambda row: (-row[1], row[0]) if name == "location" else (0, row[0]), reverse=name == "year"
        )
        values = tuple(
            FacetValue(
                value, count, value == chosen[name], labels.get(value, "") if name == "location" else ""
            )
            for value, count in rows
        )
        facets.append(Facet(name, values, is_capped))
    return facets


def _chosen_years(filters: Filters) -> str:
    if "year" not in filters.chosen:
        return ""
    return f"{filters.year_from or ''}-{filters.year_to or ''}"


def rounded(estimate: float) -> int:
    """An estimate to two figures: 35,217 is about 35,000."""
    whole = round(estimate)
    step = int(10 ** max(len(str(whole)) - 2, 0))
    return round(whole / step) * step
