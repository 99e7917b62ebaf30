"""One way back for everything that the cataloguing desk does: which act an operation was decides what is undone."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import part, undo_edit
from shuxiang.catalogue.services.merging import MERGE
from shuxiang.catalogue.services.undoing import EDITS
from shuxiang.common.actors import Actor
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.entering import ENTER, take_back_entry
from shuxiang.holdings.services.splitting import SPLIT, join
from shuxiang.holdings.sharing import refuse_shared
from shuxiang.libraries.models import Library

ACTS = (ENTER, MERGE, SPLIT, *EDITS)


def take_back(
    operation_id: UUID, *, library: Library, by: Actor, at: datetime, reach: AbstractSet[int] | None = None
) -> BibliographicRecord:
    """Undo an entry, an edit, a merge or a division; gives the record that it was about.

    Refuses what the undoing act refuses, and a record that libraries outside of `reach` hold.
    """
    done = Operation.objects.filter(pk=operation_id, action__in=ACTS).first()
    if done is None:
        raise refuse("no_such_entry")
    if done.action == ENTER:
        return take_back_entry(done.pk, library=library, by=by, at=at)
    about = done.result.get("from") or done.result.get("record")
    record = BibliographicRecord.objects.filter(pk=about).first()
    if record is None:
        raise refuse("no_such_entry")
    refuse_shared(record, library, reach)
    if done.action == MERGE:
        return part(done.pk, by=by, at=at, library_code=library.code)
    if done.action == SPLIT:
        return join(done.pk, by=by, at=at, library_code=library.code)
    return undo_edit(done.pk, by=by, at=at, library_code=library.code)
