"""The list of readers for pages: narrowed by class, category, or who left; and what one reader's page tells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Block, Card, ClassMembership, Patron
from shuxiang.patrons.selectors import labels_on, patrons_of


@dataclass(frozen=True, slots=True)
class Line:
    """A reader in a list."""

    patron: Patron
    label: str
    card: str


def readers(
    library: Library,
    day: date,
    *,
    class_id: int | None = None,
    category_id: int | None = None,
    left: bool = False,
    within: Collection[int] | None = None,
) -> QuerySet[Patron]:
    """Readers by pinyin; `within` the classes that somebody may see (None: everybody, also those without a class)."""
    found = patrons_of(library).filter(left_on__isnull=not left)
    if category_id is not None:
        found = found.filter(category=category_id)
    wanted = [class_id] if class_id is not None else within
    if wanted is not None and within is not None:
        wanted = [key for key in wanted if key in within]
    if wanted is not None:
        there = ClassMembership.objects.filter(school_class__in=wanted, school_class__library=library)
        if not left:
            there = there.filter(from_on__lte=day).filter(Q(to_on=None) | Q(to_on__gte=day))
        found = found.filter(pk__in=there.values("patron"))
    order = ("-left_on",) if left else ()
    return found.order_by(*order, "name_pinyin", "pk")


def lines(library: Library, patrons: Sequence[Patron], day: date) -> list[Line]:
    """These readers with their classes on a day (of who left, the last one) and their cards."""
    here = labels_on(library, list(patrons), day)
    gone = [one for one in patrons if one.pk not in here]
    last: dict[int, ClassMembership] = {}
    rows = ClassMembership.objects.filter(patron__in=gone).select_related("school_class__stage")
    for row in rows.order_by("from_on", "pk"):
        last[row.patron_id] = row
    labels = {
        key: ground.label_of(row.school_class, row.to_on or day)
        for key, row in last.items()
        if row.to_on is not None and row.to_on < day
    }
    cards: dict[int, str] = {}
    for patron, number in (
        Card.objects.filter(patron__in=patrons).order_by("from_at", "pk").values_list("patron_id", "number")
    ):
        cards[patron] = number
    for patron, number in (
        Card.objects.filter(patron__in=patrons, to_at=None)
        .order_by("from_at", "pk")
        .values_list("patron_id", "number")
    ):
        cards[patron] = number
    return [Line(one, here.get(one.pk) or labels.get(one.pk, ""), cards.get(one.pk, "")) for one in patrons]


@dataclass(frozen=True, slots=True)
class Belonged:
    """A stretch of days in a class, with its label of the first day."""

    row: ClassMembership
    label: str


def memberships(patron: Patron) -> list[Belonged]:
    """The classes of a reader over time, the latest first."""
    rows = ClassMembership.objects.filter(patron=patron).select_related(
        "school_class__stage", "school_class__library"
    )
    return [
        Belonged(row, ground.label_of(row.school_class, row.from_on))
        for row in rows.order_by("-from_on", "-pk")
    ]


def cards(patron: Patron) -> list[Card]:
    """Every card a reader had, the latest first."""
    return list(Card.objects.filter(patron=patron).order_by("-from_at", "-pk"))


def card_of(library: Library, pk: int) -> Card | None:
    return Card.objects.filter(library=library, pk=pk).select_related("patron").first()


def blocks(patron: Patron) -> list[Block]:
    """Every time that borrowing was stopped, the latest first."""
    return list(Block.objects.filter(patron=patron).order_by("-from_at", "-pk"))


def next_number(library: Library, day: date) -> str:
    """A card number that nobody ever had: two digits of the school year and the next running number."""
    prefix = f"{ground.calendar_of(library).school_year_on(day) % 100:02d}"
    taken = Card.objects.filter(library=library, number__startswith=prefix)
    numbers = [
        int(rest)
        for number in taken.values_list("number", flat=True)
        if (rest := number.removeprefix(prefix)).isdecimal() and rest.isascii() and len(rest) <= 6
    ]
    width = 4 if max(numbers, default=0) < 9999 else 5
    return f"{prefix}{max(numbers, default=0) + 1:0{width}d}"
