"""Editing the rotation table so that its history stays: cells end the day before others begin, and one act can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries import rotation
from shuxiang.libraries.models import Library, RotationSlot
from shuxiang.libraries.rules.rotation import judge_all
from shuxiang.libraries.rules.timetable import Slot
from shuxiang.libraries.selectors import slot_facts

ACTION = "libraries.rewrite_rotation"
_FIELDS = (
    "room_id",
    "weekday",
    "week",
    "starts",
    "ends",
    "activity",
    "class_id",
    "grade",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True)
class Rewritten:
    """What an act on the table did: cells made, ended or taken out, and its operation, by which it can be undone."""

    operation: Operation
    made: int
    ended: int
    notes: Decision


def rewrite(
    *,
    library: Library,
    adding: Sequence[Slot],
    from_on: date,
    by: Actor,
    at: datetime,
    ending: Collection[int] = (),
    confirmed: Collection[str] = frozenset(),
    operation_id: UUID | None = None,
) -> Rewritten:
    """End the cells of these keys on the day before `from_on` (those that would only begin then are taken out) and add
    others, all or nothing. Raises Refused with every reason that is not confirmed."""
    request = {
        "adding": [str(slot) for slot in adding],
        "ending": sorted(ending),
        "from": from_on.isoformat(),
    }
    with transaction.atomic():
        begun = operations.begin(
            ACTION, by=by, at=at, library_code=library.code, operation_id=operation_id, request=request
        )
        if begun.repeated:
            kept = begun.operation.result
            return Rewritten(
                begun.operation, len(kept["made"]), len(kept["ended"]) + len(kept["removed"]), Decision()
            )
        leaving = list(RotationSlot.objects.filter(library=library, pk__in=ending))
        notes = _judge(library, adding, leaving, from_on, confirmed)
        ended, removed = _end(leaving, from_on)
        made = RotationSlot.objects.bulk_create([_row(library, slot) for slot in adding])
        result = {"made": [row.pk for row in made], "ended": ended, "removed": removed}
        operations.finish(begun.operation, subject=f"libraries.library:{library.pk}", result=result)
        return Rewritten(begun.operation, len(made), len(ended) + len(removed), notes)


def _judge(
    library: Library,
    adding: Sequence[Slot],
    leaving: Sequence[RotationSlot],
    from_on: date,
    confirmed: Collection[str],
) -> Decision:
    around = rotation.around(library, from_on)
    foreign = any(
        slot.room_id not in around.rooms
        or (slot.class_id is not None and slot.class_id not in around.classes)
        for slot in adding
    )
    bad_week = any(not 1 <= slot.weekday <= 7 for slot in adding)
    both = any(slot.class_id is not None and slot.grade is not None for slot in adding)
    backwards = any(slot.valid_to is not None and slot.valid_to < slot.valid_from for slot in adding)
    Decision.of([
        Reason("slot_of_other_library", Weight.REFUSE) if foreign else None,
        Reason("slot_weekday", Weight.REFUSE, {"weekday": adding[0].weekday}) if bad_week else None,
        Reason("slot_class_or_grade", Weight.REFUSE) if both else None,
        Reason("slot_valid_order", Weight.REFUSE) if backwards else None,
    ]).enforce()  # fmt: skip
    others = rotation.standing(library, {row.pk for row in leaving}, from_on)
    decision = Decision.of(
        reason for _slot, judged in judge_all(adding, others, around) for reason in judged.reasons
    )
    decision.enforce(confirmed)
    return decision


def _row(library: Library, slot: Slot) -> RotationSlot:
    return RotationSlot(
        library=library,
        room_id=slot.room_id,
        weekday=slot.weekday,
        week=slot.week,
        starts=slot.starts,
        ends=slot.ends,
        activity=slot.activity,
        school_class_id=slot.class_id,
        grade=slot.grade,
        valid_from=slot.valid_from,
        valid_to=slot.valid_to,
    )


def _end(
    rows: Sequence[RotationSlot], from_on: date
) -> tuple[list[tuple[int, str | None]], list[dict[str, object]]]:
    """What was ended, with the last day it had before, and what was taken out whole, with all it said."""
    ended: list[tuple[int, str | None]] = []
    removed: list[dict[str, object]] = []
    last = from_on - timedelta(days=1)
    for row in rows:
        if row.valid_to is not None and row.valid_to <= last:
            continue
        if row.valid_from <= last:
            ended.append((row.pk, row.valid_to.isoformat() if row.valid_to else None))
            row.valid_to = last
            row.save(update_fields=["valid_to"])
        else:
            facts = slot_facts(row)
            kept = {name: getattr(facts, name) for name in _FIELDS}
            removed.append({
                name: value if isinstance(value, int) or value is None else str(value)
                for name, value in kept.items()
            })  # fmt: skip
            row.delete()
    return ended, removed


def undo_rewriting(*, library: Library, operation_id: UUID, by: Actor, at: datetime) -> None:
    """Put the table back as before an act. Raises Refused when that was done already or the cells have changed since."""
    with transaction.atomic():
        done = Operation.objects.filter(pk=operation_id, action=ACTION, library_code=library.code).first()
        if done is None:
            raise Refused(Decision((Reason("rotation_undo_unknown", Weight.REFUSE),)))
        begun = operations.begin("libraries.undo_rotation", by=by, at=at, library_code=library.code)
        kept = done.result
        undone = Operation.objects.filter(
            action="libraries.undo_rotation", library_code=library.code, subject=_undo_subject(done)
        )
        made = RotationSlot.objects.filter(library=library, pk__in=kept["made"])
        ended = RotationSlot.objects.filter(library=library, pk__in=[pk for pk, _last in kept["ended"]])
        if undone.exists() or made.count() != len(kept["made"]) or ended.count() != len(kept["ended"]):
            raise Refused(Decision((Reason("rotation_changed_since", Weight.REFUSE),)))
        made.delete()
        for pk, last in kept["ended"]:
            RotationSlot.objects.filter(pk=pk).update(valid_to=date.fromisoformat(last) if last else None)
        for fields in kept["removed"]:
            # the key is not kept: nothing below points at a cell
            RotationSlot.objects.create(
                library=library,
                school_class_id=fields["class_id"],
                **{k: v for k, v in fields.items() if k != "class_id"},
            )
        operations.finish(begun.operation, subject=_undo_subject(done))


def _undo_subject(done: Operation) -> str:
    return f"audit.operation:{done.pk}"
