"""Volumes that were catalogued under the wrong title get a record of their own; the way back is kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuxiang import marc
from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import RecordValues, bury, keep_original, marc_now, save_record
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Holding, Item, ItemAccount
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.counts import recount
from shuxiang.holdings.services.holding import hold
from shuxiang.holdings.services.merging import forget_empty, forget_entered, give_back, note_entered
from shuxiang.libraries.models import Library

SPLIT = "holdings.split"
# Called with the keys of items that belong to another record now, in the same transaction.
Follower = Callable[[Sequence[int], int, datetime], None]
_followers: list[Follower] = []


def follow_items(follower: Follower) -> None:
    """Register what a room above must write when volumes go to another record."""
    _followers.append(follower)


@transaction.atomic
def split(
    record: BibliographicRecord,
    items: Sequence[int],
    values: RecordValues,
    *,
    library: Library,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> BibliographicRecord:
    """Give these volumes of a record a new one with `values`; their loans and movements go along, the rest stays.

    The new record gets a copy of the library's original, so that no field is lost, and call numbers of its own. Refuses
    no volume, volumes of another record or library, and all volumes at once.
    """
    request = {"record": record.pk, "items": sorted(items), "values": values.as_projection()}
    begun = operations.begin(
        SPLIT, by=by, at=at, library_code=library.code, operation_id=operation_id, request=request
    )
    if begun.repeated:
        return BibliographicRecord.objects.get(pk=str(begun.operation.result["record"]))
    chosen = _chosen(record, items, library)
    new = save_record(record=None, values=values, library=library, by=by, at=at)
    _copy_original(record, new, library, at)
    moved: list[dict[str, Any]] = []
    for old in sorted({item.holding for item in chosen}, key=lambda holding: holding.pk):
        target = hold(library=library, record=new, group=old.group, by=by, at=at)
        mine = [item for item in chosen if item.holding_id == old.pk]
        note_entered(old.pk, record.pk, [item.pk for item in mine])
        for number, item in enumerate(mine, start=1):
            Item.objects.filter(pk=item.pk).update(holding=target, copy_number=number, modified_at=at)
        moved.append(
            {"holding": old.pk, "new": target.pk, "items": [[one.pk, one.copy_number] for one in mine]}
        )
    for follower in _followers:
        follower([item.pk for item in chosen], new.pk, at)
    recount([one[name] for one in moved for name in ("holding", "new")])
    operations.finish(
        begun.operation,
        subject=f"catalogue.record:{record.pk}",
        result={"record": new.pk, "from": record.pk, "volumes": len(chosen)},
        detail={"moved": moved},
    )
    return new


def _chosen(record: BibliographicRecord, items: Sequence[int], library: Library) -> list[Item]:
    mine = Item.objects.filter(holding__record=record, library=library).exclude(account=ItemAccount.VOID)
    chosen = list(
        mine.filter(pk__in=items).select_related("holding__group").order_by("holding", "copy_number", "pk")
    )
    if not chosen:
        raise refuse("split_nothing")
    if len(chosen) != len(set(items)):
        raise refuse("split_others", title=record.title)
    if len(chosen) == mine.count():
        raise refuse("split_all", title=record.title)
    return chosen


def _copy_original(
    record: BibliographicRecord, new: BibliographicRecord, library: Library, at: datetime
) -> None:
    """The fields of the old record's original, without its number and its volumes."""
    now = marc_now(record, library)
    if not Original.objects.filter(record=record).exists():
        return
    bare = marc.with_local_holdings(now.record, now.profile, ())
    fields = tuple(item for item in bare.fields if item.tag != "001")
    keep_original(
        new,
        library=library,
        format=Original.Format.ISO2709,
        content=marc.write_iso2709(marc.MarcRecord(bare.leader, fields)),
        at=at,
        profile=now.profile,
        encoding="utf-8",
    )


@transaction.atomic
def join(
    split_id: UUID, *, by: Actor, at: datetime, library_code: str = "", operation_id: UUID | None = None
) -> BibliographicRecord:
    """Take a split back: the volumes return and the new record goes. Refuses when it has got other volumes since."""
    begun = operations.begin(
        "holdings.join",
        by=by,
        at=at,
        library_code=library_code,
        operation_id=operation_id,
        request={"split": split_id},
    )
    done = Operation.objects.filter(pk=split_id, action=SPLIT).first()
    if done is None or "from" not in done.result:
        raise refuse("cannot_join")
    record = BibliographicRecord.objects.get(pk=done.result["from"])
    if begun.repeated:
        return record
    new = BibliographicRecord.objects.get(pk=done.result["record"])
    if done.undone_by_id is not None or record.deleted_at is not None or new.deleted_at is not None:
        raise refuse("cannot_join")
    mine = [pk for one in done.detail["moved"] for pk, _copy in one["items"]]
    holdings = [one["new"] for one in done.detail["moved"]]
    grown = Item.objects.filter(holding__record=new).exclude(pk__in=mine).exists()
    if grown or Holding.objects.filter(record=new).exclude(pk__in=holdings).exists():
        raise refuse("split_grown", title=new.title)
    for one in done.detail["moved"]:
        give_back(one["items"], one["new"], one["holding"], at)
    forget_entered(record.pk)
    for follower in _followers:
        follower(mine, record.pk, at)
    recount([one["holding"] for one in done.detail["moved"]])
    forget_empty(holdings)
    bury(new, by=by, at=at)
    Operation.objects.filter(pk=done.pk).update(undone_by=begun.operation)
    operations.finish(begun.operation, subject=f"catalogue.record:{record.pk}", result={"record": record.pk})
    return record
