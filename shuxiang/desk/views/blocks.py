"""Borrowing stopped: for whom, why, until when; stop somebody, allow it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.audit.operations import OperationMismatch
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.counter import key_of
from shuxiang.desk.views.holds import LARGEST
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.patrons import messages as patron_messages
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons import stopped
from shuxiang.patrons.services import block, lift_block

EDIT = "patrons.edit"
A_PAGE = 50
MOST = 20


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def blocks(request: StaffRequest) -> HttpResponse:
    """Who may not borrow now and why, who could not lately; the form to stop somebody."""
    context = _typed(request)
    if request.method == "POST" and (key := key_of(request.POST.get("patron", ""))) is not None:
        if _stop(request, key):
            return redirect("desk:blocks")
        context["patron"] = patrons.find_patron(request.library, key)
    today = clock.local_date(clock.now())
    now = stopped.in_force(request.library, today)
    past = Paginator(stopped.ended(request.library, today), A_PAGE).get_page(request.GET.get("page"))
    readers = [one.patron for one in [*now, *past]]
    labels = patrons.labels_on(request.library, readers, today)
    if (meant := context["patron"]) is not None:
        context["who"] = patrons.class_label_on(meant, today) or meant.category.name
    context |= {
        "now": [(one, labels.get(one.patron_id, one.patron.category.name)) for one in now],
        "past": [(one, labels.get(one.patron_id, one.patron.category.name)) for one in past],
        "page": past,
        "today": today,
        "operation": uuid7(),
    }
    return render(request, "desk/policies/blocks.html", context)


def _typed(request: StaffRequest) -> dict[str, Any]:
    """What the form holds: the reader looked for or found, the reason, the last day."""
    key = key_of(request.GET.get("patron", ""))
    typed = request.GET.get("reader", "")[:60]
    found = patrons.search(request.library, typed, limit=MOST) if typed.strip() else []
    only = found[0] if len(found) == 1 else None
    labels = patrons.labels_on(request.library, found, clock.local_date(clock.now()))
    return {
        "patron": patrons.find_patron(request.library, key) if key is not None else only,
        "readers": [] if only else [(one, labels.get(one.pk, one.category.name)) for one in found],
        "typed": typed,
        "reason": request.POST.get("reason", "")[:120],
        "until": request.POST.get("until", "")[:10],
    }


def _stop(request: StaffRequest, key: int) -> bool:
    """Whether it was done; says why not."""
    patron = patrons.find_patron(request.library, key)
    if patron is None:
        raise Http404
    text = request.POST.get("until", "")
    try:
        until = date.fromisoformat(text) if text else None
        block(
            patron=patron,
            reason=request.POST.get("reason", ""),
            until_on=until,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except ValueError:
        messages.error(request, _("Enter the day as 2026-09-30."))
    except Refused as refused:
        for reason in refused.decision.reasons:
            messages.error(request, patron_messages.words(reason))
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    else:
        messages.success(request, _("%(name)s cannot borrow for now.") % {"name": patron.name})
        return True
    return False


@require_POST
@needs(EDIT)
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """The reader may borrow again."""
    found = stopped.find_block(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    try:
        lift_block(block=found, by=actor_of(request), at=clock.now(), operation_id=operation_of(request))
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    else:
        messages.success(request, _("%(name)s may borrow again.") % {"name": found.patron.name})
    return redirect("desk:blocks")
