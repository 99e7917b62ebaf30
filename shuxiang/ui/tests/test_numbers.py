import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from shuxiang.ui import numbers
from shuxiang.ui.templatetags import ui

DAY = datetime.date(2026, 10, 15)


@pytest.mark.parametrize(
    ("fen", "written"),
    [(1250, "12.50"), (0, "0.00"), (5, "0.05"), (31680960, "316,809.60"), (-71340, "−713.40"), (None, "—")],
)
def test_fen_are_written_as_yuan_and_an_unknown_price_as_a_dash(fen: int | None, written: str) -> None:
    assert numbers.yuan(fen) == written


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (1234, 0, "1,234"),
        (0, 0, "0"),
        (None, 2, "—"),
        (-58, 0, "−58"),
        (Decimal("9.274"), 2, "9.27"),
        (Decimal("5.625"), 2, "5.63"),
        (5.625, 2, "5.63"),
        (-0.001, 2, "0.00"),
        (16012, 1, "16,012.0"),
    ],
)
def test_numbers_are_grouped_with_a_true_minus(
    value: numbers.Number | None, digits: int, written: str
) -> None:
    assert numbers.grouped(value, digits) == written


@pytest.mark.parametrize(
    ("ratio", "digits", "written"),
    [(0.957, 1, "95.7%"), (1, 1, "100.0%"), (None, 1, "—"), (Decimal("0.0132"), 2, "1.32%")],
)
def test_a_ratio_is_written_in_per_cent(ratio: numbers.Number | None, digits: int, written: str) -> None:
    assert numbers.percent(ratio, digits) == written


def test_zero_in_a_ledger_is_a_dot_and_unknown_a_dash() -> None:
    assert [ui.ledger(0), ui.ledger(7), ui.ledger(-7), ui.ledger(None)] == ["·", "7", "−7", "—"]


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("zh-hans", "10 月 15 日（星期四）", "2026 年 10 月 15 日"),
        ("zh-hant", "10 月 15 日（星期四）", "2026 年 10 月 15 日"),
        ("en", "Thu 15 Oct", "15 October 2026"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(language: str, short: str, long: str) -> None:
    with translation.override(language):
        assert ui.localdate(DAY) == short
        assert ui.longdate(DAY) == long
        assert ui.isodate(DAY) == "2026-10-15"


def test_a_missing_day_is_a_dash() -> None:
    assert [ui.localdate(None), ui.longdate(None), ui.isodate(None)] == ["—", "—", "—"]
