"""Repair afternoons, and consignments to a binder that come home together with one bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.mending.models import Round, Task
from shuxiang.mending.refusals import refuse
from shuxiang.mending.rules import shared_out
from shuxiang.mending.services.tasks import finish


def hold_afternoon(
    *,
    library: Library,
    name: str,
    on: date,
    by: Actor,
    at: datetime,
    school_class: SchoolClass | None = None,
    helpers: int | None = None,
    note: str = "",
    operation_id: UUID | None = None,
) -> Round:
    """An afternoon on which pupils repair. Refuses a class of another library and a name that is empty."""
    if school_class is not None and school_class.library_id != library.pk:
        raise refuse("class_elsewhere")
    values: dict[str, object] = {
        "on": on,
        "school_class": school_class,
        "helpers": helpers,
        "note": note.strip()[:200],
    }
    return _begin(library, Round.Kind.AFTERNOON, name, by=by, at=at, operation_id=operation_id, **values)


def open_consignment(
    *,
    library: Library,
    binder: str,
    on: date,
    by: Actor,
    at: datetime,
    due_on: date | None = None,
    note: str = "",
    operation_id: UUID | None = None,
) -> Round:
    """Volumes go to a binder; they are scanned into it one by one. Refuses a due day before they are sent."""
    if due_on is not None and due_on < on:
        raise refuse("due_before_sent", on=on, due_on=due_on)
    values: dict[str, object] = {"on": on, "due_on": due_on, "note": note.strip()[:200]}
    return _begin(library, Round.Kind.BINDER, binder, by=by, at=at, operation_id=operation_id, **values)


def _begin(
    library: Library,
    kind: str,
    name: str,
    *,
    by: Actor,
    at: datetime,
    operation_id: UUID | None,
    **values: object,
) -> Round:
    if not name.strip():
        raise refuse("no_name")
    with transaction.atomic():
        begun = operations.begin(
            "mending.begin_round",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"kind": kind, "name": name},
        )
        if begun.repeated:
            return Round.objects.get(pk=begun.operation.result["round"])
        made = Round.objects.create(
            library=library,
            kind=kind,
            name=name.strip()[:80],
            created_at=at,
            created_by=by.name[:80],
            **values,
        )
        operations.finish(begun.operation, subject=f"mending.round:{made.pk}", result={"round": made.pk})
        return made


@dataclass(frozen=True, slots=True)
class CameHome:
    """The reconciling last line of a delivery: chosen = returned + left, with the volumes' tasks."""

    returned: tuple[int, ...]
    left: tuple[int, ...]  # finished by somebody else meanwhile


def take_home(
    round_: Round,
    tasks: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    on: date,
    bill_fen: int | None = None,
    operation_id: UUID | None = None,
) -> CameHome:
    """These volumes came back from the binder, bound; the bill, if it is known, is shared out among them."""
    with transaction.atomic():
        begun = operations.begin(
            "mending.take_home",
            by=by,
            at=at,
            library_code=round_.library.code,
            operation_id=operation_id,
            request={"round": round_.pk, "tasks": sorted(tasks), "bill": bill_fen},
        )
        if begun.repeated:
            result = begun.operation.result
            return CameHome(tuple(result["returned"]), tuple(result["left"]))
        chosen = Task.objects.filter(round=round_, pk__in=tasks, ended_on=None)
        waiting = list(chosen.select_related("item", "library").order_by("pk"))
        if not waiting:
            raise refuse("nothing_came_home")
        shares: Sequence[int | None] = [None] * len(waiting)
        if bill_fen is not None:
            shares = shared_out(bill_fen, len(waiting))
        for task, share in zip(waiting, shares, strict=True):
            finish(
                task,
                outcome=Task.Outcome.MENDED,
                by=by,
                at=at,
                on=on,
                helper=round_.name,
                cost_fen=share,
                operation_id=uuid5(begun.operation.pk, str(task.pk)),
            )
        returned = tuple(task.pk for task in waiting)
        left = tuple(sorted(set(tasks) - set(returned)))
        operations.finish(
            begun.operation,
            subject=f"mending.round:{round_.pk}",
            result={"returned": returned, "left": left},
        )
        return CameHome(returned, left)
