"""Clearance (清退): who gave everything back is written off the list of readers, with a number for the certificate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.enrolment.models import Clearance
from shuxiang.enrolment.refusals import refuse
from shuxiang.libraries.models import Library
from shuxiang.patrons import dues
from shuxiang.patrons import selectors as readers
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services.together import Left, WasLeft, leave_many, never_left

MOST = 500  # a graduating year of a large school comes class by class


@dataclass(frozen=True, slots=True)
class Cleared:
    """What an act of clearance did: the rows behind the certificates, and who was passed over, with the reason's code."""

    batch: UUID
    done: tuple[int, ...]
    kept: dict[int, str]


def owing(library: Library, keys: Collection[int]) -> dict[int, list[dues.Due]]:
    """What keeps these readers from being cleared, by reader."""
    told = dues.owed(library, keys)
    bound = {key: [due for due in found if dues.binds(due)] for key, found in told.items()}
    return {key: found for key, found in bound.items() if found}


@transaction.atomic
def clear(
    keys: Sequence[int],
    *,
    library: Library,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> Cleared:
    """Clear these readers: their cards end, their class ends, they borrow no more; `on` is their last day.

    Who still owes anything, was cleared before, or came later is passed over by name. The same operation a second time
    gives its first answer. Raises Refused for no reader at all, or too many.
    """
    _judge_how_many(keys)
    begun = operations.begin(
        "enrolment.clear", by=by, at=at, library_code=library.code, operation_id=operation_id,
        request={"readers": sorted(keys), "reason": reason, "on": on},
    )  # fmt: skip
    if begun.repeated:
        was = begun.operation.result
        return Cleared(begun.operation.pk, tuple(was["done"]), {int(k): v for k, v in was["kept"].items()})
    found = list(
        Patron.objects.filter(
            library=library, pk__in=keys, deleted_at=None, school_class=None
        ).select_related("category")
    )
    kept = _kept(library, found, on)
    going = [patron for patron in found if patron.pk not in kept]
    labels = readers.labels_on(library, going, on)  # before the class ends
    still_here = [patron.pk for patron in going if patron.left_on is None]
    left = leave_many(still_here, library=library, on=on, by=by, at=at)
    kept |= left.kept
    going = [patron for patron in going if patron.pk not in left.kept]
    numbers = _numbers(library, on, len(going))
    rows = [
        Clearance(
            library=library, patron=patron, number=number, reason=Clearance.Reason(reason), cleared_on=on, at=at,
            by=by.name[:80], class_label=(labels.get(patron.pk) or patron.category.name)[:30], batch=begun.operation.pk,
            effects=_effects(patron, left),
        )
        for patron, number in zip(going, numbers, strict=True)
    ]  # fmt: skip
    Clearance.objects.bulk_create(rows)
    result = {"done": [row.pk for row in rows], "kept": {str(key): code for key, code in kept.items()}}
    operations.finish(begun.operation, subject=f"enrolment.clearance:{begun.operation.pk}", result=result)
    return Cleared(begun.operation.pk, tuple(row.pk for row in rows), kept)


def _judge_how_many(keys: Sequence[int]) -> None:
    if not keys:
        raise refuse("nobody_chosen")
    if len(keys) > MOST:
        raise refuse("too_many", most=MOST)


def _kept(library: Library, found: Sequence[Patron], on: date) -> dict[int, str]:
    """Who is passed over, and why."""
    keys = [patron.pk for patron in found]
    kept = dict.fromkeys(owing(library, keys), "owes")
    cleared = Clearance.objects.filter(patron__in=keys, undone_at=None).values_list("patron_id", flat=True)
    kept |= dict.fromkeys(cleared, "cleared_already")
    return kept | {one.pk: "came_later" for one in found if one.left_on is None and one.joined_on > on}


def _effects(patron: Patron, left: Left) -> dict[str, object]:
    """What to put back: nothing where the reader had left before."""
    if patron.left_on is not None:
        return {}
    return left.effects(patron.pk)


def _numbers(library: Library, on: date, wanted: int) -> list[str]:
    """The next numbers of certificates of a calendar year: 2027-0001 …; one that was undone is never given again."""
    prefix = f"{on.year}-"
    last = (
        Clearance.objects.filter(library=library, number__startswith=prefix)
        .order_by("-pk")
        .values_list("number", flat=True)
        .first()
    )
    begin = int(last.removeprefix(prefix)) if last else 0
    return [f"{prefix}{begin + step:04d}" for step in range(1, wanted + 1)]


@transaction.atomic
def undo_clearance(
    batch: UUID, *, library: Library, by: Actor, at: datetime, only: int | None = None
) -> tuple[int, list[str]]:
    """Take an act of clearance back (of one reader with `only`): gives how many, and the names of those changed since.

    Raises Refused when nothing of it stands.
    """
    rows = Clearance.objects.filter(library=library, batch=batch, undone_at=None).select_related("patron")
    some = list(rows.filter(pk=only) if only is not None else rows)
    if not some:
        raise refuse("nothing_to_undo")
    had_left = [row for row in some if not row.effects]
    ended = [
        WasLeft(
            row.patron_id, row.cleared_on, row.at,
            row.effects["cards"], row.effects["memberships"], row.effects.get("grants", ()),
        )
        for row in some
        if row.effects
    ]  # fmt: skip
    back = never_left(ended, library=library, by=by, at=at) | {row.patron_id for row in had_left}
    begun = operations.begin("enrolment.undo_clearance", by=by, at=at, library_code=library.code)
    done = [row.pk for row in some if row.patron_id in back]
    Clearance.objects.filter(pk__in=done).update(undone_at=at)
    operations.finish(
        begun.operation,
        subject=f"enrolment.clearance:{batch}",
        detail={"undone": done, "stays": len(some) - len(done)},
    )
    return len(done), [row.patron.name for row in some if row.patron_id not in back]
