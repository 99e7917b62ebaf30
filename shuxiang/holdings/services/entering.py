"""A title goes into a draft by one act: record, source, holding, volumes and barcodes (decision 0031)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuxiang import marc
from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import (
    RecordValues,
    bury,
    keep_original,
    prepare,
    save_record,
    undo_edit,
    values_of,
)
from shuxiang.catalogue.services.marc_editing import own_original, values_in
from shuxiang.catalogue.services.undoing import last_edit
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import AccessionBatch, Holding, Item, PropertyLine, ShelvingLocation
from shuxiang.holdings.reading.marcrows import format_of
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.drafting import add_items
from shuxiang.holdings.services.erasing import erase_items
from shuxiang.holdings.services.holding import hold
from shuxiang.holdings.services.labelling import assign_barcodes
from shuxiang.holdings.services.merging import forget_empty
from shuxiang.holdings.sharing import others_with, refuse_shared
from shuxiang.libraries.models import Library

ENTER = "holdings.enter_title"
MOST_COPIES = 2000  # of one title at once: more is a slip of the keys


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record of another catalogue that the columns came from: its bytes as they came, and the name of where."""

    content: bytes
    encoding: str
    profile: marc.Profile
    record: marc.MarcRecord
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """Volumes for a draft. Barcodes go to the first of them; `is_numbered` gives the others the next free ones."""

    batch: AccessionBatch
    copies: int
    home: ShelvingLocation
    list_price_fen: int | None = None
    paid_price_fen: int | None = None
    price_text: str = ""
    volume_mark: str = ""
    barcodes: Sequence[str] = ()
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """What was made; `operation_id` takes all of it back."""

    record: BibliographicRecord
    holding: Holding | None
    items: list[Item] = field(default_factory=list)
    operation_id: UUID | None = None


@transaction.atomic
def enter_title(
    record: BibliographicRecord | None,
    values: RecordValues,
    *,
    library: Library,
    by: Actor,
    at: datetime,
    reach: AbstractSet[int] | None = None,
    volumes: Volumes | None = None,
    delivered: Delivered | None = None,
    is_held: bool = True,
    operation_id: UUID | None = None,
) -> Entered:
    """Save a record as it was catalogued, hold it, and write its volumes down in a draft.

    A record that is there is written only where it differs; `reach` are the libraries whose records may be changed (None:
    all). Refuses a change of a record that other libraries hold, a batch that is no draft, taken barcodes.
    """
    request = {
        "record": record.pk if record else None,
        "values": values.as_projection(),
        "volumes": [volumes.batch.pk, volumes.copies, list(volumes.barcodes)] if volumes else None,
    }
    begun = operations.begin(
        ENTER, by=by, at=at, library_code=library.code, operation_id=operation_id, request=request
    )
    if begun.repeated:
        return _entered(begun.operation)
    done: dict[str, Any] = {"made": record is None, "edit": None, "kept": None}
    if record is None:
        record = save_record(record=None, values=values, library=library, by=by, at=at)
    elif prepare(values) != values_of(record):
        refuse_shared(record, library, reach)
        record = save_record(record=record, values=values, library=library, by=by, at=at)
        edit = last_edit(record)
        done["edit"] = str(edit.pk) if edit else None
    if delivered is not None:
        done["kept"] = _keep(record, delivered, library, at)
        done["source"] = delivered.source
    holding, items = None, []
    if volumes is not None or is_held:
        place = volumes.home.group if volumes else None
        held = Holding.objects.filter(library=library, record=record)
        done["held"] = (held.filter(group=place) if place else held).exists()
        holding = hold(library=library, record=record, group=place, clc=values.clc, by=by, at=at)
    if volumes is not None and holding is not None:
        items = _write_down(volumes, holding, library, by, at)
    result = {
        "record": record.pk,
        "holding": holding.pk if holding else None,
        "items": [one.pk for one in items],
    }
    subject = f"catalogue.record:{record.pk}"
    operations.finish(begun.operation, subject=subject, result=result, detail=done)
    return Entered(record, holding, items, begun.operation.pk)


