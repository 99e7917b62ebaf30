"""What helpers do: trainings, the roster, turns kept, awards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.helpers import rules
from shuxiang.helpers.models import Award, Duty, Helper, Served, Training
from shuxiang.helpers.refusals import refuse
from shuxiang.helpers.selectors import work_of
from shuxiang.libraries.models import Library, Room
from shuxiang.libraries.selectors import calendar_of

State = Helper.State


@transaction.atomic
def hold_training(
    *, library: Library, topic: str, on: date, present: Collection[int], by: Actor, at: datetime,
    trainer: str = "", note: str = "", operation_id: UUID | None = None,
) -> Training:  # fmt: skip
    """Enter a training or meeting with who was there (keys of helpers). Raises Refused for an unknown topic or nobody."""
    begun = operations.begin(
        "helpers.hold_training", by=by, at=at, library_code=library.code, operation_id=operation_id,
        request={"topic": topic, "on": on, "present": sorted(present)},
    )  # fmt: skip
    if begun.repeated:
        return Training.objects.get(pk=begun.operation.result["training"])
    if topic not in rules.TOPICS:
        raise refuse("topic_unknown")
    there = list(Helper.objects.filter(library=library, pk__in=present))
    if not there:
        raise refuse("nobody_present")
    training = Training.objects.create(
        library=library,
        topic=topic,
        on=on,
        trainer=trainer.strip()[:60],
        note=note.strip()[:200],
        created_at=at,
    )
    training.present.set(there)
    operations.finish(
        begun.operation, subject=f"helpers.training:{training.pk}", result={"training": training.pk}
    )
    return training


@transaction.atomic
def remove_training(training: Training, *, by: Actor, at: datetime) -> None:
    """It was entered by mistake."""
    begun = operations.begin("helpers.remove_training", by=by, at=at, library_code=training.library.code)
    detail = {"topic": training.topic, "on": training.on.isoformat()}
    operations.finish(begun.operation, subject=f"helpers.training:{training.pk}", detail=detail)
    training.delete()


@transaction.atomic
def put_on_roster(
    helper: Helper, *, room: Room, weekday: int, week: str, starts: time, ends: time, by: Actor, at: datetime
) -> Duty:
    """Give a helper a turn of the roster; the same once more changes nothing. Raises Refused."""
    now = Helper.objects.select_for_update(of=("self",)).select_related("library", "patron").get(pk=helper.pk)
    if now.state != State.APPOINTED:
        raise refuse("not_appointed", name=now.patron.name)
    if room.library_id != now.library_id or week not in ("every", "A", "B"):
        raise refuse("turn_bad")
    new = rules.Turn(weekday, week, starts, ends)
    same = now.duties.filter(room=room, weekday=weekday, week=week, starts=starts, ends=ends).first()
    if same is not None:
        return same
    others = [rules.Turn(d.weekday, d.week, d.starts, d.ends) for d in now.duties.all()]
    rules.judge_turn(new, others).enforce()
    duty = Duty.objects.create(helper=now, room=room, weekday=weekday, week=week, starts=starts, ends=ends)
    _note("helpers.put_on_roster", now, by, at)
    return duty


@transaction.atomic
def take_off_roster(duty: Duty, *, by: Actor, at: datetime) -> None:
    """The turn is nobody's, or another's."""
    helper = Helper.objects.select_related("library").get(pk=duty.helper_id)
    duty.delete()
    _note("helpers.take_off_roster", helper, by, at)


@transaction.atomic
def note_served(helper: Helper, *, on: date, starts: time, minutes: int, by: Actor, at: datetime) -> Served:
    """A turn was kept; a second time changes nothing. Raises Refused outside the appointment or for no sensible length."""
    now = Helper.objects.select_related("library", "patron").get(pk=helper.pk)
    if now.from_on is None or now.to_on is None or not now.from_on <= on <= now.to_on:
        raise refuse("not_appointed", name=now.patron.name)
    if not 1 <= minutes <= 600:
        raise refuse("minutes_bad")
    row, made = Served.objects.get_or_create(
        helper=now, on=on, starts=starts, defaults={"minutes": minutes, "noted_by": by.name[:80]}
    )
    if made:
        _note("helpers.note_served", now, by, at)
    return row


@transaction.atomic
def unnote_served(served: Served, *, by: Actor, at: datetime) -> None:
    """It was not kept after all."""
    helper = Helper.objects.select_related("library").get(pk=served.helper_id)
    served.delete()
    _note("helpers.unnote_served", helper, by, at)


@transaction.atomic
def award(helper: Helper, *, term: str, on: date, by: Actor, at: datetime) -> Award:
    """优秀小管理员 of a term, with what was done in it; twice is once. Raises BadPeriod."""
    now = Helper.objects.select_related("library").get(pk=helper.pk)
    span = calendar_of(now.library).period(term)
    (work,) = work_of(now.library, span.starts_on, span.ends_on, only=now.pk) or [rules.Work(now.pk, "", "")]
    row, made = Award.objects.get_or_create(
        helper=now, term=term, defaults={"on": on, "acts": work.acts, "minutes": work.minutes}
    )
    if made:
        _note("helpers.award", now, by, at)
    return row


@transaction.atomic
def unaward(row: Award, *, by: Actor, at: datetime) -> None:
    """It was given by mistake."""
    helper = Helper.objects.select_related("library").get(pk=row.helper_id)
    row.delete()
    _note("helpers.unaward", helper, by, at)


def _note(action: str, helper: Helper, by: Actor, at: datetime) -> None:
    begun = operations.begin(action, by=by, at=at, library_code=helper.library.code)
    operations.finish(begun.operation, subject=f"helpers.helper:{helper.pk}")
