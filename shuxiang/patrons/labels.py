"""What readers' cards say, and choosing the readers that get one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shuxiang.common.codes import readings
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card, Patron
from shuxiang.patrons.selectors import labels_on, patrons_of

_AT_ONCE = 500  # keys in one statement


@dataclass(frozen=True, slots=True)
class ReaderWords:
    """A reader in words for a card; '' where nothing is known."""

    pk: int
    name: str
    number: str  # of the valid card
    school_class: str
    category: str


def readers(library: Library, keys: Sequence[int], day: date) -> list[ReaderWords]:
    """The readers of the library in the order of the keys, with their classes on a day; who has left is left out."""
    found: dict[int, ReaderWords] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = list(patrons_of(library).filter(pk__in=keys[start : start + _AT_ONCE], left_on=None))
        classes = labels_on(library, some, day)
        cards = Card.objects.filter(library=library, patron__in=some, to_at=None).order_by("from_at", "pk")
        numbers = dict(cards.values_list("patron_id", "number"))
        for reader in some:
            found[reader.pk] = ReaderWords(
                reader.pk,
                reader.name,
                numbers.get(reader.pk, ""),
                classes.get(reader.pk, ""),
                reader.category.name,
            )
    return [found[key] for key in keys if key in found]


def of_category(library: Library, category: int) -> list[int]:
    """The readers of a kind who are there, by name."""
    rows = Patron.objects.filter(library=library, category=category, left_on=None, deleted_at=None)
    return list(rows.order_by("name_pinyin", "pk").values_list("pk", flat=True))


def of_list(library: Library, codes: Iterable[str]) -> tuple[list[int], list[str]]:
    """The readers that a list names by card number, in its order, and the numbers of nobody who is there."""
    wanted = list(dict.fromkeys(codes))
    ways = {code: readings(code) for code in wanted}
    every = list(dict.fromkeys(way for found in ways.values() for way in found))
    cards: dict[str, int] = {}
    for start in range(0, len(every), _AT_ONCE):
        rows = Card.objects.filter(library=library, number__in=every[start : start + _AT_ONCE], to_at=None)
        rows = rows.filter(patron__left_on=None, patron__deleted_at=None)
        cards |= dict(rows.values_list("number", "patron_id"))
    found = {code: next((cards[way] for way in ways[code] if way in cards), None) for code in wanted}
    keys = dict.fromkeys(key for key in found.values() if key is not None)
    return list(keys), [code for code in wanted if found[code] is None]
