"""MARC-8 to text (Library of Congress, "MARC 21 Specifications: Character Sets"), with pymarc's code tables.

pymarc's own converter turns what it does not know into blanks without telling; here every loss is counted.
"""

from __future__ import annotations

import re
import unicodedata

from pymarc.marc8_mapping import CODESETS, ODD_MAP

_BASIC_LATIN, _ANSEL, _EAST_ASIAN = 0x42, 0x45, 0x31
_PLAIN = re.compile(rb"[\x20-\x7e]+")
_SHIFT = re.compile(
    rb"\x1b(?:(?P<single>[gbps])"
    rb"|(?:\$?[(,]|\$)!?(?P<g0>[23BENQS14])"
    rb"|\$?[)\-]!?(?P<g1>[23BENQS14]))"
)


def translate(raw: bytes) -> tuple[str, int]:
    """The text of one subfield in NFC, and how many characters were lost to U+FFFD."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii"), 0
    g0, g1 = _BASIC_LATIN, _ANSEL
    out: list[str] = []
    marks: list[str] = []
    lost = position = 0
    while position < len(raw):
        byte = raw[position]
        if byte == 0x1B and (shift := _SHIFT.match(raw, position)):
            g0, g1 = _shifted(shift, g0, g1)
            position = shift.end()
            continue
        if g0 == _BASIC_LATIN and not marks and (run := _PLAIN.match(raw, position)):
            out.append(run[0].decode("ascii"))
            position = run.end()
            continue
        width = 3 if byte < 0x80 and g0 == _EAST_ASIAN and byte > 0x20 else 1
        char, combines = _lookup(raw[position : position + width], g1 if byte >= 0x80 else g0)
        position += width
        lost += char == "\ufffd"
        if combines:
            marks.append(char)
        else:
            out.append(char + "".join(marks))
            marks.clear()
    return unicodedata.normalize("NFC", "".join(out + marks)), lost


def _shifted(shift: re.Match[bytes], g0: int, g1: int) -> tuple[int, int]:
    if single := shift["single"]:
        return (_BASIC_LATIN if single == b"s" else single[0]), g1
    if shift["g0"]:
        return shift["g0"][0], g1
    return g0, shift["g1"][0]


def _lookup(code: bytes, charset: int) -> tuple[str, bool]:
    """The character of a code in a set, and whether it combines with the next."""
    point = int.from_bytes(code, "big")
    if point <= 0x20:
        return (chr(point) if point in (0x09, 0x0A, 0x0D, 0x20) else "\ufffd"), False
    try:
        char, combines = CODESETS[charset][point]
    except KeyError:
        odd = ODD_MAP.get(point)
        return (chr(odd) if odd else "\ufffd"), False
    return chr(char), bool(combines)
