"""Borrowing stopped and allowed again."""

from datetime import date, datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.patrons.models import Block, Patron


@transaction.atomic
def block(*, patron: Patron, reason: str, by: Actor, at: datetime, until_on: date | None = None) -> Block:
    """Stop a reader from borrowing, through `until_on` or until lifted. Raises Refused without a reason."""
    if not reason.strip():
        Decision((Reason("block_needs_reason", Weight.REFUSE),)).enforce()
    row = Block.objects.create(patron=patron, reason=reason.strip()[:120], from_at=at, until_on=until_on)
    begun = operations.begin("patrons.block", by=by, at=at, library_code=patron.library.code)
    operations.finish(begun.operation, subject=f"patrons.patron:{patron.pk}", detail={"block": row.pk})
    return row


@transaction.atomic
def lift_block(*, block: Block, by: Actor, at: datetime) -> Block:
    """Let a reader borrow again; a block lifted before stays as it was."""
    if block.lifted_at is None:
        block.lifted_at = at
        block.save(update_fields=["lifted_at"])
        begun = operations.begin("patrons.lift_block", by=by, at=at, library_code=block.patron.library.code)
        operations.finish(begun.operation, subject=f"patrons.patron:{block.patron_id}")
    return block
