"""The check of a class corner at the end of a term, as a page, and on paper for the class teacher."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.corners import selectors
from shuxiang.corners.messages import HEAPS
from shuxiang.corners.rules import MISSING
from shuxiang.corners.services import checks
from shuxiang.desk.views.corners_ground import KEEP, LARGEST, key_of, or_404, told, typed
from shuxiang.desk.views.stocktaking import operation_of

TONES = {"present": "present", "out": "out", "missing": "missing", "lent": "misplaced", "found": "misplaced"}
LATEST = 6


def check_or_404(request: StaffRequest, pk: int) -> Any:
    return or_404(selectors.check_of(request.library, pk) if pk < LARGEST else None)


@require_POST
@needs(KEEP)
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin to scan a corner through, or go on."""
    place = or_404(selectors.corner_of(request.library, pk) if pk < LARGEST else None)
    check = checks.open_check(place, by=actor_of(request), at=clock.now())
    return redirect("desk:corner_check", pk=check.pk)


@require_safe
@needs(KEEP)
def page(request: StaffRequest, pk: int) -> HttpResponse:
    """The heaps, and the box to scan into; closed, what is to be done about them."""
    check = check_or_404(request, pk)
    heaps = checks.standing(check)
    context = {
        "check": check,
        "heaps": [(heap, HEAPS[heap], TONES.get(heap, "misplaced"), found) for heap, found in heaps.items()],
        "missing": sum(1 for one in heaps[MISSING] if one.item),
        "to_settle": sum(1 for heap in ("missing", "lent", "found") for one in heaps[heap] if one.item),
        "latest": check.scans.select_related("item__holding__record", "own").order_by("-pk")[:LATEST],
        "scanned": check.scans.count(),
        "operation": uuid7(),
    }
    return render(request, "desk/corners/check.html", context)


@require_POST
@needs(KEEP)
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """One code, or a whole list pasted at once."""
    check = check_or_404(request, pk)

    def act() -> str:
        codes = typed(request, "scan", 20_000).split()
        for code in codes:
            checks.scan(check, code, at=clock.now())
        return _("Scanned: %(n)s.") % {"n": len(codes)} if len(codes) > 1 else ""

    told(request, act)
    return redirect("desk:corner_check", pk=pk)


@require_POST
@needs(KEEP)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Close it, go on with it, settle what was found, take that back; or take one scan back."""
    check = check_or_404(request, pk)

    def act() -> str:
        by, at, wanted = actor_of(request), clock.now(), request.POST.get("act", "")
        if wanted == "close":
            checks.close(check, by=by, at=at, operation_id=operation_of(request))
            return _("Closed. Nothing is marked yet.")
        if wanted == "reopen":
            checks.reopen(check, by=by, at=at)
            return _("Scan on.")
        if wanted in ("settle", "undo"):
            done = (
                checks.settle(check, by=by, at=at)
                if wanted == "settle"
                else checks.undo_settle(check, by=by, at=at)
            )
            words = {"missing": done.missing, "back": done.back, "left": done.left}
            if wanted == "undo":
                return _("Missing no more %(missing)s, lent again %(back)s, left %(left)s.") % words
            return _("Marked missing %(missing)s, taken back or found %(back)s, left %(left)s.") % words
        checks.unscan(check, key_of(request.POST.get("scan", "")))
        return _("Undone.")

    told(request, act)
    return redirect("desk:corner_check", pk=pk)


@require_safe
@needs(KEEP)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """For the class teacher, to be printed: what is missing, and with whom the rest is."""
    check = check_or_404(request, pk)
    heaps = [(heap, HEAPS[heap], found) for heap, found in checks.standing(check).items() if found]
    known = [
        one.price_fen for heap, _words, found in heaps if heap == MISSING for one in found if one.price_fen
    ]
    context = {"check": check, "heaps": heaps, "value_fen": sum(known), "library": request.library}
    return render(request, "desk/corners/check_report.html", context)
