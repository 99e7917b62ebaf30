"""Take back an import of books: volumes by void or reversal, then columns, records and originals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import RecordValues, bury_many, save_record, values_of
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.holdings.models import AccessionBatch, Holding, Item, Withdrawal
from shuxiang.holdings.services import post_batch, reverse_batch, void_batch
from shuxiang.imports import tally
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.shapes import Note, Progress, Undone

_CHUNK = 200
State = AccessionBatch.State


def undo_books(run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
    """See imports.shapes.Importer.undo: what is lent, moved or held elsewhere stays and is named."""
    del operation  # each act below writes its own
    kept: list[Note] = []
    volumes = _volumes(run, by, at, kept)
    _columns(run, by, at, kept)
    Original.objects.filter(library=run.library, run_id=run.pk).delete()
    _records(run, by, at, progress)
    return Undone({"records": tally.taken_back(run).get("records", 0), "items": volumes}, tuple(kept))


def _volumes(run: Run, by: Actor, at: datetime, kept: list[Note]) -> int:
    """How many volumes this undo has taken back, with those before a stop: as the database has them."""
    today = local_date(at, timezone.get_default_timezone_name())
    for batch in AccessionBatch.objects.filter(library=run.library, run_id=run.pk).order_by("pk"):
        if batch.state == State.POSTING:
            post_batch(batch, by=by, at=at, on=batch.posted_on or today)
            batch.refresh_from_db()
        if batch.state == State.DRAFT:
            with transaction.atomic():
                tally.add(run, voided=batch.lines.count())
                void_batch(batch, by=by, at=at)
        elif batch.state == State.POSTED:
            result = reverse_batch(
                batch, by=by, at=at, on=max(today, batch.posted_on or today), run_id=run.pk
            )
            titles = _titles([one.item_id for one in result.skipped])
            kept += [
                Note(
                    "volume_kept",
                    {"volume": one.label, "account": one.account, "title": titles.get(one.item_id, "")},
                )
                for one in result.skipped
            ]
    struck = Withdrawal.objects.filter(library=run.library, run_id=run.pk, reason=Withdrawal.Reason.REVERSAL)
    reversed_now = struck.aggregate(Sum("volumes"))["volumes__sum"] or 0
    return int(reversed_now) + tally.taken_back(run).get("voided", 0)


def _titles(items: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(items), _CHUNK):
        rows = Item.objects.filter(pk__in=items[start : start + _CHUNK])
        found |= dict(rows.values_list("pk", "holding__record__title"))
    return found


def _columns(run: Run, by: Actor, at: datetime, kept: list[Note]) -> None:
    """Old values go back where they are unchanged since."""
    for row in run.rows.filter(verdict=RunRow.Verdict.CHANGED).order_by("-pk").iterator():
        if "before" not in row.effects:
            continue
        record = BibliographicRecord.objects.filter(pk=row.effects["record"], deleted_at=None).first()
        if record is None:
            continue
        now, blank = values_of(record), RecordValues()
        back = {
            name: getattr(blank, name) if old is None else old
            for name, old in row.effects["before"].items()
            if getattr(now, name) == row.effects["after"].get(name)
        }
        if len(back) < len(row.effects["before"]):
            kept.append(Note("column_kept", {"title": record.title}))
        if back:
            fields = {name: getattr(now, name) for name in RecordValues.__slots__} | back
            save_record(record=record, values=RecordValues(**fields), library=run.library, by=by, at=at)


def _records(run: Run, by: Actor, at: datetime, progress: Progress) -> None:
    """Records that the run made and that nothing refers to any more become tombstones."""
    made = [
        row.effects["record"]
        for row in run.rows.filter(verdict=RunRow.Verdict.MADE)
        if row.effects.get("made")
    ]
    for start in range(0, len(made), _CHUNK):
        some = made[start : start + _CHUNK]
        with transaction.atomic():
            empty = _unused(some)
            unheld = Holding.objects.filter(library=run.library, record__in=empty, items__isnull=True)
            unheld.delete()
            tally.add(run, records=bury_many(empty, by=by, at=at, library_code=run.library.code))
        progress(min(start + _CHUNK, len(made)), len(made))


def _unused(records: Sequence[int]) -> list[int]:
    """Those without a volume on any library's books, and not held by another library."""
    used = set(
        Item.objects.filter(holding__record__in=records)
        .exclude(account__in=["withdrawn", "void"])
        .values_list("holding__record_id", flat=True)
    )
    brought = Original.objects.filter(record__in=records).values_list("record_id", flat=True)
    return sorted(set(records) - used - set(brought))
