"""Who may see which import: kinds by permission, rows by library; what is out of reach does not exist."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from shuxiang.accounts.access import StaffRequest, may
from shuxiang.common import clock
from shuxiang.imports import registry
from shuxiang.imports.selectors import RunState, drafts_of, runs_of
from shuxiang.imports.services import UNDO_DAYS

if TYPE_CHECKING:
    from shuxiang.imports.models import Draft, Run

BOOKS, READERS = "catalogue.import", "patrons.import"
# A loan history says who read what: whoever may not import readers may not see one either.
NEEDED = {"books": BOOKS, "patrons": READERS, "loans": READERS}


def kinds_of(request: StaffRequest) -> list[str]:
    """The kinds of lists that the account may import here, in the order of a wizard's choice."""
    today = clock.local_date(clock.now())
    known = [kind for kind in NEEDED if kind in registry.kinds()]
    return [kind for kind in known if may(request.user, NEEDED[kind], request.library, today)]


def draft_in_reach(request: StaffRequest, pk: UUID) -> Draft:
    """Raises Http404 for a draft of another library or of a kind the account may not import."""
    return get_object_or_404(drafts_of(request.library, kinds_of(request)), pk=pk)


def run_in_reach(request: StaffRequest, pk: UUID) -> Run:
    """Raises Http404 for a run of another library or of a kind the account may not import."""
    return get_object_or_404(runs_of(request.library, kinds_of(request)), pk=pk)


def kind_in_reach(request: StaffRequest, kind: str) -> str:
    """The kind itself. Raises Http404 when the account may not import it."""
    if kind not in kinds_of(request):
        raise Http404
    return kind


def may_offer_undo(run: Run) -> bool:
    """Whether taking back is worth offering; what stands in its way is said on its own page."""
    is_fresh = clock.now() - run.started_at <= timedelta(days=UNDO_DAYS)
    is_over = run.state in (RunState.DONE, RunState.FAILED)
    return is_fresh and is_over and bool(run.rows_made or run.rows_changed)
