"""What an undo of an import of books would do as things stand: which volumes go, which stay and are named."""

from __future__ import annotations

from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import values_of
from shuxiang.holdings.models import AccessionBatch, Item, Movement
from shuxiang.holdings.rules import ON_SHELF
from shuxiang.holdings.selectors import item_label
from shuxiang.imports import registry
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.shapes import Foreseen, Note

_NAMED = 200
_AT_ONCE = 500


def foresee_books(run: Run) -> Foreseen:
    """The same questions as reverse_batch and undo_books ask, without an answer being acted upon."""
    lines = Item.objects.filter(property_line__batch__run_id=run.pk)
    draft = lines.filter(property_line__batch__state=AccessionBatch.State.DRAFT)
    posted = lines.exclude(property_line__batch__state=AccessionBatch.State.DRAFT)
    moves = Movement.objects.filter(item=OuterRef("pk"))
    free = posted.filter(account__in=ON_SHELF, current__isnull=True).filter(
        ~Exists(moves.exclude(cause="accession")), Exists(moves.filter(at=OuterRef("modified_at")))
    )
    stays = posted.exclude(pk__in=free.values("pk"))
    notes = [_stays(item) for item in stays.select_related("holding__record", "property_line")[:_NAMED]]
    titles = _changed_since(run)
    return Foreseen(
        {"records": _records(run, stays), "items": draft.count() + free.count()},
        stays.count() + len(titles),
        (*notes, *(Note("column_kept", {"title": title}) for title in titles[:_NAMED])),
    )


def _stays(item: Item) -> Note:
    title = item.holding.record.title
    return Note("volume_kept", {"volume": item_label(item), "account": item.account, "title": title})


def _changed_since(run: Run) -> list[str]:
    """Titles of which the run changed columns that somebody has changed again."""
    changed: list[str] = []
    rows = run.rows.filter(verdict=RunRow.Verdict.CHANGED, effects__has_key="before").iterator()
    while some := list(islice(rows, _AT_ONCE)):
        keys = [row.effects["record"] for row in some]
        records = BibliographicRecord.objects.filter(deleted_at=None).in_bulk(keys)
        for row in some:
            record = records.get(row.effects["record"])
            if record is None:
                continue
            now, after = values_of(record), row.effects["after"]
            if any(getattr(now, name) != after.get(name) for name in row.effects["before"]):
                changed.append(record.title)
    return changed


def _records(run: Run, stays: QuerySet[Item]) -> int:
    """Titles the run made that neither a volume nor another file would hold any more."""
    made = run.rows.filter(verdict=RunRow.Verdict.MADE, effects__made=True).values_list(
        "effects__record", flat=True
    )
    keys, count = made.iterator(), 0
    while some := [int(key) for key in islice(keys, _AT_ONCE)]:
        left = set(stays.filter(holding__record__in=some).values_list("holding__record_id", flat=True))
        others = Item.objects.filter(holding__record__in=some).exclude(account__in=["withdrawn", "void"])
        others = others.exclude(property_line__batch__run_id=run.pk)
        left |= set(others.values_list("holding__record_id", flat=True))
        brought = Original.objects.filter(record__in=some).exclude(library=run.library, run_id=run.pk)
        left |= set(brought.values_list("record_id", flat=True))
        count += len(set(some) - left)
    return count


registry.register_foresight("books", foresee_books)
