"""How the cells of a book are written, and the lines of sums under a page."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import pgettext

from shuxiang.reports.ledgers.rows import ENTRIES, UNKNOWN, Cell, Column, Row, Sums
from shuxiang.ui.numbers import NOTHING, grouped, yuan


def cell_text(column: Column, row: Row) -> str:
    """A cell as it is read; an unknown price is a dash, nothing is a blank."""
    value = row.cells.get(column.key)
    if value is None and column.kind == "yuan" and row.unknown:
        return NOTHING
    return value_text(column, value)


def value_text(column: Column, value: Cell) -> str:
    """A value as its column shows it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return yuan(value) if column.kind == "yuan" else grouped(value)
    return value


def sum_values(columns: Sequence[Column], sums: Sums, label: str, unit: str) -> list[Cell]:
    """A line of sums: the label, how many entries (where no column says so), the sums, how many prices are unknown."""
    found: list[Cell] = [sums.get(column.key, 0) if column.sums else None for column in columns]
    free = [place for place, column in enumerate(columns) if not column.sums and not column.is_number]
    says_volumes = any(column.key == "volumes" for column in columns)
    notes = [label]
    if not says_volumes:
        notes.append(f"{grouped(sums.get(ENTRIES, 0))} {unit}")
    if sums.get(UNKNOWN) and any(column.kind == "yuan" and column.sums for column in columns):
        notes.append(pgettext("ledger", "price unknown: %(count)s") % {"count": grouped(sums[UNKNOWN])})
    for place, note in zip(free, notes, strict=False):
        found[place] = note
    return found


def plus(one: Sums, other: Sums) -> Sums:
    """Sum by sum."""
    return {key: one.get(key, 0) + other.get(key, 0) for key in one.keys() | other.keys()}
