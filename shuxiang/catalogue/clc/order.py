"""The order of call numbers on the shelf, as a string that every database sorts alike."""

import re
import unicodedata
from functools import lru_cache

from shuxiang.catalogue.clc.numbers import without_location
from shuxiang.common.numerals import read_number

# Signs in the order in which they stand before any digit; editions differ slightly, so it is a table.
SIGN_ORDER = 'a.-:()="<>+&#[]{},'
# The key holds small letters and digits only, whose order no collation disturbs.
_SIGN_KEY = {sign: f"1{chr(ord('b') + place)}" for place, sign in enumerate(SIGN_ORDER)}
_END = "0"
MAX_KEY_LENGTH = 200
# 上 中 下 and Chinese numerals count where they stand for a volume: (上), 下册, 第十二卷
_VOLUME = re.compile(
    r"第?([〇零一二三四五六七八九十百千]+|[上中下])(?=[册卷集部辑编篇本期回]|[^\u4e00-\u9fff]|$)"
)
_PARTS = {"上": "1", "中": "2", "下": "3"}
_RUN = re.compile(r"[0-9]+|[A-Za-z]|\s+|.", re.DOTALL)


@lru_cache(maxsize=4096)
def _class_line(line: str) -> str:
    # The dot after every third digit is for the eye: all digits are one decimal fraction.
    line = re.sub(r"(?<=[0-9])\.(?=[0-9])", "", line)
    parts = []
    for place, sign in enumerate(line):
        if sign.isascii() and sign.isdigit():
            parts.append(f"2{sign}")
        elif sign == "a" and place:
            parts.append(_SIGN_KEY["a"])
        elif sign.isascii() and sign.isalpha():
            parts.append(f"3{sign.lower()}")
        elif not sign.isspace():
            parts.append(_SIGN_KEY.get(sign, f"4{ord(sign):06x}"))
    return "".join(parts) + _END


def _numbered(match: re.Match[str]) -> str:
    word = match[1]
    return _PARTS.get(word) or str(read_number(word) or word)


def _other_line(line: str) -> str:
    if not line.isascii():
        line = _VOLUME.sub(_numbered, line)
    parts = []
    for run in _RUN.findall(line):
        if run.isascii() and run.isdigit():
            number = run.lstrip("0")
            parts.append(f"2{len(number):03d}{number}")
        elif run.isascii() and run.isalpha():
            parts.append(f"3{run.lower()}")
        elif not run.isspace():
            parts.append(_SIGN_KEY.get(run, f"4{ord(run):06x}"))
    return "".join(parts) + _END


def class_sort_key(call_number: str) -> str:
    """A string of digits and small letters that sorts as the volumes stand on the shelf.

    The class counts as a decimal fraction with signs before digits, the lines behind it (book number, volume)
    by the value of their numbers: I247.5/9 < I247.5/10 < I25/1, I287/3:上 < I287/3:中 < I287/3:下. What stands
    before the class ({ns}儿童, the year in 2007\\Z121.6\\1) is left out; no class at all comes last.
    At most MAX_KEY_LENGTH long.
    """
    plain = without_location(unicodedata.normalize("NFKC", call_number).strip())
    lines = [line.strip() for line in plain.split("/")]
    head = lines[0].strip("[]{}")
    if not head:
        return "9"
    head = head[0].upper() + head[1:]
    return (_class_line(head) + "".join(map(_other_line, lines[1:])))[:MAX_KEY_LENGTH]
