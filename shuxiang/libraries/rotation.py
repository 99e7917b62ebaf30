"""Reading the rotation table for its editor: the cells of a time, what they are judged against, the grid on a page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from django.db.models import Q

from shuxiang.common.schoolyear import render_label
from shuxiang.libraries.ground import Ground
from shuxiang.libraries.models import Library, OpeningHours, Room, RotationSlot
from shuxiang.libraries.rules.rotation import Around, ClassHere
from shuxiang.libraries.rules.timetable import Hours, Slot
from shuxiang.libraries.selectors import classes_on, label_of, slot_facts

__all__ = ["Around", "Cell", "Grid", "around", "cells_on", "classes_here", "grid", "standing"]


def rooms_of(library: Library) -> list[Room]:
    return list(Room.objects.filter(library=library).order_by("pk"))


def classes_here(library: Library, day: date) -> list[ClassHere]:
    """The classes of a day with label, grade and the pupils counted for its term."""
    ground = Ground(library)
    present = classes_on(library, day, ground.calendar)
    labels = ground.labels(present, day)
    term = ground.calendar.term_on(day).period
    return [
        ClassHere(each.pk, labels[each.pk], ground.grade_of(each, day), ground.pupils_in(term, each) or None)
        for each in present
    ]


def around(library: Library, day: date) -> Around:
    """Rooms, seats, hours and classes as of a day."""
    rooms = rooms_of(library)
    hours: dict[int, list[Hours]] = {}
    for row in OpeningHours.objects.filter(room__library=library):
        facts = Hours(row.weekday, row.opens, row.closes, row.valid_from, row.valid_to)
        hours.setdefault(row.room_id, []).append(facts)
    return Around(
        rooms={room.pk: room.name for room in rooms},
        seats={room.pk: room.seats for room in rooms},
        hours=hours,
        classes={here.pk: here for here in classes_here(library, day)},
    )


def standing(library: Library, but: Collection[int], from_on: date) -> list[Slot]:
    """All cells that hold on a day or will, but those of some keys."""
    rows = RotationSlot.objects.filter(Q(valid_to=None) | Q(valid_to__gte=from_on), library=library)
    return [slot_facts(row) for row in rows if row.pk not in but]


def cells_on(library: Library, day: date, room: Room | None = None) -> list[RotationSlot]:
    """The cells in force on a day, whatever weekday they are for."""
    rows = RotationSlot.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), library=library, valid_from__lte=day
    ).select_related("room", "school_class__stage")
    if room is not None:
        rows = rows.filter(room=room)
    return list(rows.order_by("starts", "ends", "weekday", "week", "pk"))


def find_cell(library: Library, pk: int) -> RotationSlot | None:
    rows = RotationSlot.objects.select_related("room", "school_class__stage")
    return rows.filter(library=library, pk=pk).first()


def changes_after(library: Library, day: date) -> list[date]:
    """Days after a given one on which cells begin or have ended: the other tables one can look at."""
    rows = RotationSlot.objects.filter(library=library)
    starts = set(rows.filter(valid_from__gt=day).values_list("valid_from", flat=True))
    ends = {
        last + timedelta(days=1)
        for last in rows.filter(valid_to__gte=day).values_list("valid_to", flat=True)
        if last
    }
    return sorted(starts | ends)


@dataclass(frozen=True)
class Cell:
    """One cell in words; neither class nor grade: everybody."""

    pk: int
    week: str
    activity: str
    who: str
    starts: time
    ends: time
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Line:
    """The cells of one time, a list for every weekday shown."""

    starts: time
    ends: time
    days: tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Grid:
    """A room's table of a day: weekdays across, times down."""

    weekdays: tuple[int, ...]
    lines: tuple[Line, ...]
    cells: int


def grid(library: Library, room: Room, day: date, *, days: Sequence[int] = (1, 2, 3, 4, 5)) -> Grid:
    """The cells of a room on a day; Saturday and Sunday appear where something stands there."""
    rows = cells_on(library, day, room)
    weekdays = tuple(sorted({*days, *(row.weekday for row in rows)}))
    facts = Around(classes={here.pk: here for here in classes_here(library, day)})
    lines = []
    for starts, ends in sorted({(row.starts, row.ends) for row in rows}):
        at = [row for row in rows if (row.starts, row.ends) == (starts, ends)]
        lines.append(
            Line(
                starts,
                ends,
                tuple((n, tuple(_cell(row, facts) for row in at if row.weekday == n)) for n in weekdays),
            )
        )
    return Grid(weekdays, tuple(lines), len(rows))


def _cell(row: RotationSlot, facts: Around) -> Cell:
    who = facts.who(slot_facts(row))
    if row.school_class is not None and not who:
        who = label_of(row.school_class, row.valid_from)
    return Cell(row.pk, row.week, row.activity, who, row.starts, row.ends, row.valid_from, row.valid_to)


def cells_of_class(library: Library, here: ClassHere, day: date) -> list[tuple[str, int, Cell]]:
    """The times of a class, by name or by grade: room, weekday, cell, in the order of the week."""
    facts = Around(classes={here.pk: here})
    rows = [
        row
        for row in cells_on(library, day)
        if row.school_class_id == here.pk or (row.grade is not None and row.grade == here.grade)
    ]
    return [
        (row.room.name, row.weekday, _cell(row, facts))
        for row in sorted(rows, key=lambda r: (r.weekday, r.starts))
    ]


def grade_words(grade: int) -> str:
    """三年级."""
    return render_label("{grade}年级", grade)


def operation_key(text: str) -> UUID:
    """The key of an act as an address holds it; what is none is that of no act."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
