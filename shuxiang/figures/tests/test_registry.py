"""The mechanism: names are unique, quotients keep both sides, periods so far."""

from datetime import date
from decimal import Decimal

import pytest

from shuxiang.common.schoolyear import Period, parse_period
from shuxiang.figures import registry
from shuxiang.figures.registry import Figure, Scope, UnknownFigure, Value
from shuxiang.libraries.models import Library


def test_no_code_stands_for_two_figures() -> None:
    first = registry.all_figures()[0]
    with pytest.raises(ValueError, match=first.code):
        registry.register(first)


def test_no_two_figures_have_one_title_or_one_formula() -> None:
    figures = registry.all_figures()
    assert len({str(each.title) for each in figures}) == len(figures)
    assert len({str(each.formula) for each in figures}) == len(figures)


def test_an_unknown_code_is_no_figure() -> None:
    with pytest.raises(UnknownFigure):
        registry.get("circulation.happiness")


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (Value.quotient(1, 3), 2, Decimal("0.33")),
        (Value.quotient(1, 8), 2, Decimal("0.13")),  # half up
        (Value.quotient(331, 346, 100), 1, Decimal("95.7")),
        (Value.quotient(3, 0), 2, None),
        (Value.count(0), 0, Decimal(0)),
        (Value(None), 1, None),
    ],
)
def test_values_round_half_up_and_nothing_is_divided_by_zero(
    value: Value, decimals: int, rounded: Decimal | None
) -> None:
    assert value.rounded(decimals) == rounded


def test_a_running_period_ends_today() -> None:
    period = parse_period("2026-autumn")
    running = Scope(Library(), period, as_of=date(2026, 11, 3))
    assert (running.last_day, running.months) == (date(2026, 11, 3), ["2026-09", "2026-10", "2026-11"])
    over = Scope(Library(), period, as_of=date(2027, 6, 1))
    assert (over.last_day, len(over.months)) == (date(2027, 1, 31), 5)


def test_a_period_that_has_not_begun_has_no_months() -> None:
    coming = Scope(Library(), parse_period("2027-spring"), as_of=date(2026, 11, 3))
    assert (coming.months, coming.days) == ([], (date(2027, 2, 1), date(2027, 2, 1)))


def test_a_figure_is_computed_once_for_a_scope_however_many_are_made_of_it() -> None:
    asked: list[Scope] = []

    def compute(scope: Scope) -> Value:
        asked.append(scope)
        return Value.count(len(asked))

    scope = Scope(Library(code="a"), Period("2026", date(2026, 1, 1), date(2026, 12, 31)))
    figure = Figure("tests.once", "Once", "", "", compute)
    assert figure.value(scope) == figure.value(scope) == figure.value(scope.narrowed())
    assert figure.value(scope.narrowed(grade=3)) != figure.value(scope)
    earlier = scope.beside(Period("2025", date(2025, 1, 1), date(2025, 12, 31)), None)
    assert figure.value(earlier).number == 3
    assert earlier.ground is scope.ground
    assert len(asked) == 3
