"""Undo edits of a record, the latest first: the columns and the original are as they were before."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.refusals import refuse
from shuxiang.catalogue.services.marc_editing import SAVE_MARC, move_to
from shuxiang.catalogue.services.saving import write_columns
from shuxiang.catalogue.values import RecordValues
from shuxiang.common.actors import Actor

SAVE = "catalogue.save_record"
EDITS = (SAVE, SAVE_MARC)


def subject_of(record_id: int) -> str:
    return f"catalogue.record:{record_id}"


def last_edit(record: BibliographicRecord) -> Operation | None:
    """The latest edit that can be undone: one that was not undone, and is not the making of the record."""
    edits = Operation.objects.filter(subject=subject_of(record.pk), action__in=EDITS, undone_by__isnull=True)
    last = edits.order_by("-at", "-id").first()
    return last if last is not None and last.detail.get("before") else None


def values_from(projection: dict[str, object]) -> RecordValues:
    """Columns out of what RecordValues.as_projection left of them."""
    said = dict(projection)
    warnings = said.pop("warnings", [])
    is_complete = bool(said.pop("is_complete", False))
    return RecordValues(**said, is_complete=is_complete, warnings=tuple(warnings))  # type: ignore[arg-type]


@transaction.atomic
def undo_edit(
    edit_id: UUID, *, by: Actor, at: datetime, library_code: str = "", operation_id: UUID | None = None
) -> BibliographicRecord:
    """Put the columns and the original back as they were before an edit. Refuses all but the latest edit of a record."""
    begun = operations.begin(
        "catalogue.undo_edit",
        by=by,
        at=at,
        library_code=library_code,
        operation_id=operation_id,
        request={"edit": edit_id},
    )
    edit = Operation.objects.filter(pk=edit_id, action__in=EDITS).first()
    record = BibliographicRecord.objects.filter(pk=edit.result["record"]).first() if edit else None
    if edit is None or record is None:
        raise refuse("nothing_to_undo")
    if begun.repeated:
        return record
    latest = last_edit(record)
    if record.deleted_at is not None or latest is None or latest.pk != edit.pk:
        raise refuse("not_the_latest_edit", title=record.title)
    write_columns(record, values_from(edit.detail["before"]), library=None, at=at)
    _original_back(edit)
    Operation.objects.filter(pk=edit.pk).update(undone_by=begun.operation)
    operations.finish(begun.operation, subject=subject_of(record.pk), result={"record": record.pk})
    return record


def _original_back(edit: Operation) -> None:
    kept = edit.detail.get("original")
    if kept is None:
        return
    if was := edit.detail.get("was"):
        if Original.objects.filter(pk=kept).exists():
            move_to(kept, was)
    else:
        Original.objects.filter(pk=kept).delete()
