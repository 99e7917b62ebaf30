"""Loans name the record of what was lent: they follow it when records become one, are parted, or are split."""

from collections.abc import Sequence
from datetime import datetime

from shuxiang.circulation.models import Loan

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
