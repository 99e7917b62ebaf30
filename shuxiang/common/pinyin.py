"""Pinyin of titles and names, for finding and for sorting."""

import importlib
import os
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

# Only characters that have a reading: kana and hangul stay as they are.
_READABLE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MAX_ALTERNATIVES = 8
# Readings that these characters have as surnames, where the usual reading is another.
_SURNAME_READINGS = (
    "单 shan4,曾 zeng1,仇 qiu2,查 zha1,解 xie4,任 ren2,华 hua4,"
    "盖 ge3,区 ou1,朴 piao2,乐 yue4,缪 miao4,冼 xian3,洗 xian3,"
    "翟 zhai2,牟 mu4,宁 ning4,覃 qin2,纪 ji3,召 shao4,种 chong2,"
    "秘 bi4,逄 pang2,员 yun4,折 she2,尉 wei4,燕 yan1,葛 ge3,"
    "哈 ha3,黑 he4,繁 po2,晟 cheng2,令 ling2,谌 chen2,那 na1,"
    "都 du1,车 che1,石 shi2,柏 bai3,卜 bu3,过 guo1,句 gou1,"
    "隗 wei3,祭 zhai4,阚 kan4,应 ying1,郇 xun2"
)
_SURNAMES = dict(pair.split(" ") for pair in _SURNAME_READINGS.split(","))
_DOUBLE_SURNAMES = {
    "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2",
    "长孙": "zhang3 sun1",
    "单于": "chan2 yu2",
    "澹台": "tan2 tai2",
}
_HAN = re.compile(f"[{_READABLE}]")
_WORD = re.compile(rf"[{_READABLE}]|[^\W_{_READABLE}]+")
_DIGITS = re.compile(r"\d+")
_PIECE = re.compile(rf"[{_READABLE}]+|[^\W_{_READABLE}]+")


# What is written, its reading with the tone number, and the bare syllable: '' for words in other scripts.
_Reading = tuple[str, str, str]


@lru_cache(maxsize=64)  # one title is read for its syllables, initials and order in turn
def _toned(text: str, name: bool) -> tuple[_Reading, ...]:
    """What is written with its reading; words in other scripts read as themselves."""
    plain = "".join(_WORD.findall(text)) if name else text
    readings = _surname(plain) if name else []
    for run in _PIECE.findall(plain[len(readings) :]):
        if not _HAN.match(run):
            readings.append((run, run.lower(), ""))
        elif _dictionary().han.match(run):
            for word in _words(run):
                readings.extend(_read(word))
        else:
            readings.extend(_read(run))
    return tuple(readings)


def _surname(name: str) -> list[_Reading]:
    """The one or two characters with which a name begins, where they are read otherwise in a surname."""
    for size, known in ((2, _DOUBLE_SURNAMES), (1, _SURNAMES)):
        if name[:size] in known:
            return list(map(_reading, name[:size], known[name[:size]].split()))
    return []


class _Dictionary(NamedTuple):
    reader: ModuleType
    words: Any
    han: re.Pattern[str]


