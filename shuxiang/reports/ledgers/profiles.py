"""Ledger profiles: which books a library keeps, how they are called, which columns they have, in which order. All data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from shuxiang.reports.ledgers import registry
from shuxiang.reports.ledgers.rows import Column

TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Kept:
    """One book of a profile. An empty title is the program's own; no columns are the usual ones."""

    code: str
    title: str = ""
    columns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "title": self.title, "columns": list(self.columns)}


# Sets of books as schools are told to keep them; the names are theirs and stay Chinese.
SHIPPED: dict[str, tuple[Any, tuple[Kept, ...]]] = {
    "seven": (
        pgettext_lazy("ledger", "The seven books"),
        tuple(
            Kept(f"ledger.{name}")
            for name in ("total", "accessions", "classes", "withdrawals", "serials", "loans", "compensation")
        ),
    ),
    "three-and-one": (
        pgettext_lazy("ledger", "Three books and a register"),
        (
            Kept("ledger.total", "总帐"),
            Kept("ledger.classes", "分类帐"),
            Kept("ledger.withdrawals", "报损帐"),
            Kept("ledger.loans", "借还登记簿"),
        ),
    ),
    "property": (
        pgettext_lazy("ledger", "Property, classes, withdrawals"),
        (
            Kept("ledger.accessions", "财产登记帐"),
            Kept("ledger.classes", "分类登记帐"),
            Kept("ledger.withdrawals", "注销登记帐"),
        ),
    ),
    "registers": (
        pgettext_lazy("ledger", "Single, total, withdrawals"),
        (
            Kept("ledger.accessions", "个别登记帐"),
            Kept("ledger.total", "总括登记帐"),
            Kept("ledger.withdrawals", "注销登记帐"),
        ),
    ),
}
USUAL = SHIPPED["seven"][1]


def read(data: Sequence[Any]) -> tuple[Kept, ...]:
    """A profile from JSON; books and columns that this version does not know are left out."""
    known = {book.code: {column.key for column in book.columns} for book in registry.all_books()}
    found = []
    for each in data:
        if isinstance(each, dict) and each.get("code") in known:
            columns = tuple(key for key in each.get("columns", ()) if key in known[each["code"]])
            found.append(Kept(each["code"], str(each.get("title", ""))[:TITLE_LENGTH], columns))
    return tuple(found)


def columns_of(kept: Kept, columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of a part that a library has chosen, in its order; the usual ones when it has not."""
    if not kept.columns:
        return tuple(column for column in columns if column.is_usual)
    by_key = {column.key: column for column in columns}
    return tuple(by_key[key] for key in kept.columns if key in by_key)
