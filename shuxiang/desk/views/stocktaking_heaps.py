"""The heaps of a stocktake: their lines, the act offered for each, its preview, its last line, its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.stocktaking import COUNT, KEEP, found_or_404, keeps, operation_of
from shuxiang.imports.services.served import settle as wait_for
from shuxiang.stocktaking import live, selectors, services
from shuxiang.stocktaking.messages import (
    ACT_SENTENCES,
    ACTS,
    HEAP_SENTENCES,
    HEAPS,
    REASONS,
    say_all,
    why_kept,
)
from shuxiang.stocktaking.rules import ACTS as OFFERED
from shuxiang.stocktaking.rules import ALL_HEAPS
from shuxiang.stocktaking.services.settling import open_lines

if TYPE_CHECKING:
    from shuxiang.stocktaking.models import Settlement, Stocktake

A_PAGE = 50
PREVIEWED = 20
State, Moving = (
    selectors.StocktakeState,
    (selectors.SettlementState.RUNNING, selectors.SettlementState.UNDOING),
)


def _heap_or_404(heap: str) -> str:
    if heap not in ALL_HEAPS:
        raise Http404
    return heap


@require_safe
@needs(COUNT, KEEP)
def heap(request: StaffRequest, pk: int, heap: str) -> HttpResponse:
    """The lines of a heap: frozen once the stocktake is closed, as they stand now while it runs."""
    take = found_or_404(request, pk)
    context: dict[str, object] = {
        "take": take,
        "heap": _heap_or_404(heap),
        "heading": HEAPS[heap],
        "sentence": HEAP_SENTENCES[heap],
        "reasons": REASONS,
    }
    if take.state == State.CLOSED:
        page = Paginator(selectors.lines_of(take, heap), A_PAGE).get_page(request.GET.get("page"))
        offered = [(act, ACTS[act], open_lines(take, heap, act).count()) for act in OFFERED.get(heap, ())]
        context |= {
            "page": page,
            "rows": [
                (one, REASONS.get(one.reason, ""), why_kept(one.why) if one.why else "") for one in page
            ],
            "acts": [act for act in offered if act[2]] if keeps(request) else [],
        }
        return render(request, "desk/stocktaking/heap.html", context)
    rows = live.rows(take, heap)
    page_of = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "page": page_of,
        "rows": [(one, REASONS.get(one.reason, ""), "") for one in page_of],
        "is_live": True,
        "is_too_large": rows.is_too_large,
    }
    return render(request, "desk/stocktaking/heap.html", context)


@require_POST
@needs(KEEP)
def preview(request: StaffRequest, pk: int, heap: str) -> HttpResponse:
    """What an act would do, before it is done."""
    take, act = found_or_404(request, pk), request.POST.get("act", "")
    if act not in OFFERED.get(_heap_or_404(heap), ()):
        raise Http404
    chosen = _chosen(request)
    lines = open_lines(take, heap, act)
    if chosen is not None:
        lines = lines.filter(pk__in=chosen)
    lines = lines.select_related("home", "found_at").order_by("call_number_sort", "pk")
    count = lines.count()
    if take.state != State.CLOSED or not count:
        messages.error(request, _("Nothing that is still open was ticked for this act."))
        return redirect("desk:stocktake_heap", pk=pk, heap=heap)
    context = {
        "take": take,
        "heap": heap,
        "heading": HEAPS[heap],
        "act": act,
        "act_words": ACTS[act],
        "act_sentence": ACT_SENTENCES[act],
        "count": count,
        "lines": [(one, REASONS.get(one.reason, "")) for one in lines[:PREVIEWED]],
        "more": max(count - PREVIEWED, 0),
        "chosen": " ".join(map(str, chosen)) if chosen is not None else "",
        "operation": uuid7(),
    }
    return render(request, "desk/stocktaking/preview.html", context)


def _chosen(request: StaffRequest) -> list[int] | None:
    """The ticked lines; None means all that are open."""
    if request.POST.get("which") == "all":
        return None
    keys = " ".join(request.POST.getlist("line")).split()
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 12]


@require_POST
@needs(KEEP)
def settle(request: StaffRequest, pk: int, heap: str) -> HttpResponse:
    """Do it; pressed twice, it is done once."""
    take = found_or_404(request, pk)
    try:
        made = services.settle(
            stocktake=take,
            heap=_heap_or_404(heap),
            act=request.POST.get("act", ""),
            lines=_chosen(request),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return redirect("desk:stocktake_heap", pk=pk, heap=heap)
    wait_for(made.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:stocktake_settlement", pk=made.pk)


def _settlement_or_404(request: StaffRequest, pk: UUID) -> Settlement:
    found = selectors.settlement_of(request.library, pk)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(COUNT, KEEP)
def settlement(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How far a heap is dealt with, or what came of it."""
    found = _settlement_or_404(request, pk)
    take: Stocktake = found.stocktake
    context = _moving(found) | {
        "take": take,
        "heading": HEAPS[found.heap],
        "act_words": ACTS[found.act],
        "keeps": keeps(request),
    }
    if found.state not in Moving:
        page = Paginator(selectors.kept_lines(found), A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "left": [(one, why_kept(one.why)) for one in page]}
    return render(request, "desk/stocktaking/settlement.html", context)


def _moving(found: Settlement) -> dict[str, object]:
    return {
        "settlement": found,
        "is_moving": found.state in Moving,
        "is_undoing": found.state == selectors.SettlementState.UNDOING,
        "progress": progress_of(found.job, clock.now()),
    }


@require_safe
@needs(COUNT, KEEP)
def now(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part; when it is over, the page comes anew."""
    found = _settlement_or_404(request, pk)
    if found.state not in Moving:
        return anew()
    return render(request, "desk/stocktaking/settling.html", _moving(found))


@require_POST
@needs(KEEP)
def undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take it back as far as nothing happened since."""
    found = _settlement_or_404(request, pk)
    try:
        found = services.undo_settlement(found, by=actor_of(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    else:
        wait_for(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:stocktake_settlement", pk=pk)
