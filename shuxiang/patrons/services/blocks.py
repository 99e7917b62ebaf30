"""Borrowing stopped and allowed again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.patrons.models import Block, Patron

LONGEST_REASON = 120  # signs


@transaction.atomic
def block(
    *,
    patron: Patron,
    reason: str,
    by: Actor,
    at: datetime,
    until_on: date | None = None,
    operation_id: UUID | None = None,
) -> Block:
    """Stop a reader from borrowing, through `until_on` or until lifted; the same operation id stops once.

    Raises Refused without a reason, or with an end that is past already.
    """
    _judge(reason, until_on, local_date(at))
    begun = operations.begin(
        "patrons.block",
        by=by,
        at=at,
        library_code=patron.library.code,
        operation_id=operation_id,
        request={"patron": patron.pk, "reason": reason, "until": str(until_on)},
    )
    if begun.repeated:
        return Block.objects.get(pk=begun.operation.detail["block"])
    row = Block.objects.create(
        patron=patron, reason=reason.strip()[:LONGEST_REASON], from_at=at, until_on=until_on
    )
    operations.finish(begun.operation, subject=f"patrons.patron:{patron.pk}", detail={"block": row.pk})
    return row


def _judge(reason: str, until_on: date | None, today: date) -> None:
    Decision.of(
        [
            Reason("block_needs_reason", Weight.REFUSE) if not reason.strip() else None,
            Reason("block_end_is_past", Weight.REFUSE, {"on": until_on})
            if until_on is not None and until_on < today
            else None,
        ]
    ).enforce()


@transaction.atomic
def lift_block(*, block: Block, by: Actor, at: datetime, operation_id: UUID | None = None) -> Block:
    """Let a reader borrow again; a block lifted before stays as it was."""
    if Block.objects.filter(pk=block.pk, lifted_at=None).update(lifted_at=at):
        begun = operations.begin(
            "patrons.lift_block",
            by=by,
            at=at,
            library_code=block.patron.library.code,
            operation_id=operation_id,
            request={"block": block.pk},
        )
        operations.finish(
            begun.operation, subject=f"patrons.patron:{block.patron_id}", detail={"block": block.pk}
        )
    block.refresh_from_db()
    return block


def lift_blocks(keys: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Lift blocks that another act had made, when that act is undone."""
    for row in Block.objects.filter(pk__in=keys, lifted_at=None).select_related("patron__library"):
        lift_block(block=row, by=by, at=at)
