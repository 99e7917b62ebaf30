"""The only writer of Item.account: an item passes from one account to another, and the movement is kept."""

from collections.abc import Iterable
from datetime import date, datetime

from shuxiang.audit.models import Operation
from shuxiang.holdings.models import Item, Movement


class AccountChanged(Exception):
    """The item is no longer in the account the act started from: somebody was faster."""

    def __init__(self, item_id: int, expected: str) -> None:
        super().__init__(f"item {item_id} is no longer in {expected}")
        self.item_id = item_id
        self.expected = expected


def move(item: Item, target: str, *, cause: str, at: datetime, on: date, operation: Operation) -> Movement:
    """Move one item; the caller holds the transaction. Raises AccountChanged when the item had moved meanwhile."""
    source = item.account
    changed = Item.objects.filter(pk=item.pk, account=source).update(account=target, modified_at=at)
    if changed != 1:
        raise AccountChanged(item.pk, source)
    item.account = target
    item.modified_at = at
    return Movement.objects.create(
        library_id=item.library_id,
        item=item,
        source=source,
        target=target,
        cause=cause,
        at=at,
        on=on,
        operation=operation,
    )


def move_many(
    items: Iterable[Item], target: str, *, cause: str, at: datetime, on: date, operation: Operation
) -> list[Movement]:
    """Move items that stand in one account together. Raises AccountChanged if any of them had moved meanwhile."""
    group = list(items)
    if not group:
        return []
    sources = {item.account for item in group}
    if len(sources) != 1:
        raise ValueError(f"items of one account expected, got {sorted(sources)}")
    source = sources.pop()
    keys = [item.pk for item in group]
    changed = Item.objects.filter(pk__in=keys, account=source).update(account=target, modified_at=at)
    if changed != len(keys):
        raise AccountChanged(keys[0], source)
    for item in group:
        item.account = target
        item.modified_at = at
    return Movement.objects.bulk_create(
        Movement(
            library_id=item.library_id,
            item=item,
            source=source,
            target=target,
            cause=cause,
            at=at,
            on=on,
            operation=operation,
        )
        for item in group
    )
