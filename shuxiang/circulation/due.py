"""When lent copies are due back, for those who would like to have them; never who has them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Min

from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import ItemAccount
from shuxiang.libraries.models import Library


def first_due(library: Library, record_ids: Sequence[int]) -> dict[int, date]:
    """The day on which the first of the lent copies of each title is due, in one question."""
    if not record_ids:
        return {}
    out = Loan.objects.filter(
        library=library,
        in_at__isnull=True,
        item__holding__record_id__in=record_ids,
        item__account=ItemAccount.LOAN,
    )
    return dict(out.order_by().values_list("item__holding__record_id").annotate(Min("due_on")))


def due_of(library: Library, item_ids: Sequence[int]) -> dict[int, date]:
    """The day on which each of these copies is due, of those that are lent."""
    if not item_ids:
        return {}
    out = Loan.objects.filter(library=library, in_at__isnull=True, item_id__in=item_ids)
    return {item: due for item, due in out.values_list("item_id", "due_on") if item is not None}
