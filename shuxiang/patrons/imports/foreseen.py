"""What an undo of an import of readers would do as things stand: who goes, who stays."""

from __future__ import annotations

from itertools import islice

from shuxiang.imports import registry
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.shapes import Foreseen, Note
from shuxiang.patrons.imports.undo import used_readers
from shuxiang.patrons.models import Patron

_NAMED = 200
_AT_ONCE = 500


def foresee_patrons(run: Run) -> Foreseen:
    """Readers whom a loan or an account holds stay; changes of others are put back, which is counted as going."""
    made = run.rows.filter(verdict=RunRow.Verdict.MADE, effects__has_key="made")
    keys = made.values_list("effects__made", flat=True).iterator()
    goes, stays = 0, 0
    notes: list[Note] = []
    while some := [int(key) for key in islice(keys, _AT_ONCE)]:
        used = used_readers(some)
        for patron in Patron.objects.filter(pk__in=some, deleted_at=None):
            if patron.pk not in used and patron.account_id is None:
                goes += 1
                continue
            stays += 1
            if len(notes) < _NAMED:
                notes.append(Note("reader_kept", {"name": patron.name}))
    return Foreseen({"patrons": goes, "changed": run.rows_changed}, stays, tuple(notes))


registry.register_foresight("patrons", foresee_patrons)
