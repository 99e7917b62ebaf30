"""The file of a gate counter: taken over once, and taken back by entries that weigh it out."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date, to_local
from shuxiang.libraries.models import Library, Room
from shuxiang.visits.models import GateFile, Visit
from shuxiang.visits.refusals import refuse
from shuxiang.visits.rules import GateRow
from shuxiang.visits.services.entries import OLDEST_YEAR, none_below, own_room


def digest_of(rows: Sequence[GateRow]) -> str:
    """What tells two files apart: the hours and counts they come to, not how they are written."""
    return sha256("\n".join(f"{row.on} {row.hour} {row.count}" for row in rows).encode()).hexdigest()


def take_gate_file(
    *,
    library: Library,
    room: Room,
    name: str,
    rows: Sequence[GateRow],
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> GateFile:
    """Enter every hour of a file. The same hours and counts a second time are refused, and so are days to come."""
    own_room(library, room)
    if not rows:
        raise refuse("gate_nothing")
    first, last = min(row.on for row in rows), max(row.on for row in rows)
    if last > local_date(at):
        raise refuse("day_to_come", on=last)
    if first.year < OLDEST_YEAR:
        raise refuse("day_before_library", on=first)
    digest = digest_of(rows)
    with transaction.atomic():
        begun = operations.begin(
            "visits.take_gate_file",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"room": room.pk, "digest": digest},
        )
        if begun.repeated:
            return GateFile.objects.get(pk=begun.operation.result["file"])
        Room.objects.select_for_update().get(pk=room.pk)
        again = GateFile.objects.filter(library=library, room=room, digest=digest, undone_at=None).first()
        if again is not None:
            raise refuse("gate_again", at=f"{to_local(again.at):%Y-%m-%d %H:%M}")
        made = GateFile.objects.create(
            library=library,
            room=room,
            name=name.strip()[:120],
            digest=digest,
            from_on=first,
            to_on=last,
            rows=len(rows),
            count=sum(row.count for row in rows),
            at=at,
            by=by.name[:80],
        )
        _enter_hours(made, rows)
        result = {"file": made.pk, "rows": made.rows, "count": made.count}
        operations.finish(begun.operation, subject=f"visits.gate_file:{made.pk}", result=result)
        return made


def _enter_hours(made: GateFile, rows: Sequence[GateRow]) -> None:
    Visit.objects.bulk_create(
        [
            Visit(
                library_id=made.library_id,
                room_id=made.room_id,
                way=Visit.Way.GATE,
                on=row.on,
                hour=row.hour,
                at=made.at,
                count=row.count,
                is_pupil=True,
                gate_file=made,
                by=made.by,
            )
            for row in rows
        ],
        batch_size=500,
    )


def undo_gate_file(*, gate_file: GateFile, by: Actor, at: datetime) -> int:
    """Weigh out every entry of a file; returns how many. Raises Refused when that was done already."""
    with transaction.atomic():
        row = GateFile.objects.select_for_update().get(pk=gate_file.pk)
        if row.undone_at is not None:
            raise refuse("gate_undone")
        begun = operations.begin("visits.undo_gate_file", by=by, at=at, library_code=row.library.code)
        entries = list(Visit.objects.filter(gate_file=row, corrects=None))
        Visit.objects.bulk_create(
            [
                Visit(
                    library_id=entry.library_id,
                    room_id=entry.room_id,
                    way=Visit.Way.CORRECTION,
                    on=entry.on,
                    hour=entry.hour,
                    at=at,
                    count=-entry.count,
                    is_pupil=entry.is_pupil,
                    gate_file=row,
                    corrects=entry,
                    reason=row.name,
                    by=by.name[:80],
                )
                for entry in entries
            ],
            batch_size=500,
        )
        none_below(row.library, row.from_on, row.to_on)
        row.undone_at = at
        row.save(update_fields=["undone_at"])
        operations.finish(
            begun.operation, subject=f"visits.gate_file:{row.pk}", detail={"entries": len(entries)}
        )
        return len(entries)
