"""Post a batch (登帐): number, accession numbers and first movements are given, in chunks that resume after a kill."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import AccessionBatch, ItemAccount, PropertyLine
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.move import move_ids
from shuxiang.holdings.services.numbering import BATCHES, take_accession_numbers
from shuxiang.holdings.services.totals import totals_of
from shuxiang.holdings.services.voiding import clear_voided
from shuxiang.libraries.models import Library

CHUNK = 400  # lines: some 30 ms, so that a desk never waits longer than 100 ms on a slow PC
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
    operation = _begin(batch, by, at, on, operation_id)
    batch.refresh_from_db()
    done = 0
    while batch.state == State.POSTING and (moved := _post_chunk(batch, operation)):
        done += moved
        if progress is not None:
            progress(done, batch.volumes)
    _finish(batch, operation)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def _begin(batch: AccessionBatch, by: Actor, at: datetime, on: date, operation_id: UUID | None) -> Operation:
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
    lines = PropertyLine.objects.filter(batch=batch)
    number = take_accession_numbers(batch.library_id, BATCHES)
    draft = AccessionBatch.objects.filter(pk=batch.pk, state=State.DRAFT)
    if not draft.update(state=State.POSTING, posted_on=on, number=number):
        raise refuse("batch_not_draft", batch=batch.pk)
    totals = totals_of(lines)
    if not totals.volumes:
        raise refuse("batch_empty", batch=batch.pk)
    AccessionBatch.objects.filter(pk=batch.pk).update(**asdict(totals))
    counts = lines.order_by("series").values_list("series").annotate(count=Count("pk"))
    firsts = {series: take_accession_numbers(batch.library_id, series, count) for series, count in counts}
    operations.finish(
        begun.operation,
        subject=subject_of(batch),
        result={"batch": batch.pk},
        detail={"first_numbers": firsts},
    )
    return begun.operation


def _is_posting(batch: AccessionBatch) -> bool:
    return AccessionBatch.objects.filter(pk=batch.pk, state=State.POSTING).exists()


@transaction.atomic
def _post_chunk(batch: AccessionBatch, operation: Operation) -> int:
    """Number the next lines in the order in which they were written down, and put their items on the shelf."""
    if not AccessionBatch.objects.filter(pk=batch.pk, state=State.POSTING).update(state=State.POSTING):
        return 0  # somebody else finished it
    waiting = PropertyLine.objects.filter(batch=batch, number__isnull=True).order_by("pk")
    lines = list(waiting.values_list("pk", "series", "item_id", "item__home__school_class_id")[:CHUNK])
    if not lines or batch.posted_on is None:
        return 0
    firsts = operation.detail["first_numbers"]
    given = PropertyLine.objects.filter(batch=batch, number__isnull=False)
    done = dict(given.order_by("series").values_list("series").annotate(count=Count("pk")))
    rows = []
    for line, series, _item, _class in lines:
        offset = done.get(series, 0)
        rows.append((firsts[series] + offset, batch.posted_on, line))
        done[series] = offset + 1
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
    return len(lines)


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
        resumed.append(post_batch(batch, by=by, at=operation.at, on=batch.posted_on or operation.at.date()))
    for batch in voided.order_by("pk"):
        clear_voided(batch)
        resumed.append(batch)
    return resumed
