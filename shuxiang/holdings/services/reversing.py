"""Reverse a posted batch (红冲): what nobody touched since is struck; the rest is skipped by name (decision 0008)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import AccessionBatch, Item, ItemIdentifier, Movement, PropertyLine, Withdrawal
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.rules import ON_SHELF
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.holdings.services.numbering import WITHDRAWALS, take_accession_numbers
from shuxiang.holdings.services.striking import CHUNK, strike

ACTION = "holdings.reverse_batch"


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """An item that another act has touched; `label` names it to a person, `account` says where it is now."""

    item_id: int
    label: str
    account: str


@dataclass(frozen=True, slots=True)
class ReversalResult:
    """`reversed` items were struck by this reversal; `withdrawal` is its entry, None when nothing could be reversed."""

    reversed: int
    skipped: tuple[SkippedItem, ...]
    withdrawal: Withdrawal | None
    operation_id: UUID


def reverse_batch(
    batch: AccessionBatch,
    *,
    by: Actor,
    at: datetime,
    on: date,
    run_id: UUID | None = None,
    operation_id: UUID | None = None,
) -> ReversalResult:
    """Strike every item of a posted batch that no act has touched since its posting, a chunk a transaction.

    The barcodes of reversed items become free: the entry was wrong, but the label still sticks on the volume, which
    will be entered anew. The same operation id goes on where an interrupted call stopped. Refuses a batch that is
    not posted.
    """
    operation = _begin(batch, by, at, on, operation_id)
    withdrawal = Withdrawal.objects.filter(pk=operation.detail.get("withdrawal")).first()
    skipped: list[SkippedItem] = []
    last = 0
    while items := _next_items(batch, last):
        last = items[-1].pk
        with transaction.atomic():
            free = _untouched(items)
            if free and withdrawal is None:
                withdrawal = _open(batch, operation, on, run_id)
            if free and withdrawal is not None:
                _strike_wrong_entries(free, withdrawal, operation)
        untouched = {item.pk for item in free}
        skipped += [SkippedItem(i.pk, item_label(i), i.account) for i in items if i.pk not in untouched]
    count = 0
    if withdrawal is not None:
        withdrawal.refresh_from_db()
        count = withdrawal.volumes
    result = {"batch": batch.pk, "reversed": count, "skipped": [one.item_id for one in skipped]}
    operations.finish(operation, subject=f"holdings.batch:{batch.pk}", result=result, detail=operation.detail)
    return ReversalResult(count, tuple(skipped), withdrawal, operation.pk)


@transaction.atomic
def _begin(batch: AccessionBatch, by: Actor, at: datetime, on: date, operation_id: UUID | None) -> Operation:
    batch.refresh_from_db()
    if batch.state != AccessionBatch.State.POSTED or batch.posted_on is None:
        raise refuse("batch_not_posted", batch=batch.pk)
    if on < batch.posted_on:
        raise refuse("reversed_before_posted", batch=batch.number, posted_on=batch.posted_on)
    refuse_closed(batch.library_id, on)
    code = batch.library.code
    request = {"batch": batch.pk, "on": on}
    begun = operations.begin(
        ACTION, by=by, at=at, library_code=code, operation_id=operation_id, request=request
    )
    return begun.operation


def _open(batch: AccessionBatch, operation: Operation, on: date, run_id: UUID | None) -> Withdrawal:
    withdrawal = Withdrawal.objects.create(
        library_id=batch.library_id,
        number=take_accession_numbers(batch.library_id, WITHDRAWALS),
        reason=Withdrawal.Reason.REVERSAL,
        withdrawn_on=on,
        reverses=batch,
        run_id=run_id,
        created_at=operation.at,
    )
    operations.finish(operation, subject=f"holdings.batch:{batch.pk}", detail={"withdrawal": withdrawal.pk})
    return withdrawal


def _next_items(batch: AccessionBatch, last: int) -> list[Item]:
    """The next items that are still on the books, or were struck by another act than a reversal of this batch."""
    lines = PropertyLine.objects.filter(batch=batch, item_id__gt=last)
    left = lines.exclude(withdrawal_line__withdrawal__reverses=batch).order_by("item_id")
    return [line.item for line in left.select_related("item", "item__property_line")[:CHUNK]]


def _untouched(items: Sequence[Item]) -> list[Item]:
    return list(untouched(Item.objects.filter(pk__in=[item.pk for item in items])).order_by("pk"))


def untouched(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items whose only act was their posting: one movement, and nothing changed since that instant."""
    moves = Movement.objects.filter(item=OuterRef("pk"))
    free = items.filter(account__in=ON_SHELF, current__isnull=True)
    others = moves.exclude(cause="accession")
    return free.filter(~Exists(others), Exists(moves.filter(at=OuterRef("modified_at"))))


def _strike_wrong_entries(items: Sequence[Item], withdrawal: Withdrawal, operation: Operation) -> None:
    strike(items, withdrawal, cause="reversal", at=operation.at, operation=operation)
    ItemIdentifier.objects.filter(item_id__in=[item.pk for item in items]).delete()
