"""Prices as they are written on books and in files, as integer fen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """What a price string says: `unit_fen` of one volume, `set_fen` of a whole set; None is unknown, never 0."""

    unit_fen: int | None = None
    set_fen: int | None = None
    currency: str = ""
    volumes: int | None = None
    note: str = ""
    warnings: tuple[str, ...] = ()


def parse_price(text: str) -> Price:
    raise NotImplementedError


def format_yuan(fen: int) -> str:
    raise NotImplementedError
