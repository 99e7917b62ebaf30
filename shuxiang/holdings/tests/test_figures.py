"""Figures of the stock on a library small enough to count by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shuxiang.figures import registry
from shuxiang.figures.registry import Scope, Value
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import draft_batch, post_batch, reverse_batch, withdraw
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import EnrolmentCount, Standard


@pytest.fixture
def stock(school: School) -> School:
    """Opening stock: 西游记 ×2 at 10 yuan. Bought in September: 物理 ×3 at 20 yuan, an unclassified one ×1 without price."""
    opening = draft_batch(library=school.library, source="opening", received_on=ON, by=BY, at=AT)
    school.add(opening, school.hold("西游记", "I242.4"), 2, 1000)
    post_batch(opening, by=BY, at=AT, on=ON)
    bought = school.draft()
    school.add(bought, school.hold("物理", "O4"), 3, 2000)
    school.add(bought, school.hold("无类", ""), 1, None)
    post_batch(bought, by=BY, at=LATER, on=LATER_ON)
    EnrolmentCount.objects.create(library=school.library, kind="pupil", counted_on=ON, count=4)
    return school


def scope(school: School, code: str = "2026-autumn", as_of: date = date(2026, 11, 20)) -> Scope:
    return Scope(school.library, libraries.period(school.library, code), as_of=as_of)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("holdings.titles", "3"),
        ("holdings.volumes", "6"),
        ("holdings.value", "80.00"),
        ("holdings.unknown_prices", "1"),
        ("holdings.volumes_per_pupil", "1.50"),
        ("holdings.additions", "4"),
        ("holdings.additions_value", "60.00"),
        ("holdings.additions_per_pupil", "1.00"),
        ("holdings.withdrawals", "0"),
        ("holdings.divisions", "83.33"),
    ],
)
def test_each_figure_is_what_one_counts_by_hand(stock: School, code: str, number: str) -> None:
    figure = registry.get(code)
    assert figure.value(scope(stock)).rounded(figure.decimals) == Decimal(number)


def test_the_gap_is_what_the_standard_asks_beyond_what_is_held(stock: School) -> None:
    gap = registry.get("holdings.gap")
    assert gap.value(scope(stock)).number is None
    stock.library.standard = Standard(volumes_per_pupil=Decimal(25))
    assert gap.value(scope(stock)).number == 25 * 4 - 6
    stock.library.standard = Standard(volumes_per_pupil=Decimal(1))
    assert gap.value(scope(stock)).number == 0


def test_the_five_divisions_share_out_the_classified_volumes(stock: School) -> None:
    parts = registry.get("holdings.divisions").parts["division"](scope(stock))
    assert [p.value.numerator for p in parts] == [0, 0, 2, 3, 0]
    assert [p.value.number for p in parts] == [0, 0, 40, 60, 0]


@pytest.mark.parametrize(
    "code",
    ["holdings.titles", "holdings.volumes", "holdings.unknown_prices", "holdings.additions",
     "holdings.volumes_per_pupil", "holdings.divisions"],
)  # fmt: skip
def test_there_are_as_many_rows_as_the_number_says(stock: School, code: str) -> None:
    figure = registry.get(code)
    assert figure.rows is not None
    value, rows = figure.value(scope(stock)), figure.rows(scope(stock), "", 0, 100)
    assert (
        rows.total == (value.number if value.numerator is None else value.numerator) == len(list(rows.rows))
    )


@pytest.mark.parametrize("code", ["holdings.volumes", "holdings.additions"])
def test_classes_sum_to_the_whole_and_lead_to_their_rows(stock: School, code: str) -> None:
    figure = registry.get(code)
    assert figure.rows is not None
    parts = figure.parts["clc"](scope(stock))
    assert sum(part.value.number or 0 for part in parts) == figure.value(scope(stock)).number
    for part in parts:
        assert figure.rows(scope(stock), f"clc:{part.key}", 0, 9).total == part.value.number


def test_the_divisions_lead_to_their_rows(stock: School) -> None:
    figure = registry.get("holdings.divisions")
    assert figure.rows is not None
    for part in figure.parts["division"](scope(stock)):
        assert figure.rows(scope(stock), f"division:{part.key}", 0, 9).total == part.value.numerator


def test_a_withdrawn_volume_leaves_the_books_on_its_day(stock: School) -> None:
    item = Item.objects.get(holding__record__title="西游记", copy_number=1)
    withdraw([item], reason="worn", on=date(2026, 10, 10), by=BY, at=LATER)
    volumes, withdrawn = registry.get("holdings.volumes"), registry.get("holdings.withdrawals")
    assert volumes.value(scope(stock, as_of=date(2026, 10, 9))).number == 6
    assert volumes.value(scope(stock, as_of=date(2026, 10, 10))).number == 5
    assert withdrawn.value(scope(stock)).number == 1
    assert {p.key: p.value.number for p in withdrawn.parts["clc"](scope(stock))} == {"I": 1}


def test_what_is_reversed_in_the_same_period_neither_came_nor_went(stock: School) -> None:
    batch, _items = stock.posted(copies=5, title="误登")
    reverse_batch(batch, by=BY, at=LATER, on=LATER_ON)
    assert registry.get("holdings.additions").value(scope(stock)).number == 4
    assert registry.get("holdings.withdrawals").value(scope(stock)).number == 0
    assert registry.get("holdings.volumes").value(scope(stock)).number == 6


def test_a_running_period_knows_nothing_of_later_days(stock: School) -> None:
    first_day = scope(stock, as_of=ON)
    assert registry.get("holdings.volumes").value(first_day).number == 2
    assert registry.get("holdings.additions").value(first_day).number == 0


def test_figures_may_be_asked_as_if_volumes_were_gone(stock: School) -> None:
    gone = frozenset(Item.objects.filter(holding__record__title="物理").values_list("pk", flat=True))
    without = replace(scope(stock), without_items=gone)
    numbers = {
        code: registry.get(code).value(without).rounded(2)
        for code in ("holdings.volumes", "holdings.titles", "holdings.volumes_per_pupil", "holdings.value")
    }
    assert numbers == {
        "holdings.volumes": 3,
        "holdings.titles": 2,
        "holdings.volumes_per_pupil": Decimal("0.75"),
        "holdings.value": 20,
    }


def test_nothing_is_divided_by_no_pupils(stock: School) -> None:
    EnrolmentCount.objects.all().delete()
    per_pupil = registry.get("holdings.volumes_per_pupil").value(scope(stock))
    assert per_pupil == Value(None, Decimal(6), Decimal(0))
