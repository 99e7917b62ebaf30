"""Post a batch (登帐): number, accession numbers and first movements are given, in chunks that resume after a kill."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max

from shuxiang.audit import bulk, operations
from shuxiang.audit.models import Operation
from shuxiang.audit.statistics import know_sizes
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.holdings.models import AccessionBatch, ItemAccount, PropertyLine
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.holdings.services.move import move_ids
from shuxiang.holdings.services.numbering import BATCHES, take_accession_numbers
from shuxiang.holdings.services.totals import Totals, totals_of
from shuxiang.holdings.services.voiding import clear_voided
from shuxiang.libraries.models import Library

# Lines in one transaction, at first and at most: as many as our own computing allows, so that a desk never waits longer.
CHUNK, MOST = 400, 4000
_GOAL_SECONDS = 0.05
ACTION = "holdings.post_batch"
State = AccessionBatch.State
Progress = Callable[[int, int], None]


def subject_of(batch: AccessionBatch) -> str:
    return f"holdings.batch:{batch.pk}"


def post_batch(
    batch: AccessionBatch,
    *,
    by: Actor,
    at: datetime,
    on: date,
    operation_id: UUID | None = None,
    progress: Progress | None = None,
) -> AccessionBatch:
    """Enter a draft in the books under the day `on`; a posting that was interrupted is finished.

    Refuses an empty batch and one that is neither a draft nor being posted. `progress` is told (done, all) volumes.
    """
    operation = _begin(batch, by, at, on, operation_id=operation_id, weighed=_weigh(batch))
    batch.refresh_from_db()
    done, after, size = 0, 0, CHUNK
    while batch.state == State.POSTING:
        began = time.thread_time()
        moved, after = _post_chunk(batch, operation, after, size)
        if not moved:
            break
        size = max(
            CHUNK, min(MOST, int(size * min(2.0, _GOAL_SECONDS / max(time.thread_time() - began, 0.001))))
        )
        done += moved
        if moved >= CHUNK:
            bulk.settle()
        if progress is not None:
            progress(done, batch.volumes)
    _finish(batch, operation)
    batch.refresh_from_db()
    return batch


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the lines of a draft come to, and which lines it had before they were added up."""

    lines: dict[str, int]
    totals: Totals
    counts: dict[str, int]  # volumes by series


def _weigh(batch: AccessionBatch) -> _Draft:
    """Add up a draft; for a large one that takes longer than a desk should wait.

    Somebody may write into it between the statements, so which lines there are is asked first: if they are the same in
    the end, nothing was added or taken away on the way.
    """
    know_sizes()  # a draft that an import has just written may be larger than all there was before
    known = _lines_of(batch)
    lines = PropertyLine.objects.filter(batch=batch)
    counts = dict(lines.order_by("series").values_list("series").annotate(count=Count("pk")))
    return _Draft(known, totals_of(lines), counts)


def _lines_of(batch: AccessionBatch) -> dict[str, int]:
    """The last line and how many: keys only grow, so that the same two mean the same lines."""
    return PropertyLine.objects.filter(batch=batch).aggregate(last=Max("pk"), volumes=Count("pk"))


@transaction.atomic
def _begin(
    batch: AccessionBatch, by: Actor, at: datetime, on: date, *, operation_id: UUID | None, weighed: _Draft
) -> Operation:
    """Close the draft and reserve all its numbers, or find the operation of a posting that was interrupted."""
    earlier = Operation.objects.filter(action=ACTION, subject=subject_of(batch)).first()
    if earlier is not None and (operation_id in {None, earlier.pk}) and _is_posting(batch):
        return earlier
    begun = operations.begin(
        ACTION,
        by=by,
        at=at,
        library_code=batch.library.code,
        operation_id=operation_id,
        request={"batch": batch.pk, "on": on},
    )
    if begun.repeated:
        return begun.operation
    number = take_accession_numbers(batch.library_id, BATCHES)
    refuse_closed(batch.library_id, on)
    draft = AccessionBatch.objects.filter(pk=batch.pk, state=State.DRAFT)
    if not draft.update(state=State.POSTING, posted_on=on, number=number):
        raise refuse("batch_not_draft", batch=batch.pk)
    # From here on nobody adds to it. What was weighed before the lock was held may have grown since.
    final = weighed if _lines_of(batch) == weighed.lines else _weigh(batch)
    if not final.totals.volumes:
        raise refuse("batch_empty", batch=batch.pk)
    AccessionBatch.objects.filter(pk=batch.pk).update(**asdict(final.totals))
    counts = final.counts
    firsts = {series: take_accession_numbers(batch.library_id, series, counts[series]) for series in counts}
    operations.finish(
        begun.operation,
        subject=subject_of(batch),
        result={"batch": batch.pk},
        detail={"first_numbers": firsts, "counts": counts},
    )
    return begun.operation


