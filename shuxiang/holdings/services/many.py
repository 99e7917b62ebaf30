"""Many items change their account or place by one act: what is fit is moved, the rest is left and named.

For stocktakes and mending. The caller hands over chunks; each is one transaction with one operation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item, ItemAccount, Movement
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.rules import may
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.holdings.services.move import Step, move_in_order
from shuxiang.holdings.services.placing import ASIDE, account_in_place, shelf_account
from shuxiang.libraries.models import Library

MOVED_ON = "moved_on"  # why an item was left: something happened to it meanwhile


@dataclass(frozen=True, slots=True)
class Settled:
    """Keys of the items that were moved; of those left, why: the account they are in, or MOVED_ON."""

    done: tuple[int, ...]
    kept: Mapping[int, str]
    operation_id: UUID


def mark_many_missing(
    item_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    untouched_since: datetime | None = None,
    operation_id: UUID | None = None,
) -> Settled:
    """Items are not where they should be; those that moved after `untouched_since` are left."""
    act = _Act("mark_missing", "missing", lambda _item: ItemAccount.MISSING)
    return _carry_out(
        act, item_ids, library=library, by=by, at=at, on=on, since=untouched_since, operation_id=operation_id
    )


def mark_many_found(
    item_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    untouched_since: datetime | None = None,
    operation_id: UUID | None = None,
) -> Settled:
    """Missing items have turned up and go back to their homes."""
    act = _Act("mark_found", "found", account_in_place, goes_home=True)
    return _carry_out(
        act, item_ids, library=library, by=by, at=at, on=on, since=untouched_since, operation_id=operation_id
    )


def put_many_aside(
    item_ids: Sequence[int],
    *,
    target: str,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    operation_id: UUID | None = None,
) -> Settled:
    """Items go to mending, binding or on display. ValueError for another target."""
    if target not in ASIDE:
        raise ValueError(target)
    act = _Act("put_aside", "put_aside", lambda _item: target)
    return _carry_out(act, item_ids, library=library, by=by, at=at, on=on, operation_id=operation_id)


def put_many_back(
    item_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    untouched_since: datetime | None = None,
    operation_id: UUID | None = None,
) -> Settled:
    """Items come back from mending, binding or display to the places where they stand."""
    act = _Act("put_back", "put_back", account_in_place)
    return _carry_out(
        act, item_ids, library=library, by=by, at=at, on=on, since=untouched_since, operation_id=operation_id
    )


def bring_many_home(
    item_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    untouched_since: datetime | None = None,
    operation_id: UUID | None = None,
) -> Settled:
    """Items that stand elsewhere for now are carried back to their homes; who is at home already stays as it is."""
    act = _Act("transfer", "transfer", lambda item: shelf_account(item.home), goes_home=True)
    return _carry_out(
        act, item_ids, library=library, by=by, at=at, on=on, since=untouched_since, operation_id=operation_id
    )


@dataclass(frozen=True, slots=True)
class _Act:
    name: str  # as rules.STARTS knows it
    cause: str
    target: Callable[[Item], str]
    goes_home: bool = False


def _carry_out(
    act: _Act,
    item_ids: Sequence[int],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    on: date,
    since: datetime | None = None,
    operation_id: UUID | None = None,
) -> Settled:
    keys = sorted(set(item_ids))
    with transaction.atomic():
        begun = operations.begin(
            f"holdings.{act.name}_many",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"items": keys, "on": on},
        )
        if begun.repeated:
            return _again(begun.operation)
        refuse_closed(library.pk, on)
        items, kept = _fit(act, keys, library, since)
        places = _send_home(items, at) if act.goes_home else {}
        ways = [(item, act.target(item)) for item in items]
        steps = [Step(item, to, act.cause, at, on) for item, to in ways if _moves(act, item, to)]
        move_in_order(steps, operation=begun.operation)
        done = [item.pk for item in items]
        operations.finish(
            begun.operation,
            subject=f"holdings.item:{done[0] if done else ''}",
            result={"done": done, "kept": {str(key): why for key, why in kept.items()}},
            detail={"places": places},
        )
        return Settled(tuple(done), kept, begun.operation.pk)


def _moves(act: _Act, item: Item, to: str) -> bool:
    """Carrying home changes the account only between shelf and corner; what is away for a while stays away."""
    if act.name == "transfer" and item.account not in (ItemAccount.SHELF, ItemAccount.CORNER):
        return False
    return item.account != to


def _again(operation: Operation) -> Settled:
    result = operation.result
    kept = {int(key): str(why) for key, why in result["kept"].items()}
    return Settled(tuple(result["done"]), kept, operation.pk)


def _fit(
    act: _Act, keys: Sequence[int], library: Library, since: datetime | None
) -> tuple[list[Item], dict[int, str]]:
    """The items fit for the act, locked; the others with why they are left."""
    rows = Item.objects.select_for_update(of=("self",)).filter(library=library, pk__in=keys)
    moved: set[int] = set()
    if since is not None:
        later = Movement.objects.filter(item=OuterRef("pk"), at__gt=since)
        moved = set(Item.objects.filter(Exists(later), pk__in=keys).values_list("pk", flat=True))
    fit, kept = [], {}
    for item in rows.select_related("holding", "home", "current").order_by("pk"):
        if item.pk in moved:
            kept[item.pk] = MOVED_ON
        elif not may(act.name, item.account) or (
            act.name == "put_aside" and item.account == act.target(item)
        ):
            kept[item.pk] = item.account
        else:
            fit.append(item)
    found = {item.pk for item in fit} | kept.keys()
    return fit, kept | {key: MOVED_ON for key in keys if key not in found}


def _send_home(items: Sequence[Item], at: datetime) -> dict[str, int]:
    """Nothing stands elsewhere any more; gives where each stood, for undo."""
    places = {str(item.pk): item.current_id for item in items if item.current_id is not None}
    Item.objects.filter(pk__in=[int(key) for key in places]).update(current=None, modified_at=at)
    for item in items:
        item.current = None
    return places


def undo_many(
    act: UUID, *, library: Library, by: Actor, at: datetime, on: date, operation_id: UUID | None = None
) -> Settled:
    """The opposite of an act of this module: each item to which nothing happened since goes back where it was.

    Refuses what was undone already, and an id that is no such act of the library.
    """
    with transaction.atomic():
        begun = operations.begin(
            "holdings.undo_many",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"act": str(act)},
        )
        if begun.repeated:
            return _again(begun.operation)
        refuse_closed(library.pk, on)
        acts = Operation.objects.select_for_update(of=("self",)).filter(pk=act, library_code=library.code)
        undone = acts.filter(action__in=_UNDOABLE).first()
        if undone is None or undone.undone_by_id is not None:
            raise refuse("nothing_to_undo" if undone is None else "undone_already")
        done, kept = _reverse(undone, begun.operation, at, on)
        undone.undone_by = begun.operation
        undone.save(update_fields=["undone_by"])
        result = {"done": done, "kept": {str(key): why for key, why in kept.items()}}
        operations.finish(begun.operation, subject=undone.subject, result=result)
        return Settled(tuple(done), kept, begun.operation.pk)


_UNDOABLE = tuple(
    f"holdings.{name}_many" for name in ("mark_missing", "mark_found", "put_aside", "put_back", "transfer")
)


def _reverse(
    undone: Operation, operation: Operation, at: datetime, on: date
) -> tuple[list[int], dict[int, str]]:
    keys = [int(key) for key in undone.result["done"]]
    places: Mapping[str, int] = undone.detail.get("places", {})
    ways = {
        row[0]: row[1:]
        for row in Movement.objects.filter(operation=undone).values_list("item_id", "source", "target")
    }
    # acts that were undone, and their undoing, cancel each other
    later = (
        Movement.objects.filter(item=OuterRef("pk"), pk__gt=_last_of(undone), at__gte=undone.at)
        .exclude(operation=undone)
        .filter(operation__undone_by__isnull=True, operation__undoes__isnull=True)
    )
    rows = Item.objects.select_for_update(of=("self",)).filter(pk__in=keys).annotate(moved=Exists(later))
    done, kept, steps = [], {}, []
    for item in rows.order_by("pk"):
        place = places.get(str(item.pk))
        source, target = ways.get(item.pk, (item.account, item.account))
        if item.moved or item.account != target or (place is not None and item.current_id is not None):
            kept[item.pk] = MOVED_ON
            continue
        done.append(item.pk)
        if place is not None:
            Item.objects.filter(pk=item.pk).update(current=place, modified_at=at)
        if source != target:
            steps.append(Step(item, source, "reversal", at, on))
    move_in_order(steps, operation=operation)
    return done, kept


def _last_of(operation: Operation) -> int:
    last = Movement.objects.filter(operation=operation).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0
