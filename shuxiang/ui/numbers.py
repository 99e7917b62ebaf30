"""How numbers, money and days are written. Pure functions behind the template filters."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.dateformat import format as format_date
from django.utils.translation import pgettext

NOTHING = "—"
MINUS = "−"

Number = int | float | Decimal


def grouped(value: Number | None, digits: int = 0) -> str:
    """1234.5 → 1,234.50 with `digits` decimals, half up; a true minus sign; unknown is a dash, never 0."""
    if value is None:
        return NOTHING
    if isinstance(value, int) and not digits:
        return f"{MINUS}{-value:,}" if value < 0 else f"{value:,}"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}"
    negative = value < 0 and text.strip("0.,") != ""
    return MINUS + text if negative else text


def yuan(fen: int | None) -> str:
    """1250 fen → 12.50"""
    return NOTHING if fen is None else grouped(Decimal(fen) / 100, 2)


def percent(ratio: Number | None, digits: int = 1) -> str:
    """0.957 → 95.7%"""
    return NOTHING if ratio is None else grouped(Decimal(str(ratio)) * 100, digits) + "%"


def short_day(day: datetime.date) -> str:
    """10 月 15 日（星期五） in Chinese, Fri 15 Oct in English."""
    return format_date(day, pgettext("date with weekday", "D j M"))


def long_day(day: datetime.date) -> str:
    """2026 年 10 月 15 日 in Chinese, 15 October 2026 in English."""
    return format_date(day, pgettext("date with year", "j F Y"))
