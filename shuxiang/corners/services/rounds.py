"""Delivery rounds (送书上门): a day, its stops, what goes to each, what was handed over and fetched."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.corners.models import Box, DeliveryRound
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services.boxes import plan_box
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron


def plan_round(
    *, library: Library, name: str, on: date, by: Actor, at: datetime, operation_id: UUID | None = None
) -> DeliveryRound:
    """A round on a day, to come or past. Refuses one without a name."""
    if not name.strip():
        raise refuse("no_name")
    with transaction.atomic():
        begun = operations.begin(
            "corners.plan_round",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"name": name, "on": on},
        )
        if begun.repeated:
            return DeliveryRound.objects.get(pk=begun.operation.result["round"])
        made = DeliveryRound.objects.create(
            library=library, name=name.strip()[:80], on=on, created_at=at, created_by=by.name[:80]
        )
        operations.finish(begun.operation, subject=f"corners.round:{made.pk}", result={"round": made.pk})
        return made


def add_stop(
    round_: DeliveryRound, patron: Patron, *, by: Actor, at: datetime, operation_id: UUID | None = None
) -> Box:
    """A class or group to call at: an empty box for it. Refuses one that the round calls at already."""
    here = round_.boxes.filter(patron=patron).exclude(state=Box.State.CANCELLED)
    if operation_id is None and here.exists():
        raise refuse("stop_twice", label=patron.name)
    return plan_box(
        library=round_.library, patron=patron, in_round=round_, by=by, at=at, operation_id=operation_id
    )


def tick(box: Box, *, is_delivered: bool, is_collected: bool) -> Box:
    """What was handed over and what was fetched, as ticked on the round. Refuses ticks on a box that is not lent."""
    if (is_delivered or is_collected) and box.state != Box.State.OUT:
        raise refuse("box_not_out", number=box.number)
    Box.objects.filter(pk=box.pk).update(is_delivered=is_delivered, is_collected=is_collected)
    box.refresh_from_db()
    return box


def remove_round(round_: DeliveryRound) -> None:
    """Forget a round without stops."""
    if round_.boxes.exists():
        raise refuse("round_has_stops")
    round_.delete()
