"""Reading rooms, hours, holidays and terms for the page on which they are set."""

from dataclasses import dataclass
from datetime import date, time

from django.db.models import Q

from shuxiang.libraries.models import CalendarDay, Library, OpeningHours, Room
from shuxiang.libraries.rules.terms import TermFacts, code_of, index_of
from shuxiang.libraries.selectors import calendar_of


@dataclass(frozen=True)
class RoomHours:
    """A room with its hours of a day by weekday from 1, and from which day they hold; none: always open."""

    room: Room
    spans: dict[int, tuple[tuple[time, time], ...]]
    valid_from: date | None


def rooms_with_hours(library: Library, day: date) -> list[RoomHours]:
    """Every room with the hours that hold on a day."""
    hours = OpeningHours.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), room__library=library)
    rows = list(hours.filter(valid_from__lte=day).order_by("weekday", "opens"))
    said = []
    for room in Room.objects.filter(library=library).order_by("pk"):
        own = [row for row in rows if row.room_id == room.pk]
        spans = {
            weekday: tuple((row.opens, row.closes) for row in own if row.weekday == weekday)
            for weekday in range(1, 8)
        }
        said.append(RoomHours(room, spans, max((row.valid_from for row in own), default=None)))
    return said


def room_of(library: Library, pk: int) -> Room | None:
    return Room.objects.filter(library=library, pk=pk).first()


def special_days(library: Library, from_on: date) -> list[CalendarDay]:
    """Holidays and make-up days that are not over on a day."""
    return list(CalendarDay.objects.filter(library=library, to_on__gte=from_on).order_by("from_on", "pk"))


def special_day_of(library: Library, pk: int) -> CalendarDay | None:
    return CalendarDay.objects.filter(library=library, pk=pk).first()


def terms_around(library: Library, day: date, *, before: int = 1, after: int = 2) -> list[TermFacts]:
    """The term of a day with those next to it, set or default."""
    calendar = calendar_of(library)
    here = index_of(calendar.term_on(day).code)
    return [calendar.term(code_of(index)) for index in range(here - before, here + after + 1)]
