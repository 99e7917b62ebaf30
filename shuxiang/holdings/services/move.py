"""The only writer of Item.account: an item passes from one account to another, the movement is kept, the copies counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from shuxiang.audit import bulk
from shuxiang.audit.models import Operation
from shuxiang.audit.prepared import Change, Entry
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.services.counts import moved

_HELD_BY = "SELECT id, holding_id FROM holdings_item WHERE id IN ({keys})"
MOST_KEYS = 500  # in one statement


class AccountChanged(Exception):
    """The item is no longer in the account the act started from: somebody was faster."""

    def __init__(self, item_id: int, expected: str) -> None:
        super().__init__(f"item {item_id} is no longer in {expected}")
        self.item_id = item_id
        self.expected = expected


def move(item: Item, target: str, *, cause: str, at: datetime, on: date, operation: Operation) -> Movement:
    """Move one item; the caller holds the transaction. Raises AccountChanged when the item had moved meanwhile."""
    source = item.account
    if _ACCOUNT.make(pk=item.pk, source=source, target=str(target), at=at) != 1:
        raise AccountChanged(item.pk, source)
    item.account = target
    item.modified_at = at
    moved({item.holding_id: 1}, source, target)
    movement = Movement(
        library_id=item.library_id,
        item=item,
        source=source,
        target=target,
        cause=cause,
        at=at,
        on=on,
        operation=operation,
    )
    _MOVEMENT.make(movement)
    return movement


_ACCOUNT = Change(
    lambda pk, source, target, at: (
        Item.objects.filter(pk=pk, account=source),
        {"account": target, "modified_at": at},
    )
)
_MOVEMENT = Entry(Movement)


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
    moved(Counter(item.holding_id for item in group), source, target)
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


@dataclass(frozen=True, slots=True)
class Step:
    """One move to be made, at its own instant: logs of the past hold many."""

    item: Item
    target: str
    cause: str
    at: datetime
    on: date


def move_in_order(steps: Sequence[Step], *, operation: Operation) -> list[Movement]:
    """Make many moves in the order given, an item perhaps more than once; gives the movements in that order.

    A few statements for all. Raises AccountChanged if any item had moved meanwhile.
    """
    began: dict[int, str] = {}
    movements = []
    for step in steps:
        item = step.item
        began.setdefault(item.pk, item.account)
        movements.append(
            Movement(
                library_id=item.library_id,
                item=item,
                source=item.account,
                target=step.target,
                cause=step.cause,
                at=step.at,
                on=step.on,
                operation=operation,
            )
        )
        item.account, item.modified_at = step.target, step.at
    ways = defaultdict(list)
    for item in {step.item.pk: step.item for step in steps}.values():
        ways[began[item.pk], item.account].append(item)
    for (source, target), items in ways.items():
        keys, last = [item.pk for item in items], max(item.modified_at for item in items)
        for some in (keys[i : i + MOST_KEYS] for i in range(0, len(keys), MOST_KEYS)):
            changed = Item.objects.filter(pk__in=some, account=source).update(
                account=target, modified_at=last
            )
            if changed != len(some):
                raise AccountChanged(some[0], source)
        moved(Counter(item.holding_id for item in items), source, target)
    return Movement.objects.bulk_create(movements)


def move_ids(
    item_ids: Sequence[int],
    source: str,
    target: str,
    *,
    cause: str,
    at: datetime,
    on: date,
    operation: Operation,
) -> None:
    """Move items of one account by their keys (at most some thousands): a few statements, for bulk acts.

    Raises AccountChanged if any of them had moved meanwhile.
    """
    if not item_ids:
        return
    stored_at = connection.ops.adapt_datetimefield_value(at)
    stored = [
        stored_at,
        connection.ops.adapt_datefield_value(on),
        Operation._meta.pk.get_db_prep_value(operation.pk, connection),
    ]
    columns = 'library_id, item_id, source, target, cause, at, "on", operation_id'
    marks = ", ".join(["%s"] * len(item_ids))
    change = f"UPDATE holdings_item SET account = %s, modified_at = %s WHERE account = %s AND id IN ({marks})"  # noqa: S608
    statement = (
        f"INSERT INTO holdings_movement ({columns})"  # noqa: S608  no value is written in
        f" SELECT library_id, id, %s, %s, %s, %s, %s, %s FROM holdings_item WHERE id IN ({marks}) ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(change, [target, stored_at, source, *item_ids])
        if cursor.rowcount != len(item_ids):
            raise AccountChanged(item_ids[0], source)
        moved(Counter(key for _item, key in bulk.rows_in(_HELD_BY, item_ids)), source, target)
        cursor.execute(statement, [source, target, cause, *stored, *item_ids])
