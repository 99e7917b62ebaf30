"""One volume: taken in, mended on the spot, finished; and each of these taken back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services import put_many_aside, put_many_back, undo_many
from shuxiang.mending.models import Round, Task
from shuxiang.mending.refusals import refuse
from shuxiang.mending.rules import may_mend_here

AWAY = (ItemAccount.MENDING, ItemAccount.BINDING)
Outcome = Task.Outcome


def take_in(
    item: Item,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    on: date,
    note: str = "",
    in_round: Round | None = None,
    operation_id: UUID | None = None,
) -> Task:
    """A volume is put aside to be mended, or goes with a consignment to the binder. Refuses what is not at hand."""
    with transaction.atomic():
        begun = operations.begin(
            "mending.take_in",
            by=by,
            at=at,
            library_code=item.library.code,
            operation_id=operation_id,
            request={"item": item.pk, "kind": kind, "round": in_round.pk if in_round else None},
        )
        if begun.repeated:
            return Task.objects.get(pk=begun.operation.result["task"])
        _refuse_open(item)
        target = ItemAccount.BINDING if _is_binder(in_round) else ItemAccount.MENDING
        aside = uuid5(begun.operation.pk, "aside")
        settled = put_many_aside(
            [item.pk], target=target, library=item.library, by=by, at=at, on=on, operation_id=aside
        )
        if not settled.done:
            raise refuse("cannot_take_in", item=item_label(item), account=settled.kept[item.pk])
        task = Task.objects.create(
            **_written(item, kind, note, in_round),
            came_on=on,
            came_by=by.name[:80],
            in_operation=aside,
            modified_at=at,
        )
        operations.finish(begun.operation, subject=f"holdings.item:{item.pk}", result={"task": task.pk})
        return task


def _written(item: Item, kind: str, note: str, in_round: Round | None) -> dict[str, Any]:
    """What a task says from its first moment."""
    return {
        "library_id": item.library_id,
        "item": item,
        "round": in_round,
        "kind": Task.Kind(kind),
        "note": note.strip()[:200],
    }


def _is_binder(in_round: Round | None) -> bool:
    return in_round is not None and in_round.kind == Round.Kind.BINDER


def _refuse_open(item: Item) -> None:
    if Task.objects.filter(item=item, ended_on=None).exists():
        raise refuse("taken_in_already", item=item_label(item))


def mend_here(
    item: Item,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    on: date,
    helper: str = "",
    cost_fen: int | None = None,
    note: str = "",
    in_round: Round | None = None,
    operation_id: UUID | None = None,
) -> Task:
    """A volume was mended on the spot: a line of the log, and it never left its account.

    One that was taken in before is finished by this. Refuses what is missing or off the books.
    """
    with transaction.atomic():
        begun = operations.begin(
            "mending.mend_here",
            by=by,
            at=at,
            library_code=item.library.code,
            operation_id=operation_id,
            request={"item": item.pk, "kind": kind, "round": in_round.pk if in_round else None},
        )
        if begun.repeated:
            return Task.objects.get(pk=begun.operation.result["task"])
        waiting = Task.objects.filter(item=item, ended_on=None).first()
        if waiting is None:
            _refuse_away(item)
            task = Task.objects.create(
                came_on=on, ended_on=on, outcome=Outcome.MENDED, came_by=by.name[:80], modified_at=at,
                **_written(item, kind, note, in_round), helper=helper.strip()[:60], cost_fen=cost_fen,
            )  # fmt: skip
        else:
            task = finish(
                waiting, outcome=Outcome.MENDED, by=by, at=at, on=on, helper=helper, cost_fen=cost_fen,
                in_round=in_round, operation_id=uuid5(begun.operation.pk, "finish"),
            )  # fmt: skip
        operations.finish(begun.operation, subject=f"holdings.item:{item.pk}", result={"task": task.pk})
        return task


def _refuse_away(item: Item) -> None:
    account = Item.objects.values_list("account", flat=True).get(pk=item.pk)
    if not may_mend_here(account):
        raise refuse("cannot_mend_here", item=item_label(item), account=account)


def finish(
    task: Task,
    *,
    outcome: str,
    by: Actor,
    at: datetime,
    on: date,
    helper: str = "",
    cost_fen: int | None = None,
    in_round: Round | None = None,
    operation_id: UUID | None = None,
) -> Task:
    """The volume is mended (or came back unmended) and returns to its place; beyond mending it waits to be withdrawn.

    A volume that another act has taken from mending meanwhile stays where it is. Refuses a finished one, and a day
    before it came.
    """
    with transaction.atomic():
        begun = operations.begin(
            "mending.finish",
            by=by,
            at=at,
            library_code=task.library.code,
            operation_id=operation_id,
            request={"task": task.pk, "outcome": outcome},
        )
        if not begun.repeated:
            task = (
                Task.objects.select_for_update(of=("self",)).select_related("item", "library").get(pk=task.pk)
            )
            if task.ended_on is not None:
                raise refuse("finished_already", item=item_label(task.item))
            if on < task.came_on:
                raise refuse("finished_before_it_came", item=item_label(task.item), came_on=task.came_on)
            task.outcome = Outcome(outcome)
            task.ended_on, task.helper, task.cost_fen = on, helper.strip()[:60], cost_fen
            task.round = task.round or in_round
            task.out_operation = _put_back(task, begun.operation.pk, by, at, on)
            task.modified_at = at
            task.save()
            operations.finish(
                begun.operation, subject=f"holdings.item:{task.item_id}", result={"task": task.pk}
            )
    task.refresh_from_db()
    return task


def _put_back(task: Task, act: UUID, by: Actor, at: datetime, on: date) -> UUID | None:
    """The operation that put it back; none when it stays, or is not in mending any more."""
    if task.outcome == Outcome.BEYOND or task.item.account not in AWAY:
        return None
    settled = put_many_back(
        [task.item_id], library=task.library, by=by, at=at, on=on, operation_id=uuid5(act, "back")
    )
    return settled.operation_id if settled.done else None


def step_back(
    task: Task, *, by: Actor, at: datetime, on: date, operation_id: UUID | None = None
) -> Task | None:
    """Take back the last step of a task: a finished one is open again, an open one was never taken in (gives None).

    Refuses when something else has happened to the volume since.
    """
    with transaction.atomic():
        begun = operations.begin(
            "mending.step_back",
            by=by,
            at=at,
            library_code=task.library.code,
            operation_id=operation_id,
            request={"task": task.pk, "ended": task.ended_on},
        )
        if begun.repeated:
            return Task.objects.filter(pk=task.pk).first()
        task = Task.objects.select_for_update(of=("self",)).select_related("item", "library").get(pk=task.pk)
        was_finished = task.ended_on is not None and task.in_operation is not None
        undone = task.out_operation if was_finished else task.in_operation
        if undone is not None:
            key = uuid5(begun.operation.pk, "undo")
            gone = undo_many(undone, library=task.library, by=by, at=at, on=on, operation_id=key)
            if task.item_id not in gone.done:
                raise refuse("item_moved_on", item=item_label(task.item))
        elif was_finished and task.outcome != Outcome.BEYOND:
            raise refuse("item_moved_on", item=item_label(task.item))
        operations.finish(begun.operation, subject=f"holdings.item:{task.item_id}", result={"task": task.pk})
        if not was_finished:
            task.delete()
            return None
        _reopen(task, at)
        return task


def _reopen(task: Task, at: datetime) -> None:
    if Task.objects.filter(item=task.item_id, ended_on=None).exists():
        raise refuse("taken_in_already", item=item_label(task.item))
    task.ended_on, task.outcome, task.out_operation = None, "", None
    task.helper, task.cost_fen, task.modified_at = "", None, at
    task.save()
