"""Cards at the door, head-counts, the counter key, corrections."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.libraries.models import Library, Room, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron, PatronCategory
from shuxiang.visits.models import CountingRule, Visit
from shuxiang.visits.refusals import refuse
from shuxiang.visits.rules import LONGEST_PAUSE, MOST_AT_ONCE, is_same_visit
from shuxiang.visits.services.entries import enter, own_class, own_room, past_day, some

DEFAULT_PAUSE = 30


@dataclass(frozen=True)
class Shown:
    """What the door says of a card: only the class, and whether it was counted now or just before."""

    class_label: str
    counted: bool


def show_card(
    *, library: Library, room: Room, code: str, at: datetime, by: Actor, operation_id: UUID | None = None
) -> Shown:
    """A card held to the door's scanner; again within the library's pause it is the same visit. Raises Refused for a card
    that nobody has, or whose reader has left."""
    own_room(library, room)
    with transaction.atomic():
        begun = operations.begin(
            "visits.show_card",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"room": room.pk, "code": code},
        )
        if begun.repeated:
            return Shown(begun.operation.result["class"], begun.operation.result["counted"])
        card = patrons.find_card(library, code)
        if card is None or card.to_at is not None or card.patron.left_on is not None:
            raise refuse("card_unknown", code=code[:40])
        shown = _visit(library, room, card.patron, at, by)
        operations.finish(
            begun.operation,
            subject=f"libraries.room:{room.pk}",
            result={"class": shown.class_label, "counted": shown.counted},
        )
        return shown


def _visit(library: Library, room: Room, reader: Patron, at: datetime, by: Actor) -> Shown:
    Patron.objects.select_for_update().filter(pk=reader.pk).first()  # two doors, one card
    pause = pause_of(library)
    near = Visit.objects.filter(
        patron=reader,
        room=room,
        way=Visit.Way.CARD,
        at__gt=at - timedelta(minutes=pause),
        at__lt=at + timedelta(minutes=pause),
    )
    last = near.order_by("-at").values_list("at", flat=True).first()
    membership = patrons.membership_on(reader, local_date(at))
    label = patrons.class_label_on(reader, local_date(at))
    if is_same_visit(last, at, pause):
        return Shown(label, counted=False)
    # who was here on earlier days is nobody's business: the class is enough for every figure
    earlier = Visit.objects.filter(
        patron=reader, way=Visit.Way.CARD, on__lt=local_date(at) - timedelta(days=1)
    )
    earlier.update(patron=None)
    enter(
        library,
        room,
        Visit.Way.CARD,
        1,
        at=at,
        by=by,
        patron=reader,
        school_class=membership.school_class if membership else None,
        is_pupil=reader.category.kind == PatronCategory.Kind.PUPIL,
    )
    return Shown(label, counted=True)


def pause_of(library: Library) -> int:
    """Minutes in which the same card counts once."""
    row = CountingRule.objects.filter(library=library).first()
    return DEFAULT_PAUSE if row is None else row.pause_minutes


def set_pause(*, library: Library, minutes: int, by: Actor, at: datetime) -> None:
    """Set the minutes in which the same card is one visit; 0 counts every time."""
    if not 0 <= minutes <= LONGEST_PAUSE:
        raise refuse("pause_bad", most=LONGEST_PAUSE)
    with transaction.atomic():
        CountingRule.objects.update_or_create(library=library, defaults={"pause_minutes": minutes})
        begun = operations.begin("visits.set_pause", by=by, at=at, library_code=library.code)
        operations.finish(begun.operation, detail={"minutes": minutes})


def count_class(
    *,
    library: Library,
    room: Room,
    school_class: SchoolClass,
    count: int,
    on: date,
    hour: int,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> Visit:
    """A class came, so many heads, in an hour of a day that has been."""
    own_room(library, room)
    own_class(library, school_class)
    past_day(on, at)
    some(count)
    request = {"room": room.pk, "class": school_class.pk, "count": count, "on": str(on), "hour": hour}
    with transaction.atomic():
        begun = operations.begin(
            "visits.count_class",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return Visit.objects.get(pk=begun.operation.result["visit"])
        made = enter(
            library,
            room,
            Visit.Way.CLASS,
            count,
            at=at,
            by=by,
            on=on,
            hour=min(max(hour, 0), 23),
            school_class=school_class,
            is_pupil=True,
        )
        operations.finish(begun.operation, subject=f"visits.visit:{made.pk}", result={"visit": made.pk})
        return made


def press_key(
    *, library: Library, room: Room, at: datetime, by: Actor, operation_id: UUID | None = None
) -> int:
    """One more pupil came in; returns how many the key has counted in this room today."""
    own_room(library, room)
    with transaction.atomic():
        begun = operations.begin(
            "visits.press_key",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"room": room.pk},
        )
        if not begun.repeated:
            made = enter(library, room, Visit.Way.KEY, 1, at=at, by=by, is_pupil=True)
            operations.finish(begun.operation, subject=f"visits.visit:{made.pk}", result={"visit": made.pk})
        today = Visit.objects.filter(library=library, room=room, way=Visit.Way.KEY, on=local_date(at))
        return today.aggregate(n=Sum("count"))["n"] or 0


def correct(
    *,
    library: Library,
    room: Room,
    on: date,
    hour: int,
    difference: int,
    reason: str,
    by: Actor,
    at: datetime,
    school_class: SchoolClass | None = None,
    operation_id: UUID | None = None,
) -> Visit:
    """So many more or fewer in a room, hour and day, as an entry of its own with its reason. Raises Refused below zero."""
    own_room(library, room)
    own_class(library, school_class)
    past_day(on, at)
    some(abs(difference))
    if not reason.strip():
        raise refuse("reason_needed")
    request = {"room": room.pk, "on": str(on), "hour": hour, "difference": difference}
    with transaction.atomic():
        begun = operations.begin(
            "visits.correct",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return Visit.objects.get(pk=begun.operation.result["visit"])
        Room.objects.select_for_update().get(pk=room.pk)
        there = Visit.objects.filter(library=library, room=room, on=on, hour=hour)
        if school_class is not None:
            there = there.filter(school_class=school_class)
        counted = there.aggregate(n=Sum("count"))["n"] or 0
        if counted + difference < 0:
            raise refuse("below_zero", count=counted, on=on)
        made = enter(
            library,
            room,
            Visit.Way.CORRECTION,
            difference,
            at=at,
            by=by,
            on=on,
            hour=hour,
            school_class=school_class,
            is_pupil=True,
            reason=reason.strip()[:120],
        )
        operations.finish(begun.operation, subject=f"visits.visit:{made.pk}", result={"visit": made.pk})
        return made


__all__ = [
    "MOST_AT_ONCE",
    "Shown",
    "correct",
    "count_class",
    "pause_of",
    "press_key",
    "set_pause",
    "show_card",
]
