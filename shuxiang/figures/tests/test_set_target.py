"""A library sets itself a target."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.figures import registry, selectors
from shuxiang.figures.messages import words
from shuxiang.figures.rules import is_reached, read_target
from shuxiang.figures.services import set_target
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
BY = Actor("Wang", "desk")


@pytest.mark.parametrize(
    ("written", "decimals", "value"),
    [
        ("9", 2, Decimal(9)),
        (" 9.50 ", 2, Decimal("9.5")),
        ("９．５", 2, Decimal("9.5")),
        ("3,208", 0, Decimal(3208)),
        ("3，208", 0, Decimal(3208)),
        ("0", 0, Decimal(0)),
        ("", 2, None),
        ("  ", 2, None),
    ],
)
def test_a_target_is_read_as_people_write_it(written: str, decimals: int, value: Decimal | None) -> None:
    assert read_target(written, decimals) == value


@pytest.mark.parametrize(
    ("written", "decimals", "code"),
    [
        ("many", 2, "target_unreadable"),
        ("NaN", 2, "target_unreadable"),
        ("9.5.1", 2, "target_unreadable"),
        ("-1", 2, "target_out_of_range"),
        ("1e9", 2, "target_out_of_range"),
        ("9.555", 2, "target_too_fine"),
        ("9.5", 0, "target_too_fine"),
    ],
)
def test_what_is_no_target_is_refused_in_words(written: str, decimals: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_target(written, decimals)
    reason = refused.value.decision.refused[0]
    assert reason.code == code
    assert "%(" not in words(reason)


@pytest.mark.parametrize(
    ("value", "less_is_better", "reached"),
    [
        ("8.99", False, False),
        ("9", False, True),
        ("9.01", False, True),
        ("9.01", True, False),
        ("9", True, True),
    ],
)
def test_a_target_is_reached_from_its_own_side(value: str, less_is_better: bool, reached: bool) -> None:
    assert is_reached(Decimal(value), Decimal(9), less_is_better=less_is_better) is reached


@pytest.fixture
def library(db: None) -> Library:
    del db
    return create_library(code="a", name="A", kind="primary", by=BY, at=AT)


def set_to(library: Library, written: str, period: str = "2026-autumn") -> None:
    set_target(
        library=library, figure="libraries.opening_hours", period=period, written=written, by=BY, at=AT
    )


def test_a_target_is_set_changed_and_taken_back(library: Library) -> None:
    set_to(library, "40")
    set_to(library, "42.5")
    assert selectors.targets(library, "2026-autumn") == {"libraries.opening_hours": Decimal("42.5")}
    assert selectors.targets(library, "2027-spring") == {}
    set_to(library, "")
    assert selectors.targets(library, "2026-autumn") == {}
    done = Operation.objects.filter(action="figures.set_target").order_by("id")
    assert [operation.detail["value"] for operation in done] == ["40", "42.5", None]


def test_one_library_does_not_see_the_targets_of_another(library: Library) -> None:
    other = create_library(code="b", name="B", kind="primary", by=BY, at=AT)
    set_to(library, "40")
    assert selectors.targets(other, "2026-autumn") == {}


def test_a_refused_target_leaves_the_old_one_and_no_trace(library: Library) -> None:
    set_to(library, "40")
    with pytest.raises(Refused):
        set_to(library, "forty")
    assert selectors.targets(library, "2026-autumn") == {"libraries.opening_hours": Decimal(40)}
    assert Operation.objects.filter(action="figures.set_target").count() == 1


def test_a_figure_or_a_period_that_does_not_exist_is_an_error(library: Library) -> None:
    with pytest.raises(registry.UnknownFigure):
        set_target(library=library, figure="no.such", period="2026", written="1", by=BY, at=AT)
    with pytest.raises(BadPeriod):
        set_to(library, "1", "2026-winter")
