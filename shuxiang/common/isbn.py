"""Standard numbers as real files write them: never lost, never believed blindly."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Isbn:
    """`isbn13` is the key to match on, or None; `local_number` keeps what is no ISBN; `kind` says what it is."""

    raw: str
    isbn13: str | None = None
    valid: bool = False
    warnings: tuple[str, ...] = ()
    kind: str = ""
    local_number: str = ""


@dataclass(frozen=True, slots=True)
class Issn:
    """`issn` as NNNN-NNNC, or None."""

    raw: str
    issn: str | None = None
    valid: bool = False
    warnings: tuple[str, ...] = ()


def parse_isbn(text: str) -> Isbn:
    raise NotImplementedError


def parse_issn(text: str) -> Issn:
    raise NotImplementedError


def isbn10_to_13(digits: str) -> str:
    raise NotImplementedError
