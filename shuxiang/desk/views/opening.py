"""When the library is open: rooms with seats and weekly hours, holidays and make-up days, terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Refused
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.desk.views.classlife import LARGEST, day_of, number_of, time_of, today
from shuxiang.desk.views.periods import period_label
from shuxiang.libraries import opening as ground
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries import services
from shuxiang.libraries.messages import speak, words
from shuxiang.visits.messages import WEEKDAYS, say_all

if TYPE_CHECKING:
    from datetime import date, time

EDIT = "libraries.edit"
CODE = re.compile(r"[A-Za-z0-9-]{1,20}")
MOST_SEATS = 2000


@require_safe
@needs(EDIT)
def opening(request: StaffRequest) -> HttpResponse:
    """Everything at a glance: rooms with hours, the next closed days, the terms."""
    return _page(request)


def _page(request: StaffRequest, problem: str = "", status: int = 200) -> HttpResponse:
    rooms = [
        {
            "room": each.room,
            "since": each.valid_from,
            "days": [(WEEKDAYS[n], spans) for n, spans in each.spans.items()],
            "is_set": each.valid_from is not None,
        }
        for each in ground.rooms_with_hours(request.library, today())
    ]
    context = {
        "rooms": rooms,
        "week_hours": libraries.opening_hours_per_week(request.library, today()),
        "days": ground.special_days(request.library, today()),
        "terms": [
            (each, period_label(each.period)) for each in ground.terms_around(request.library, today())
        ],
        "here": libraries.term_on(request.library, today()).code,
        "typed": request.POST,
        "problem": problem,
        "today": today(),
    }
    return render(request, "desk/opening/page.html", context, status=status)


@require_POST
@needs(EDIT)
def keep_room(request: StaffRequest) -> HttpResponse:
    """A new room, or name and seats of one changed."""
    name, seats = request.POST.get("name", "").strip(), request.POST.get("seats", "").strip()
    pk = number_of(request.POST.get("room"))
    room = ground.room_of(request.library, pk) if pk else None
    code = room.code if room else request.POST.get("code", "").strip() or _free_code(request)
    number = number_of(seats)
    if not name or len(name) > 60:
        return _page(request, speak("room_needs_name", {}), 422)
    if not CODE.fullmatch(code) or (room is None and _is_taken(request, code)):
        return _page(request, speak("room_code_bad", {"code": code[:20]}), 422)
    if seats and (number is None or not 0 <= number <= MOST_SEATS):
        return _page(request, speak("room_number_bad", {"text": seats[:20]}), 422)
    services.add_room(
        library=request.library,
        code=code,
        name=name,
        seats=number,
        area_m2=room.area_m2 if room else None,
        by=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("“%(room)s” is kept.") % {"room": name})
    return redirect("desk:opening")


def _taken(request: StaffRequest) -> set[str]:
    return {each.room.code for each in ground.rooms_with_hours(request.library, today())}


def _is_taken(request: StaffRequest, code: str) -> bool:
    return code in _taken(request)


def _free_code(request: StaffRequest) -> str:
    taken = _taken(request)
    return next(code for n in range(1, len(taken) + 2) if (code := f"room-{n}") not in taken)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def hours(request: StaffRequest, pk: int) -> HttpResponse:
    """The weekly hours of a room, two stretches a day; changed from a day on, past weeks keep theirs."""
    each = next((one for one in ground.rooms_with_hours(request.library, today()) if one.room.pk == pk), None)
    if each is None or pk >= LARGEST:
        raise Http404
    if request.method != "POST":
        rows = [
            (
                n,
                WEEKDAYS[n],
                [f"{at:%H:%M}" for span in spans for at in span][:4] + [""] * (4 - 2 * len(spans[:2])),
            )
            for n, spans in each.spans.items()
        ]
        return render(
            request, "desk/opening/hours.html", {"room": each.room, "rows": rows, "from_on": today()}
        )
    typed = [(n, [request.POST.get(f"h{n}{part}", "").strip() for part in "abcd"]) for n in range(1, 8)]
    spans, wrong = _spans(typed)
    from_on = day_of(request.POST.get("valid_from"))
    problem = wrong or ("" if from_on else _("Say from which day on this holds."))
    if not problem and from_on:
        try:
            services.set_hours(
                room=each.room, hours=spans, valid_from=from_on, by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            problem = say_all(refusal.decision)
    if problem:
        rows = [(n, WEEKDAYS[n], values) for n, values in typed]
        context = {"room": each.room, "rows": rows, "from_on": from_on or today(), "problem": problem}
        return render(request, "desk/opening/hours.html", context, status=422)
    messages.success(request, _("The hours of %(room)s are kept.") % {"room": each.room.name})
    return redirect("desk:opening")


def _spans(typed: list[tuple[int, list[str]]]) -> tuple[list[tuple[int, time, time]], str]:
    spans: list[tuple[int, time, time]] = []
    for weekday, (a, b, c, d) in typed:
        for first, last in ((a, b), (c, d)):
            if not first and not last:
                continue
            opens, closes = time_of(first), time_of(last)
            if opens is None or closes is None:
                sentence = _("%(day)s: give both times, or leave both empty.")
                return [], sentence % {"day": WEEKDAYS[weekday]}
            spans.append((weekday, opens, closes))
    return spans, ""


@require_POST
@needs(EDIT)
def keep_days(request: StaffRequest) -> HttpResponse:
    """A holiday, or days on which the library is open although it would not be."""
    first, name = day_of(request.POST.get("from_on")), request.POST.get("name", "").strip()[:60]
    last = day_of(request.POST.get("to_on"), first)
    if first is None or last is None or not name:
        return _page(request, _("Give the days and what they are called."), 422)
    try:
        services.set_special_days(
            library=request.library,
            from_on=first,
            to_on=last,
            name=name,
            is_open=request.POST.get("is_open") == "1",
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return _page(request, say_all(refusal.decision), 422)
    messages.success(request, _("“%(name)s” is in the calendar.") % {"name": name})
    return redirect("desk:opening")


@require_POST
@needs(EDIT)
def remove_days(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a holiday out of the calendar."""
    row = ground.special_day_of(request.library, pk) if pk < LARGEST else None
    if row is None:
        raise Http404
    services.remove_special_days(row=row, by=actor_of(request), at=clock.now())
    messages.success(request, _("“%(name)s” is out of the calendar.") % {"name": row.name})
    return redirect("desk:opening")


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def term(request: StaffRequest, code: str) -> HttpResponse:
    """The days of a term: period, teaching weeks, the day by which everything is called in."""
    try:
        shown = libraries.calendar_of(request.library).term(code)
    except BadPeriod as fault:
        raise Http404 from fault
    label = period_label(shown.period)
    names = ("starts_on", "ends_on", "teaching_from", "teaching_to", "recall_on")
    if request.method != "POST":
        values = [(name, getattr(shown, name)) for name in names]
        return render(
            request,
            "desk/opening/term.html",
            {"term": shown, "label": label, "values": dict(values)},
        )
    typed = {name: day_of(request.POST.get(name)) for name in names}
    decision, problem = _keep_term(request, shown.code, typed)
    if not problem and not decision.reasons:
        messages.success(request, _("The term is kept."))
        return redirect("desk:opening")
    kinds = {1: "refuse", 2: "ask", 3: "noted"}
    reasons = [{"kind": kinds[int(one.weight)], "text": words(one)} for one in decision.reasons]
    context = {"values": typed, "problem": problem, "reasons": reasons, "decision": decision}
    return render(request, "desk/opening/term.html", {"term": shown, "label": label} | context, status=422)


def _keep_term(request: StaffRequest, code: str, typed: dict[str, date | None]) -> tuple[Decision, str]:
    """Set the term as typed; what stands against it, or what is missing."""
    starts_on, ends_on = typed["starts_on"], typed["ends_on"]
    teaching_from, teaching_to = typed["teaching_from"], typed["teaching_to"]
    if starts_on is None or ends_on is None or teaching_from is None or teaching_to is None:
        return Decision(), _("Give the first and the last day, and those of teaching.")
    try:
        services.set_term(
            library=request.library,
            code=code,
            starts_on=starts_on,
            ends_on=ends_on,
            teaching_from=teaching_from,
            teaching_to=teaching_to,
            recall_on=typed["recall_on"],
            confirmed=request.POST.getlist("confirmed"),
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return refusal.decision, ""
    return Decision(), ""
