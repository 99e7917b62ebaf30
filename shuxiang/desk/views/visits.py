"""Visits: the figures of some days with a chart by hour, what is entered by hand, the door's scanner, the counter key."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, may, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.classlife import (
    day_of,
    number_of,
    operation_of,
    so_far,
    term_asked,
    terms_to_choose,
    today,
    week_of,
)
from shuxiang.desk.views.periods import period_label, span
from shuxiang.figures import registry
from shuxiang.libraries import rotation
from shuxiang.libraries import selectors as libraries
from shuxiang.ui.charts import Bar
from shuxiang.visits import selectors, services
from shuxiang.visits.messages import WAYS, say_all

if TYPE_CHECKING:
    from shuxiang.libraries.models import Room

COUNT, KEEP = "desk.lend", "patrons.edit"
A_PAGE = 30


def room_or_404(request: StaffRequest, pk: int) -> Room:
    found = selectors.room_of(request.library, pk) if pk < 2**31 else None
    if found is None or not (
        request.scope.everywhere or request.scope.has_room(found.pk) or request.scope.class_ids
    ):
        raise Http404
    return found


def days_asked(request: StaffRequest) -> tuple[str, tuple[date, date], str]:
    """Which days are shown: today, this week, or the term; a code, the days, and what they are called."""
    code = request.GET.get("days", "week")
    if code == "day":
        on = day_of(request.GET.get("on"), today()) or today()
        return "day", (on, on), span(on, on)
    term = term_asked(request)
    if code == "term":
        return "term", so_far(term.period), period_label(term.period)
    monday, sunday = week_of(day_of(request.GET.get("on"), today()) or today())
    return "week", (monday, sunday), span(monday, sunday)


@require_safe
@needs(KEEP)
def visits(request: StaffRequest) -> HttpResponse:
    """How many came, when and where; forms to enter a class and a correction; what was entered last."""
    return page(request)


def page(request: StaffRequest, problem: str = "", which: str = "", status: int = 200) -> HttpResponse:
    code, days, words = days_asked(request)
    room = selectors.room_of(request.library, number_of(request.GET.get("room")) or 0)
    hours = [Bar(f"{hour:02}:00", n) for hour, n in selectors.by_hour(request.library, days, room)]
    term = term_asked(request)
    scope = registry.Scope(request.library, term.period, as_of=today())
    entries = Paginator(selectors.latest(request.library, days), A_PAGE).get_page(request.GET.get("page"))
    classes = libraries.classes_on(request.library, today())
    labels = libraries.class_labels(request.library, classes, today())
    rooms = rotation.rooms_of(request.library)
    context = {
        "code": code,
        "days": days,
        "words": words,
        "before": days[0] - timedelta(days=1 if code == "day" else 7),
        "after": days[0] + timedelta(days=1 if code == "day" else 7),
        "term": term.code,
        "terms": [(each.code, period_label(each.period)) for each in terms_to_choose(request, term)],
        "hours": hours,
        "rooms": rooms,
        "room": room,
        "by_room": selectors.by_room(request.library, days),
        "total": sum(n for _name, n in selectors.by_room(request.library, days)),
        "per_week": registry.get("visits.per_pupil_week").value(scope).rounded(2),
        "per_class": registry.get("visits.per_pupil_week").parts["class"](scope) if code == "term" else [],
        "term_words": period_label(term.period),
        "page": entries,
        "entries": [(row, WAYS[row.way], labels.get(row.school_class_id or 0, "")) for row in entries],
        "classes": labels.items(),
        "pause": selectors.pause_of(request.library),
        "typed": request.POST,
        "problem": problem,
        "which": which,
        "today": today(),
        "now_hour": clock.to_local(clock.now()).hour,
        "operation": uuid7(),
        "keeps_rules": may(request.user, "libraries.edit", request.library, today()),
    }
    return render(request, "desk/visits/page.html", context, status=status)


def _typed_room(request: StaffRequest) -> Room | None:
    return selectors.room_of(request.library, number_of(request.POST.get("room")) or 0)


@require_POST
@needs(KEEP)
def count_class(request: StaffRequest) -> HttpResponse:
    """A class came: so many heads in an hour of a day."""
    room = _typed_room(request)
    school_class = selectors.class_of(request.library, number_of(request.POST.get("class")) or 0)
    on, hour = day_of(request.POST.get("on")), number_of(request.POST.get("hour"))
    if room is None or school_class is None or on is None or hour is None or not 0 <= hour <= 23:
        return page(request, _("Choose room, class, day and hour."), "class", 422)
    try:
        made = services.count_class(
            library=request.library,
            room=room,
            school_class=school_class,
            count=number_of(request.POST.get("count")) or 0,
            on=on,
            hour=hour,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return page(request, say_all(refusal.decision), "class", 422)
    messages.success(request, _("%(count)s visits are entered.") % {"count": made.count})
    return redirect("desk:visits")


@require_POST
@needs(KEEP)
def correct(request: StaffRequest) -> HttpResponse:
    """More or fewer than counted, with the reason, as an entry of its own."""
    room = _typed_room(request)
    on, hour = day_of(request.POST.get("on")), number_of(request.POST.get("hour"))
    if room is None or on is None or hour is None or not 0 <= hour <= 23:
        return page(request, _("Choose room, day and hour."), "correct", 422)
    try:
        services.correct(
            library=request.library,
            room=room,
            on=on,
            hour=hour,
            difference=number_of(request.POST.get("count")) or 0,
            reason=request.POST.get("reason", ""),
            school_class=selectors.class_of(request.library, number_of(request.POST.get("class")) or 0),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return page(request, say_all(refusal.decision), "correct", 422)
    messages.success(request, _("The correction is entered."))
    return redirect("desk:visits")


@require_POST
@needs(KEEP)
def pause(request: StaffRequest) -> HttpResponse:
    """In how many minutes the same card is one visit."""
    minutes = number_of(request.POST.get("minutes"))
    try:
        services.set_pause(
            library=request.library,
            minutes=-1 if minutes is None else minutes,
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return page(request, say_all(refusal.decision), "pause", 422)
    messages.success(request, _("Kept."))
    return redirect("desk:visits")


@require_http_methods(["GET", "POST"])
@needs(COUNT, scoped=True)
def door(request: StaffRequest, pk: int) -> HttpResponse:
    """The page for the scanner at the door: a card, a greeting with the class, nothing else. Works by scanner alone."""
    room = room_or_404(request, pk)
    context: dict[str, object] = {"room": room}
    status = 200
    if request.method == "POST" and request.POST.get("scan", "").strip():
        try:
            context["shown"] = services.show_card(
                library=request.library,
                room=room,
                code=request.POST.get("scan", "").strip()[:60],
                by=actor_of(request),
                at=clock.now(),
                operation_id=operation_of(request),
            )
        except Refused:
            context["unknown"], status = True, 422
    context["seen"] = selectors.count_today(request.library, room, today())
    context["operation"] = uuid7()
    return render(request, "desk/visits/door.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(COUNT, scoped=True)
def key(request: StaffRequest, pk: int) -> HttpResponse:
    """The counter key of a child at the door: one press, one more."""
    room = room_or_404(request, pk)
    if request.method == "POST":
        services.press_key(
            library=request.library,
            room=room,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
        return redirect("desk:visits_key", pk=room.pk)
    counted = selectors.count_today(request.library, room, today(), selectors.VisitWay.KEY)
    return render(request, "desk/visits/key.html", {"room": room, "counted": counted, "operation": uuid7()})


@require_safe
@needs(COUNT, scoped=True)
def doors(request: StaffRequest) -> HttpResponse:
    """Which room the scanner or the counter key stands at."""
    return render(request, "desk/visits/doors.html", {"rooms": rotation.rooms_of(request.library)})
