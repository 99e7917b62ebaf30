"""What is missing: since when, and marked or found by a scan."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.mending import scanned_item, today
from shuxiang.desk.views.stocktaking import KEEP, operation_of
from shuxiang.holdings import services as holdings
from shuxiang.holdings.messages import ACCOUNTS
from shuxiang.holdings.selectors import item_label
from shuxiang.mending import selectors
from shuxiang.mending.messages import CAUSES, REFUSALS, say_all

A_PAGE = 50


@require_safe
@needs(KEEP)
def missing(request: StaffRequest) -> HttpResponse:
    """Every missing volume on the books, and what was marked by hand last."""
    page = Paginator(selectors.missing(request.library), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(gone, CAUSES.get(gone.cause, "")) for gone in selectors.how_missing(list(page))],
        "lately": selectors.lately_noted(request.library),
        "act": "found" if request.GET.get("act") == "found" else "missing",
        "operation": uuid7(),
    }
    return render(request, "desk/mending/missing.html", context)


@require_POST
@needs(KEEP)
def scan(request: StaffRequest) -> HttpResponse:
    """Mark what was scanned as missing, or as found."""
    item, act = scanned_item(request), request.POST.get("act", "")
    if item is not None:
        marking = holdings.mark_many_found if act == "found" else holdings.mark_many_missing
        try:
            settled = marking(
                [item.pk],
                library=request.library,
                by=actor_of(request),
                at=clock.now(),
                on=today(),
                operation_id=operation_of(request),
            )
        except Refused as refusal:
            messages.error(request, say_all(refusal.decision))
        else:
            _tell(request, item_label(item), settled.kept.get(item.pk, ""), act)
    response = redirect("desk:missing")
    response["Location"] += "?act=found" if act == "found" else ""
    return response


def _tell(request: StaffRequest, label: str, kept: str, act: str) -> None:
    if kept:
        words = {"item": label, "account": ACCOUNTS.get(kept, kept)}
        messages.error(request, str(REFUSALS["not_marked"]) % words)
    elif act == "found":
        messages.success(request, _("%(item)s is found; put it on its shelf.") % {"item": label})
    else:
        messages.success(request, _("%(item)s is marked as missing.") % {"item": label})


@require_POST
@needs(KEEP)
def undo(request: StaffRequest) -> HttpResponse:
    """Undo one marking."""
    try:
        act = UUID(request.POST.get("act", ""))
        undone = holdings.undo_many(
            act,
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
            on=today(),
            operation_id=operation_of(request),
        )
        if undone.kept:
            messages.error(request, _("Something has happened to it since: nothing was undone."))
        else:
            messages.success(request, _("Undone."))
    except ValueError:
        messages.error(request, _("There is nothing to undo here."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:missing")
