"""Take records out of the catalogue; a tombstone stays."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.catalogue import index
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.actors import Actor

CHUNK = 500


def bury(record: BibliographicRecord, *, by: Actor, at: datetime) -> None:
    """Make a tombstone of a record. Whether a library still holds it, the room above must have asked."""
    bury_many([record.pk], by=by, at=at)
    record.refresh_from_db()


def bury_many(record_ids: Sequence[int], *, by: Actor, at: datetime, library_code: str = "") -> int:
    """Make tombstones of records that are alive; gives how many."""
    buried = 0
    for start in range(0, len(record_ids), CHUNK):
        keys = list(record_ids[start : start + CHUNK])
        with transaction.atomic():
            begun = operations.begin("catalogue.bury", by=by, at=at, library_code=library_code)
            living = BibliographicRecord.objects.filter(pk__in=keys, deleted_at__isnull=True)
            count = living.update(deleted_at=at, modified_at=at)
            index.remove(keys)
            operations.finish(
                begun.operation,
                subject=f"catalogue.record:{keys[0]}",
                result={"records": keys, "buried": count},
            )
        buried += count
    return buried
