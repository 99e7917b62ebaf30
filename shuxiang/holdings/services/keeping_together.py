"""A record becomes a part of a set (CNMARC 461), or stops being one."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, save_record, values_of
from shuxiang.common.actors import Actor
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.sharing import refuse_shared
from shuxiang.libraries.models import Library


@transaction.atomic
def put_into_set(
    record: BibliographicRecord,
    *,
    parent: BibliographicRecord | None,
    library: Library,
    by: Actor,
    at: datetime,
    reach: AbstractSet[int] | None = None,
    new_title: str = "",
    part_number: int | None = None,
    operation_id: UUID | None = None,
) -> BibliographicRecord:
    """Link a record to the record of its set, to a new one with `new_title`, or to none.

    A new set has the authors, publisher and class of its part. Refuses a set that is this record or a part of it, and a
    record that libraries outside of `reach` hold.
    """
    refuse_shared(record, library, reach)
    above = parent
    while above is not None:
        if above.pk == record.pk:
            raise refuse("set_within_itself", title=record.title)
        above = above.parent
    if parent is None and new_title:
        own = values_of(record)
        whole = RecordValues(
            kind=own.kind,
            title=new_title,
            authors=own.authors,
            publisher=own.publisher,
            place=own.place,
            clc=own.clc,
            language=own.language,
        )
        parent = save_record(record=None, values=whole, library=library, by=by, at=at)
    values = replace(
        values_of(record),
        parent_id=parent.pk if parent else None,
        part_number=part_number if parent else None,
    )
    return save_record(record=record, values=values, library=library, by=by, at=at, operation_id=operation_id)
