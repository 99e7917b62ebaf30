"""The fonts that are embedded: what signs they have, how wide these are, and the subset that goes into a file.

Two faces from a package: Noto Sans SC (黑体) and Noto Serif SC (宋体), OFL 1.1, 30,890 signs each, Traditional among them.
Knows no Django.
"""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from typing import Literal

import pylopdf_fonts_zh_cn
import uharfbuzz

Family = Literal["sans", "serif"]
GETA = "〓"  # what a printer sets for a sign that is not in the case
_FILES: dict[Family, Callable[[], Path]] = {
    "sans": pylopdf_fonts_zh_cn.sans_path,
    "serif": pylopdf_fonts_zh_cn.serif_path,
}
EM = 1000  # units; both faces have that
ASCENT, DESCENT, CAP_HEIGHT = 880, -120, 733  # of an ideograph's square, and of a capital letter


class Face:
    """One face. Widths are in thousandths of the size."""

    def __init__(self, family: Family) -> None:
        path = _FILES[family]()
        self.name = path.stem
        self._face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font = uharfbuzz.Font(self._face)
        self._cids = _charset(bytes(self._face.reference_table("CFF ").data), self._face.glyph_count)
        self._known: dict[str, tuple[int, int] | None] = {}

    def glyph(self, sign: str) -> tuple[int, int] | None:
        """(glyph, width) of one sign, or None when the face does not have it."""
        try:
            return self._known[sign]
        except KeyError:
            number = self._font.get_nominal_glyph(ord(sign))
            found = (number, self._font.get_glyph_h_advance(number)) if number else None
            self._known[sign] = found
            return found

    def shown(self, sign: str) -> tuple[int, int]:
        """(glyph, width) of what is printed for a sign: itself, a blank for a control sign, 〓 for a missing one."""
        found = self.glyph(sign) or self.glyph(" " if sign < " " else GETA)
        if found is None:
            raise ValueError(f"the face {self.name} has neither {sign!r} nor a sign for missing ones")
        return found

    def width(self, text: str) -> int:
        """How long a line of text is, in thousandths of its size."""
        return sum(self.shown(sign)[1] for sign in text)

    def cid(self, glyph: int) -> int:
        """The number under which a PDF names a glyph of a CID-keyed font."""
        return self._cids[glyph]

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """The outlines of the glyphs as a bare CFF table, their CIDs kept; a few hundred bytes a sign."""
        wanted = uharfbuzz.SubsetInput()
        wanted.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(set(glyphs))
        wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
        dropped = wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG)
        for tag in self._face.table_tags:
            if tag not in {"CFF ", "head", "hhea", "hmtx", "maxp"}:
                dropped.add(int.from_bytes(tag.encode("ascii"), "big"))
        return bytes(uharfbuzz.subset(self._face, wanted).reference_table("CFF ").data)


@cache
def face(family: Family) -> Face:
    """The face, opened once; its file is mapped, not read."""
    return Face(family)


def missing(texts: Iterable[str]) -> tuple[str, ...]:
    """The signs in texts that the fonts do not have, each once, in their order; blanks and line ends are none."""
    signs = dict.fromkeys(sign for text in texts for sign in text)
    return tuple(sign for sign in signs if sign > " " and face("sans").glyph(sign) is None)


def _charset(cff: bytes, glyphs: int) -> list[int]:
    """CID of every glyph, read from a CFF table (Adobe Technical Note 5176, sections 4 to 13)."""
    place = cff[2]
    _names, place = _index(cff, place)
    tops, place = _index(cff, place)
    place = _charset_offset(cff[tops[0][0] : tops[0][1]])
    kind, place, cids = cff[place], place + 1, [0]
    while len(cids) < glyphs:
        if kind == 0:
            cids += unpack_from(f">{glyphs - 1}H", cff, place)
            break
        first, left = unpack_from(">HB" if kind == 1 else ">HH", cff, place)
        place += 3 if kind == 1 else 4
        cids += range(first, first + left + 1)
    return cids


def _index(cff: bytes, place: int) -> tuple[list[tuple[int, int]], int]:
    """Where the parts of an INDEX lie, and where it ends."""
    (count,) = unpack_from(">H", cff, place)
    if not count:
        return [], place + 2
    wide = cff[place + 2]
    offsets = [
        int.from_bytes(cff[at : at + wide], "big")
        for at in range(place + 3, place + 3 + (count + 1) * wide, wide)
    ]
    base = place + 2 + (count + 1) * wide
    parts = [(base + start, base + end) for start, end in pairwise(offsets)]
    return parts, base + offsets[-1]


def _charset_offset(top: bytes) -> int:
    """Operand of operator 15 in a Top DICT."""
    place, operand = 0, 0
    while place < len(top):
        first = top[place]
        if first == 12:
            place += 2
        elif first <= 21:
            if first == 15:
                return operand
            place += 1
        elif first == 30:  # a real number ends with the nibble f
            place += 1
            while top[place] & 15 != 15 and top[place] >> 4 != 15:
                place += 1
            place += 1
        else:
            operand, place = _integer(top, place)
    raise ValueError("the font names no charset")


def _integer(top: bytes, place: int) -> tuple[int, int]:
    """An integer of a DICT and where the next token begins."""
    first = top[place]
    if first == 28:
        return unpack_from(">h", top, place + 1)[0], place + 3
    if first == 29:
        return unpack_from(">i", top, place + 1)[0], place + 5
    if first <= 246:
        return first - 139, place + 1
    if first <= 250:
        return (first - 247) * 256 + top[place + 1] + 108, place + 2
    return -(first - 251) * 256 - top[place + 1] - 108, place + 2
