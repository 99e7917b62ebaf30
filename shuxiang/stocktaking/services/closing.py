"""Close a stocktake: its lines are frozen, a chunk a transaction; and open it again as long as nothing was settled."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from shuxiang.audit import bulk, jobs, operations
from shuxiang.audit.models import Job
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item
from shuxiang.stocktaking.facts import Found, expected, foreign_codes, found, strangers
from shuxiang.stocktaking.models import Line, Scan, Settlement, Stocktake, Stream
from shuxiang.stocktaking.refusals import refuse
from shuxiang.stocktaking.rules import ALL_HEAPS, MISPLACED

CHUNK = 800  # volumes a transaction: under a tenth of a second
CLOSE = "stocktaking.close"
State, Verdict = Stocktake.State, Scan.Verdict
_COLUMNS = (
    "item_id",
    "heap",
    "reason",
    "is_expected",
    "account",
    "code",
    "number",
    "record_id",
    "title",
    "call_number",
    "call_number_sort",
    "clc_main",
    "place",
    "home_id",
    "found_at_id",
    "price_fen",
    "scanned_at",
)


def close(stocktake: Stocktake, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> Stocktake:
    """From now on no scan counts any more; the server writes the lines. Refuses while a file is being read."""
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.close",
            by=by,
            at=at,
            library_code=stocktake.library.code,
            operation_id=operation_id,
            request={"stocktake": stocktake.pk},
        )
        if not begun.repeated:
            counting = Stocktake.objects.filter(pk=stocktake.pk, state=State.COUNTING)
            if not counting.update(
                state=State.CLOSING, closed_at=at, closed_by=by.name[:80], written=0, totals={}
            ):
                raise refuse("not_counting", name=stocktake.name)
            reading = Stream.objects.filter(stocktake=stocktake, state=Stream.State.READING).first()
            if reading is not None:
                raise refuse("file_being_read", file=reading.name)
            job = jobs.queue(
                CLOSE, by=by, library_code=stocktake.library.code, params={"stocktake": stocktake.pk}
            )
            Stocktake.objects.filter(pk=stocktake.pk).update(job=job)
            operations.finish(
                begun.operation,
                subject=f"stocktaking.stocktake:{stocktake.pk}",
                result={"stocktake": stocktake.pk},
            )
    stocktake.refresh_from_db()
    return stocktake


@jobs.handles(CLOSE)
def carry_out(job: Job, progress: jobs.Progress) -> str:
    """Write the lines of a closing stocktake, or those that an interruption left."""
    stocktake = Stocktake.objects.select_related("library").get(pk=job.params["stocktake"])
    if stocktake.state == State.CLOSING:
        write_lines(stocktake, progress)
    return ""


def write_lines(stocktake: Stocktake, progress: jobs.Progress) -> None:
    """Freeze every volume with its heap; raises jobs.Later when the process is to stop."""
    total = expected(stocktake).count()
    done = Line.objects.filter(stocktake=stocktake).count()
    with bulk.checkpoints_apart():
        while (count := _write_chunk(stocktake)) > 0:
            done += count
            progress(min(done, total), total)
            if progress.is_over():
                raise jobs.Later
        _finish(stocktake)


@transaction.atomic
def _write_chunk(stocktake: Stocktake) -> int:
    """The next volumes in the order of their keys; gives how many."""
    items = expected(stocktake).filter(pk__gt=stocktake.written).order_by("pk")
    keys = list(items.values_list("pk", flat=True)[:CHUNK])
    if keys:
        chunk = Item.objects.filter(pk__in=keys)
        _insert(stocktake, found(chunk, stocktake, is_expected=True))
        stocktake.written = keys[-1]
        Stocktake.objects.filter(pk=stocktake.pk).update(written=keys[-1])
    return len(keys)


def _insert(stocktake: Stocktake, rows: Iterable[Found]) -> None:
    values = [
        (
            row.item_id,
            row.heap,
            row.reason,
            row.is_expected,
            row.account,
            row.code[:60],
            row.number[:20],
            row.record_id,
            row.title[:200],
            row.call_number,
            row.call_number_sort,
            row.clc[:1].upper(),
            row.place,
            row.home_id,
            row.found_at_id,
            row.price_fen,
            bulk.stored(Line, "scanned_at", row.scanned_at),
        )
        for row in rows
    ]
    bulk.insert(Line, _COLUMNS, values, constants={"stocktake": stocktake.pk})


@transaction.atomic
def _finish(stocktake: Stocktake) -> None:
    """What was scanned and does not belong here, codes that are no volumes, and the sums: then it is closed."""
    if not Stocktake.objects.filter(pk=stocktake.pk, state=State.CLOSING).update(state=State.CLOSED):
        return
    written = Line.objects.filter(stocktake=stocktake, item=OuterRef("pk"))
    left = strangers(stocktake).filter(~Exists(written))  # what left the range while lines were being written
    _insert(stocktake, found(left, stocktake, is_expected=False))
    Line.objects.bulk_create(
        (
            Line(
                stocktake=stocktake,
                heap=MISPLACED,
                reason=row["verdict"],
                code=row["code"],
                item_id=row["item"],
                title=row["detail"],
            )
            for row in foreign_codes(stocktake)
        ),
        batch_size=500,
        ignore_conflicts=True,  # a withdrawn volume that was scanned by two of its labels is one line
    )
    Stocktake.objects.filter(pk=stocktake.pk).update(totals=_totals(stocktake))
    stocktake.refresh_from_db()


def _totals(stocktake: Stocktake) -> dict[str, int]:
    lines = Line.objects.filter(stocktake=stocktake)
    heaps = dict(lines.values_list("heap").annotate(n=Count("pk")).order_by())
    return {heap: heaps.get(heap, 0) for heap in ALL_HEAPS} | {
        "expected": lines.filter(is_expected=True).count()
    }


def reopen(stocktake: Stocktake, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> Stocktake:
    """Count on after closing: the lines go, late scans count. Refuses once a heap was settled, unless that was undone."""
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.reopen",
            by=by,
            at=at,
            library_code=stocktake.library.code,
            operation_id=operation_id,
            request={"stocktake": stocktake.pk},
        )
        if not begun.repeated:
            there = Stocktake.objects.filter(pk=stocktake.pk, state=State.CLOSED)
            if not there.update(
                state=State.COUNTING, closed_at=None, closed_by="", written=0, totals={}, job=None
            ):
                raise refuse("not_closed", name=stocktake.name)
            settled = Settlement.objects.filter(stocktake=stocktake).exclude(state=Settlement.State.UNDONE)
            if settled.exists() or Line.objects.filter(stocktake=stocktake).exclude(outcome="").exists():
                raise refuse("settled_already", name=stocktake.name)
            Settlement.objects.filter(stocktake=stocktake).delete()
            Line.objects.filter(stocktake=stocktake)._raw_delete("default")
            _count_late(stocktake)
            operations.finish(
                begun.operation,
                subject=f"stocktaking.stocktake:{stocktake.pk}",
                result={"stocktake": stocktake.pk},
            )
    stocktake.refresh_from_db()
    return stocktake


def _count_late(stocktake: Stocktake) -> None:
    """Scans that came too late count now, each in its turn."""
    for row in Scan.objects.filter(stocktake=stocktake, is_late=True).order_by("pk"):
        if row.verdict == Verdict.COUNTED:
            counted = Scan.objects.filter(
                stocktake=stocktake, item=row.item_id, verdict=Verdict.COUNTED, is_late=False
            )
            row.verdict = Verdict.AGAIN if counted.exists() else Verdict.COUNTED
        row.is_late = False
        row.save(update_fields=["verdict", "is_late"])
