"""The two-level outline with the classes schools use most, the 22 main classes, the five divisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class MainClass:
    """One of the 22 main classes (基本部类) in one of the divisions 1 to 5."""

    letter: str
    name: str
    short_name: str
    division: int


@dataclass(frozen=True, slots=True)
class Division:
    """One of the five divisions (五大部类), its main letters and its share of the stock in per cent."""

    number: int
    name: str
    letters: str
    primary_percent: Decimal
    secondary_percent: Decimal


@dataclass(frozen=True, slots=True)
class OutlineClass:
    """A class of the outline; `use` is '', alternative (交替类目) or discontinued (停用类目)."""

    code: str
    name: str
    use: str = ""


def _rows(name: str) -> Iterator[list[str]]:
    text = files("shuxiang.catalogue.clc").joinpath(name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def _division(number: str, name: str, primary: str, secondary: str) -> Division:
    letters = "".join(main.letter for main in MAIN_CLASSES if main.division == int(number))
    return Division(int(number), name, letters, Decimal(primary), Decimal(secondary))


MAIN_CLASSES: tuple[MainClass, ...] = tuple(
    MainClass(letter, name, short_name, int(division))
    for letter, name, short_name, division in _rows("main_classes.tsv")
)
DIVISIONS: tuple[Division, ...] = tuple(_division(*row) for row in _rows("divisions.tsv"))
OUTLINE: tuple[OutlineClass, ...] = tuple(OutlineClass(*row) for row in _rows("outline.tsv"))

_DIVISION_OF = {main.letter: main.division for main in MAIN_CLASSES}


def _expanded(code: str) -> Iterator[str]:
    """D33/37 stands for D33, D34, D35, D36 and D37."""
    first, slash, last = code.partition("/")
    if not slash:
        yield first
        return
    stem = first[: -len(last)]
    for number in range(int(first[len(stem) :]), int(last) + 1):
        yield f"{stem}{number}"


_NAMES = {main.letter: main.name for main in MAIN_CLASSES} | {
    one: entry.name for entry in OUTLINE for one in _expanded(entry.code)
}


def division_of(main: str) -> int | None:
    """The division (1 to 5) of a main letter or of a whole class number; None when there is none."""
    return _DIVISION_OF.get(main[:1].upper())


def name_of(code: str) -> str:
    """The caption of a class number or of the nearest class above it in the outline; '' when none is."""
    for length in range(len(code), 0, -1):
        name = _NAMES.get(code[:length])
        if name is not None:
            return name
    return ""


_SECOND_LETTERS = {code for code in _NAMES if len(code) == 2 and code.isalpha()} | {"DF"}


def main_of(letters: str) -> bool:
    """Whether a class can begin so: one of the 22 letters, one of T with its second letter (TP), or DF."""
    return letters in _DIVISION_OF or letters in _SECOND_LETTERS


_BEGINNINGS = {code[:2] for code in _NAMES}


def is_in_outline(number: str) -> bool:
    """Whether the outline knows any class that begins like the number, letter and first digit: I9 and A6 it does not know.

    It goes no deeper: below its second level the outline names only what schools use.
    """
    return not number[1:2].isdigit() or number[:2] in _BEGINNINGS
