"""What a book is made of: columns, rows, and the sums of rows. Money is in fen; an unknown price is None."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = object

Key = tuple[int, ...]  # where a row stands in its book; rows are in the order of their keys
Cell = str | int | date | None
Kind = Literal["text", "code", "day", "count", "yuan"]
Look = Literal["", "red", "struck", "sub"]
ENTRIES, UNKNOWN = "#", "?"  # in sums: how many entries, and how many volumes of unknown price


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is in mm on paper. `is_usual` columns are there until a library chooses its own."""

    key: str
    title: "StrOrPromise"
    kind: Kind = "text"
    width: float = 20
    sums: bool = False
    is_personal: bool = False
    is_usual: bool = True

    @property
    def is_number(self) -> bool:
        return self.kind in {"count", "yuan"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `entries` and `unknown` go into the sums beside the cells; a `sub` row is not summed."""

    key: Key
    cells: Mapping[str, Cell]
    look: Look = ""
    entries: int = 1
    unknown: int = 0
    address: str = ""  # where the desk shows what stands behind it


Sums = dict[str, int]


@dataclass(slots=True)
class Adder:
    """Adds up the rows that pass."""

    columns: Sequence[Column]
    sums: Sums = field(default_factory=dict)

    def add(self, row: Row) -> None:
        if row.look == "sub":
            return
        sums = self.sums
        sums[ENTRIES] = sums.get(ENTRIES, 0) + row.entries
        if row.unknown:
            sums[UNKNOWN] = sums.get(UNKNOWN, 0) + row.unknown
        for column in self.columns:
            value = row.cells.get(column.key)
            if column.sums and isinstance(value, int):
                sums[column.key] = sums.get(column.key, 0) + value


def added_up(columns: Sequence[Column], rows: Iterable[Row]) -> Sums:
    """The sums of some rows."""
    adder = Adder(columns)
    for row in rows:
        adder.add(row)
    return adder.sums


def key_text(key: Key) -> str:
    """A key as it stands in an address."""
    return ".".join(map(str, key))


def key_of(text: str) -> Key | None:
    """A key from an address; None for what is none."""
    parts = text.split(".")
    fits = all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts)
    return tuple(int(part) for part in parts) if fits else None
