"""A volume left on the table of the reading room is counted as it is put back; who read it is nobody's business."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation.models import InRoomUse
from shuxiang.circulation.rules import may_count_use
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library


def count_use(
    *, library: Library, item: Item, at: datetime, by: Actor, operation_id: UUID | None = None
) -> InRoomUse:
    """Count that a volume was read here; it makes no loan and moves nothing. Refuses one that is lent or off the books."""
    if item.library_id != library.pk:
        raise Refused(Decision((Reason("item_of_other_library", Weight.REFUSE),)))
    with transaction.atomic():
        begun = operations.begin(
            "circulation.count_use",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"item": item.pk},
        )
        if begun.repeated:
            return InRoomUse.objects.get(pk=begun.operation.result["use"])
        may_count_use(Item.objects.values_list("account", flat=True).get(pk=item.pk)).enforce()
        use = InRoomUse.objects.create(
            library=library, item=item, at=at, on=local_date(at), operation=begun.operation
        )
        operations.finish(begun.operation, subject=f"holdings.item:{item.pk}", result={"use": use.pk})
        return use


def uncount_use(
    *, library: Library, use_id: int, at: datetime, by: Actor, operation_id: UUID | None = None
) -> None:
    """It was scanned by mistake: the count is taken back. Refuses what is not there any more."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.uncount_use",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"use": use_id},
        )
        if begun.repeated:
            return
        use = InRoomUse.objects.filter(library=library, pk=use_id).select_related("operation").first()
        if use is None:
            raise Refused(Decision((Reason("undone_already", Weight.REFUSE),)))
        counted, item = use.operation, use.item_id
        use.delete()
        counted.undone_by = begun.operation
        counted.save(update_fields=["undone_by"])
        operations.finish(begun.operation, subject=f"holdings.item:{item}")
