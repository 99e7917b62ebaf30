"""Whether a class number obeys the notation, piece by piece, with what it should be where that can be said. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from shuxiang.catalogue.clc.numbers import parse_clc
from shuxiang.catalogue.clc.outline import is_in_outline, main_of

LONGEST = 60
_SIGNS = frozenset('-()="<>+:.&[]{}a')
_PIECES = (  # what may follow the digits of a class, in any number: sign → its form
    ("sub_general", re.compile(r"-[0-9]+(?:\.[0-9]+)*")),  # 总论复分
    ("sub_area", re.compile(r"\([0-9]+(?:\.[0-9]+)*(?:[-=][0-9.]+)?\)")),  # 地区
    ("sub_period", re.compile(r"=[0-9]+(?:\.[0-9]+)*")),  # 时代
    ("sub_people", re.compile(r"\"[0-9]+(?:\.[0-9]+)*\"")),  # 民族
    ("sub_common", re.compile(r"<[0-9]+(?:\.[0-9]+)*(?:[-=][0-9.]+)?>")),  # 通用时间、地点
    ("sub_joined", re.compile(r"\.?\+\.?[0-9]+(?:\.[0-9]+)*")),  # 联合
    ("language", re.compile(r"[A-Z]{2}(?![a-z])")),  # TP312JA: a name behind a class of programming languages
)
_SIGN_OF = {
    "-": "sub_general",
    "(": "sub_area",
    "=": "sub_period",
    '"': "sub_people",
    "<": "sub_common",
    "+": "sub_joined",
}
_HEAD = re.compile(r"(?P<main>DF|T[A-Z]|[A-Z])(?P<digits>[0-9]+(?:\.[0-9]+)*)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the notation does not allow, or that is unusual; `piece` is the text it is about.

    `is_note` faults leave the number usable.
    """

    code: str
    piece: str = ""
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class ClassVerdict:
    """What the notation says to a class number: `number` as it should be written, '' when nothing can be made of it."""

    number: str
    faults: tuple[Fault, ...]

    @property
    def is_usable(self) -> bool:
        """Whether it can stand on a spine; notes do not count."""
        return bool(self.number) and all(fault.is_note for fault in self.faults)


def judge_class(text: str) -> ClassVerdict:
    """Judge a class number without book number by the rules of the notation; an empty one has no fault.

    Faults: no_class, no_such_class, second_letter, sign, sub_* (malformed), twice_recommended, recommended_place,
    unfinished, too_long, is_range; notes: dots, alternative, discontinued, several, not_in_outline.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return ClassVerdict("", ())
    read = parse_clc(plain)
    faults = _marks(read.warnings, read.alternatives)
    if not read.number:
        return ClassVerdict("", (*faults, _no_class(plain)))
    bare = re.sub(r"[\s\[\]{}]", "", _signs_plain(plain if not read.alternatives else read.number))
    if "/" in bare:
        faults.append(Fault("is_range", bare[bare.index("/") :]))
        bare = bare.partition("/")[0]
    bare = _upper_head(bare)
    parts = bare.split(":")
    for place, part in enumerate(parts):
        faults += _of_part(part, is_first=place == 0)
    if len(bare) > LONGEST:
        faults.append(Fault("too_long", bare[LONGEST:]))
    if not faults and not is_in_outline(bare):
        faults.append(Fault("not_in_outline", bare, is_note=True))
    return ClassVerdict(read.number, tuple(dict.fromkeys(faults)))


def _signs_plain(text: str) -> str:
    for typed, meant in (
        ("“", '"'),
        ("”", '"'),
        ("＂", '"'),
        ("〈", "<"),
        ("〉", ">"),
        ("《", "<"),
        ("》", ">"),
        ("—", "-"),
    ):
        text = text.replace(typed, meant)
    return text


def _upper_head(bare: str) -> str:
    return re.sub(r"^[a-z]{1,2}(?=[0-9:(\-=\"<+]|$)", lambda match: match[0].upper(), bare)


def _marks(warnings: tuple[str, ...], alternatives: tuple[str, ...]) -> list[Fault]:
    faults = [Fault(one, is_note=True) for one in ("alternative", "discontinued") if one in warnings]
    return faults + [Fault("several", "; ".join(alternatives), is_note=True)] * bool(alternatives)


def _no_class(plain: str) -> Fault:
    head = re.match(r"[\[{]?([A-Za-z]+)", plain)
    if head is None or len(head[1]) > len("TP"):
        return Fault("no_class", plain[:20])
    letters = head[1].upper()
    return Fault(
        "second_letter" if len(letters) == len("TP") and main_of(letters[0]) else "no_such_class", letters
    )


def _of_part(part: str, *, is_first: bool) -> list[Fault]:
    """The faults of what stands between colons: a class of its own with its subdivisions."""
    head = _HEAD.match(part)
    if head is None or not main_of(head["main"]):
        if is_first or not part:
            return [Fault("unfinished" if not part else "no_class", part[:20])]
        return [Fault("joined_no_class", part[:20])]
    digits = head["digits"] or ""
    faults = [] if digits == _dotted(digits) else [Fault("dots", digits, is_note=True)]
    rest, marked = part[head.end() :], 0
    while rest:
        if rest[0] == "a":
            marked += 1
            rest = rest[1:]
            continue
        matched = next((found for _name, form in _PIECES if (found := form.match(rest))), None)
        if matched is None:
            return [*faults, _broken(rest)]
        rest = rest[matched.end() :]
    if marked > 1:
        faults.append(Fault("twice_recommended", part))
    elif marked and not part.endswith("a"):
        faults.append(Fault("recommended_place", part))
    return faults


def _broken(rest: str) -> Fault:
    if rest[0] in _SIGN_OF:
        return Fault("unfinished" if len(rest) == 1 else _SIGN_OF[rest[0]], rest[:20])
    if rest == ".":
        return Fault("unfinished", rest)
    return Fault("sign" if rest[0] not in _SIGNS else "misplaced", rest[:20])


def _dotted(digits: str) -> str:
    bare = digits.replace(".", "")
    return ".".join(bare[start : start + 3] for start in range(0, len(bare), 3))
