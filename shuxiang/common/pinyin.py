"""Pinyin of titles and names, for finding and for sorting."""

import re
from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

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


@lru_cache(maxsize=64)  # one title is read for its syllables, initials and order in turn
def _toned(text: str, name: bool) -> tuple[tuple[str, str], ...]:
    """What is written with its reading and tone number; words in other scripts read as themselves."""
    plain = "".join(_WORD.findall(text)) if name else text
    pairs: list[tuple[str, str]] = []
    head = ""
    if name and plain[:2] in _DOUBLE_SURNAMES:
        head = plain[:2]
        pairs = list(zip(head, _DOUBLE_SURNAMES[head].split(), strict=True))
    elif name and plain[:1] in _SURNAMES:
        head = plain[:1]
        pairs = [(head, _SURNAMES[head])]
    for run in re.findall(rf"[{_READABLE}]+|[^\W_{_READABLE}]+", plain[len(head) :]):
        if _HAN.match(run):
            readings = pinyin(
                run,
                style=Style.TONE3,
                errors=list,  # type: ignore[arg-type]  # a list, one each, is taken too
                neutral_tone_with_five=True,
                v_to_u=False,
            )
            pairs.extend(zip(run, (choices[0].lower() for choices in readings), strict=True))
        else:
            pairs.append((run, run.lower()))
    return tuple(pairs)


@lru_cache(maxsize=8192)
def _first_letters(character: str) -> tuple[str, ...]:
    """The letters with which any reading of a character begins."""
    readings = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return tuple(dict.fromkeys(reading[0] for reading in readings))


def _syllable(toned: str, written: str) -> str:
    return toned.rstrip("12345") if _HAN.match(written) else toned


def full(text: str, *, name: bool = False) -> str:
    """All syllables joined, lower case, ü as v: 西游记 → xiyouji; `name` reads a surname first."""
    return "".join(_syllable(toned, written) for written, toned in _toned(text, name))


def initials(text: str, *, name: bool = False) -> str:
    """The first letter of every syllable: 中国 → zg; words in other scripts stay whole: 3D打印 → 3ddy."""
    return "".join(toned[0] if _HAN.match(written) else toned for written, toned in _toned(text, name))


def initials_all(text: str, *, name: bool = False) -> tuple[str, ...]:
    """The initials by the likeliest reading, then by others; at most MAX_ALTERNATIVES in all."""
    likeliest = _toned(text, name)
    choices: list[list[str]] = []
    total = 1
    for written, toned in likeliest:
        first = toned[0] if _HAN.match(written) else toned
        letters = [first]
        if _HAN.match(written):
            letters += [letter for letter in _first_letters(written) if letter != first]
        if total * len(letters) > MAX_ALTERNATIVES:
            letters = letters[:1]
        total *= len(letters)
        choices.append(letters)
    return tuple("".join(letters) for letters in product(*choices))


def sort_key(text: str, *, name: bool = False) -> str:
    """A key for lists in pinyin order, by syllable, tone and character; numbers by their value."""
    parts = []
    for written, toned in _toned(text, name):
        if _HAN.match(written):
            parts.append(f"{_syllable(toned, written)} {toned[-1]}{written}")
        else:
            parts.append(re.sub(r"\d+", lambda digits: digits.group().zfill(8), toned))
    return " ".join(parts)
