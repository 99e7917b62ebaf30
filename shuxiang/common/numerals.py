"""Chinese numerals up to 9999, as they stand on classes, volumes and prices."""

import unicodedata

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_READ = _DIGITS | {
    "零": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": "二十", "卅": "三十"}
CHARACTERS = "".join(_READ) + "".join(_UNITS) + "".join(_TENS)


def read_number(text: str) -> int | None:
    """The value of Arabic digits or of a Chinese numeral (十二, 一百零三, 二〇一六), otherwise None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isdecimal() and len(plain) <= 9:
        return int(plain)
    for short, long in _TENS.items():
        plain = plain.replace(short, long)
    if not plain or len(plain) > 9 or any(sign not in _READ and sign not in _UNITS for sign in plain):
        return None
    if all(sign in _READ for sign in plain):
        return int("".join(str(_READ[sign]) for sign in plain))
    return _read_with_units(plain)


def _read_with_units(plain: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    for sign in plain:
        if sign in _READ:
            if digit:
                return None
            digit = _READ[sign]
            continue
        unit = _UNITS[sign]
        if unit >= last_unit:
            return None
        total += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    return total + (digit or 0)


def to_chinese(number: int) -> str:
    """A number from 0 to 99 in Chinese, as grades and classes are written; ValueError beyond."""
    if not 0 <= number <= 99:
        raise ValueError(f"only 0 to 99 are written out: {number}")
    signs = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return signs[ones]
    return ("" if tens == 1 else signs[tens]) + "十" + (signs[ones] if ones else "")


def from_chinese(text: str) -> int:
    """The value of a Chinese numeral or of Arabic digits; ValueError when it is neither."""
    number = read_number(text)
    if number is None:
        raise ValueError(f"not a number: {text}")
    return number
