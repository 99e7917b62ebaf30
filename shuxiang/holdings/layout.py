"""Which titles stand on which shelf: laying out a row of shelves, and what would have to be carried (倒架). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Title:
    """A title of a place in shelf order: its call number, its key in that order, its volumes there."""

    call_number: str
    sort: str
    volumes: int


@dataclass(frozen=True, slots=True)
class Row:
    """What stands on one shelf, numbered from 0; `first` and `last` are '' on an empty one."""

    shelf: int
    first: str
    last: str
    first_sort: str
    last_sort: str
    volumes: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A run of titles that goes from one shelf to another; `source` is None where they had no shelf yet."""

    first: str
    last: str
    titles: int
    volumes: int
    source: int | None
    target: int


def lay_out(titles: Sequence[Title], shelves: int, per_shelf: int) -> list[Row]:
    """Spread titles over all shelves as evenly as whole titles allow, so that each keeps the same room to grow.

    A title is never divided. When there is more than fits, the shelves are full and the last one holds the rest.
    """
    total = sum(title.volumes for title in titles)
    rows: list[list[Title]] = [[] for _shelf in range(shelves)]
    shelf = before = held = 0
    for title in titles:
        quota = min(per_shelf, -(-(total - before + held) // (shelves - shelf)))
        if held and held + title.volumes > quota and shelf + 1 < shelves:
            nearer_next = held + title.volumes - quota > quota - held or held + title.volumes > per_shelf
            if nearer_next or held >= quota:
                shelf, held = shelf + 1, 0
        rows[shelf].append(title)
        held += title.volumes
        before += title.volumes
    return [_row(number, some) for number, some in enumerate(rows)]


def _row(number: int, titles: Sequence[Title]) -> Row:
    if not titles:
        return Row(number, "", "", "", "", 0)
    first, last = titles[0], titles[-1]
    volumes = sum(title.volumes for title in titles)
    return Row(number, first.call_number, last.call_number, first.sort, last.sort, volumes)


def shifts(titles: Sequence[Title], before: Sequence[Row], after: Sequence[Row]) -> list[Shift]:
    """What is carried from the rows as they are to the rows as they will be, in shelf order; runs go together."""
    ways = [
        (title, source, target)
        for title, source, target in zip(titles, _places(titles, before), _places(titles, after), strict=True)
        if target is not None
    ]
    found = []
    for (source, target), some in groupby(ways, key=lambda way: (way[1], way[2])):
        run = [title for title, _source, _target in some]
        if source != target and target is not None:
            volumes = sum(title.volumes for title in run)
            found.append(Shift(run[0].call_number, run[-1].call_number, len(run), volumes, source, target))
    return found


def _places(titles: Sequence[Title], rows: Sequence[Row]) -> list[int | None]:
    """The shelf of each title: the last one that begins at or before it; what comes before all stands on the first."""
    filled = [row for row in rows if row.volumes]
    found: list[int | None] = []
    place = 0
    for title in titles:
        while place + 1 < len(filled) and filled[place + 1].first_sort <= title.sort:
            place += 1
        found.append(filled[place].shelf if filled else None)
    return found
