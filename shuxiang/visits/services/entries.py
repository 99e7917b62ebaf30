"""What all ways of counting share: who may be named, which days, one entry."""

from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date, to_local
from shuxiang.libraries.models import Library, Room, SchoolClass
from shuxiang.visits.models import Visit
from shuxiang.visits.refusals import refuse
from shuxiang.visits.rules import MOST_AT_ONCE

OLDEST_YEAR = 1950


def own_room(library: Library, room: Room) -> None:
    if room.library_id != library.pk:
        raise refuse("room_elsewhere")


def own_class(library: Library, school_class: SchoolClass | None) -> None:
    if school_class is not None and school_class.library_id != library.pk:
        raise refuse("class_elsewhere")


def past_day(on: date, at: datetime) -> None:
    """Only what has been, and no slip of the pen in the year."""
    if on > local_date(at):
        raise refuse("day_to_come", on=on)
    if on.year < OLDEST_YEAR:
        raise refuse("day_before_library", on=on)


def some(count: int) -> None:
    if not 1 <= count <= MOST_AT_ONCE:
        raise refuse("count_bad", count=count, most=MOST_AT_ONCE)


def none_below(library: Library, first: date, last: date) -> None:
    """Raises Refused when entries have brought a room on one of these days below nobody; the act is then not done."""
    rows = Visit.objects.filter(library=library, on__range=(first, last)).values_list("room_id", "on")
    below = rows.annotate(n=Sum("count")).filter(n__lt=0).order_by("on").values_list("on", flat=True).first()
    if below is not None:
        raise refuse("corrected_below", on=below)


def enter(
    library: Library, room: Room, way: str, count: int, *, at: datetime, by: Actor, **more: Any
) -> Visit:
    """Write one entry for the hour of `at`, or for `on` and `hour` where they are given."""
    local = to_local(at)
    fields = {"on": local.date(), "hour": local.hour, "is_pupil": False} | more
    return Visit.objects.create(
        library=library, room=room, way=way, count=count, at=at, by=by.name[:80], **fields
    )
