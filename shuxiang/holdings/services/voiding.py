"""Undo a draft: nothing in it ever counted, so what it wrote down is removed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import AccessionBatch, Item, ItemAccount, ItemIdentifier, PropertyLine
from shuxiang.holdings.refusals import refuse

CHUNK = 400
State = AccessionBatch.State


def void_batch(
    batch: AccessionBatch, *, by: Actor, at: datetime, operation_id: UUID | None = None
) -> AccessionBatch:
    """Void a draft and remove its items, lines and barcodes; its holdings stay. Refuses a batch that is no draft."""
    with transaction.atomic():
        begun = operations.begin(
            "holdings.void_batch",
            by=by,
            at=at,
            library_code=batch.library.code,
            operation_id=operation_id,
            request={"batch": batch.pk},
        )
        if not begun.repeated:
            if not AccessionBatch.objects.filter(pk=batch.pk, state=State.DRAFT).update(state=State.VOID):
                raise refuse("batch_not_draft", batch=batch.pk)
            operations.finish(
                begun.operation, subject=f"holdings.batch:{batch.pk}", result={"batch": batch.pk}
            )
    clear_voided(batch)
    batch.refresh_from_db()
    return batch


def clear_voided(batch: AccessionBatch) -> None:
    """Remove what a voided batch wrote down, a chunk a transaction; after a kill it goes on where it was."""
    while _clear_chunk(batch):
        pass


@transaction.atomic
def _clear_chunk(batch: AccessionBatch) -> bool:
    lines = PropertyLine.objects.filter(batch=batch, batch__state=State.VOID, number__isnull=True).order_by(
        "pk"
    )
    rows = list(lines.values_list("pk", "item_id")[:CHUNK])
    items = [item for _line, item in rows]
    PropertyLine.objects.filter(pk__in=[line for line, _item in rows]).delete()
    ItemIdentifier.objects.filter(item_id__in=items).delete()
    Item.objects.filter(pk__in=items, account=ItemAccount.DRAFT).delete()
    return bool(rows)
