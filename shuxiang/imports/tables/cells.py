"""Cell values to text, losing nothing: what a spreadsheet program stores is not always what it shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

_JUNK = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\N{SOFT HYPHEN}\u200b\u200c\u200d\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES = re.compile("[ \\t\N{NO-BREAK SPACE}\u2000-\u200a\u202f\u205f\N{IDEOGRAPHIC SPACE}]")
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SCIENTIFIC = re.compile(r"\+?(\d)(?:\.(\d{1,14}))?[eE]\+?(\d{1,2})")
_EXCEL_DIGITS: Final = 15  # a spreadsheet number keeps no more
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def clean_text(text: str) -> str:
    """The text without characters that nobody can see, outer blanks and carriage returns.

    No-break, tab and ideographic spaces become plain ones; line breaks inside stay as one newline each;
    full-width letters stay as they are (a title is printed so).
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _JUNK.sub("", _BREAKS.sub("\n", text))
    return _SPACES.sub(" ", text).strip()


def clean_code(text: str) -> str:
    """A number, code or key: `clean_text` with full-width characters folded and no blanks or line breaks."""
    return re.sub(r"\s+", "", clean_text(text).translate(_FULL_WIDTH))


def number_text(value: float) -> str:
    """The shortest decimal for a stored number: 5.0 is '5', 0.1+0.2 is '0.3', 9.787e12 is all its digits."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if float(value).is_integer() and abs(value) < 10**_EXCEL_DIGITS:
        return str(int(value))
    text = format(value, f".{_EXCEL_DIGITS}g")
    return format(Decimal(text), "f") if "e" in text else text


def value_text(value: Value) -> str:
    """Any stored value as text: dates as 2017-05-27, instants as 2017-05-27 11:36:00, TRUE and FALSE."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    return "" if value is None else _time_text(value)


def _time_text(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        return _instant_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.replace(microsecond=0).isoformat()
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _instant_text(value: dt.datetime) -> str:
    """Spreadsheets count days as fractions, so an instant is rounded to whole seconds; midnight is a date."""
    if value.microsecond >= 500_000 and value.year < dt.MAXYEAR:
        value += dt.timedelta(seconds=1)
    value = value.replace(microsecond=0, tzinfo=None)
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")


def lost_digits(text: str) -> bool:
    """Whether the text is a long number of which only the first digits are left, such as 9.78E+12."""
    match = _SCIENTIFIC.fullmatch(text)
    return bool(match) and int(match[3]) >= 7  # type: ignore[index]


def isbn_from_scientific(text: str) -> str | None:
    """The only ISBN-13 that prints as this shortened number, or None if there are none or several.

    9.78043902348e+12 shows twelve rounded digits (a column of numbers printed by a program); its last digit and the
    check digit follow from each other in most cases. 9.78E+12 shows three: nothing can be saved.
    """
    match = _SCIENTIFIC.fullmatch(text.strip())
    if not match or match[3] != "12" or not 9 <= len(match[2] or "") <= 11:
        return None
    shown = int((match[1] + match[2]).ljust(12, "0"))
    candidates = [str(body) + _check_digit(str(body)) for body in (shown, shown - 1)]
    fitting = [isbn for isbn in candidates if isbn[:3] in ("978", "979") and _rounded(isbn) == shown]
    return fitting[0] if len(fitting) == 1 else None


def _rounded(isbn: str) -> int:
    return int(format(int(isbn), ".11e").partition("e")[0].replace(".", ""))


def _check_digit(body: str) -> str:
    return str(-sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body)) % 10)


class PadGuess(NamedTuple):
    """A width to which numbers may be padded with zeros; `sure` when some cells still show their zeros."""

    width: int
    sure: bool


def guess_pad_width(values: Iterable[str]) -> PadGuess | None:
    """The width to which the digits of a code column were written before a program dropped leading zeros.

    Offered, never applied: '0001' beside '12' is sure, '1'…'313' without any zero is only a possibility.
    """
    digits = [value for value in values if value]
    if not digits or not all(value.isascii() and value.isdigit() for value in digits):
        return None
    widths = {len(value) for value in digits}
    if len(widths) == 1 or max(widths) > 13:
        return None
    zeros = {len(value) for value in digits if value.startswith("0") and len(value) > 1}
    if zeros:
        return PadGuess(max(widths), True) if zeros == {max(widths)} else None
    return PadGuess(max(widths), False)
