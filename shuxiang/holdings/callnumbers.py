"""The classes of a shelving group with their book numbers: what bears them, which are free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Max, Q, QuerySet

from shuxiang.catalogue.clc import name_of
from shuxiang.holdings.models import BookNumberSeries, Holding, ShelvingGroup
from shuxiang.holdings.rules import read_call_number, shown, sort_key
from shuxiang.holdings.services.numbering import free_book_numbers
from shuxiang.libraries.models import Library

_NUMBERED = Q(book_number__isnull=False)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class with titles: its caption, how many of its titles bear a number, how many none, and the last number."""

    clc: str
    name: str
    titles: int
    unnumbered: int
    last: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from `first` to `last` that nothing bears."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A book number with the titles that bear it (several only with auxiliary numbers), or a gap before the next."""

    number: int
    holdings: tuple[Holding, ...] = ()
    gap: Gap | None = None


def groups_of(library: Library) -> QuerySet[ShelvingGroup]:
    """The shelving groups of a library, by name."""
    return ShelvingGroup.objects.filter(library=library).order_by("name", "pk")


def classes_of(library: Library, group: ShelvingGroup, beginning: str = "") -> list[ClassLine]:
    """The classes of a group whose number begins so, in the order of the shelf."""
    rows = Holding.objects.filter(library=library, group=group).exclude(clc="")
    if beginning:
        rows = rows.filter(clc__startswith=beginning)
    counted = (
        rows.values("clc").annotate(titles=Count("pk"), numbered=Count("pk", filter=_NUMBERED)).order_by()
    )
    last = dict(BookNumberSeries.objects.filter(library=library, group=group).values_list("clc", "last"))
    found = [
        ClassLine(
            row["clc"],
            name_of(row["clc"]),
            row["titles"],
            row["titles"] - row["numbered"],
            last.get(row["clc"], 0),
        )
        for row in counted
    ]
    return sorted(found, key=lambda line: sort_key(line.clc))


def in_class(library: Library, group: ShelvingGroup, clc: str) -> QuerySet[Holding]:
    """The holdings of a class in shelf order."""
    rows = Holding.objects.filter(library=library, group=group, clc=clc)
    return rows.select_related("record").order_by("call_number_sort", "pk")


def numbers_of(holdings: Sequence[Holding], *, after: int = 0) -> list[NumberLine]:
    """Holdings of a class in the order of their numbers, with the gaps between them from the number `after` on."""
    lines: list[NumberLine] = []
    borne = sorted((one for one in holdings if one.book_number is not None), key=_place)
    for number, bearers in groupby(borne, key=lambda one: one.book_number or 0):
        if number > after + 1:
            lines.append(NumberLine(after + 1, gap=Gap(after + 1, number - 1)))
        lines.append(NumberLine(number, tuple(bearers)))
        after = number
    return lines


def number_before(holdings: QuerySet[Holding], place: int) -> int:
    """The highest book number among the first so many holdings; 0 when they bear none."""
    return holdings[:place].aggregate(last=Max("book_number"))["last"] or 0 if place > 0 else 0


def _place(holding: Holding) -> tuple[int, str]:
    return holding.book_number or 0, holding.call_number_sort


def next_call_number(library: Library, group: ShelvingGroup, clc: str) -> str:
    """What a title would be given that is catalogued in this class now; nothing is taken by asking. '' without a class."""
    number = read_call_number(clc, "").clc
    if not number:
        return ""
    free = next(free_book_numbers(library.pk, group.pk, number), None)
    if free is None:
        row = BookNumberSeries.objects.filter(library=library, group=group, clc=number).first()
        free = (row.last if row else 0) + 1
    return shown(number, free)


def bearers(
    library: Library, group: ShelvingGroup, call_number: str, *, but: Holding | None = None
) -> list[Holding]:
    """Other titles of the group with this very call number."""
    rows = Holding.objects.filter(library=library, group=group, call_number=call_number)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return list(rows.select_related("record").order_by("pk")[:5])


def holding_of(library: Library, pk: int) -> Holding | None:
    """A holding of the library, with its record and group."""
    if not 0 < pk < 2**63:
        return None
    return Holding.objects.select_related("record", "group").filter(library=library, pk=pk).first()
