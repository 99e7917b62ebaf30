"""An import that was begun: its progress, the result that reconciles, its rows, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.desk.views.imports import shown, words
from shuxiang.desk.views.imports.drafts import workbook
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew, tell
from shuxiang.desk.views.imports.reach import (
    BOOKS,
    READERS,
    kind_in_reach,
    kinds_of,
    may_offer_undo,
    run_in_reach,
)
from shuxiang.imports import registry, services
from shuxiang.imports.messages import sentence
from shuxiang.imports.reports import TOTALS
from shuxiang.imports.selectors import RunState as State
from shuxiang.imports.selectors import draft_of, rows_to_correct, run_rows, undo_of
from shuxiang.imports.services import served
from shuxiang.imports.services.looking import Head

if TYPE_CHECKING:
    from shuxiang.imports.models import Run, RunRow

_MOVING = (State.RUNNING, State.UNDOING)


@require_safe
@needs(BOOKS, READERS)
def run(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How far an import is, or what it brought."""
    found = run_in_reach(request, pk)
    context = {"run": found, "heading": words.HEADINGS[found.kind]}
    if found.state in _MOVING:
        return render(request, "desk/import/running.html", context | _moving(found))
    return render(request, "desk/import/result.html", context | _result(request, found))


@require_safe
@needs(BOOKS, READERS)
def run_progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part of the page of a run; when it is over, the page comes anew."""
    found = run_in_reach(request, pk)
    if found.state not in _MOVING:
        return anew()
    return render(request, "desk/import/entering.html", {"run": found} | _moving(found))


def _moving(found: Run) -> dict[str, object]:
    draft = draft_of(found)
    expected = words.read(draft.counts) if draft else 0
    return {
        "progress": shown.progress_of(found.job, clock.now()),
        "expected": expected,
        "is_posting": found.state == State.RUNNING and bool(expected) and found.next_row >= expected,
        "is_undoing": found.state == State.UNDOING,
        "step": 4,
    }


def _result(request: StaffRequest, found: Run) -> dict[str, object]:
    counts = served.counts_of(found)
    verdict, text = request.GET.get("verdict", ""), request.GET.get("q", "").strip()
    counts["remarked"] = run_rows(found, "remarked", "").count()
    known = counts.get(verdict, 0) if verdict else found.rows_read
    page = shown.page_of(run_rows(found, verdict, text), request.GET.get("page", ""), None if text else known)
    return {
        "counts": counts,
        "read": found.rows_read,
        "result": words.result_sentence(found.totals, counts),
        "counted": words.counted_sentence(found.kind, found.mapping) if found.state == State.DONE else "",
        "tabs": shown.tabs(counts, verdict),
        "verdict": verdict,
        "query": text,
        "page": page,
        "rows": [shown.shown_row(row, _address(request, row)) for row in page],
        "warnings": shown.sentences(found.options.get("warnings", [])),
        "failure": sentence(found.options["failure"]) if found.options.get("failure") else "",
        "state_kind": words.STATES[found.state][0],
        "state_words": words.STATES[found.state][1],
        "until": found.started_at + timedelta(days=services.UNDO_DAYS),
        "may_undo": may_offer_undo(found),
        "undone": _undone(found),
        "others": _other_lists(request, found),
        "corrections": _to_correct(found),
        "step": 5,
    }


def _address(request: StaffRequest, row: RunRow) -> str:
    """The title that a row made, on its public page."""
    record = row.effects.get("record")
    return reverse("opac:record", args=[request.library.code, record]) if record else ""


def _undone(found: Run) -> dict[str, object] | None:
    if found.state != State.UNDONE:
        return None
    act = undo_of(found)
    kept = act.detail.get("kept", []) if act else []
    return {
        "what": words.totals_said(act.result) if act else "",
        "kept": [sentence(note) for note in kept],
        "by": act.actor if act else "",
    }


def _other_lists(request: StaffRequest, found: Run) -> list[tuple[str, str]]:
    """Lists of other kinds in the same file, which can be brought in next."""
    draft = draft_of(found)
    if draft is None or not registry.get(found.kind).keeps_file or found.state != State.DONE:
        return []
    there = {one.kind for one in Head.from_json(draft.head).sheets} - {found.kind}
    return [(kind, str(words.KINDS[kind])) for kind in kinds_of(request) if kind in there]


def _to_correct(found: Run) -> int:
    """Rows that can still be fetched with their cells."""
    draft = draft_of(found)
    return rows_to_correct(draft).count() if draft else 0


@require_safe
@needs(BOOKS, READERS)
def run_corrections(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The rows of a run that are to be corrected, while they are kept."""
    draft = draft_of(run_in_reach(request, pk))
    if draft is None:
        raise Http404
    return workbook(draft)


@require_POST
@needs(BOOKS, READERS)
def bring_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Another list of the same file: the readers that stand beside the books."""
    found = run_in_reach(request, pk)
    kind = kind_in_reach(request, request.POST.get("kind", ""))
    try:
        draft = services.bring_again(found, kind=kind, by=actor_of(request), at=clock.now())
    except services.NotImported as problem:
        tell(request, services.NotChosen(problem.note))
        return redirect("desk:import_run", pk=found.pk)
    served.settle(draft.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:import_draft", pk=draft.pk)


@require_safe
@needs(BOOKS, READERS)
def undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What taking back would do, and what would stay, before anything is done."""
    found = run_in_reach(request, pk)
    if found.state in _MOVING or found.state == State.UNDONE:
        return redirect("desk:import_run", pk=found.pk)
    later = [(one, words.KINDS[one.kind]) for one in services.above(found, clock.now())]
    context = {"run": found, "heading": words.HEADINGS[found.kind], "later": later, "why": ""}
    if not later:
        try:
            services.may_undo(found, clock.now())
        except services.CannotUndo as problem:
            context["why"] = sentence(problem.note)
        else:
            context |= _foreseen(found)
    return render(request, "desk/import/undo.html", context)


def _foreseen(found: Run) -> dict[str, object]:
    seen = registry.foresee(found)
    goes = {name: count for name, count in seen.goes.items() if name in TOTALS}
    return {
        "goes": words.totals_said(goes),
        "changed": seen.goes.get("changed", 0),
        "stays": seen.stays,
        "notes": [sentence(note) for note in seen.notes],
        "more": seen.stays - len(seen.notes),
        "act": _("Take back %(what)s") % {"what": words.totals_said(goes)}
        if any(goes.values())
        else _("Take it back"),
    }


@require_POST
@needs(BOOKS, READERS)
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have it taken back; pressed twice, it is taken back once."""
    found = run_in_reach(request, pk)
    try:
        found = served.undo_later(found, by=actor_of(request), at=clock.now())
    except services.CannotUndo as problem:
        tell(request, problem)
        return redirect("desk:import_undo", pk=found.pk)
    served.settle(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:import_run", pk=found.pk)
