"""The first page of the wizard: choose a file; what is not finished yet; what was imported."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports import words
from shuxiang.desk.views.imports.reach import BOOKS, READERS, kinds_of, may_offer_undo
from shuxiang.imports import services
from shuxiang.imports.messages import sentence
from shuxiang.imports.selectors import DraftState, drafts_of, runs_of
from shuxiang.imports.services import served
from shuxiang.imports.tables import DEFAULT

PATIENCE_SECONDS = 1.5
RUNS_A_PAGE = 20
_FORM_BYTES = 64 * 1024  # what the rest of the form may take beside the file


@require_safe
@needs(BOOKS, READERS)
def listing(request: StaffRequest) -> HttpResponse:
    """Choose a file; below it what waits and what was done."""
    return _page(request)


def _page(request: StaffRequest, problem: str = "", status: int = 200) -> HttpResponse:
    kinds = kinds_of(request)
    over = (DraftState.STARTED, DraftState.UNREADABLE)  # nobody can go on with these
    drafts = drafts_of(request.library, kinds).exclude(state__in=over)
    runs = Paginator(runs_of(request.library, kinds), RUNS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "heading": words.HEADINGS[""],
        "kinds": [words.KINDS[kind] for kind in kinds],
        "drafts": [
            (draft, words.KINDS.get(draft.kind, ""), *words.DRAFT_STATES[draft.state]) for draft in drafts
        ],
        "runs": [
            (run, words.KINDS[run.kind], *words.STATES[run.state], served.counts_of(run), may_offer_undo(run))
            for run in runs
        ],
        "page": runs,
        "operation": uuid7(),
        "limit_mb": DEFAULT.max_bytes >> 20,
        "kept_days": services.KEPT_DAYS,
        "undo_days": services.UNDO_DAYS,
        "problem": problem,
    }
    return render(request, "desk/import/list.html", context, status=status)


@csrf_exempt  # checked below: the check reads the whole body, and a body that is too large is not read at all
@require_POST
@needs(BOOKS, READERS)
def bring(request: StaffRequest) -> HttpResponse:
    """Take a file in and go to its page."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > DEFAULT.max_bytes + _FORM_BYTES:
        return _page(request, _too_large(), 413)
    return _bring(request)


def _too_large() -> str:
    return _("The file has more than %(limit)s MB. Split it into several files.") % {
        "limit": DEFAULT.max_bytes >> 20
    }


@csrf_protect
def _bring(request: StaffRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.name:
        return _page(request, _("No file was chosen. Choose one, or drop it on the field."), 422)
    try:
        draft = services.bring(
            cast(BinaryIO, given),
            name=given.name,
            library=request.library,
            kinds=kinds_of(request),
            by=actor_of(request),
            at=clock.now(),
            draft_id=_uuid(request.POST.get("operation", "")),
        )
    except services.NotImported as problem:
        return _page(request, sentence(problem.note), 507)
    served.settle(draft.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:import_draft", pk=draft.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def anew() -> HttpResponse:
    """Tell htmx that the whole page is another one now."""
    return HttpResponse(headers={"HX-Refresh": "true"})


def tell(request: StaffRequest, problem: services.NotChosen | services.CannotUndo) -> None:
    """Say on the next page why nothing was done."""
    notes = problem.notes if isinstance(problem, services.NotChosen) else (problem.note,)
    for note in notes:
        messages.error(request, sentence(note))
