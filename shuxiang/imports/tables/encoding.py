"""Which characters the bytes of a text file mean: found from the bytes, whatever the file claims."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 18
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


class Encoding(NamedTuple):
    """A codec name; `sure` is False for a guess, `mixed` True when some bytes do not fit it."""

    codec: str
    sure: bool = True
    mixed: bool = False


def detect_encoding(path: Path) -> Encoding:
    """The encoding of a text file, judged by all of its bytes (UTF-8) or the first 256 kB with any beyond ASCII."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for bom, codec in _BOMS:
        if start.startswith(bom):
            return Encoding(codec)
    wide = _utf16_without_mark(start)
    if wide:
        return Encoding(wide)
    if _is_utf8(path):
        return Encoding("utf-8")
    bad, good = _count_utf8(path)
    if good > 20 * bad or _most_lines_are_utf8(path):
        return Encoding("utf-8", mixed=True)
    return _chinese_or_western(_first_interesting(path))


def _utf16_without_mark(start: bytes) -> str:
    """UTF-16 has a zero byte in most ASCII characters (delimiters, digits, line ends); other text has none."""
    if len(start) < 4 or start.count(0) < len(start) // 50 + 1:
        return ""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return ""
    if _reads_as_utf8(start) and start.count(0) * 3 < len(start):
        return ""  # UTF-8 with a stray zero byte: ASCII written as UTF-16 has one in every other place
    return "utf-16-le" if odd > even else "utf-16-be"


def _reads_as_utf8(start: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)  # its end may be cut within a character
    except UnicodeDecodeError:
        return False
    return True


def _most_lines_are_utf8(path: Path) -> bool:
    """Whether rows of two encodings were put together, most of them in UTF-8: lines of another one rarely read as it."""
    good = bad = 0
    with path.open("rb") as file:
        while line := file.readline(_CHUNK):
            if not line.isascii():
                if _reads_as_utf8(line.rstrip(b"\r\n")):
                    good += 1
                else:
                    bad += 1
    return good > bad


def _is_utf8(path: Path) -> bool:
    try:
        for _ in _decoded_chunks(path, "utf-8", "strict"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _count_utf8(path: Path) -> tuple[int, int]:
    """How many errors and how many good multi-byte characters the whole file has, read as UTF-8."""
    bad = good = 0
    for text in _decoded_chunks(path, "utf-8", "replace"):
        if text.isascii():
            continue
        wrong = text.count("\N{REPLACEMENT CHARACTER}")
        bad += wrong
        good += sum(1 for char in text if char > "\x7f") - wrong
    return bad, good


def _decoded_chunks(path: Path, codec: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)(errors)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _first_interesting(path: Path) -> bytes:
    """A sample that starts at the line of the first byte beyond ASCII."""
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            text = tail + chunk
            if not text.isascii():
                first = next(index for index, byte in enumerate(text) if byte > 127)
                begin = max(text.rfind(b"\n", 0, first) + 1, 0)
                return text[begin : begin + _SAMPLE] + file.read(_SAMPLE)
            tail = text[-200:]
    return b""


def _chinese_or_western(sample: bytes) -> Encoding:
    """The reading whose characters are the commonest: everyday Simplified, everyday Traditional, or single letters."""
    scores = sorted(
        ((_share(sample, codec, first, last), codec) for codec, first, last in _CANDIDATES), reverse=True
    )
    (best, codec), (second, _) = scores[0], scores[1]
    if best < 0.5:
        return Encoding("cp1252", sure=False, mixed=_errors(sample, "cp1252") > 0)
    return Encoding(codec, sure=best - second > 0.15, mixed=_errors(sample, codec) > 1)


# Lead bytes of the level of everyday characters (and of punctuation just before it).
_CANDIDATES: Final = (("gb18030", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
_ENCODED_AS: Final = {"gb18030": "gb2312", "big5": "big5"}


def _share(sample: bytes, codec: str, first: int, last: int) -> float:
    """The share of non-ASCII characters that are everyday ones when the sample is read so; errors count threefold."""
    text = sample.decode(codec, "replace")
    common = other = 0
    for char in text[:-1]:  # the last one may be cut in half
        if char < "\x80":
            continue
        raw = char.encode(_ENCODED_AS[codec], "ignore")
        if (len(raw) == 2 and first <= raw[0] <= last) or (len(raw) == 2 and 0xA1 <= raw[0] <= 0xA3):
            common += 1
        else:
            other += 3 if char == "\N{REPLACEMENT CHARACTER}" else 1
    return common / (common + other) if common else 0.0


def _errors(sample: bytes, codec: str) -> int:
    return sample.decode(codec, "replace").count("\N{REPLACEMENT CHARACTER}")
