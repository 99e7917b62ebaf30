"""Repair afternoons and consignments to a binder: begun, filled by scanning, brought home."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.mending import scanned_item, shown, today, typed_cost, typed_day
from shuxiang.desk.views.stocktaking import KEEP, operation_of
from shuxiang.libraries import selectors as libraries
from shuxiang.mending import selectors, services
from shuxiang.mending.messages import KINDS, REFUSALS, say_all

if TYPE_CHECKING:
    from shuxiang.holdings.models import Item
    from shuxiang.mending.models import Round

_LARGEST = 2**31
MOST_HELPERS = 500


@require_safe
@needs(KEEP)
def rounds(request: StaffRequest) -> HttpResponse:
    """Afternoons and consignments, with forms to begin one."""
    return _listing(request)


def _listing(request: StaffRequest, problem: str = "", which: str = "", status: int = 200) -> HttpResponse:
    context = {
        "afternoons": selectors.rounds_of(request.library, selectors.RoundKind.AFTERNOON)[:50],
        "consignments": selectors.rounds_of(request.library, selectors.RoundKind.BINDER)[:50],
        "classes": [
            (one.pk, libraries.label_of(one, today()))
            for one in libraries.classes_on(request.library, today())
        ],
        "typed": request.POST,
        "problem": problem,
        "which": which,
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/mending/rounds.html", context, status=status)


@require_POST
@needs(KEEP)
def begin_afternoon(request: StaffRequest) -> HttpResponse:
    """A repair afternoon; what was typed stays when it is refused."""
    key, helpers = request.POST.get("school_class", ""), request.POST.get("helpers", "").strip()
    if helpers and not (helpers.isascii() and helpers.isdigit() and int(helpers) <= MOST_HELPERS):
        return _listing(request, str(REFUSALS["bad_number"]) % {"text": helpers[:20]}, "afternoon", 422)
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
    try:
        made = services.hold_afternoon(
            library=request.library,
            name=request.POST.get("name", "") or _("Repair afternoon"),
            on=typed_day(request),
            school_class=selectors.class_of(request.library, number),
            helpers=int(helpers) if helpers else None,
            note=request.POST.get("note", ""),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return _listing(request, say_all(refusal.decision), "afternoon", 422)
    return redirect("desk:mending_round", pk=made.pk)


@require_POST
@needs(KEEP)
def begin_consignment(request: StaffRequest) -> HttpResponse:
    """A consignment to a binder; what was typed stays when it is refused."""
    try:
        due_on: date | None = date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError:
        due_on = None
    try:
        made = services.open_consignment(
            library=request.library,
            binder=request.POST.get("name", ""),
            on=typed_day(request),
            due_on=due_on,
            note=request.POST.get("note", ""),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return _listing(request, say_all(refusal.decision), "consignment", 422)
    return redirect("desk:mending_round", pk=made.pk)


def _round_or_404(request: StaffRequest, pk: int) -> Round:
    found = selectors.round_of(request.library, pk) if pk < _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(KEEP)
def round_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Its volumes, a box to scan more into it, and for a consignment what came home."""
    found = _round_or_404(request, pk)
    context = {
        "round": found,
        "is_binder": found.kind == selectors.RoundKind.BINDER,
        "tasks": [shown(task) for task in selectors.tasks_in(found)],
        "kinds": [(code, words) for code, words in KINDS.items() if code != "binding"],
        "kind": request.GET.get("kind", ""),
        "helper": request.GET.get("helper", ""),
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/mending/round.html", context)


@require_POST
@needs(KEEP)
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """One more volume: mended this afternoon, or into the consignment."""
    found = _round_or_404(request, pk)
    item = scanned_item(request)
    is_binder = found.kind == selectors.RoundKind.BINDER
    kind, helper = request.POST.get("kind", "other"), request.POST.get("helper", "")[:60]
    if item is not None:
        try:
            _add(request, found, item, "binding" if is_binder else kind if kind in KINDS else "other", helper)
            messages.success(request, _("“%(title)s” is entered.") % {"title": item.holding.record.title})
        except Refused as refusal:
            messages.error(request, say_all(refusal.decision))
    response = redirect("desk:mending_round", pk=pk)
    if not is_binder:
        response["Location"] += "?" + urlencode({"kind": kind, "helper": helper})
    return response


def _add(request: StaffRequest, found: Round, item: Item, kind: str, helper: str) -> None:
    by, at, operation = actor_of(request), clock.now(), operation_of(request)
    if found.kind == selectors.RoundKind.BINDER:
        services.take_in(item, kind=kind, in_round=found, by=by, at=at, on=today(), operation_id=operation)
    else:
        services.mend_here(
            item, kind=kind, helper=helper, in_round=found, by=by, at=at, on=found.on, operation_id=operation
        )


@require_POST
@needs(KEEP)
def home(request: StaffRequest, pk: int) -> HttpResponse:
    """The ticked volumes came back from the binder."""
    found = _round_or_404(request, pk)
    keys = [
        int(key) for key in request.POST.getlist("task") if key.isascii() and key.isdigit() and len(key) < 12
    ]
    try:
        came = services.take_home(
            found,
            keys,
            by=actor_of(request),
            at=clock.now(),
            on=typed_day(request),
            bill_fen=typed_cost(request, "bill"),
            operation_id=operation_of(request),
        )
        n = len(came.returned)
        words = ngettext("%(n)s volume came back.", "%(n)s volumes came back.", n) % {"n": n}
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:mending_round", pk=pk)
