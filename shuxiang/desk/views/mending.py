"""Mending: what is away, one volume with its log and what may be done with it, the log of all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation.selectors import identify
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.desk import LONGEST_SCAN
from shuxiang.desk.views.stocktaking import KEEP, operation_of
from shuxiang.holdings.messages import ACCOUNTS
from shuxiang.holdings.selectors import item_label
from shuxiang.mending import selectors, services
from shuxiang.mending.messages import KINDS, OUTCOMES, REFUSALS, say_all
from shuxiang.mending.refusals import refuse
from shuxiang.mending.rules import may_mend_here, read_yuan

if TYPE_CHECKING:
    from shuxiang.holdings.models import Item
    from shuxiang.mending.models import Task

A_PAGE = 50
_TAKEN_FROM = ("shelf", "corner", "display")
_LARGEST = 2**31


def today() -> date:
    return clock.local_date(clock.now())


def scanned_item(request: StaffRequest) -> Item | None:
    """The volume that was scanned or typed; says so on the page when there is none."""
    code = request.POST.get("scan", "").strip()[:LONGEST_SCAN]
    known = identify(request.library, code) if code else None
    if known is None or known.item is None:
        messages.error(request, str(REFUSALS["unknown_volume"]) % {"code": code})
        return None
    return known.item


def shown(task: Task) -> dict[str, object]:
    """A line of the log in words."""
    return {"task": task, "kind": KINDS[task.kind], "outcome": OUTCOMES.get(task.outcome, "")}


def outcome_tabs() -> list[tuple[str, object]]:
    return list(OUTCOMES.items())


@require_safe
@needs(KEEP)
def mending(request: StaffRequest) -> HttpResponse:
    """What is being mended or bound, what the binder owes, what cannot be mended."""
    library = request.library
    late = list(selectors.overdue(library, today()))
    others = [task for task in selectors.open_tasks(library) if task not in late]
    context = {
        "open": [shown(task) for task in others],
        "overdue": [shown(task) for task in late],
        "beyond": [shown(task) for task in selectors.beyond_mending(library)],
        "latest": [shown(task) for task in selectors.log(library)[:10]],
        "today": today(),
    }
    return render(request, "desk/mending/page.html", context)


@require_safe
@needs(KEEP)
def log(request: StaffRequest) -> HttpResponse:
    """Everything that was mended or bound, the latest first."""
    page = Paginator(selectors.log(request.library), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/mending/log.html", {"page": page, "tasks": [shown(task) for task in page]})


@require_POST
@needs(KEEP)
def scan(request: StaffRequest) -> HttpResponse:
    """To the volume that was scanned."""
    item = scanned_item(request)
    return redirect("desk:mending") if item is None else redirect("desk:mending_volume", pk=item.pk)


def item_or_404(request: StaffRequest, pk: int) -> Item:
    found = selectors.item_of(request.library, pk) if pk < _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(KEEP)
def volume(request: StaffRequest, pk: int) -> HttpResponse:
    """One volume: where it is, its log, and the acts that fit."""
    item = item_or_404(request, pk)
    waiting = selectors.open_task(item)
    context = {
        "item": item,
        "label": item_label(item),
        "account": ACCOUNTS[item.account],
        "waiting": shown(waiting) if waiting else None,
        "may_take_in": waiting is None and item.account in _TAKEN_FROM,
        "may_mend": waiting is None and may_mend_here(item.account),
        "kinds": [(code, words) for code, words in KINDS.items() if code != "binding"],
        "outcomes": outcome_tabs(),
        "tasks": [shown(task) for task in selectors.tasks_on(item)],
        "afternoons": selectors.rounds_of(request.library, selectors.RoundKind.AFTERNOON)[:10],
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/mending/volume.html", context)


def typed_day(request: StaffRequest, name: str = "on") -> date:
    """The day of a form; today when it says nothing that is a day, or one to come."""
    try:
        return min(date.fromisoformat(request.POST.get(name, "")), today())
    except ValueError:
        return today()


def typed_cost(request: StaffRequest, name: str = "cost") -> int | None:
    """Fen of the cost that was typed; None for none. Raises Refused for what is no sum."""
    try:
        return read_yuan(request.POST.get(name, ""))
    except ValueError:
        raise refuse("bad_cost", text=request.POST.get(name, "")[:40]) from None


def _kind(request: StaffRequest) -> str:
    kind = request.POST.get("kind", "")
    return kind if kind in KINDS else "other"


@require_POST
@needs(KEEP)
def take_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Put it aside to be mended."""
    item = item_or_404(request, pk)
    try:
        services.take_in(
            item,
            kind=_kind(request),
            note=request.POST.get("note", ""),
            by=actor_of(request),
            at=clock.now(),
            on=today(),
            operation_id=operation_of(request),
        )
        messages.success(request, _("Taken in to be mended."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:mending_volume", pk=pk)


@require_POST
@needs(KEEP)
def mend(request: StaffRequest, pk: int) -> HttpResponse:
    """It was mended on the spot."""
    item = item_or_404(request, pk)
    key = request.POST.get("round", "")
    found = selectors.round_of(request.library, int(key)) if key.isascii() and key.isdigit() else None
    try:
        services.mend_here(
            item,
            kind=_kind(request),
            note=request.POST.get("note", ""),
            helper=request.POST.get("helper", ""),
            cost_fen=typed_cost(request),
            in_round=found,
            by=actor_of(request),
            at=clock.now(),
            on=typed_day(request),
            operation_id=operation_of(request),
        )
        messages.success(request, _("Entered in the log of mending."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:mending_volume", pk=pk)


def task_or_404(request: StaffRequest, pk: int) -> Task:
    found = selectors.task_of(request.library, pk) if pk < _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_POST
@needs(KEEP)
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Mended, unmended or beyond mending."""
    task = task_or_404(request, pk)
    outcome = request.POST.get("outcome", "")
    try:
        services.finish(
            task,
            outcome=outcome if outcome in OUTCOMES else "mended",
            helper=request.POST.get("helper", ""),
            cost_fen=typed_cost(request),
            by=actor_of(request),
            at=clock.now(),
            on=typed_day(request),
            operation_id=operation_of(request),
        )
        messages.success(request, _("Entered in the log of mending."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:mending_volume", pk=task.item_id)


@require_POST
@needs(KEEP)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the last step back."""
    task = task_or_404(request, pk)
    try:
        services.step_back(
            task, by=actor_of(request), at=clock.now(), on=today(), operation_id=operation_of(request)
        )
        messages.success(request, _("Undone."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:mending_volume", pk=task.item_id)
