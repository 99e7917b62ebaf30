"""Counting: a desk or a telephone that scans, and files of offline collectors."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.codes import split_scans
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk import counter
from shuxiang.desk.stocktaking_words import said
from shuxiang.desk.views.desk import LONGEST_SCAN, is_scripted
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.stocktaking import COUNT, KEEP, found_or_404, operation_of, range_words
from shuxiang.files.services import NotStored
from shuxiang.imports.services.served import settle as wait_for
from shuxiang.stocktaking import selectors, services
from shuxiang.stocktaking.messages import REFUSALS, VERDICTS, say_all, why_unreadable
from shuxiang.stocktaking.services.scanning import answer_of, answers_of

if TYPE_CHECKING:
    from shuxiang.holdings.models import ShelvingLocation
    from shuxiang.stocktaking.models import Stream

SHOWN = 30  # latest scans on the page
REMARKS_A_PAGE = 50
MOST_MB = 20
_FORM_BYTES = 64 * 1024  # what the rest of the form may take beside the file
State, StreamState = selectors.StocktakeState, selectors.StreamState


def _stream_or_404(request: StaffRequest, pk: int) -> Stream:
    found = selectors.stream_of(request.library, pk) if pk < 2**31 else None
    if found is None:
        raise Http404
    return found


def _place(request: StaffRequest) -> ShelvingLocation | None:
    key = request.POST.get("location", "")
    return next((one for one in selectors.locations_of(request.library) if str(one.pk) == key), None)


@require_POST
@needs(COUNT, KEEP)
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    """A desk or a telephone begins to scan."""
    take = found_or_404(request, pk)
    try:
        made = services.begin_stream(
            stocktake=take,
            name=request.POST.get("name", "") or request.user.display_name,
            location=_place(request),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return redirect("desk:stocktake", pk=pk)
    return redirect("desk:stocktake_stream", pk=made.pk)


@require_safe
@needs(COUNT, KEEP)
def stream(request: StaffRequest, pk: int) -> HttpResponse:
    """The box to scan into with the latest scans; of a file what became of its lines."""
    found = _stream_or_404(request, pk)
    context = _sums(found) | {"take": found.stocktake, "range": range_words(found.stocktake)}
    if found.kind == selectors.StreamKind.FILE:
        return _file(request, found, context)
    counting = found.stocktake.state == State.COUNTING
    rows = answers_of(selectors.last_scans(found, SHOWN), found.stocktake)
    scans = [said(row, may_undo=counting) for row in rows]
    told = (
        selectors.last_scan_of(found, int(request.GET["said"]))
        if _is_number(request.GET.get("said"))
        else None
    )
    context |= {
        "scans": scans,
        "said": said(answer_of(told)) if told else None,
        "operation": uuid7(),
        "owner": f"{request.library.code} {request.user.pk}",
        "is_counting": counting,
    }
    return render(request, "desk/stocktaking/scan.html", context)


def _is_number(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) < 10


def _sums(found: Stream) -> dict[str, object]:
    return {"stream": found, "sums": selectors.sum_of(found)}


def _file(request: StaffRequest, found: Stream, context: dict[str, object]) -> HttpResponse:
    context |= {"progress": progress_of(found.job, clock.now())}
    if found.state == StreamState.READING:
        return render(request, "desk/stocktaking/reading.html", context)
    if found.state == StreamState.UNREADABLE:
        context["why"] = why_unreadable(found.problem)
    page = Paginator(selectors.remarks(found), REMARKS_A_PAGE).get_page(request.GET.get("page"))
    context["page"] = page
    context["remarks"] = [(row, str(VERDICTS[row.verdict]) % {"detail": row.detail}) for row in page]
    return render(request, "desk/stocktaking/file.html", context)


@require_safe
@needs(COUNT, KEEP)
def now(request: StaffRequest, pk: int) -> HttpResponse:
    """The moving part while a file is read; afterwards the page comes anew."""
    found = _stream_or_404(request, pk)
    if found.state != StreamState.READING:
        return anew()
    context = _sums(found) | {"progress": progress_of(found.job, clock.now())}
    return render(request, "desk/stocktaking/reading_now.html", context)


@require_POST
@needs(COUNT, KEEP)
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """Take what was scanned; what the scanner glued together is taken apart."""
    found = _stream_or_404(request, pk)
    first, at = operation_of(request) or uuid7(), clock.now()
    told = []
    for place, code in enumerate(split_scans(request.POST.get("scan", "")[:LONGEST_SCAN])):
        operation = uuid5(first, str(place)) if place else first
        answer = _taken(request, found, code, at, operation)
        if answer is not None:
            told.append(answer)
    if not is_scripted(request):
        last = f"?said={told[-1].scan.pk}" if told else ""
        return redirect(reverse("desk:stocktake_stream", args=[pk]) + last)
    counting = found.stocktake.state == State.COUNTING
    shown = [said(answer, may_undo=counting) for answer in told]
    return _answer(request, found, {"new": shown, "said": shown[-1] if shown else None})


def _taken(
    request: StaffRequest, found: Stream, code: str, at: datetime, operation: UUID
) -> services.Answer | None:
    """The answer to one code; None for a scan that was taken back since, and is only sent again."""
    try:
        return services.scan(stream=found, code=code, by=actor_of(request), at=at, operation_id=operation)
    except Refused:
        return None


def _answer(request: StaffRequest, found: Stream, more: dict[str, object]) -> HttpResponse:
    context = _sums(found) | {"csrf_token": counter.form_token(request), "most": SHOWN} | more
    return HttpResponse(render_to_string("desk/stocktaking/scanned.html", context))


@require_POST
@needs(COUNT, KEEP)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one scan of this scanner back."""
    found = _stream_or_404(request, pk)
    key = request.POST.get("act", "")
    row = selectors.last_scan_of(found, int(key)) if _is_number(key) else None
    problem = ""
    if row is None:
        problem = _("This scan was taken back.")
    else:
        try:
            services.unscan(row, by=actor_of(request), at=clock.now(), operation_id=operation_of(request))
        except Refused as refusal:
            problem = say_all(refusal.decision)
    if is_scripted(request):
        context = {
            "gone": key if not problem and _is_number(key) else "",
            "problem": problem,
            "is_undo": True,
        }
        return _answer(request, found, context)
    if problem:
        messages.error(request, problem)
    return redirect("desk:stocktake_stream", pk=pk)


