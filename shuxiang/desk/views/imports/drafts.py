"""A file on its way in: its columns, the verdict on every row, and the one button that enters it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports import shown, words
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew, tell
from shuxiang.desk.views.imports.reach import BOOKS, READERS, draft_in_reach, kinds_of
from shuxiang.imports import services
from shuxiang.imports.corrections import write_corrections
from shuxiang.imports.messages import sentence
from shuxiang.imports.selectors import DraftState, draft_rows
from shuxiang.imports.services import Choice, served
from shuxiang.imports.services.looking import Head
from shuxiang.imports.tables import DEFAULT

if TYPE_CHECKING:
    from shuxiang.imports.models import Draft

_COLUMN = re.compile(r"c-(\d{1,4})-(\d{1,4})")
_ROUND = re.compile(r"[0-9]{1,9}")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@needs(BOOKS, READERS)
def draft(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Where the file stands: being tried, to be put right, or judged."""
    found = draft_in_reach(request, pk)
    if found.run is not None:
        return redirect("desk:import_run", pk=found.run.pk)
    context = {"draft": found, "heading": words.HEADINGS[found.kind], "limit_mb": DEFAULT.max_bytes >> 20}
    if found.state == DraftState.WAITING:
        return render(request, "desk/import/waiting.html", context | _waiting(found))
    if found.state == DraftState.UNREADABLE:
        context |= {"why": sentence(found.failure), "operation": uuid7()}
        return render(request, "desk/import/unreadable.html", context)
    return render(request, "desk/import/draft.html", context | _judged(request, found))


def _waiting(found: Draft) -> dict[str, object]:
    return {"progress": shown.progress_of(found.job, clock.now()), "step": 3 if found.mapping else 2}


def _judged(request: StaffRequest, found: Draft) -> dict[str, object]:
    head = Head.from_json(found.head)
    verdict, text = request.GET.get("verdict", ""), request.GET.get("q", "").strip()
    known = found.counts.get(verdict, 0) if verdict else words.read(found.counts)
    page = shown.page_of(
        draft_rows(found, verdict, text), request.GET.get("page", ""), None if text else known
    )
    return {
        "head": head,
        "form": shown.form_of(found, head, kinds_of(request), clock.now()),
        "missing": shown.missing_words(found),
        "failure": sentence(found.failure) if found.failure else "",
        "warnings": shown.sentences(found.warnings),
        "counts": found.counts,
        "read": words.read(found.counts),
        "coming": words.coming(found.counts),
        "start": words.start_words(found.kind, found.counts),
        "counted": words.counted_sentence(found.kind, found.mapping),
        "brings": words.brings_sentence(found.totals),
        "to_correct": found.counts.get("refused", 0) + found.counts.get("remarked", 0),
        "tabs": shown.tabs(found.counts, verdict),
        "verdict": verdict,
        "query": text,
        "page": page,
        "rows": [shown.shown_row(row) for row in page],
        "step": 3 if found.state == DraftState.CHECKED else 2,
        "undo_days": services.UNDO_DAYS,
    }


@require_safe
@needs(BOOKS, READERS)
def progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part of the waiting page; when the waiting is over, the page comes anew."""
    found = draft_in_reach(request, pk)
    if found.state != DraftState.WAITING:
        return anew()
    return render(request, "desk/import/trying.html", {"draft": found} | _waiting(found))


@require_POST
@needs(BOOKS, READERS)
def choose(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take the columns as chosen and try the file anew."""
    found = draft_in_reach(request, pk)
    kind = request.POST.get("kind", found.kind)
    choice = Choice(
        kind=kind if kind in kinds_of(request) else found.kind,
        sheets=_sheets(request, found),
        columns=_columns(request),
        encoding=request.POST.get("encoding", ""),
        marc_profile=request.POST.get("marc_profile", ""),
        school_year=request.POST.get("school_year", ""),
        saved=_saved(request, found),
        save_as=request.POST.get("save_as", ""),
    )
    try:
        services.choose(found, choice, by=actor_of(request), at=clock.now())
    except services.NotChosen as problem:
        tell(request, problem)
        return redirect("desk:import_draft", pk=found.pk)
    found.refresh_from_db()
    served.settle(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:import_draft", pk=found.pk)


def _saved(request: StaffRequest, found: Draft) -> str:
    """A profile counts when another one was picked; picking the one in use keeps what was changed by hand."""
    picked = request.POST.get("saved", "")
    return "" if picked == found.options.get("used", "") else picked


def _sheets(request: StaffRequest, found: Draft) -> list[str]:
    """The ticked sheets; a file of one sheet has nothing to tick."""
    sheets = Head.from_json(found.head).sheets
    return [one.name for one in sheets] if len(sheets) == 1 else request.POST.getlist("sheet")


def _columns(request: StaffRequest) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for key, value in request.POST.items():
        if match := _COLUMN.fullmatch(key):
            columns = found.setdefault(int(match[1]), {})
            if value:
                columns[int(match[2])] = str(value)
    return found


@require_POST
@needs(BOOKS, READERS)
def start(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Enter what was judged; pressed twice, it is entered once."""
    found = draft_in_reach(request, pk)
    given = request.POST.get("round", "")
    try:
        run = services.start(
            found,
            shown_round=int(given) if _ROUND.fullmatch(given) else -1,
            by=actor_of(request),
            at=clock.now(),
        )
    except services.NotChosen as problem:
        tell(request, problem)
        return redirect("desk:import_draft", pk=found.pk)
    served.settle(run.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:import_run", pk=run.pk)


@require_POST
@needs(BOOKS, READERS)
def discard(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Throw the file away; an import that was begun from it stays."""
    found = draft_in_reach(request, pk)
    if found.run is not None:
        return redirect("desk:import_run", pk=found.run.pk)
    services.throw_away(found)
    return redirect("desk:imports")


@require_safe
@needs(BOOKS, READERS)
def corrections(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The rows to correct, in the columns of the file, each with its verdict and why."""
    return workbook(draft_in_reach(request, pk))


def workbook(found: Draft) -> HttpResponse:
    """The rows of a draft that are to be corrected, as a workbook that import reads back."""
    with tempfile.TemporaryDirectory(prefix="shuxiang-corrections-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "rows.xlsx"
        write_corrections(found, path)
        content = path.read_bytes()
    name = _("Rows to correct") + f"-{Path(found.file.name).stem}.xlsx"
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": header})
