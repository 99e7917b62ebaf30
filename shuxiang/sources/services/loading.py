"""Packs: brought as a file, loaded by a job chunk by chunk, removed the same way; an interruption costs nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from shuxiang import marc
from shuxiang.audit import bulk, jobs, operations
from shuxiang.audit.models import Job
from shuxiang.common import clock, locks
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.common.ids import uuid7
from shuxiang.common.text import title_key
from shuxiang.files import selectors as files
from shuxiang.files import services as file_store
from shuxiang.files.models import StoredFile
from shuxiang.libraries.models import Library
from shuxiang.sources.found import numbers_of
from shuxiang.sources.messages import pack_line
from shuxiang.sources.models import Pack, PackNumber, PackRecord

CHUNK = 300
_REFUSALS_KEPT = 20
_DELETED_AT_ONCE = 1000
_COLUMNS = ("id", "position", "title_key", "profile", "encoding", "content")
_State = Pack.State


def refused(code: str, **params: object) -> Refused:
    """One reason, as every act of this room refuses."""
    return Refused(Decision((Reason(code, Weight.REFUSE, params),)))


def bring(
    content: BinaryIO,
    *,
    name: str,
    file_name: str,
    library: Library,
    by: Actor,
    at: datetime,
    pack_id: UUID | None = None,
) -> Pack:
    """Keep the file and have it loaded; the same upload sent again under one id is the same pack.

    Raises Refused: file_empty, not_stored (the disk), pack_there (the very same file is loaded already).
    """
    key = pack_id or uuid7()
    if (there := Pack.objects.filter(pk=key).first()) is not None:
        return there
    try:
        stored = file_store.store(content, name=file_name, library=library, by=by, at=at)
    except file_store.NotStored as problem:
        raise refused("not_stored", name=file_name, problem=problem.problem) from problem
    gone = (_State.FAILED, _State.REMOVING, _State.REMOVED)
    same = Pack.objects.filter(file__sha256=stored.sha256).exclude(state__in=gone).first()
    if same is not None or not stored.size:
        _let_go(stored)
        raise refused("pack_there", name=same.name) if same else refused("file_empty", name=file_name)
    try:
        with transaction.atomic():
            begun = operations.begin("sources.bring_pack", by=by, at=at, library_code=library.code)
            pack = Pack.objects.create(
                id=key,
                library=library,
                file=stored,
                name=(name.replace("\x00", "").strip() or Path(file_name).stem)[:60],
                brought_by=by.name[:80],
                brought_at=at,
            )
            _queue(pack, "sources.load", by)
            operations.finish(begun.operation, subject=f"sources.pack:{pack.pk}", result={"name": pack.name})
    except IntegrityError:  # the same upload, sent twice at once, was a moment faster
        return Pack.objects.get(pk=key)
    return pack


def _let_go(stored: StoredFile) -> None:
    file_store.discard(stored)
    stored.delete()


def _queue(pack: Pack, kind: str, by: Actor) -> None:
    code = pack.library.code if pack.library else ""
    pack.job_id = jobs.queue(kind, by=by, library_code=code, params={"pack": str(pack.pk)}).pk
    pack.save(update_fields=["job_id"])


def remove(pack: Pack, *, by: Actor, at: datetime) -> Pack:
    """Take a pack out of use at once and have its records deleted; what was catalogued from it stays as it is.

    The undo of loading, while it is under way too. Asked twice, it is removed once.
    """
    with transaction.atomic():
        there = Pack.objects.filter(pk=pack.pk).exclude(state__in=[_State.REMOVING, _State.REMOVED])
        if there.update(state=_State.REMOVING):
            pack.refresh_from_db()
            begun = operations.begin(
                "sources.remove_pack", by=by, at=at, library_code=pack.library.code if pack.library else ""
            )
            _queue(pack, "sources.remove", by)
            operations.finish(begun.operation, subject=f"sources.pack:{pack.pk}", result={"name": pack.name})
    pack.refresh_from_db()
    return pack


@jobs.handles("sources.load")
def load_job(job: Job, progress: jobs.Progress) -> str:
    """Load a pack, or what an interruption left of it."""
    pack = Pack.objects.select_related("file").get(pk=job.params["pack"])
    with _alone(pack):
        pack.refresh_from_db()
        if pack.state in (_State.WAITING, _State.LOADING):
            load(pack, at=clock.now(), progress=progress, is_over=progress.is_over)
    return pack_line(pack)


@jobs.handles("sources.remove")
def remove_job(job: Job, progress: jobs.Progress) -> str:
    """Delete the records of a pack, some at a time: the desk does not wait."""
    pack = Pack.objects.select_related("file").get(pk=job.params["pack"])
    total, done = pack.rows_made, 0
    with _alone(pack):
        while keys := list(
            PackRecord.objects.filter(pack=pack).values_list("pk", flat=True)[:_DELETED_AT_ONCE]
        ):
            with transaction.atomic():
                PackNumber.objects.filter(record__in=keys).delete()
                PackRecord.objects.filter(pk__in=keys).delete()
            done += len(keys)
            progress(done, total)
        Pack.objects.filter(pk=pack.pk).update(state=_State.REMOVED, finished_at=clock.now())
        file_store.discard(pack.file)
    return pack_line(pack)


@contextmanager
def _alone(pack: Pack) -> Iterator[None]:
    """One process at a time works on a pack; a second one puts its job off."""
    try:
        with locks.alone(Path(settings.HOME) / "locks" / f"pack-{pack.pk}"):
            yield
    except locks.Taken:
        raise jobs.Later from None


def load(pack: Pack, *, at: datetime, progress: jobs.Progress, is_over: Callable[[], bool]) -> None:
    """Read the file from where loading stopped; a chunk is one transaction with the place it reached.

    A pack of which no record could be read is FAILED. Raises Later when the process is to stop.
    """
    path = files.path(pack.file)
    if not path.is_file():
        _end(pack, _State.FAILED, at)
        return
    size = path.stat().st_size
    with path.open("rb") as content, bulk.checkpoints_apart():
        items = islice(marc.read_marc(content), pack.rows_read, None)
        while chunk := list(islice(items, CHUNK)):
            if is_over():
                raise jobs.Later
            if not _write(pack, chunk):
                return  # removed meanwhile
            progress(min(content.tell(), size), size)
            bulk.settle()
            time.sleep(0)  # the desk first
    _end(pack, _State.READY if pack.rows_made else _State.FAILED, at)
    progress(size, size)
    if pack.rows_made:
        file_store.discard(pack.file)


def _end(pack: Pack, state: Pack.State, at: datetime) -> None:
    working = Pack.objects.filter(pk=pack.pk, state__in=[_State.WAITING, _State.LOADING])
    working.update(state=state, finished_at=at)
    pack.refresh_from_db()


@transaction.atomic
def _write(pack: Pack, chunk: Sequence[marc.RawRecord | marc.BadRecord]) -> bool:
    """Write a chunk and the new place; False when the pack was taken out of use since."""
    rows, numbers = _rows_of(chunk)
    bad = [item for item in chunk if isinstance(item, marc.BadRecord)]
    kept = [{"position": one.position, "code": one.code, "params": dict(one.params)} for one in bad]
    pack.rows_read += len(chunk)
    pack.rows_made += len(rows)
    pack.rows_refused += len(bad)
    pack.rows_skipped += len(chunk) - len(rows) - len(bad)
    pack.first_refusals = (pack.first_refusals + kept)[:_REFUSALS_KEPT]
    working = Pack.objects.filter(pk=pack.pk, state__in=[_State.WAITING, _State.LOADING])
    if not working.update(
        state=_State.LOADING,
        rows_read=pack.rows_read,
        rows_made=pack.rows_made,
        rows_skipped=pack.rows_skipped,
        rows_refused=pack.rows_refused,
        first_refusals=pack.first_refusals,
    ):
        return False
    keys = bulk.take_keys(PackRecord, len(rows))
    keyed = [(key, *row) for key, row in zip(keys, rows, strict=True)]
    bulk.insert(PackRecord, _COLUMNS, keyed, constants={"pack": pack.pk})
    found_by = [(key, number) for key, each in zip(keys, numbers, strict=True) for number in sorted(each)]
    number_keys = bulk.take_keys(PackNumber, len(found_by))
    bulk.insert(
        PackNumber,
        ("id", "record_id", "number"),
        [(pk, *one) for pk, one in zip(number_keys, found_by, strict=True)],
    )
    return True


def _rows_of(
    chunk: Sequence[marc.RawRecord | marc.BadRecord],
) -> tuple[list[tuple[int, str, str, str, bytes]], list[frozenset[str]]]:
    """The rows of the records that can be found again, and the numbers of each."""
    rows: list[tuple[int, str, str, str, bytes]] = []
    numbers: list[frozenset[str]] = []
    for item, title, found_by in _findable(chunk):
        rows.append((item.position, title, item.profile, item.encoding, item.raw))
        numbers.append(found_by)
    return rows, numbers


def _findable(
    chunk: Sequence[marc.RawRecord | marc.BadRecord],
) -> Iterator[tuple[marc.RawRecord, str, frozenset[str]]]:
    for item in chunk:
        if isinstance(item, marc.RawRecord):
            projection = marc.project(item.record, item.profile)
            title, numbers = title_key(projection.title)[:120], numbers_of(item.record, projection)
            if title or numbers:
                yield item, title, numbers
