"""Choosing volumes by where they stand, their class, a range of call numbers, or a list of scanned codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Collate

from shuxiang.common.codes import clean_scan
from shuxiang.holdings.models import Item, ItemIdentifier
from shuxiang.holdings.rules import ON_BOOKS, sort_key
from shuxiang.libraries.models import Library

HIGHEST_SIGN = "\U0010ffff"
_SIGNS_BETWEEN = re.compile(r"[\s,;，；、]+")
_MOST_CODES = 500  # in one statement


@dataclass(frozen=True, slots=True)
class Choice:
    """Which volumes on the books: every part that is given narrows. `codes` are scanned codes, in their order.

    `first` and `last` are call numbers or classes, both included with all that begins so; `place` is where a volume
    stands now, `home` where it belongs.
    """

    place_id: int | None = None
    home_id: int | None = None
    clc: str = ""
    first: str = ""
    last: str = ""
    codes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Choice()

    def to_json(self) -> dict[str, object]:
        return {
            "place": self.place_id,
            "home": self.home_id,
            "clc": self.clc,
            "first": self.first,
            "last": self.last,
            "codes": len(self.codes),
        }


def read_codes(text: str) -> tuple[str, ...]:
    """The codes in a list that was scanned or pasted, each once, in their order."""
    codes = (clean_scan(part) for part in _SIGNS_BETWEEN.split(text))
    return tuple(dict.fromkeys(code for code in codes if code))


def items_by_code(library: Library, codes: Iterable[str]) -> dict[str, int]:
    """The item that each code is, or ever was, on; codes of no volume of the library are left out."""
    wanted = list(dict.fromkeys(codes))
    found: dict[str, int] = {}
    for some in (wanted[i : i + _MOST_CODES] for i in range(0, len(wanted), _MOST_CODES)):
        rows = ItemIdentifier.objects.filter(library=library, value__in=some)
        found |= dict(rows.values_list("value", "item_id"))
    return {code: found[code] for code in wanted if code in found}


def in_bytes(column: str) -> Collate | F:
    """A column compared as shelf order compares it, sign by sign, on both engines."""
    return Collate(column, "C") if connection.vendor == "postgresql" else F(column)


def _begins(number: str) -> str:
    """What the keys of a class and of all that is below it begin with: its own key without the sign that ends it."""
    key = sort_key(number)
    return key[:-1] if key.endswith("0") else key


def chosen(library: Library, choice: Choice) -> QuerySet[Item]:
    """The volumes on the books that a choice means; the codes of a list are for the caller to look up."""
    items = Item.objects.filter(library=library, account__in=ON_BOOKS)
    if choice.home_id is not None:
        items = items.filter(home=choice.home_id)
    if choice.place_id is not None:
        items = items.annotate(stands=Coalesce("current", "home")).filter(stands=choice.place_id)
    if choice.clc:
        own = Q(holding__clc__startswith=choice.clc)
        items = items.filter(own | Q(holding__clc="", holding__record__clc__startswith=choice.clc))
    if not choice.first and not choice.last:
        return items
    rows: QuerySet[Any] = items.annotate(in_order=in_bytes("holding__call_number_sort"))
    rows = rows.exclude(holding__call_number_sort="")
    if choice.first:
        rows = rows.filter(in_order__gte=sort_key(choice.first))
    if choice.last:
        rows = rows.filter(in_order__lt=_begins(choice.last) + HIGHEST_SIGN)
    return rows
