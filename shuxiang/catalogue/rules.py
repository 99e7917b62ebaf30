"""What follows from the columns of a record alone: readings, keys, whether two describe one publication."""

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from operator import attrgetter
from typing import Any

from shuxiang.catalogue.clc import parse_clc
from shuxiang.catalogue.values import COLUMNS, Described, Keys, RecordValues
from shuxiang.catalogue.words import NEEDED, words_of_texts
from shuxiang.common import pinyin
from shuxiang.common.isbn import parse_isbn, parse_issn
from shuxiang.common.money import parse_price
from shuxiang.common.numerals import read_number
from shuxiang.common.text import match_key, title_key
from shuxiang.common.text.keys import volume_key

# Neither database column can hold these: PostgreSQL refuses NUL, UTF-8 has no lone surrogates.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_NUMERALS = frozenset("0123456789〇零一二三四五六七八九十百千")
_PART = re.compile(r"第[0-9〇零一二三四五六七八九十百千]+[辑册卷集部]|[上中下][册卷集部辑]")
_PART_WORDS = frozenset("上中下前后正续甲乙丙丁")
# What the columns of both databases can hold, and what a year can be.
_HIGHEST = {
    "price_fen": 2_147_483_647,
    "set_price_fen": 2_147_483_647,
    "part_number": 2_147_483_647,
    "pub_year": 3000,
}
_texts = attrgetter(*NEEDED[:-2])  # the last two are the initials, which are keys
_columns = attrgetter(*COLUMNS)
ALIKE = 0.7  # of SequenceMatcher: 小王子/小王子注音版 are one book, 昆虫记/海底两万里 are not


def _clean(text: str) -> str:
    return _UNSTORABLE.sub("", text).strip()


def prepared(values: RecordValues, limits: Mapping[str, int]) -> RecordValues:
    """The values as they can be stored: cleaned, read where they can be read, cut to `limits` (signs per column).

    Nothing is refused: what looks wrong leaves a code in `warnings`. Preparing twice changes nothing.
    """
    now: dict[str, Any] = dict(zip(COLUMNS, _columns(values), strict=True))
    before = dict(now)
    texts = [(name, value) for name, value in now.items() if value and isinstance(value, str)]
    if _UNSTORABLE.search("\n".join([text for _name, text in texts])):
        now.update((name, _clean(text)) for name, text in texts)
    else:
        now.update((name, text.strip()) for name, text in texts if text[0].isspace() or text[-1].isspace())
    warnings = list(values.warnings)
    if not now["title"]:
        warnings.append("title_missing")
        now["is_complete"] = False
    _read_numbers(now, warnings)
    _read_price(now, warnings)
    if now["pub_year"] is None and (year := _YEAR.search(now["published"])):
        now["pub_year"] = int(year[0])
    for name, limit in limits.items():
        if len(now[name]) > limit:
            warnings.append(f"cut:{name}")
            now[name] = now[name][:limit].rstrip()
    now["warnings"] = tuple(dict.fromkeys(warnings))
    return values if now == before else RecordValues(**now)


def _read_numbers(now: dict[str, Any], warnings: list[str]) -> None:
    if now["isbn"] and not now["isbn13"]:
        isbn = parse_isbn(now["isbn"])
        warnings += isbn.warnings
        now["isbn13"] = isbn.isbn13 or ""
    elif now["isbn13"] and not now["isbn"]:
        now["isbn"] = now["isbn13"]
    if now["issn"]:
        issn = parse_issn(now["issn"])
        warnings += issn.warnings
        now["issn"] = issn.issn or now["issn"]
    if now["clc"] and not now["clc_main"]:
        clc = parse_clc(now["clc"])
        warnings += clc.warnings
        now["clc_main"] = clc.main


def _read_price(now: dict[str, Any], warnings: list[str]) -> None:
    """The unit price of a set is reckoned only when the price says how many volumes it has (rounded down to the fen)."""
    if now["price_text"] and now["price_fen"] is None and now["set_price_fen"] is None:
        price = parse_price(now["price_text"])
        warnings += price.warnings
        unit = price.unit_fen
        if unit is None and price.set_fen is not None and price.volumes:
            unit = price.set_fen // price.volumes
        now["price_fen"], now["set_price_fen"] = unit, price.set_fen
    for name, highest in _HIGHEST.items():
        if now[name] is not None and not 0 <= now[name] <= highest:
            now[name] = None
            warnings.append(f"out_of_range:{name}")


def keys_of(values: RecordValues) -> Keys:
    """The keys of prepared values. Polyphones have several readings: 重 is chong and zhong."""
    first, *others = pinyin.initials_all(values.title) or ("",)
    return Keys(
        title_key=title_key(values.title)[:200],
        match_key=match_key(values.title, values.authors, values.publisher, values.volume_mark)[:300],
        title_pinyin=pinyin.full(values.title)[:600],
        title_initials=first[:200],
        initials_more=_whole_words(others, 600),
        title_sort=pinyin.sort_key(values.title)[:600],
    )


def stored_keys(values: RecordValues) -> Keys:
    """The same for the database: a made-up title matches nothing."""
    keys = keys_of(values)
    return keys if values.is_complete else replace(keys, match_key="")


def describe(values: RecordValues) -> Described:
    """Prepared values with their keys and the words of the full-text index."""
    keys = stored_keys(values)
    return Described(values, keys, words_of_texts((*_texts(values), keys.title_initials, keys.initials_more)))


def _whole_words(words: list[str], limit: int) -> str:
    text = " ".join(words)
    return text if len(text) <= limit else text[: limit + 1].rpartition(" ")[0]


def titles_agree(one: str, other: str) -> bool:
    """Whether two title keys may name one publication; a missing title agrees with any, 上册 never with 下册."""
    if not one or not other or one == other:
        return True
    if _differ_in_part_only(one, other) or not _parts_agree(one, other):
        return False
    if one in other or other in one:
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _differ_in_part_only(one: str, other: str) -> bool:
    """哈利波特1 and 哈利波特2: the same but for a number or a part word; 第1 and 第15 differ in whole numbers."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    first, last = one[start : len(one) - end], other[start : len(other) - end]
    if (first + last) and all(map(_is_numeral, first + last)):
        while start and _is_numeral(one[start - 1]):
            start -= 1
        while end and _is_numeral(one[-end]):
            end -= 1
    rest = (one[start : len(one) - end], other[start : len(other) - end])
    numbers = [read_number(part) for part in rest]
    if None not in numbers and numbers[0] == numbers[1]:
        return False
    return all(part in _PART_WORDS or read_number(part) is not None for part in rest)


def _is_numeral(sign: str) -> bool:
    return sign in _NUMERALS


def _parts_agree(one: str, other: str) -> bool:
    """Whether the parts that two titles name may be one: 第1辑 never agrees with 第15辑, nor 上册 with 下册."""
    first, second = _PART.findall(one), _PART.findall(other)
    return not first or not second or set(map(volume_key, first)) == set(map(volume_key, second))


def volumes_agree(one: str, other: str) -> bool:
    """Whether two volume marks may be one; a missing mark agrees with any."""
    first, second = volume_key(one), volume_key(other)
    return not first or not second or first == second
