"""The pupil librarian's own page: what is my duty today, and two large buttons. Words for a child of nine."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.readers import number_of, today
from shuxiang.helpers import rules, selectors, services
from shuxiang.helpers.messages import say_all
from shuxiang.libraries import selectors as ground


@require_safe
@needs("desk.lend", scoped=True)
def mine(request: StaffRequest) -> HttpResponse:
    """Who I am today, when I am on duty, where to begin."""
    helper = selectors.mine(request.user, request.library, today())
    own = helper.school_class if helper else None
    context = {
        "helper": helper,
        "label": ground.label_of(own, today()) if own else "",
        "own_class": own.pk if own else None,
        "duties": selectors.duties_on(request.library, today(), helper) if helper else [],
        "may_desk": request.scope.everywhere,
    }
    return render(request, "desk/helpers/mine.html", context)


@require_POST
@needs("desk.lend", scoped=True)
def here(request: StaffRequest) -> HttpResponse:
    """I am here: the turn counts."""
    helper = selectors.mine(request.user, request.library, today())
    key = number_of(request.POST.get("duty", ""))
    duties = selectors.duties_on(request.library, today(), helper) if helper else []
    found = next((one.duty for one in duties if one.duty.pk == key), None)
    if helper is None or found is None:
        raise Http404
    turn = rules.Turn(found.weekday, found.week, found.starts, found.ends)
    try:
        services.note_served(
            helper,
            on=today(),
            starts=found.starts,
            minutes=turn.minutes,
            by=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("Well done, you are here!"))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:helpers_mine")
