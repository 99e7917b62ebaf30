"""Stocktakes: all of them, one of them with its heaps as they grow, opening and closing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, may, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.imports.services.served import settle as wait_for
from shuxiang.stocktaking import facts, selectors, services
from shuxiang.stocktaking.messages import HEAP_SENTENCES, HEAPS, STATES, say_all
from shuxiang.stocktaking.rules import AWAY
from shuxiang.stocktaking.rules import HEAPS as FIVE

if TYPE_CHECKING:
    from shuxiang.stocktaking.models import Stocktake

COUNT, KEEP = "desk.lend", "holdings.post"
LATE_SHOWN = 50
State = selectors.StocktakeState


def keeps(request: StaffRequest) -> bool:
    """Whether the account may open, close and settle; who may only count is not shown these buttons."""
    return may(request.user, KEEP, request.library, clock.local_date(clock.now()))


def found_or_404(request: StaffRequest, pk: int) -> Stocktake:
    found = selectors.stocktake_of(request.library, pk) if pk < 2**31 else None
    if found is None:
        raise Http404
    return found


def operation_of(request: StaffRequest) -> UUID | None:
    """The id that the form carries, so that pressing twice acts once."""
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return None


@require_safe
@needs(COUNT, KEEP)
def stocktakes(request: StaffRequest) -> HttpResponse:
    """What is being counted, what was counted, and a form to begin."""
    return _listing(request)


def _listing(request: StaffRequest, problem: str = "", status: int = 200) -> HttpResponse:
    takes = list(selectors.stocktakes_of(request.library)[:100])
    context = {
        "running": [_row(take) for take in takes if take.state in (State.COUNTING, State.CLOSING)],
        "past": [_row(take) for take in takes if take.state in (State.CLOSED, State.ABANDONED)],
        "keeps": keeps(request),
        "locations": selectors.locations_of(request.library),
        "chosen": request.POST.getlist("location"),
        "typed": request.POST,
        "problem": problem,
        "operation": uuid7(),
    }
    return render(request, "desk/stocktaking/list.html", context, status=status)


def _row(take: Stocktake) -> dict[str, object]:
    return {"take": take, "range": range_words(take), "state": STATES[take.state]}


def range_words(take: Stocktake) -> str:
    """What is counted, in words."""
    parts = ["、".join(place.location.name for place in take.places.all())]
    if take.classes:
        parts.append(_("classes %(classes)s") % {"classes": take.classes})
    if take.from_call_number or take.to_call_number:
        parts.append(f"{take.from_call_number or '…'} – {take.to_call_number or '…'}")
    return " · ".join(part for part in parts if part) or _("the whole library")


@require_POST
@needs(KEEP)
def begin(request: StaffRequest) -> HttpResponse:
    """Open a stocktake; what was typed stays when it is refused."""
    keys = {int(key) for key in request.POST.getlist("location") if key.isascii() and key.isdigit()}
    chosen = [place for place in selectors.locations_of(request.library) if place.pk in keys]
    today = clock.local_date(clock.now())
    try:
        take = services.open_stocktake(
            library=request.library,
            name=request.POST.get("name", "") or _("Stocktake of %(day)s") % {"day": today.isoformat()},
            extent=services.Extent(
                locations=chosen,
                classes=request.POST.get("classes", ""),
                first=request.POST.get("first", ""),
                last=request.POST.get("last", ""),
            ),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return _listing(request, say_all(refusal.decision), 422)
    return redirect("desk:stocktake", pk=take.pk)


@require_safe
@needs(COUNT, KEEP)
def stocktake(request: StaffRequest, pk: int) -> HttpResponse:
    """One stocktake: who scans, how far it is, its heaps and what may be done with them."""
    take = found_or_404(request, pk)
    context = _now(take) | {
        "range": range_words(take),
        "state": STATES[take.state],
        "keeps": keeps(request),
        "streams": selectors.streams_of(take),
        "locations": [place.location for place in take.places.all()]
        or selectors.locations_of(request.library),
        "late": selectors.late_scans(take)[:LATE_SHOWN],
        "settlements": selectors.settlements_of(take),
        "earlier": selectors.previous_of(take).first(),
        "operation": uuid7(),
        "here": clock.to_local(clock.now()),
    }
    return render(request, "desk/stocktaking/page.html", context)


def _now(take: Stocktake) -> dict[str, object]:
    """The moving part: the heaps as they stand."""
    context: dict[str, object] = {"take": take, "sentences": HEAP_SENTENCES}
    if take.state == State.CLOSED:
        found = selectors.heaps_of(take)
        context["heaps"] = [(found[heap], HEAPS[heap], HEAP_SENTENCES[heap]) for heap in (*FIVE, AWAY)]
        return context
    if take.state == State.CLOSING:
        return context | {"progress": progress_of(take.job, clock.now())}
    progress = facts.progress(take)
    rows = [
        (selectors.Heap(heap, progress.heaps[heap]), HEAPS[heap], HEAP_SENTENCES[heap])
        for heap in (*FIVE, AWAY)
    ]
    return context | {"far": progress, "heaps": rows}


@require_safe
@needs(COUNT, KEEP)
def now(request: StaffRequest, pk: int) -> HttpResponse:
    """The moving part of the page; the whole page comes anew when the state changed."""
    take = found_or_404(request, pk)
    if request.GET.get("state") != take.state:
        return anew()
    return render(request, "desk/stocktaking/now.html", _now(take))


@require_POST
@needs(KEEP)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """End the counting: the lines are frozen."""
    take = found_or_404(request, pk)
    try:
        take = services.close(take, by=actor_of(request), at=clock.now(), operation_id=operation_of(request))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    else:
        wait_for(take.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:stocktake", pk=pk)


@require_POST
@needs(KEEP)
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Count on."""
    take = found_or_404(request, pk)
    try:
        services.reopen(take, by=actor_of(request), at=clock.now(), operation_id=operation_of(request))
        messages.success(request, _("Counting goes on; what was scanned too late counts now."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:stocktake", pk=pk)


@require_POST
@needs(KEEP)
def abandon(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the counting up."""
    take = found_or_404(request, pk)
    try:
        services.abandon(take, by=actor_of(request), at=clock.now(), operation_id=operation_of(request))
        messages.success(
            request, _("“%(name)s” was given up. Nothing in the books has changed.") % {"name": take.name}
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:stocktakes")
