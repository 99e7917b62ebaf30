"""Take single volumes out of a draft again: they never counted, so what was written down of them is removed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import AccessionBatch, Item, ItemAccount, ItemIdentifier, PropertyLine
from shuxiang.holdings.refusals import refuse

State = AccessionBatch.State


@transaction.atomic
def erase_items(
    items: Sequence[int],
    *,
    batch: AccessionBatch,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> int:
    """Remove these volumes of a draft with their lines and barcodes; gives how many. Their holdings stay.

    Refuses a batch that is no draft; volumes of another batch are left alone.
    """
    begun = operations.begin(
        "holdings.erase_items",
        by=by,
        at=at,
        library_code=batch.library.code,
        operation_id=operation_id,
        request={"batch": batch.pk, "items": sorted(items)},
    )
    if begun.repeated:
        return int(begun.operation.result["erased"])
    # touching the row keeps posting out until we are done
    if not AccessionBatch.objects.filter(pk=batch.pk, state=State.DRAFT).update(state=State.DRAFT):
        raise refuse("batch_not_draft", batch=batch.pk)
    lines = PropertyLine.objects.filter(batch=batch, item_id__in=items, number__isnull=True)
    keys = list(lines.values_list("item_id", flat=True))
    PropertyLine.objects.filter(item_id__in=keys).delete()
    ItemIdentifier.objects.filter(item_id__in=keys).delete()
    Item.objects.filter(pk__in=keys, account=ItemAccount.DRAFT).delete()
    operations.finish(
        begun.operation, subject=f"holdings.batch:{batch.pk}", result={"erased": len(keys), "items": keys}
    )
    return len(keys)
