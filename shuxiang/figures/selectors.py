"""Asking many figures at once."""

from datetime import date

from shuxiang.figures.registry import Figure, Scope, Value, all_figures
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library


def scope_of(library: Library, period_code: str, today: date) -> Scope:
    """The library in a period, up to today while it runs. Raises BadPeriod."""
    return Scope(library=library, period=libraries.period(library, period_code), as_of=today)


def values(scope: Scope) -> list[tuple[Figure, Value]]:
    """Every figure there is."""
    return [(figure, figure.value(scope)) for figure in all_figures()]


def has_data(found: list[tuple[Figure, Value]]) -> bool:
    """Whether anything was recorded at all; how many pupils a school has says nothing about its library."""
    return any(value.number for figure, value in found if not figure.code.startswith("libraries."))