def _entered(done: Operation) -> Entered:
    holding = Holding.objects.filter(pk=done.result["holding"]).first()
    items = list(Item.objects.filter(pk__in=done.result["items"]).order_by("pk"))
    return Entered(BibliographicRecord.objects.get(pk=done.result["record"]), holding, items, done.pk)


def _keep(record: BibliographicRecord, delivered: Delivered, library: Library, at: datetime) -> int | None:
    """Keep where the columns came from, unless the library has an original in MARC of its own already."""
    if own_original(record, library) is not None:
        return None
    kept = keep_original(
        record,
        library=library,
        format=format_of(delivered.content),
        content=delivered.content,
        at=at,
        profile=delivered.profile,
        encoding=delivered.encoding,
        projection=values_in(delivered.record, delivered.profile).as_projection(),
    )
    return kept.pk


def _write_down(volumes: Volumes, holding: Holding, library: Library, by: Actor, at: datetime) -> list[Item]:
    if not 0 < volumes.copies <= MOST_COPIES:
        raise refuse("too_many_copies", most=MOST_COPIES)
    items = add_items(
        batch=volumes.batch,
        holding=holding,
        copies=volumes.copies,
        home=volumes.home,
        list_price_fen=volumes.list_price_fen,
        paid_price_fen=volumes.paid_price_fen,
        price_text=volumes.price_text,
        volume_mark=volumes.volume_mark,
        barcodes=volumes.barcodes,
        by=by,
        at=at,
    )
    bare = [item.pk for item in items[len(volumes.barcodes) :]]
    if volumes.is_numbered and bare:
        assign_barcodes(bare, library=library, by=by, at=at)
    return items


@transaction.atomic
def take_back_entry(
    entry_id: UUID, *, library: Library, by: Actor, at: datetime, operation_id: UUID | None = None
) -> BibliographicRecord:
    """Undo what enter_title did: volumes leave the draft, the record goes if it was made, or is as before.

    Refuses volumes whose batch was posted meanwhile, and a record that others hold or that was changed again since.
    """
    begun = operations.begin(
        "holdings.take_back_entry",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"entry": entry_id},
    )
    entry = Operation.objects.filter(pk=entry_id, action=ENTER, library_code=library.code).first()
    if entry is None or "record" not in entry.result:
        raise refuse("no_such_entry")
    record = BibliographicRecord.objects.get(pk=entry.result["record"])
    if begun.repeated:
        return record
    if entry.undone_by_id is not None:
        raise refuse("no_such_entry")
    _erase(entry.result["items"], record, by, at)
    if not entry.detail.get("held", True):
        forget_empty([entry.result["holding"]])
    if entry.detail["made"]:
        _bury(record, library, by, at)
    elif (edit := entry.detail["edit"]) and Operation.objects.filter(pk=edit, undone_by=None).exists():
        undo_edit(UUID(edit), by=by, at=at, library_code=library.code)
    if kept := entry.detail.get("kept"):
        record.originals.filter(pk=kept).delete()
    Operation.objects.filter(pk=entry.pk).update(undone_by=begun.operation)
    operations.finish(begun.operation, subject=f"catalogue.record:{record.pk}", result={"record": record.pk})
    return record


def _erase(items: Sequence[int], record: BibliographicRecord, by: Actor, at: datetime) -> None:
    lines = PropertyLine.objects.filter(item_id__in=items).select_related("batch")
    for batch in sorted({line.batch for line in lines}, key=lambda one: one.pk):
        if batch.state != AccessionBatch.State.DRAFT:
            raise refuse("entry_posted", title=record.title, batch=batch.number or batch.pk)
        erase_items(items, batch=batch, by=by, at=at)


def _bury(record: BibliographicRecord, library: Library, by: Actor, at: datetime) -> None:
    """A record that the entry made goes, unless it has got volumes since or somebody else holds it."""
    if others_with(record, library) or Item.objects.filter(holding__record=record).exists():
        return
    forget_empty(list(Holding.objects.filter(record=record).values_list("pk", flat=True)))
    bury(record, by=by, at=at)
