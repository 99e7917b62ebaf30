"""Carry many volumes to another place, for good or for now, or back to their homes: foreseen, done in chunks, undone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuxiang.audit import jobs, operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.ids import uuid7
from shuxiang.holdings.choosing import Choice, chosen, items_by_code
from shuxiang.holdings.models import Item, ItemAccount, ShelvingLocation
from shuxiang.holdings.placemodels import Carriage, CarriageLine
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.rules import ON_SHELF, may
from shuxiang.holdings.services.closed import is_closed, refuse_closed
from shuxiang.holdings.services.counts import recount
from shuxiang.holdings.services.move import move_ids
from shuxiang.holdings.services.placing import shelf_account
from shuxiang.libraries.models import Library

State, Line = Carriage.State, CarriageLine.State
CHUNK = 400
MOST = 50_000  # volumes in one carriage
KEPT = timedelta(days=1)  # so long a carriage that was only looked at
CARRY, CARRY_BACK = "holdings.carry", "holdings.carry_back"
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Way:
    """Where to: `to` None is home, each volume to its own."""

    to: ShelvingLocation | None
    is_home: bool


def foresee(
    library: Library, choice: Choice, way: Way, *, by: Actor, at: datetime, operation_id: UUID | None = None
) -> Carriage:
    """Write down which volumes a choice means and what would become of each; nothing is moved.

    Refuses a choice that is empty, finds nothing, or means more than MOST volumes, and a place of another library. The
    same operation id gives the same carriage.
    """
    if operation_id and (known := Carriage.objects.filter(pk=operation_id, library=library).first()):
        return known
    if way.to is not None and way.to.library_id != library.pk:
        raise refuse("place_of_other_library", location=way.to.name)
    if choice.is_empty:
        raise refuse("nothing_chosen")
    found = items_by_code(library, choice.codes)
    keys = _keys(library, choice, found)
    unknown = [code for code in choice.codes if code not in found]
    if not keys:
        raise refuse("nothing_there", codes=len(unknown))
    if len(keys) > MOST:
        raise refuse("too_many_to_carry", most=MOST)
    Carriage.objects.filter(library=library, state=State.FORESEEN, created_at__lt=at - KEPT).delete()
    return _write_down(
        Carriage(
            pk=operation_id or uuid7(),
            library=library,
            to=way.to,
            to_name=way.to.name if way.to else "",
            is_home=way.is_home and way.to is not None,
            chosen=choice.to_json(),
            unknown=unknown[:200],
            volumes=len(keys),
            created_by=by.name[:80],
            created_at=at,
        ),
        keys,
    )


def _keys(library: Library, choice: Choice, found: Mapping[str, int]) -> list[int]:
    """The volumes meant, in shelf order, or a list in its own order: there those off the books are to be named too."""
    if choice.codes:
        return list(dict.fromkeys(found.values()))
    items = chosen(library, choice).order_by("holding__call_number_sort", "pk")
    return list(items.values_list("pk", flat=True)[: MOST + 1])


def _write_down(carriage: Carriage, keys: Sequence[int]) -> Carriage:
    """The carriage and its volumes, each with what would stand in its way now."""
    with transaction.atomic():
        carriage.save(force_insert=True)
        for some in (keys[i : i + CHUNK] for i in range(0, len(keys), CHUNK)):
            CarriageLine.objects.bulk_create(
                CarriageLine(carriage=carriage, item=item, why=unfit(item, carriage)) for item in _items(some)
            )
    return carriage


def _items(keys: Sequence[int]) -> list[Item]:
    rows = Item.objects.filter(pk__in=keys).select_related("holding", "home", "current")
    found = {item.pk: item for item in rows}
    return [found[key] for key in keys if key in found]


def unfit(item: Item, carriage: Carriage) -> str:
    """Why a volume is not carried, as a code; '' when it is."""
    if not may("transfer", item.account):
        return f"cannot_carry_{item.account}"
    if carriage.to is None:
        return "" if item.current_id is not None else "already_there"
    if carriage.is_home:
        if item.holding.group_id != carriage.to.group_id:
            return "other_group"
        is_there = item.home_id == carriage.to.pk and item.current_id is None
        return "already_there" if is_there else ""
    if item.account not in ON_SHELF:
        return f"cannot_carry_{item.account}"
    return "already_there" if (item.current_id or item.home_id) == carriage.to.pk else ""


def carry_later(carriage: Carriage, *, by: Actor, at: datetime, on: date) -> Carriage:
    """Have a foreseen carriage carried out by the server; asked twice, it is done once."""
    with transaction.atomic():
        refuse_closed(carriage.library_id, on)
        waiting = Carriage.objects.filter(pk=carriage.pk, state=State.FORESEEN)
        if waiting.update(state=State.RUNNING, on=on):
            _queue(CARRY, carriage, by)
    carriage.refresh_from_db()
    return carriage


def carry_back_later(carriage: Carriage, *, by: Actor, at: datetime) -> Carriage:
    """Have a carriage taken back by the server; asked twice, it is done once.

    Refuses one that was not carried out, and a day in a closed year (a clock that is behind).
    """
    with transaction.atomic():
        refuse_closed(carriage.library_id, local_date(at))
        if Carriage.objects.filter(pk=carriage.pk, state=State.DONE).update(state=State.UNDOING):
            _queue(CARRY_BACK, carriage, by)
        elif not Carriage.objects.filter(pk=carriage.pk, state__in=[State.UNDOING, State.UNDONE]).exists():
            raise refuse("carriage_not_done")
    carriage.refresh_from_db()
    return carriage


def _queue(kind: str, carriage: Carriage, by: Actor) -> None:
    params: dict[str, object] = {"carriage": str(carriage.pk), "by": by.name, "account": by.account_id}
    job = jobs.queue(kind, by=by, library_code=carriage.library.code, params=params)
    Carriage.objects.filter(pk=carriage.pk).update(job_id=job.pk)


def carry(carriage: Carriage, *, by: Actor, at: datetime, progress: Tell | None = None) -> Carriage:
    """Carry what may be carried, a chunk a transaction; begun again after a stop, it goes on. Nothing unless running."""
    total = carriage.volumes
    while _step(carriage, Line.PLANNED, State.RUNNING, _carry_chunk, by=by, at=at):
        if progress is not None:
            progress(total - carriage.lines.filter(state=Line.PLANNED).count(), total)
    _end(carriage, State.RUNNING, State.DONE)
    return carriage


def carry_back(carriage: Carriage, *, by: Actor, at: datetime, progress: Tell | None = None) -> Carriage:
    """Carry back every volume that still stands where it was put, the same way."""
    while _step(carriage, Line.MOVED, State.UNDOING, _carry_chunk_back, by=by, at=at):
        if progress is not None:
            progress(carriage.moved - carriage.lines.filter(state=Line.MOVED).count(), carriage.moved)
    _end(carriage, State.UNDOING, State.UNDONE)
    return carriage


Chunk = Callable[[Carriage, Sequence[CarriageLine], Operation], None]


def _step(carriage: Carriage, waiting: str, state: str, chunk: Chunk, *, by: Actor, at: datetime) -> bool:
    """One chunk in one transaction with an operation of its own; False when none is left, or it is not the time."""
    with transaction.atomic():
        rows = CarriageLine.objects.filter(carriage=carriage, carriage__state=state, state=waiting)
        lines = list(
            rows.select_related("item__holding", "item__home", "item__current").order_by("pk")[:CHUNK]
        )
        if not lines:
            return False
        is_forth = state == State.RUNNING
        if is_closed(carriage.library_id, _day(carriage, at, is_forth=is_forth)):
            rows.filter(pk__in=[line.pk for line in lines]).update(
                state=Line.SKIPPED if is_forth else Line.KEPT, why="year_closed"
            )
            return True
        action = "holdings.carry" if is_forth else "holdings.carry_back"
        begun = operations.begin(action, by=by, at=at, library_code=carriage.library.code)
        chunk(carriage, lines, begun.operation)
        operations.finish(begun.operation, subject=f"holdings.carriage:{carriage.pk}")
    return True


def _day(carriage: Carriage, at: datetime, *, is_forth: bool) -> date:
    """The day under which volumes are carried there, or back."""
    return carriage.on if is_forth and carriage.on is not None else local_date(at)


def _end(carriage: Carriage, before: str, after: str) -> None:
    counts = Counter(carriage.lines.values_list("state", flat=True))
    Carriage.objects.filter(pk=carriage.pk, state=before).update(
        state=after,
        moved=counts[Line.MOVED] + counts[Line.BACK] + counts[Line.KEPT],
        skipped=counts[Line.SKIPPED],
        back=counts[Line.BACK],
    )
    carriage.refresh_from_db()


def _carry_chunk(carriage: Carriage, lines: Sequence[CarriageLine], operation: Operation) -> None:
    going = []
    for line in lines:
        line.why = unfit(line.item, carriage)
        line.state = Line.SKIPPED if line.why else Line.MOVED
        line.home_before, line.current_before = line.item.home, line.item.current
        line.was_elsewhere = line.item.current_id is not None
        if not line.why:
            going.append((line.item, *_goal(line.item, carriage)))
    _put(going, "transfer", _day(carriage, operation.at, is_forth=True), operation)
    CarriageLine.objects.bulk_update(
        lines, ["state", "why", "home_before", "current_before", "was_elsewhere"]
    )


def _goal(item: Item, carriage: Carriage) -> tuple[ShelvingLocation, ShelvingLocation | None]:
    """Home and present place of a volume once it was carried."""
    if carriage.to is None:
        return item.home, None
    if carriage.is_home:
        return carriage.to, None
    return item.home, None if carriage.to.pk == item.home_id else carriage.to


def _carry_chunk_back(carriage: Carriage, lines: Sequence[CarriageLine], operation: Operation) -> None:
    going = []
    for line in lines:
        item = line.item
        home, current = _goal(item, carriage)
        stands = (item.home_id, item.current_id) == (home.pk, current.pk if current else None)
        is_gone = line.home_before is None or (line.was_elsewhere and line.current_before is None)
        line.why = "place_gone" if is_gone else "" if stands and may("transfer", item.account) else "moved_on"
        line.state = Line.KEPT if line.why else Line.BACK
        if not line.why and line.home_before is not None:
            going.append((item, line.home_before, line.current_before))
    _put(going, "reversal", local_date(operation.at), operation)
    CarriageLine.objects.bulk_update(lines, ["state", "why"])


def _put(
    going: Sequence[tuple[Item, ShelvingLocation, ShelvingLocation | None]],
    cause: str,
    on: date,
    operation: Operation,
) -> None:
    """Write homes and present places; shelf and class corner are two accounts, so between them it is a movement."""
    places, ways = defaultdict(list), defaultdict(list)
    for item, home, current in going:
        places[home.pk, current.pk if current else None].append(item.pk)
        target = shelf_account(current or home)
        if item.account in (ItemAccount.SHELF, ItemAccount.CORNER) and item.account != target:
            ways[item.account, target].append(item.pk)
    for (home_id, current_id), keys in places.items():
        Item.objects.filter(pk__in=keys).update(
            home_id=home_id, current_id=current_id, modified_at=operation.at
        )
    for (source, target), keys in sorted(ways.items()):
        move_ids(keys, source, target, cause=cause, at=operation.at, on=on, operation=operation)
    recount({item.holding_id for item, _home, _current in going})