@cache
def _characters() -> ModuleType:
    """pypinyin with the readings of single characters, 10 MiB: loaded with the first search, not when the program starts.

    It would read its words too when imported, unless these variables say otherwise.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    return importlib.import_module("pypinyin")


@cache
def _dictionary() -> _Dictionary:
    """With its words, a quarter of a second and 45 MiB more: who only answers searches never needs them."""
    reader = _characters()
    from pypinyin.constants import RE_HANS  # noqa: PLC0415
    from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415
    from pypinyin.seg import mmseg  # noqa: PLC0415

    reader.load_phrases_dict(phrases_dict)
    return _Dictionary(reader, mmseg.seg, RE_HANS)


def every_reading(character: str) -> tuple[str, ...]:
    """Every syllable that a Chinese character may be read as, without tones, ü as v, the usual one first."""
    reader = _characters()
    found = reader.pinyin(character, style=reader.Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return tuple(dict.fromkeys(reading for reading in found if reading.isascii()))


def _reading(written: str, toned: str) -> _Reading:
    return written, toned, toned.rstrip("12345")


def _words(run: str) -> Iterator[str]:
    """A run of characters in words that have a reading of their own, as pypinyin cuts it."""
    return _dictionary().words.cut(run) if len(run) > 1 else iter((run,))


@lru_cache(maxsize=32_768)  # the titles of a library are made of some thousand characters and words
def _read(word: str) -> tuple[_Reading, ...]:
    """The characters of a word, or of a run of them, each with its reading."""
    reader = _dictionary().reader
    choices = reader.pinyin(
        word,
        style=reader.Style.TONE3,
        errors=list,  # a list, one each, is taken too
        neutral_tone_with_five=True,
        v_to_u=False,
    )
    return tuple(_reading(written, some[0].lower()) for written, some in zip(word, choices, strict=True))


@lru_cache(maxsize=8192)
def _first_letters(character: str) -> tuple[str, ...]:
    """The letters with which any reading of a character begins."""
    reader = _characters()
    readings = reader.pinyin(character, style=reader.Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return tuple(dict.fromkeys(reading[0] for reading in readings))


def full(text: str, *, name: bool = False) -> str:
    """All syllables joined, lower case, ü as v: 西游记 → xiyouji; `name` reads a surname first."""
    return "".join([syllable or toned for _written, toned, syllable in _toned(text, name)])


def by_characters(text: str, *, name: bool = False) -> str:
    """As full(), each character read as it usually is, whatever word it stands in: enough for what somebody looks for,
    where common.typed.other_readings() tries the others, and without the words, which take 50 MiB."""
    plain = "".join(_WORD.findall(text)) if name else text
    head = _surname(plain) if name else []
    rest = [
        (every_reading(sign) or (sign,))[0] if _HAN.match(sign) else sign.lower()
        for run in _PIECE.findall(plain[len(head) :])
        for sign in run
    ]
    return "".join([syllable for _written, _toned_, syllable in head] + rest)


def initials(text: str, *, name: bool = False) -> str:
    """The first letter of every syllable: 中国 → zg; words in other scripts stay whole: 3D打印 → 3ddy."""
    return "".join([syllable[:1] or toned for _written, toned, syllable in _toned(text, name)])


def initials_all(text: str, *, name: bool = False) -> tuple[str, ...]:
    """The initials by the likeliest reading, then by others; at most MAX_ALTERNATIVES in all."""
    choices: list[tuple[str, ...]] = []
    total = 1
    for written, toned, syllable in _toned(text, name):
        first = syllable[:1]
        letters: tuple[str, ...] = (first,) if syllable else (toned,)
        if syllable and (others := _first_letters(written)) != letters:
            more = (first, *(letter for letter in others if letter != first))
            if total * len(more) <= MAX_ALTERNATIVES:
                letters = more
                total *= len(more)
        choices.append(letters)
    if total == 1:
        return ("".join([letters[0] for letters in choices]),)
    return tuple(map("".join, product(*choices)))


def sort_key(text: str, *, name: bool = False) -> str:
    """A key for lists in pinyin order, by syllable, tone and character; numbers by their value."""
    return " ".join(
        [
            f"{syllable} {toned[-1]}{written}" if syllable else _DIGITS.sub(_eight, toned)
            for written, toned, syllable in _toned(text, name)
        ]
    )


def _eight(digits: re.Match[str]) -> str:
    return digits.group().zfill(8)


def annotated(text: str, *, name: bool = False) -> tuple[tuple[str, str], ...]:
    """The whole text in pieces, each with its reading to be set above it (zhōng), empty for what is no Chinese character.

    The pieces together are the text again, punctuation and blanks included.
    """
    pieces: list[tuple[str, str]] = []
    at = 0
    for written, toned, syllable in _toned(text, name):
        begins = text.index(written, at)
        if begins > at:
            pieces.append((text[at:begins], ""))
        pieces.append((written, _with_mark(toned) if syllable else ""))
        at = begins + len(written)
    return (*pieces, (text[at:], "")) if at < len(text) else tuple(pieces)


_MARKS = dict(zip("aeiouv", ("āáǎà", "ēéěè", "īíǐì", "ōóǒò", "ūúǔù", "ǖǘǚǜ"), strict=True))


def _with_mark(toned: str) -> str:
    """A syllable with a tone number as it is written above a character: the mark on a or e, on o, else on the last vowel."""
    syllable, tone = (toned[:-1], int(toned[-1])) if toned[-1:].isdigit() else (toned, 5)
    place = next((syllable.find(vowel) for vowel in "aeo" if vowel in syllable), -1)
    if place < 0:
        place = max(syllable.rfind(vowel) for vowel in "iuv")
    plain = syllable.replace("v", "ü")
    if tone not in (1, 2, 3, 4) or place < 0:
        return plain
    return plain[:place] + _MARKS[syllable[place]][tone - 1] + plain[place + 1 :]
