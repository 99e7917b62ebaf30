"""Items on the books change their place or their account: missing, found, mended, carried elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import Holding, Item, ItemAccount, ShelvingLocation
from shuxiang.holdings.refusals import refuse, refuse_all
from shuxiang.holdings.rules import may
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.holdings.services.counts import recount
from shuxiang.holdings.services.move import move

ASIDE = frozenset({ItemAccount.MENDING, ItemAccount.BINDING, ItemAccount.DISPLAY})


def shelf_account(location: ShelvingLocation) -> str:
    """The account of an item that stands in its place: a class corner is an account of its own."""
    return ItemAccount.SHELF if location.school_class_id is None else ItemAccount.CORNER


def account_in_place(item: Item) -> str:
    """The account of an item that comes to where it stands: set aside while its title is under review."""
    if item.holding.review == Holding.Review.HELD:
        return ItemAccount.REVIEW
    return shelf_account(item.current or item.home)


@contextmanager
def _act(
    name: str,
    items: Sequence[Item],
    *,
    by: Actor,
    at: datetime,
    operation_id: UUID | None,
    on: date,
    request: Mapping[str, object] | None = None,
) -> Iterator[Operation | None]:
    """One transaction with its operation, items read afresh and fit for the act; None when it had been done before."""
    with transaction.atomic():
        begun = operations.begin(
            f"holdings.{name}",
            by=by,
            at=at,
            library_code=items[0].library.code,
            operation_id=operation_id,
            request={"items": [item.pk for item in items], **(request or {}), "on": on},
        )
        for item in items:
            item.refresh_from_db()
        if begun.repeated:
            yield None
            return
        refuse_closed(items[0].library_id, on)
        refuse_all(
            Reason(f"cannot_{name}", Weight.REFUSE, {"item": item_label(item), "account": item.account})
            for item in items
            if not may(name, item.account)
        )
        yield begun.operation
        operations.finish(
            begun.operation,
            subject=f"holdings.item:{items[0].pk}",
            result={"items": [item.pk for item in items]},
        )


def mark_missing(
    item: Item, *, by: Actor, at: datetime, on: date, cause: str = "missing", operation_id: UUID | None = None
) -> Item:
    """An item is not where it should be. Refuses a lent one: circulation marks its loan as lost instead."""
    with _act("mark_missing", [item], by=by, at=at, operation_id=operation_id, on=on) as operation:
        if operation is not None:
            move(item, ItemAccount.MISSING, cause=cause, at=at, on=on, operation=operation)
    return item


def mark_found(item: Item, *, by: Actor, at: datetime, on: date, operation_id: UUID | None = None) -> Item:
    """A missing item has turned up and goes back to its home."""
    with _act("mark_found", [item], by=by, at=at, operation_id=operation_id, on=on) as operation:
        if operation is not None:
            Item.objects.filter(pk=item.pk).update(current=None)
            item.current = None
            move(item, account_in_place(item), cause="found", at=at, on=on, operation=operation)
    return item


def put_aside(
    item: Item, *, target: str, by: Actor, at: datetime, on: date, operation_id: UUID | None = None
) -> Item:
    """An item goes to mending, binding or on display."""
    if target not in ASIDE or target == item.account:
        raise refuse("cannot_put_aside", item=item_label(item), account=item.account)
    request = {"target": target}
    with _act(
        "put_aside", [item], by=by, at=at, operation_id=operation_id, on=on, request=request
    ) as operation:
        if operation is not None:
            move(item, target, cause="put_aside", at=at, on=on, operation=operation)
    return item


def put_back(item: Item, *, by: Actor, at: datetime, on: date, operation_id: UUID | None = None) -> Item:
    """An item comes back from mending, binding or display to the place where it stands."""
    with _act("put_back", [item], by=by, at=at, operation_id=operation_id, on=on) as operation:
        if operation is not None:
            move(item, account_in_place(item), cause="put_back", at=at, on=on, operation=operation)
    return item


def transfer(
    items: Sequence[Item],
    *,
    to: ShelvingLocation,
    by: Actor,
    at: datetime,
    on: date,
    is_home: bool = True,
    operation_id: UUID | None = None,
) -> list[Item]:
    """Carry items to another location: for good (`is_home`) or for now. All or none.

    A class corner is an account, so going there or coming back is a movement too. For good only within a shelving
    group, because the call number belongs to the group.
    """
    if not items:
        return []
    request = {"to": to.pk, "is_home": is_home}
    with _act(
        "transfer", items, by=by, at=at, operation_id=operation_id, on=on, request=request
    ) as operation:
        if operation is not None:
            _refuse_elsewhere(items, to, is_home)
            for item in items:
                _carry(item, to, is_home, on=on, operation=operation)
            recount({item.holding_id for item in items})
    return list(items)


def _refuse_elsewhere(items: Sequence[Item], to: ShelvingLocation, is_home: bool) -> None:
    refuse_all(
        Reason("other_library", Weight.REFUSE, {"item": item_label(item), "location": to.name})
        for item in items
        if item.library_id != to.library_id
    )
    refuse_all(
        Reason("other_shelving_group", Weight.REFUSE, {"item": item_label(item), "location": to.name})
        for item in items
        if is_home and item.holding.group_id != to.group_id
    )


def _carry(item: Item, to: ShelvingLocation, is_home: bool, *, on: date, operation: Operation) -> None:
    at = operation.at
    if is_home:
        item.home, item.current = to, None
    else:
        item.current = None if to.pk == item.home_id else to
    item.modified_at = at
    Item.objects.filter(pk=item.pk).update(home=item.home, current=item.current, modified_at=at)
    target = shelf_account(to)
    if item.account in {ItemAccount.SHELF, ItemAccount.CORNER} and item.account != target:
        move(item, target, cause="transfer", at=at, on=on, operation=operation)
