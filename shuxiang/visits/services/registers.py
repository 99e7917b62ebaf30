"""The teachers' reading-room register and the visitors' book: a line entered, a line taken out."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, Room
from shuxiang.patrons.models import Patron
from shuxiang.visits.models import TeacherReading, Visit, VisitorGroup
from shuxiang.visits.refusals import refuse
from shuxiang.visits.services.entries import enter, none_below, own_room, past_day, some


def enter_reading(
    *,
    library: Library,
    room: Room,
    name: str,
    on: date,
    starts: time,
    by: Actor,
    at: datetime,
    what: str = "",
    patron: Patron | None = None,
    operation_id: UUID | None = None,
) -> TeacherReading:
    """A teacher read in a room: a line of the register, and one visit."""
    own_room(library, room)
    past_day(on, at)
    shown = (patron.name if patron else name).strip()[:40]
    if not shown or (patron is not None and patron.library_id != library.pk):
        raise refuse("name_needed")
    request = {"room": room.pk, "name": shown, "on": str(on), "starts": str(starts), "what": what}
    with transaction.atomic():
        begun = operations.begin(
            "visits.enter_reading",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return TeacherReading.objects.get(pk=begun.operation.result["reading"])
        made = TeacherReading.objects.create(
            library=library,
            room=room,
            patron=patron,
            name=shown,
            on=on,
            starts=starts,
            what=what.strip()[:120],
        )
        enter(library, room, Visit.Way.REGISTER, 1, at=at, by=by, on=on, hour=starts.hour, reading=made)
        operations.finish(
            begun.operation, subject=f"visits.teacher_reading:{made.pk}", result={"reading": made.pk}
        )
        return made


def remove_reading(*, reading: TeacherReading, by: Actor, at: datetime) -> None:
    """Take a line out of the register; its visit is weighed out."""
    with transaction.atomic():
        row = TeacherReading.objects.select_for_update().get(pk=reading.pk)
        if row.removed_at is not None:
            raise refuse("reading_removed")
        begun = operations.begin("visits.remove_reading", by=by, at=at, library_code=row.library.code)
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        for entry in list(row.visits.filter(corrects=None)):
            enter(
                row.library,
                row.room,
                Visit.Way.CORRECTION,
                -entry.count,
                at=at,
                by=by,
                on=entry.on,
                hour=entry.hour,
                reading=row,
                corrects=entry,
            )
        none_below(row.library, row.on, row.on)
        operations.finish(begun.operation, subject=f"visits.teacher_reading:{row.pk}")


def enter_visitors(
    *,
    library: Library,
    organisation: str,
    people: int,
    on: date,
    by: Actor,
    at: datetime,
    purpose: str = "",
    received_by: str = "",
    operation_id: UUID | None = None,
) -> VisitorGroup:
    """A line of the visitors' book."""
    past_day(on, at)
    some(people)
    if not organisation.strip():
        raise refuse("organisation_needed")
    request = {"organisation": organisation, "people": people, "on": str(on), "purpose": purpose}
    with transaction.atomic():
        begun = operations.begin(
            "visits.enter_visitors",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return VisitorGroup.objects.get(pk=begun.operation.result["group"])
        made = VisitorGroup.objects.create(
            library=library,
            on=on,
            organisation=organisation.strip()[:80],
            purpose=purpose.strip()[:120],
            people=people,
            received_by=received_by.strip()[:40],
        )
        operations.finish(
            begun.operation, subject=f"visits.visitor_group:{made.pk}", result={"group": made.pk}
        )
        return made


def remove_visitors(*, group: VisitorGroup, by: Actor, at: datetime) -> None:
    """Take a line out of the visitors' book; it stays in the trail."""
    with transaction.atomic():
        row = VisitorGroup.objects.select_for_update().get(pk=group.pk)
        if row.removed_at is not None:
            raise refuse("reading_removed")
        begun = operations.begin("visits.remove_visitors", by=by, at=at, library_code=row.library.code)
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        operations.finish(begun.operation, subject=f"visits.visitor_group:{row.pk}")
