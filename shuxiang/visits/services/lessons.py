"""Reading lessons: held with so many, or not held and why; what is written can be written again or taken out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, Room, RotationSlot, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.visits.models import Attendance, Lesson, Visit
from shuxiang.visits.refusals import refuse
from shuxiang.visits.services.entries import enter, none_below, own_class, own_room, past_day

MOST_HEADS = 200


@dataclass(frozen=True)
class When:
    """A lesson's place in time and house; `slot` where it is one of the rotation table."""

    school_class: SchoolClass
    room: Room
    on: date
    starts: time
    ends: time
    slot: RotationSlot | None = None


def hold_lesson(
    *,
    library: Library,
    when: When,
    by: Actor,
    at: datetime,
    head_count: int | None = None,
    present: Collection[int] | None = None,
    teacher: str = "",
    topic: str = "",
    books: str = "",
    operation_id: UUID | None = None,
) -> Lesson:
    """Write that a lesson was held: by a head-count, or by the pupils ticked as present (keys of readers of the class), who
    are then the count. Writing it again changes it, and the visits with it. Raises Refused."""
    _place(library, when, at)
    heads = len(set(present)) if present is not None else head_count
    if heads is None or not 0 <= heads <= MOST_HEADS:
        raise refuse("lesson_heads", count="" if heads is None else heads, most=MOST_HEADS)
    if present is not None:
        members = {row.patron_id for row in patrons.members_of(when.school_class, when.on)}
        if not set(present) <= members:
            raise refuse("lesson_pupil_elsewhere")
    said = {"teacher": teacher.strip()[:40], "topic": topic.strip()[:120], "books": books.strip()[:300]}
    with transaction.atomic():
        begun = operations.begin(
            "visits.hold_lesson",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=_request(when) | {"heads": heads, "present": sorted(present or ())} | said,
        )
        if begun.repeated:
            return Lesson.objects.get(pk=begun.operation.result["lesson"])
        lesson = _keep(library, when, by, at, state=Lesson.State.HELD, head_count=heads, reason="", **said)
        lesson.attendance.all().delete()
        Attendance.objects.bulk_create(
            [Attendance(lesson=lesson, patron_id=pk) for pk in sorted(set(present or ()))]
        )
        _count(lesson, heads, by, at)
        operations.finish(begun.operation, subject=f"visits.lesson:{lesson.pk}", result={"lesson": lesson.pk})
        return lesson


def drop_lesson(
    *, library: Library, when: When, reason: str, by: Actor, at: datetime, operation_id: UUID | None = None
) -> Lesson:
    """Write that a lesson was not held, and why."""
    _place(library, when, at)
    if not reason.strip():
        raise refuse("lesson_reason")
    with transaction.atomic():
        begun = operations.begin(
            "visits.drop_lesson",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=_request(when) | {"reason": reason},
        )
        if begun.repeated:
            return Lesson.objects.get(pk=begun.operation.result["lesson"])
        lesson = _keep(
            library, when, by, at, state=Lesson.State.DROPPED, head_count=None, reason=reason.strip()[:120]
        )
        lesson.attendance.all().delete()
        _count(lesson, 0, by, at)
        operations.finish(begun.operation, subject=f"visits.lesson:{lesson.pk}", result={"lesson": lesson.pk})
        return lesson


def forget_lesson(*, lesson: Lesson, by: Actor, at: datetime) -> None:
    """Take a lesson out of the register; what was counted for it is weighed out."""
    with transaction.atomic():
        begun = operations.begin("visits.forget_lesson", by=by, at=at, library_code=lesson.library.code)
        _count(lesson, 0, by, at)
        detail = {"class": lesson.school_class_id, "on": lesson.on.isoformat(), "heads": lesson.head_count}
        operations.finish(begun.operation, subject=f"visits.lesson:{lesson.pk}", detail=detail)
        lesson.delete()


def _place(library: Library, when: When, at: datetime) -> None:
    own_room(library, when.room)
    own_class(library, when.school_class)
    past_day(when.on, at)
    if when.ends <= when.starts:
        raise refuse("lesson_order", starts=f"{when.starts:%H:%M}", ends=f"{when.ends:%H:%M}")


def _request(when: When) -> dict[str, object]:
    return {
        "class": when.school_class.pk,
        "room": when.room.pk,
        "on": when.on.isoformat(),
        "starts": str(when.starts),
        "ends": str(when.ends),
    }


def _keep(library: Library, when: When, by: Actor, at: datetime, **said: object) -> Lesson:
    lesson, _made = Lesson.objects.update_or_create(
        school_class=when.school_class,
        on=when.on,
        starts=when.starts,
        defaults={
            "library": library,
            "room": when.room,
            "slot": when.slot,
            "ends": when.ends,
            "modified_at": at,
            "modified_by": by.name[:80],
            **said,
        },
    )
    return lesson


def _count(lesson: Lesson, heads: int, by: Actor, at: datetime) -> None:
    """Bring the visits counted for a lesson to its heads, by entries of their own."""
    sums = dict(lesson.visits.values_list("room_id").annotate(n=Sum("count")).order_by("room_id"))
    for room_id in {*sums, lesson.room_id}:
        wanted, counted = heads if room_id == lesson.room_id else 0, sums.get(room_id, 0)
        if wanted == counted:
            continue
        way = Visit.Way.CORRECTION if room_id in sums else Visit.Way.LESSON
        enter(
            lesson.library,
            Room.objects.get(pk=room_id),
            way,
            wanted - counted,
            at=at,
            by=by,
            on=lesson.on,
            hour=lesson.starts.hour,
            school_class=lesson.school_class,
            is_pupil=True,
            lesson=lesson,
        )
    none_below(lesson.library, lesson.on, lesson.on)