def _is_posting(batch: AccessionBatch) -> bool:
    return AccessionBatch.objects.filter(pk=batch.pk, state=State.POSTING).exists()


@transaction.atomic
def _post_chunk(batch: AccessionBatch, operation: Operation, after: int, size: int) -> tuple[int, int]:
    """Number the next lines in the order in which they were written down, and put their items on the shelf.

    Gives how many, and the last of them; lines up to `after` have their numbers.
    """
    if not AccessionBatch.objects.filter(pk=batch.pk, state=State.POSTING).update(state=State.POSTING):
        return 0, after  # somebody else finished it
    waiting = PropertyLine.objects.filter(batch=batch, number__isnull=True, pk__gt=after).order_by("pk")
    lines = list(waiting.values_list("pk", "series", "item_id", "item__home__school_class_id")[:size])
    if not lines or batch.posted_on is None:
        return 0, after
    following = {series: _following(batch, operation, series) for series in {line[1] for line in lines}}
    posted_on = connection.ops.adapt_datefield_value(batch.posted_on)
    rows = []
    for line, series, _item, _class in lines:
        rows.append((following[series], posted_on, line))
        following[series] += 1
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE holdings_propertyline SET number = %s, posted_on = %s WHERE id = %s", rows)
    on_shelves = [item for _line, _series, item, school_class in lines if school_class is None]
    in_corners = [item for _line, _series, item, school_class in lines if school_class is not None]
    for items, account in ((on_shelves, ItemAccount.SHELF), (in_corners, ItemAccount.CORNER)):
        move_ids(
            items,
            ItemAccount.DRAFT,
            account,
            cause="accession",
            at=operation.at,
            on=batch.posted_on,
            operation=operation,
        )
    return len(lines), lines[-1][0]


def _following(batch: AccessionBatch, operation: Operation, series: str) -> int:
    """The next of the numbers that were reserved for the batch in a series."""
    first: int = operation.detail["first_numbers"][series]
    counts = operation.detail.get("counts")  # an operation of an earlier version has none
    lines = PropertyLine.objects.filter(library=batch.library_id, series=series, number__gte=first)
    if counts is None:
        return first + lines.filter(batch=batch).count()
    given = lines.filter(number__lt=first + counts[series]).aggregate(last=Max("number"))["last"]
    return first if given is None else int(given) + 1


@transaction.atomic
def _finish(batch: AccessionBatch, operation: Operation) -> None:
    if AccessionBatch.objects.filter(pk=batch.pk, state=State.POSTING).update(state=State.POSTED):
        operations.finish(
            operation,
            subject=subject_of(batch),
            result={"batch": batch.pk, "number": batch.number, "volumes": batch.volumes},
            detail=operation.detail,
        )


def resume_batches(library: Library | None = None) -> list[AccessionBatch]:
    """Finish what a kill interrupted: postings, and drafts that were being undone. Called at start; gives the batches."""
    unfinished = AccessionBatch.objects.filter(state=State.POSTING)
    voided = AccessionBatch.objects.filter(state=State.VOID, lines__isnull=False).distinct()
    if library is not None:
        unfinished, voided = unfinished.filter(library=library), voided.filter(library=library)
    resumed = []
    for batch in unfinished.order_by("pk"):
        operation = Operation.objects.get(action=ACTION, subject=subject_of(batch))
        by = Actor(operation.actor, operation.door)
        resumed.append(
            post_batch(batch, by=by, at=operation.at, on=batch.posted_on or local_date(operation.at))
        )
    for batch in voided.order_by("pk"):
        clear_voided(batch)
        resumed.append(batch)
    return resumed
