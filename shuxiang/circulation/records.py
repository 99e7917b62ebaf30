"""Loans and holds name the record: they follow it when records become one, are parted, or are split."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.models import Loan
from shuxiang.circulation.queue import LIVE

CHUNK = 500


def merge_loans(gone: int, into: int, at: datetime) -> list[int]:
    """Loans of a record name the one that stays; gives which."""
    keys = list(Loan.objects.filter(record_id=gone).order_by("pk").values_list("pk", flat=True))
    Loan.objects.filter(record_id=gone).update(record_id=into, modified_at=at)
    return keys


def part_loans(gone: int, into: int, noted: list[int], at: datetime) -> None:
    """The way back, with the loans since of volumes that went back to the record."""
    for start in range(0, len(noted), CHUNK):
        some = Loan.objects.filter(pk__in=noted[start : start + CHUNK], record_id=into)
        some.update(record_id=gone, modified_at=at)
    since = Loan.objects.filter(item__holding__record_id=gone, record_id=into)
    Loan.objects.filter(pk__in=list(since.values_list("pk", flat=True))).update(
        record_id=gone, modified_at=at
    )


def follow_items(items: Sequence[int], record: int, at: datetime) -> None:
    """Loans of volumes that went to another record name that one."""
    for start in range(0, len(items), CHUNK):
        some = Loan.objects.filter(item_id__in=items[start : start + CHUNK])
        some.update(record_id=record, modified_at=at)


MERGED = "merged"  # why a hold ended that its reader had twice, once for each of two records that became one


def merge_holds(gone: int, into: int, at: datetime) -> list[int]:
    """Holds of a record wait for the one that stays; of two by one reader for the same the later one ends. Gives which."""
    moving = list(Hold.objects.filter(record_id=gone).order_by("queued_at", "pk"))
    live = Hold.objects.filter(record_id=into, state__in=LIVE)
    for hold in moving:
        if hold.state not in LIVE:
            continue
        twin = live.filter(library=hold.library_id, patron=hold.patron_id, item=hold.item_id).first()
        if twin is not None:
            later = twin if twin.queued_at > hold.queued_at and twin.state == Hold.State.WAITING else hold
            _end_merged(Hold.objects.filter(pk=later.pk), at)
    keys = [hold.pk for hold in moving]
    Hold.objects.filter(pk__in=keys).update(record_id=into, modified_at=at)
    return keys


def _end_merged(rows: QuerySet[Hold], at: datetime) -> None:
    kept = rows.filter(state=Hold.State.READY).exists()
    rows.update(
        state=Hold.State.CANCELLED, ended_at=at, ended_because=MERGED, needs_shelving=kept, modified_at=at
    )


def part_holds(gone: int, into: int, noted: list[int], at: datetime) -> None:
    """The way back; a hold that ended because its reader had two waits again, if nobody ended the other one's wish."""
    Hold.objects.filter(pk__in=noted, record_id=into).update(record_id=gone, modified_at=at)
    since = Hold.objects.filter(item__holding__record_id=gone, record_id=into)
    since.update(record_id=gone, modified_at=at)
    ended = Hold.objects.filter(record_id__in=[gone, into], state=Hold.State.CANCELLED, ended_because=MERGED)
    for hold in ended:
        same = {"library": hold.library_id, "patron": hold.patron_id, "record": hold.record_id}
        if not Hold.objects.filter(**same, item=hold.item_id, state__in=LIVE).exists():
            Hold.objects.filter(pk=hold.pk).update(
                state=Hold.State.WAITING,
                ended_at=None,
                ended_because="",
                ready_item=None,
                ready_at=None,
                ready_until=None,
                needs_shelving=False,
                modified_at=at,
            )


def holds_follow_items(items: Sequence[int], record: int, at: datetime) -> None:
    """Holds on volumes that went to another record name that one; a title hold they were kept for waits again."""
    for start in range(0, len(items), CHUNK):
        some = items[start : start + CHUNK]
        Hold.objects.filter(item_id__in=some).update(record_id=record, modified_at=at)
        kept = Hold.objects.filter(ready_item_id__in=some, item=None, state=Hold.State.READY)
        kept.exclude(record_id=record).update(
            state=Hold.State.WAITING, ready_item=None, ready_at=None, ready_until=None, modified_at=at
        )
