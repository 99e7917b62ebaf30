"""Class numbers as real records write them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clc:
    """`number` is the first usable class number ('' when none), `main` its main letter, `book_number` what followed."""

    number: str
    main: str
    alternatives: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    book_number: str = ""


def parse_clc(text: str) -> Clc:
    raise NotImplementedError
