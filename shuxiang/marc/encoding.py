"""Which encoding bytes are really in, and their text.

What a record says of its own encoding (leader/09, CNMARC 100/26-29) is wrong so often that it is only a hint. The
bytes decide: strict UTF-8 first, since other encodings hardly ever pass it by chance; then MARC-8 by its escapes and
combining marks; then GB18030 against Big5 by how many of the characters are everyday ones; Windows code pages last.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from shuxiang.marc import marc8

UTF8, MARC8, GB18030, BIG5, CYRILLIC, LATIN = "utf-8", "marc-8", "gb18030", "big5hkscs", "cp1251", "cp1252"
_ALIASES = {"gbk": GB18030, "gb2312": GB18030, "cp936": GB18030, "marc8": MARC8, "utf8": UTF8, "big5": BIG5}

_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MARC8_ESCAPE = re.compile(rb"\x1b(?:\$[,)\-$]?1|[(),\-]!?[23BENQS41]|[gbps])")
_COMBINING = re.compile(rb"([\xe0-\xfe])(?=([\xe0-\xfe]*)([A-Za-z]?))")
# Only GB18030 has such sequences: what GBK lacks, four bytes a character.
_FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
# Below this share of everyday characters a reading as Chinese is noise.
_PLAUSIBLE = 0.45


def canonical(name: str) -> str:
    """Our name for an encoding as a person or a profile writes it ("GBK", "UTF8", "windows-1251").

    Raises LookupError for one that does not exist.
    """
    plain = name.strip().lower().replace("_", "-")
    plain = _ALIASES.get(plain.replace("-", ""), _ALIASES.get(plain, plain))
    return plain if plain == MARC8 else codecs.lookup(plain).name


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are strict UTF-8."""
    return _strictly(raw, UTF8)


def _strictly(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def guess_file(records: Sequence[bytes]) -> str | None:
    """The encoding of a file from some of its records; None while there is nothing but ASCII to judge by."""
    telling = [raw for raw in records if not raw.isascii() or _MARC8_ESCAPE.search(raw)]
    if not telling:
        return None
    utf8 = sum(is_utf8(raw) and not raw.isascii() for raw in telling)
    if utf8 * 2 > len(telling):
        return UTF8
    return guess_bytes(b"\x1e".join(telling))


def guess_bytes(raw: bytes) -> str:
    """The encoding of bytes that are not all ASCII."""
    if is_utf8(raw) and not raw.isascii():
        return UTF8
    if _MARC8_ESCAPE.search(raw):
        return MARC8
    if _FOUR_BYTES.search(raw) and _strictly(raw, GB18030):
        return GB18030
    best = max((GB18030, BIG5), key=lambda name: plausibility(raw, name))
    return best if plausibility(raw, best) >= _PLAUSIBLE else _guess_western(raw)


def _guess_western(raw: bytes) -> str:
    """The encoding of bytes that are not Chinese."""
    if _mostly_utf8(raw):
        return UTF8
    if _looks_like_ansel(raw):
        return MARC8
    runs = [len(run) for run in _HIGH_RUN.findall(raw)]
    in_words = sum(length for length in runs if length > 1)
    return CYRILLIC if in_words * 2 > sum(runs) else LATIN


@cache
def _everyday(encoding: str) -> frozenset[str]:
    """The level-one hanzi of GB 2312 (with its kana, Greek and Cyrillic) or Big5, and full-width marks."""
    leads, trails = (*range(0xA1, 0xAA), *range(0xB0, 0xD8)), (*range(0xA1, 0xFF),)
    if encoding == BIG5:
        leads, trails = (*range(0xA4, 0xC7),), (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    hanzi = {bytes((lead, trail)).decode(encoding, "replace") for lead in leads for trail in trails}
    marks = {
        chr(point)
        for block in ((0x3000, 0x3100), (0xFF00, 0xFF60), (0x2013, 0x2027))
        for point in range(*block)
    }
    return frozenset((hanzi | marks) - {"\ufffd"})


def plausibility(raw: bytes, encoding: str) -> float:
    """The share of everyday characters among all that are not ASCII, 0 to 1."""
    text = [char for char in raw.decode(encoding, "replace") if char > "\x7f"]
    everyday = _everyday(encoding)
    return sum(char in everyday for char in text) / len(text) if text else 0.0


def _mostly_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8 with some damage."""
    text = raw.decode("utf-8", "replace")
    good = sum(char > "\x7f" and char != "\ufffd" for char in text)
    return good >= 2 * text.count("\ufffd") > 0


def _looks_like_ansel(raw: bytes) -> bool:
    """Whether high bytes act as ANSEL combining marks: always before a letter that exists with such a mark."""
    marks = [(mark[0], base) for mark, _, base in _COMBINING.findall(raw)]
    if not marks:
        return False
    on_letter = [(mark, base.decode()) for mark, base in marks if base]
    if len(on_letter) < 0.9 * len(marks):
        return False
    composed = sum(
        len(unicodedata.normalize("NFC", base + _ansel_mark(mark))) == 1 for mark, base in on_letter
    )
    return composed * 2 >= len(on_letter)


@cache
def _ansel_mark(mark: int) -> str:
    return marc8.translate(bytes((mark,)))[0]


def settle(raw: bytes, file_encoding: str | None) -> str:
    """The encoding of one record in a file thought to be in `file_encoding` (None: nothing known yet)."""
    if not _HIGH.search(raw):
        return MARC8 if _MARC8_ESCAPE.search(raw) else file_encoding or UTF8
    if is_utf8(raw) and (file_encoding in (None, UTF8) or len(_HIGH.findall(raw)) > 6):
        return UTF8
    if file_encoding is None:
        return guess_bytes(raw)
    if _fits(raw, file_encoding):
        return file_encoding
    return guess_bytes(raw)


def _fits(raw: bytes, encoding: str) -> bool:
    """Whether a record can be in this encoding, a few broken characters allowed."""
    if encoding == MARC8:
        return True
    text = raw.decode(encoding, "replace")
    broken = text.count("\ufffd")
    return broken == 0 or broken * 4 <= sum(char > "\x7f" for char in text)


def decode(raw: bytes, encoding: str) -> tuple[str, int]:
    """The text of a piece of a record and how many characters were lost to U+FFFD.

    The piece must not be longer than one field: MARC-8 falls back to its default character sets at every end.
    """
    if encoding == MARC8:
        return _decode_marc8(raw)
    try:
        return raw.decode(encoding), 0
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
        return text, text.count("\ufffd")


def _decode_marc8(raw: bytes) -> tuple[str, int]:
    """MARC-8 starts afresh in every subfield."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii"), 0
    pieces = [marc8.translate(piece) for piece in raw.split(b"\x1f")]
    return "\x1f".join(text for text, _ in pieces), sum(lost for _, lost in pieces)
