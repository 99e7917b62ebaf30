"""The two-level outline, the 22 main classes and the five divisions."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MainClass:
    letter: str
    name: str
    short_name: str
    division: int


@dataclass(frozen=True, slots=True)
class Division:
    """One of the five divisions (五大部类) with its share of the stock in per cent."""

    number: int
    name: str
    letters: str
    primary_percent: Decimal
    secondary_percent: Decimal


MAIN_CLASSES: tuple[MainClass, ...] = ()
DIVISIONS: tuple[Division, ...] = ()


def division_of(main: str) -> int | None:
    raise NotImplementedError


def name_of(code: str) -> str:
    raise NotImplementedError
