"""The desk when the network or the power goes: the page that the browser keeps, and what it sends afterwards."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, needs
from shuxiang.circulation import kept, services
from shuxiang.circulation.services import Replay, Stands
from shuxiang.common import clock
from shuxiang.desk import counter, queued
from shuxiang.desk.offlinepanel import addresses

if TYPE_CHECKING:
    from shuxiang.patrons.models import Patron

BAD = 422


@require_safe
@needs("desk.lend", scoped=True)
def shell(request: StaffRequest) -> HttpResponse:
    """The page that the browser keeps for when there is no server: no names, nothing of an account."""
    request.library = None  # type: ignore[assignment]  # the frame shows neither library nor account
    return render(request, "desk/offline/shell.html", addresses())


@require_safe
@needs("desk.lend", scoped=True)
def worker(request: StaffRequest) -> HttpResponse:
    """The browser's worker, which gives that page out."""
    context = {
        "shell": reverse("desk:offline"),
        "sign_out": reverse("accounts:sign_out"),
        "static": settings.STATIC_URL,
    }
    return render(request, "desk/offline/worker.js", context, content_type="text/javascript; charset=utf-8")


@require_POST
@needs("desk.lend", scoped=True)
def replay(request: StaffRequest) -> HttpResponse:
    """Do what a device kept, in its order; says how many were done and kept, and who stands there now. No names."""
    now = clock.now()
    try:
        sent = queued.read(request.POST.get("acts", ""), request.POST.get("now", ""))
    except queued.NotUnderstood as problem:
        return JsonResponse({"problem": str(problem)}, status=BAD)
    desk = counter.opened(request)
    stands = Stands(desk.reader(request.POST.get("patron", "")), bool(request.POST.get("certain")))
    done = held = 0
    for each in sent:
        if each.is_next:
            stands = Stands()
            continue
        for act in queued.acts_of(each, now):
            result = services.replay(
                library=request.library,
                act=act,
                stands=stands,
                by=desk.by,
                now=now,
                in_reach=partial(_reachable, request, now),
            )
            stands = result.stands
            held += result.outcome is Replay.KEPT or result.to_look_at
            done += result.outcome in (Replay.DONE, Replay.BEFORE) and not result.to_look_at
    reader = stands.reader.pk if stands.reader else None
    answer = {
        "done": done,
        "kept": held,
        "patron": reader,
        "certain": stands.is_certain,
        "open": kept.open_count(request.library),
    }
    return JsonResponse(answer)


def _reachable(request: StaffRequest, now: datetime, patron: Patron) -> bool:
    return counter.in_reach(request, patron, clock.local_date(now))
