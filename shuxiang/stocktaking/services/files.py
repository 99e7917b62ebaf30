"""Files of offline collectors: kept, then counted line by line by a job that goes on where it was stopped."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuxiang.audit import bulk, jobs
from shuxiang.audit.models import Job
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7
from shuxiang.files.models import StoredFile
from shuxiang.files.selectors import path
from shuxiang.files.services import store
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.holdings.services.labelling import barcode_width
from shuxiang.stocktaking.codefile import TableError, codes_in
from shuxiang.stocktaking.models import Scan, Stocktake, Stream
from shuxiang.stocktaking.refusals import refuse
from shuxiang.stocktaking.services.scanning import Judged, judge, judge_item

CHUNK = 500  # codes a transaction: some tens of milliseconds
READ = "stocktaking.read"
Verdict = Scan.Verdict
_LABELS = (
    "SELECT d.value, d.item_id, i.account FROM holdings_itemidentifier d"
    " JOIN holdings_item i ON i.id = d.item_id WHERE d.library_id = %s AND d.value IN ({keys})"
)
_COUNTED = (
    "SELECT item_id FROM stocktaking_scan WHERE stocktake_id = %s AND verdict = 'counted'"
    " AND NOT is_late AND item_id IN ({keys})"
)


def bring_file(
    source: BinaryIO,
    *,
    stocktake: Stocktake,
    name: str,
    counted_at: datetime,
    by: Actor,
    at: datetime,
    location: ShelvingLocation | None = None,
    operation_id: UUID | None = None,
) -> Stream:
    """Keep a file of codes and have the server count them; the same operation id is one file.

    `counted_at` is when the shelves were scanned: what was lent after that instant is not wrongly out. Refuses unless
    the stocktake is counting; raises files.services.NotStored when the disk is full.
    """
    key = operation_id or uuid7()
    there = Stream.objects.filter(operation_id=key, stocktake=stocktake).first()
    if there is not None:
        return there
    if stocktake.state != Stocktake.State.COUNTING:
        raise refuse("not_counting", name=stocktake.name)
    file = store(source, name=name, library=stocktake.library, by=by, at=at)
    with transaction.atomic():
        counting = Stocktake.objects.filter(pk=stocktake.pk, state=Stocktake.State.COUNTING)
        if not counting.update(scans=F("scans")):
            raise refuse("not_counting", name=stocktake.name)
        stream = Stream.objects.create(
            stocktake=stocktake,
            kind=Stream.Kind.FILE,
            state=Stream.State.READING,
            name=file.name[:100],
            location=location,
            started_at=min(counted_at, at),
            started_by=by.name[:80],
            operation_id=key,
            file=file,
        )
        stream.job = jobs.queue(
            READ, by=by, library_code=stocktake.library.code, params={"stream": stream.pk}
        )
        stream.save(update_fields=["job"])
    return stream


@jobs.handles(READ)
def read_file(job: Job, progress: jobs.Progress) -> str:
    """Count the codes of a file, or those that an interruption left."""
    streams = Stream.objects.select_related("stocktake__library", "file", "location")
    stream = streams.get(pk=job.params["stream"])
    if stream.state == Stream.State.READING and stream.file is not None:
        try:
            _read(stream, stream.file, progress)
        except TableError as problem:
            _end(stream, Stream.State.UNREADABLE, {"code": problem.code, "params": problem.params})
        else:
            _end(stream, Stream.State.OPEN, {})
    return ""


def _end(stream: Stream, state: str, problem: dict[str, object]) -> None:
    Stream.objects.filter(pk=stream.pk, state=Stream.State.READING).update(state=state, problem=problem)


def _read(stream: Stream, file: StoredFile, progress: jobs.Progress) -> None:
    library = stream.stocktake.library_id

    def known(codes: Collection[str]) -> Collection[str]:
        padded = _padded(codes, library)
        there = {row[0] for row in bulk.rows_in(_LABELS, {*codes, *padded.values()}, library)}
        return {code for code in codes if code in there or padded.get(code) in there}

    chunk: list[tuple[int, str]] = []
    with bulk.checkpoints_apart():
        for line, code in codes_in(path(file), file.name, known):
            if line <= stream.lines:
                continue
            chunk.append((line, code))
            if len(chunk) == CHUNK:
                count_chunk(stream, chunk)
                progress(chunk[-1][0])
                chunk = []
                if progress.is_over():
                    raise jobs.Later
        if chunk:
            count_chunk(stream, chunk)
        progress(stream.lines)


def count_chunk(stream: Stream, chunk: Sequence[tuple[int, str]]) -> None:
    """Keep some lines of a file as scans, in one transaction."""
    stocktake = stream.stocktake
    with transaction.atomic():
        # the stocktake cannot be closed meanwhile: closing waits for files
        Stocktake.objects.filter(pk=stocktake.pk).update(scans=F("scans") + len(chunk))
        judged = _judge_many(stocktake, [code for _line, code in chunk])
        rows = [
            (
                one.item_id,
                "" if one.verdict == Verdict.CARD else code[:60],
                str(one.verdict),
                one.detail[:80],
                line,
            )
            for (line, code), one in zip(chunk, judged, strict=True)
        ]
        alike = {"stocktake": stocktake, "stream": stream, "at": stream.started_at, "is_late": False}
        bulk.insert(Scan, ("item_id", "code", "verdict", "detail", "line"), rows, constants=_stored(alike))
        stream.lines = chunk[-1][0]
        Stream.objects.filter(pk=stream.pk).update(lines=stream.lines)


def _stored(alike: dict[str, object]) -> dict[str, object]:
    """Foreign keys by their keys, as `bulk.insert` writes them."""
    return {name: getattr(value, "pk", value) for name, value in alike.items()}


def _judge_many(stocktake: Stocktake, codes: Sequence[str]) -> list[Judged]:
    """The verdict on each code, those known by their labels with a few statements for all."""
    padded = _padded(codes, stocktake.library_id)
    labels = {
        value: (item, account)
        for value, item, account in bulk.rows_in(_LABELS, {*codes, *padded.values()}, stocktake.library_id)
    }
    items = [item for item, _account in labels.values()]
    counted = {row[0] for row in bulk.rows_in(_COUNTED, items, stocktake.pk)}
    strange = _strange([c for c in codes if c not in labels and padded.get(c, "") not in labels], stocktake)
    found: list[Judged] = []
    fresh: set[int] = set()  # counted by this chunk
    for code in codes:
        known = labels.get(code) or labels.get(padded.get(code, ""))
        if known is not None:
            one = judge_item(stocktake, known[0], known[1], counted=known[0] in counted)
        else:
            one = strange.get(code) or judge(stocktake, code, fresh)
        if one.verdict == Verdict.COUNTED and one.item_id is not None:
            counted.add(one.item_id)
            fresh.add(one.item_id)
        found.append(one)
    return found


def _padded(codes: Collection[str], library_id: int) -> dict[str, str]:
    """Rows of digits as the library's labels have them: a workbook drops the zeros in front."""
    width = barcode_width(library_id)
    return {code: code.zfill(width) for code in codes if code.isascii() and code.isdigit()}


def _strange(codes: Sequence[str], stocktake: Stocktake) -> dict[str, Judged]:
    """Of codes that no volume here bears, those that another library has: with one statement, for a file gone astray."""
    rows = bulk.rows_in(
        "SELECT d.value, l.name FROM holdings_itemidentifier d JOIN libraries_library l"
        " ON l.id = d.library_id WHERE d.library_id <> %s AND d.value IN ({keys})",
        codes,
        stocktake.library_id,
    )
    return {value: Judged(Verdict.OTHER_LIBRARY, detail=name) for value, name in rows}
