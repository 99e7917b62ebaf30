"""Every number has a name: a figure is defined once, by its own room, and asked for by everybody above.

A figure says what it counts in words, gives its value for a scope, its parts (by class, month …) and the rows behind it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db.models import Model, QuerySet

from shuxiang.audit.discovery import Discovery
from shuxiang.common.schoolyear import Period
from shuxiang.libraries.ground import Ground
from shuxiang.libraries.models import Library

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = object


Stored = TypeVar("Stored", bound=Model)


@dataclass(frozen=True)
class Gone:
    """Things thought away, however many: `items` is a query for their keys, `name` tells one such question from another."""

    name: str
    items: QuerySet[Any, int] = field(compare=False, repr=False)

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Scope:
    """Of which library, over which days, for which part of it.

    `as_of` is today: a running period is looked at up to then. `without_items` asks "what if these were gone?".
    """

    library: Library
    period: Period
    as_of: date | None = None
    school_class_id: int | None = None
    grade: int | None = None
    without_items: frozenset[int] | Gone = frozenset()
    # what was asked already, by this scope and those made from it: for one page or report, not to be kept
    _asked: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def ground(self) -> Ground:
        """Terms, classes and heads."""
        if "ground" not in self._asked:
            self._asked["ground"] = Ground(self.library)
        return cast(Ground, self._asked["ground"])

    def once(self, code: str, ask: Callable[["Scope"], "Value"]) -> "Value":
        """The value of a figure here, computed at its first question: figures are made of one another."""
        key = (code, self.period, self.as_of, self.school_class_id, self.grade, self.without_items)
        if key not in self._asked:
            self._asked[key] = ask(self)
        return cast(Value, self._asked[key])

    def beside(self, period: Period, as_of: date | None) -> "Scope":
        """The same part of the same library in another period."""
        return replace(self, period=period, as_of=as_of)

    @property
    def last_day(self) -> date:
        """The day whose end a state (stock, overdue) is counted at: the period's last, or today while it runs."""
        return min(self.period.ends_on, self.as_of) if self.as_of else self.period.ends_on

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the period so far."""
        return self.period.starts_on, max(self.last_day, self.period.starts_on)

    @property
    def months(self) -> list[str]:
        """The months of the period so far, as 2026-03."""
        months, day = [], self.period.starts_on.replace(day=1)
        while day <= self.last_day:
            months.append(f"{day:%Y-%m}")
            day = (day + timedelta(days=32)).replace(day=1)
        return months

    def think_away(self, rows: QuerySet[Stored], path: str) -> QuerySet[Stored]:
        """Rows less those whose item, found by `path`, is asked about as gone."""
        gone = self.without_items
        if not gone:
            return rows
        return rows.exclude(**{f"{path}__in": gone.items if isinstance(gone, Gone) else gone})

    def narrowed(self, *, school_class_id: int | None = None, grade: int | None = None) -> "Scope":
        return replace(self, school_class_id=school_class_id, grade=grade)


@dataclass(frozen=True)
class Value:
    """A figure's value: a quotient keeps both its sides; `number` is None when there is nothing to divide by."""

    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @classmethod
    def count(cls, number: int) -> "Value":
        return cls(Decimal(number))

    @classmethod
    def quotient(cls, numerator: int | Decimal, denominator: int | Decimal, factor: int = 1) -> "Value":
        top, bottom = Decimal(numerator), Decimal(denominator)
        return cls(top * factor / bottom if bottom else None, top, bottom)

    def rounded(self, decimals: int) -> Decimal | None:
        """Half up, as Chinese statistics are rounded: 9.2717 → 9.27, 7.555 → 7.56."""
        if self.number is None:
            return None
        return self.number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Part:
    """One part of a figure: a class, a month, a CLC class; `key` narrows the rows to it."""

    key: str
    label: str
    value: Value


@dataclass(frozen=True)
class Rows:
    """The rows behind a number: their count, or the sum of a column of theirs, explains it.

    `personal` names the columns (from 0) with names of readers: shown only with the right to see readers.
    """

    columns: Sequence["StrOrPromise"]
    rows: Iterable[Sequence[object]]
    total: int
    personal: tuple[int, ...] = ()


Compute = Callable[[Scope], Value]
Split = Callable[[Scope], list[Part]]
Drill = Callable[[Scope, str, int, int], Rows]  # scope, "by:key" or "", first row, how many
REST = "-"  # key of the part that holds what belongs to no other part


@dataclass(frozen=True)
class Figure:
    code: str
    title: "StrOrPromise"
    unit: "StrOrPromise"
    formula: "StrOrPromise"
    compute: Compute
    decimals: int = 0
    loan_kinds: tuple[str, ...] = ()  # which loans it counts; empty: it counts no loans
    parts: Mapping[str, Split] = field(default_factory=dict)  # class, grade, month, clc, division
    rows: Drill | None = None
    less_is_better: bool = False  # a target is reached from above
    is_evidence: bool = False  # above zero it shows that something was recorded at all

    def value(self, scope: Scope) -> Value:
        return scope.once(self.code, self.compute)

    def part(self, scope: Scope, name: str) -> Part:
        """The part that "by:key" names. Raises UnknownPart when the figure has no such part in the scope."""
        by, _colon, key = name.partition(":")
        for part in self.parts[by](scope) if by in self.parts else []:
            if part.key == key:
                return part
        raise UnknownPart(name)


class UnknownFigure(KeyError):
    """Nobody registered a figure of this code."""


class UnknownPart(KeyError):
    """A figure has no such part in this scope."""


_figures: dict[str, Figure] = {}
_discover = Discovery("figures", "figures.definitions")  # each room's figures register themselves


def register(figure: Figure) -> Figure:
    if figure.code in _figures:
        raise ValueError(f"figure {figure.code} registered twice")
    _figures[figure.code] = figure
    return figure


def get(code: str) -> Figure:
    _discover()
    try:
        return _figures[code]
    except KeyError:
        raise UnknownFigure(code) from None


def number_of(code: str, scope: Scope) -> Decimal:
    """The number of another figure in the same scope, 0 where it has none. Raises UnknownFigure."""
    return get(code).value(scope).number or Decimal(0)


def all_figures() -> list[Figure]:
    _discover()
    return [_figures[code] for code in sorted(_figures)]
