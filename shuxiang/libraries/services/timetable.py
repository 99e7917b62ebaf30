"""The rotation table: which class uses which room when."""

from datetime import date, datetime, time

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries import selectors
from shuxiang.libraries.models import Library, Room, RotationSlot, SchoolClass
from shuxiang.libraries.rules.timetable import judge_slot


@transaction.atomic
def set_slot(
    *,
    library: Library,
    room: Room,
    weekday: int,
    starts: time,
    ends: time,
    valid_from: date,
    by: Actor,
    at: datetime,
    week: str = "every",
    activity: str = "lend",
    school_class: SchoolClass | None = None,
    grade: int | None = None,
    valid_to: date | None = None,
) -> tuple[RotationSlot, Decision]:
    """Write one cell of the rotation table, for a class, a grade or (neither) everybody. Returns it with what is to be
    noted (a room shared). Raises Refused for a class in two rooms at once or a room both closed and in use."""
    slot = RotationSlot(
        library=library,
        room=room,
        weekday=weekday,
        week=week,
        starts=starts,
        ends=ends,
        activity=activity,
        school_class=school_class,
        grade=grade,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    foreign = room.library_id != library.pk or (school_class and school_class.library_id != library.pk)
    others = [selectors.slot_facts(row) for row in RotationSlot.objects.filter(library=library)]
    judged = judge_slot(selectors.slot_facts(slot), others)
    decision = Decision.of([
        Reason("slot_of_other_library", Weight.REFUSE) if foreign else None,
        Reason("slot_class_or_grade", Weight.REFUSE) if school_class and grade else None,
        None if 1 <= weekday <= 7 else Reason("slot_weekday", Weight.REFUSE, {"weekday": weekday}),
        *judged.reasons,
    ])  # fmt: skip
    decision.enforce()
    slot.save()
    begun = operations.begin("libraries.set_slot", by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=f"libraries.rotation_slot:{slot.pk}")
    return slot, decision


@transaction.atomic
def clear_slot(*, slot: RotationSlot, by: Actor, at: datetime) -> None:
    """Take a cell out of the rotation table."""
    begun = operations.begin("libraries.clear_slot", by=by, at=at, library_code=slot.library.code)
    detail = {
        "weekday": slot.weekday,
        "starts": str(slot.starts),
        "class": slot.school_class_id,
        "grade": slot.grade,
    }
    operations.finish(begun.operation, subject=f"libraries.rotation_slot:{slot.pk}", detail=detail)
    slot.delete()
