"""What a call number says, which acts an account allows: facts in, answer out."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuxiang.catalogue.clc import class_sort_key, parse_clc

# 种次号 as the trade checks them: a plain number, no leading zero.
MAX_BOOK_NUMBER = 99_999
MAX_BARCODE = 60


@dataclass(frozen=True, slots=True)
class CallNumber:
    """`clc` is '' when there is no class; `book_number` is given when the source's is a running number.

    `text` is the call number as the source has it when it cannot be numbered here (an author number, no class).
    """

    clc: str
    book_number: int | None
    text: str

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
    if tail.isascii() and tail.isdecimal() and tail[0] != "0" and int(tail) <= MAX_BOOK_NUMBER:
        return CallNumber(number, int(tail), "")
    return CallNumber(number, None, whole or clc.strip()[:100])


def shown(clc: str, book_number: int) -> str:
    """A call number on one line: I247.57/3."""
    return f"{clc}/{book_number}"


def sort_key(call_number: str) -> str:
    return class_sort_key(call_number)[:300]


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