@csrf_exempt  # checked below: the check reads the whole body, and a body that is too large is not read at all
@require_POST
@needs(COUNT, KEEP)
def bring(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a file of codes in and go to its page."""
    found_or_404(request, pk)
    if int(request.META.get("CONTENT_LENGTH") or 0) > (MOST_MB << 20) + _FORM_BYTES:
        messages.error(request, str(REFUSALS["too_large"]) % {"limit": MOST_MB})
        return redirect("desk:stocktake", pk=pk)
    return _bring(request, pk)


@csrf_protect
def _bring(request: StaffRequest, pk: int) -> HttpResponse:
    take = found_or_404(request, pk)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.name:
        messages.error(request, str(REFUSALS["no_file"]))
        return redirect("desk:stocktake", pk=pk)
    at = clock.now()
    try:
        made = services.bring_file(
            cast(BinaryIO, given),
            stocktake=take,
            name=given.name,
            counted_at=_counted_at(request, at),
            location=_place(request),
            by=actor_of(request),
            at=at,
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return redirect("desk:stocktake", pk=pk)
    except NotStored as problem:
        words = {"name": problem.name, "problem": problem.problem}
        messages.error(
            request,
            _("%(name)s could not be kept: %(problem)s. Make room on the disk and try again.") % words,
        )
        return redirect("desk:stocktake", pk=pk)
    wait_for(made.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:stocktake_stream", pk=made.pk)


def _counted_at(request: StaffRequest, at: datetime) -> datetime:
    """When the shelves were scanned, as the form says it in local time; now when it says nothing."""
    try:
        typed = datetime.fromisoformat(request.POST.get("counted_at", ""))
    except ValueError:
        return at
    local = typed if typed.tzinfo else typed.replace(tzinfo=ZoneInfo(clock.DEFAULT_TIMEZONE))
    return min(local, at)
