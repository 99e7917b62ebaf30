"""Class numbers as real records write them."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

_SIGNS = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "＂": '"',
        "〈": "<",
        "〉": ">",
        "《": "<",
        "》": ">",
        "【": "[",
        "】": "]",
        "。": ".",
    }
)
_DASHES = re.compile(r"[‐-―−－﹣–—]+")
_EMPTY = frozenset({"", "-", "--", "/", "nan", "none", "null", "n/a", "无", "暂无", "未知"})
_MAIN = r"DF|T[BDEFGHJKLMNPQSTUV](?![A-Za-z])|[A-HIJKN-VXZ](?![A-Za-z])"
_NUMBER = re.compile(rf"(?P<main>{_MAIN})(?P<rest>[0-9A-Za-z.\-()=\"<>:+&,#]*)")
_DIGITS = re.compile(r"^[0-9]+(?:\.[0-9]+)*")
_PAIRS = (("(", ")"), ("<", ">"))


@dataclass(frozen=True, slots=True)
class Clc:
    """What a class-number cell holds.

    `number` is the first usable class number or '', `main` its letter, `alternatives` further numbers,
    `book_number` what followed a slash or a blank. Warnings: alternative, discontinued, no_such_class,
    no_class, dots, unbalanced, rest_ignored.
    """

    number: str
    main: str
    alternatives: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    book_number: str = ""
    raw: str = ""


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    plain = _DASHES.sub("-", plain)
    plain = re.sub(r"^([A-Za-z]{1,2})\s+(?=[0-9])", r"\1", plain)
    return re.sub(r"\s*([-=:+])\s*", r"\1", plain)


def without_location(plain: str) -> str:
    r"""Drop what stands before the class: a {ns} line, or the year in 2007\Z121.6\1."""
    plain = plain.replace("\\", "/")
    first, slash, rest = plain.partition("/")
    is_location = first.startswith("{ns}") or not re.match(r"[\[{]?[A-Za-z]", first)
    return rest if slash and is_location and re.match(r"[\[{]?[A-Za-z]", rest) else plain


def _dotted(digits: str) -> str:
    """Digits with a dot after every third, as the classification prints them."""
    bare = digits.replace(".", "")
    return ".".join(bare[start : start + 3] for start in range(0, len(bare), 3))


def _one(piece: str) -> Clc:
    """Read one class number with its marks and the book number behind it."""
    raw = piece.strip()
    warnings: list[str] = []
    marked = re.match(r"([\[{])([^\]}]*)[\]}]?(.*)$", raw)
    if marked:
        warnings.append("alternative" if marked.group(1) == "[" else "discontinued")
        raw = marked.group(2) + marked.group(3)
    word, _, book_number = raw.replace(" ", "/").partition("/")
    word = (
        word[:1].upper()
        + (word[1:2].upper() if re.match(r"(?i)(?:df|t[a-z])(?![a-z])", word) else word[1:2])
        + word[2:]
    )
    match = _NUMBER.match(word)
    if match is None:
        letter = re.match(r"[A-Z]", word)
        return Clc("", "", warnings=(*warnings, "no_such_class" if letter else "no_class"), raw=piece)
    if match.end() < len(word):
        warnings.append("rest_ignored")
    rest = match.group("rest").rstrip(".-:+=,&(<")
    digits = _DIGITS.match(rest)
    if digits and digits.group() != _dotted(digits.group()):
        warnings.append("dots")
        rest = _dotted(digits.group()) + rest[digits.end() :]
    if rest.count('"') % 2 or any(rest.count(left) != rest.count(right) for left, right in _PAIRS):
        warnings.append("unbalanced")
    main = match.group("main")
    return Clc(main + rest, main[0], warnings=tuple(warnings), book_number=book_number.strip("/ "), raw=piece)


@lru_cache(maxsize=4096)  # a row asks for its class several times, and classes come again and again
def parse_clc(text: str) -> Clc:
    """Read a class number or a whole call number; what can be no class is left empty with a warning."""
    plain = without_location(_plain(text))
    if plain.casefold() in _EMPTY:
        return Clc("", "", raw=text)
    pieces = re.split(r"[;|、]|,(?=\s*[A-Za-z])|\s+(?=[A-Z][A-Z]?[0-9-])", plain)
    read = [_one(piece) for piece in pieces if piece.strip()]
    usable = [clc for clc in read if clc.number]
    if not usable:
        return replace(read[0], raw=text) if read else Clc("", "", warnings=("no_class",), raw=text)
    first = next(
        (clc for clc in usable if not {"alternative", "discontinued"} & set(clc.warnings)), usable[0]
    )
    others = tuple(clc.number for clc in usable if clc is not first)
    lost = () if len(usable) == len(read) else ("rest_ignored",)
    return replace(first, alternatives=others, warnings=(*first.warnings, *lost), raw=text)
