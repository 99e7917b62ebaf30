"""What a call number says, which acts an account allows: facts in, answer out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shuxiang.catalogue.clc import class_sort_key, parse_clc

# 种次号 as the trade checks them: a plain number, no leading zero.
MAX_BOOK_NUMBER = 99_999
MAX_BARCODE = 60


_TAIL = re.compile(r"(?P<number>[1-9][0-9]{0,4})(?P<auxiliary>(?:[^0-9A-Za-z.]|v\.).*)?", re.DOTALL)
MAX_AUXILIARY = 40


@dataclass(frozen=True, slots=True)
class CallNumber:
    """`clc` is '' when there is no class; `book_number` is given when the source's is a running number.

    `text` is the call number as the source has it when it cannot be numbered here (an author number, no class).
    `auxiliary` (辅助区分号) tells titles under one book number apart and begins with its sign: :2, =3, (上).
    """

    clc: str
    book_number: int | None
    text: str
    auxiliary: str = ""

    @property
    def needs_number(self) -> bool:
        return bool(self.clc) and self.book_number is None and not self.text


def read_call_number(clc: str, call_number: str) -> CallNumber:
    """What to do with the class and the call number that a source gives; either may be blank or hold both."""
    whole = call_number.strip()[:100]
    read = parse_clc(whole or clc)
    number = (parse_clc(clc).number if clc.strip() else read.number)[:60]
    tail = read.book_number.strip()
    if not number:
        return CallNumber("", None, whole)
    if not tail:
        return CallNumber(number, None, "")
    parts = _TAIL.fullmatch(tail)
    auxiliary = read_auxiliary(parts["auxiliary"] or "") if parts else ""
    if parts and len(auxiliary) <= MAX_AUXILIARY:
        return CallNumber(number, int(parts["number"]), "", auxiliary)
    return CallNumber(number, None, whole or clc.strip()[:100])


def read_auxiliary(text: str) -> str:
    """What stands behind a book number, with one sign before it: a blank or slash becomes the colon of the trade.

    Nothing is left of a sign with nothing behind it.
    """
    plain = " ".join(text.split())
    if plain[:1] == "/":
        plain = plain[1:].strip()
    if not plain.strip(":/=-+,() "):
        return ""
    return plain if plain[0] in ":=-(+<," else f":{plain}"


def shown(clc: str, book_number: int, auxiliary: str = "") -> str:
    """A call number on one line: I247.57/3, I247.57/3:2."""
    return f"{clc}/{book_number}{auxiliary}"


def sort_key(call_number: str) -> str:
    return class_sort_key(call_number)[:300]


MAIN = "main"  # code of the place, and of the shelving group, for whatever names none
ON_SHELF = frozenset({"shelf", "corner", "display"})
ON_BOOKS = frozenset({"shelf", "loan", "corner", "mending", "binding", "display", "missing", "review"})
# act → accounts it may start from; lent volumes are circulation's business
STARTS: Mapping[str, frozenset[str]] = {
    "withdraw": ON_BOOKS - {"loan"},
    "mark_missing": ON_BOOKS - {"loan", "missing"},
    "mark_found": frozenset({"missing"}),
    "put_aside": ON_SHELF | {"mending", "binding"},
    "put_back": frozenset({"mending", "binding", "display"}),
    "transfer": ON_BOOKS - {"missing"},
}


def may(act: str, account: str) -> bool:
    """Whether an act may start from the account."""
    return account in STARTS[act]
