"""Strike items from the books, a chunk a transaction, with the withdrawal's totals always true."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from shuxiang.audit.models import Operation
from shuxiang.holdings.models import (
    Item,
    ItemAccount,
    ItemIdentifier,
    PropertyLine,
    Withdrawal,
    WithdrawalLine,
)
from shuxiang.holdings.services.closed import hold_books, refuse_closed
from shuxiang.holdings.services.move import move_ids
from shuxiang.holdings.services.numbering import WITHDRAWALS
from shuxiang.holdings.services.totals import totals_of

CHUNK = 400


def strike(
    items: Sequence[Item], withdrawal: Withdrawal, *, cause: str, at: datetime, operation: Operation
) -> None:
    """Move items to `withdrawn`, strike their property lines, close their barcodes; the caller holds the transaction.

    Refuses a withdrawal dated in a closed year.
    """
    on: date = withdrawal.withdrawn_on
    hold_books(withdrawal.library_id, WITHDRAWALS)
    refuse_closed(withdrawal.library_id, on)
    for account in sorted({item.account for item in items}):
        group = [item.pk for item in items if item.account == account]
        move_ids(group, account, ItemAccount.WITHDRAWN, cause=cause, at=at, on=on, operation=operation)
    keys = [item.pk for item in items]
    lines = PropertyLine.objects.filter(item_id__in=keys).order_by("pk").values_list("pk", flat=True)
    WithdrawalLine.objects.bulk_create(
        [
            WithdrawalLine(
                library_id=withdrawal.library_id, withdrawal=withdrawal, line_id=line, withdrawn_on=on
            )
            for line in lines
        ],
        batch_size=CHUNK,
    )
    ItemIdentifier.objects.filter(item_id__in=keys, to_at__isnull=True).update(to_at=at)
    totals = totals_of(PropertyLine.objects.filter(withdrawal_line__withdrawal=withdrawal))
    Withdrawal.objects.filter(pk=withdrawal.pk).update(**asdict(totals))
