"""When lent copies are due back, for those who would like to have them; never who has them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Min

from shuxiang.audit.prepared import Question
from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.libraries.models import Library


def first_due(library: Library, record_ids: Sequence[int]) -> dict[int, date]:
    """The day on which the first of the lent copies of each title is due, in one question."""
    return dict(_FIRST.all(library=library.pk, records=tuple(record_ids))) if record_ids else {}


# The library is that of the holding only: told the library of a loan, SQLite reads all loans that it ever had.
_FIRST = Question(
    lambda library, records: (
        Item.objects.filter(
            holding__library=library,
            holding__record__id__in=records,
            account=ItemAccount.LOAN,
            loans__in_at__isnull=True,
            loans__due_on__isnull=False,
        )
        .order_by()
        .values_list("holding__record_id")
        .annotate(Min("loans__due_on"))
    )
)


def due_of(library: Library, item_ids: Sequence[int]) -> dict[int, date]:
    """The day on which each of these copies is due, of those that are lent."""
    if not item_ids:
        return {}
    out = Loan.objects.filter(item__library=library, in_at__isnull=True, item_id__in=item_ids)
    return {item: due for item, due in out.values_list("item_id", "due_on") if item is not None}
