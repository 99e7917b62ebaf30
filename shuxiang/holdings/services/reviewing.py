"""Titles under review (审查): set aside, out of lending and of every search, until somebody has decided."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Holding, Item, ItemAccount
from shuxiang.holdings.rules import ON_SHELF
from shuxiang.holdings.services.counts import recount
from shuxiang.holdings.services.move import MOST_KEYS, move_ids
from shuxiang.holdings.services.placing import shelf_account
from shuxiang.libraries.models import Library

MOST_TITLES = 200  # in one act


def set_aside(
    holding_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    operation_id: UUID | None = None,
) -> int:
    """Take titles out of lending and search, and their volumes off the shelves; gives how many volumes were there.

    Volumes that are lent, mended or missing keep their accounts and join the others when they come back. Titles set
    aside already are left as they are.
    """
    request = {"holdings": sorted(holding_ids), "on": on}
    with transaction.atomic():
        begun = operations.begin(
            "holdings.set_aside",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return int(begun.operation.result["volumes"])
        wanted = Holding.objects.filter(library=library, pk__in=holding_ids)
        holdings = list(wanted.exclude(review=Holding.Review.HELD).order_by("pk"))
        keys = [holding.pk for holding in holdings]
        Holding.objects.filter(pk__in=keys).update(review=Holding.Review.HELD, modified_at=at)
        items = Item.objects.filter(holding__in=keys, account__in=ON_SHELF)
        ways = defaultdict(list)
        for pk, account in items.order_by("pk").values_list("pk", "account"):
            ways[account, str(ItemAccount.REVIEW)].append(pk)
        volumes = _move(ways, "set_aside", on, begun.operation)
        recount(keys)
        _finish(begun.operation, keys, volumes)
    return volumes


def release(
    holding_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    passed: bool = True,
    operation_id: UUID | None = None,
) -> int:
    """Give titles back to lending and search, their volumes to their places; gives how many volumes were set aside.

    `passed`: somebody looked at them and they stay; otherwise setting them aside was a mistake and is undone.
    """
    request = {"holdings": sorted(holding_ids), "on": on}
    with transaction.atomic():
        begun = operations.begin(
            "holdings.release",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return int(begun.operation.result["volumes"])
        held = Holding.objects.filter(library=library, pk__in=holding_ids, review=Holding.Review.HELD)
        keys = sorted(held.values_list("pk", flat=True))
        review = Holding.Review.PASSED if passed else Holding.Review.NONE
        Holding.objects.filter(pk__in=keys).update(review=review, modified_at=at)
        items = Item.objects.filter(holding__in=keys, account=ItemAccount.REVIEW)
        ways = defaultdict(list)
        for item in items.select_related("home", "current").order_by("pk"):
            ways[str(ItemAccount.REVIEW), shelf_account(item.current or item.home)].append(item.pk)
        volumes = _move(ways, "released", on, begun.operation)
        recount(keys)
        _finish(begun.operation, keys, volumes)
    return volumes


def _move(ways: dict[tuple[str, str], list[int]], cause: str, on: date, operation: Operation) -> int:
    for (source, target), keys in sorted(ways.items()):
        for some in (keys[i : i + MOST_KEYS] for i in range(0, len(keys), MOST_KEYS)):
            move_ids(some, source, target, cause=cause, at=operation.at, on=on, operation=operation)
    return sum(map(len, ways.values()))


def _finish(operation: Operation, keys: Sequence[int], volumes: int) -> None:
    result = {"holdings": list(keys), "volumes": volumes}
    operations.finish(operation, subject=f"holdings.holding:{keys[0] if keys else ''}", result=result)
