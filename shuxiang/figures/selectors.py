"""Asking many figures at once."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from shuxiang.common.schoolyear import Period
from shuxiang.figures.models import Target
from shuxiang.figures.registry import Figure, Scope, Value, all_figures
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library


def scope_of(library: Library, period_code: str, today: date) -> Scope:
    """The library in a period, up to today while it runs. Raises BadPeriod."""
    return Scope(library=library, period=libraries.period(library, period_code), as_of=today)


def values(scope: Scope, codes: Collection[str] | None = None) -> list[tuple[Figure, Value]]:
    """The figures of these codes, or every one there is."""
    return [
        (figure, figure.value(scope)) for figure in all_figures() if codes is None or figure.code in codes
    ]


def targets(library: Library, period_code: str) -> dict[str, Decimal]:
    """What the library means to reach in a period, by the figure's code."""
    found = Target.objects.filter(library=library, period=period_code)
    return dict(found.values_list("figure", "value"))


def has_data(scope: Scope) -> bool:
    """Whether anything is recorded for a period that has begun; how many pupils a school has is not enough."""
    return scope.period.starts_on <= scope.last_day and any(
        figure.value(scope).number for figure in all_figures() if figure.is_evidence
    )


def recent_periods(library: Library, today: date, terms: int = 6, since: date | None = None) -> list[Period]:
    """The running term and those before it, then two school years and two calendar years: what one chooses from.

    `since` is the day of the oldest record: the terms reach back to it, at least `terms` of them.
    """
    calendar = libraries.calendar_of(library)
    found = [calendar.period(calendar.term_on(today).code)]
    while len(found) < terms or (since is not None and since < found[-1].starts_on):
        found.append(calendar.previous(found[-1]))
    year = calendar.school_year_on(today)
    codes = [f"{year}-{year + 1}", f"{year - 1}-{year}", str(today.year), str(today.year - 1)]
    return found + [calendar.period(code) for code in codes]
