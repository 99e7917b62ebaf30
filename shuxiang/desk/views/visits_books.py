"""The gate counter's file, the teachers' reading-room register and the visitors' book."""

from __future__ import annotations

import io
from datetime import date, timedelta

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.classlife import (
    LARGEST,
    PDF,
    day_of,
    download,
    number_of,
    operation_of,
    so_far,
    term_asked,
    time_of,
    today,
    week_of,
)
from shuxiang.desk.views.periods import period_label
from shuxiang.desk.views.rotation_whole import rows_of_upload
from shuxiang.desk.views.visits import KEEP
from shuxiang.libraries import rotation
from shuxiang.patrons import selectors as patrons
from shuxiang.visits import papers, selectors, services
from shuxiang.visits.messages import say_all, speak
from shuxiang.visits.rules import GateRow, read_gate
from shuxiang.visits.sheets import write_pdf

SALT = "shuxiang.gate"
SHOWN = 60


@require_http_methods(["GET", "POST"])
@needs(KEEP)
def gate(request: StaffRequest) -> HttpResponse:
    """Files of the gate counter that were taken over, and a form; a file is shown before it is written."""
    context: dict[str, object] = {
        "files": selectors.gate_files(request.library)[:30],
        "rooms": rotation.rooms_of(request.library),
        "operation": uuid7(),
    }
    if request.method != "POST":
        return render(request, "desk/visits/gate.html", context)
    room = selectors.room_of(request.library, number_of(request.POST.get("room")) or 0)
    lines, problem = rows_of_upload(request)
    if room is None:
        problem = problem or _("Choose a room.")
    reading = read_gate(lines, today())
    if not problem and not reading.rows:
        problem = speak("gate_nothing", {})
    if problem:
        return render(request, "desk/visits/gate.html", context | {"problem": problem}, status=422)
    packed = signing.dumps(
        [[row.on.isoformat(), row.hour, row.count] for row in reading.rows], salt=SALT, compress=True
    )
    upload = request.FILES.get("file")
    context |= {
        "reading": reading,
        "shown": reading.rows[:SHOWN],
        "more": max(0, len(reading.rows) - SHOWN),
        "problems": [(each.line, speak(each.code, {}), each.text) for each in reading.problems[:SHOWN]],
        "room": room,
        "name": (upload.name if upload else "") or "",
        "packed": packed,
    }
    return render(request, "desk/visits/gate.html", context)


@require_POST
@needs(KEEP)
def gate_take(request: StaffRequest) -> HttpResponse:
    """Write what the preview showed."""
    room = selectors.room_of(request.library, number_of(request.POST.get("room")) or 0)
    try:
        given = signing.loads(request.POST.get("packed", ""), salt=SALT, max_age=86_400)
    except signing.BadSignature:
        given = None
    if room is None or given is None:
        messages.error(request, _("The preview is too old. Choose the file again."))
        return redirect("desk:visits_gate")
    rows = [GateRow(on, hour, count) for text, hour, count in given if (on := day_of(text)) is not None]
    try:
        made = services.take_gate_file(
            library=request.library,
            room=room,
            name=request.POST.get("name", ""),
            rows=rows,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
        sentence = _("%(count)s visits in %(rows)s hours are entered.")
        messages.success(request, sentence % {"count": made.count, "rows": made.rows})
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:visits_gate")


@require_POST
@needs(KEEP)
def gate_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Weigh a file out again."""
    found = selectors.gate_file_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    try:
        services.undo_gate_file(gate_file=found, by=actor_of(request), at=clock.now())
        messages.success(request, _("“%(name)s” is taken back.") % {"name": found.name})
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:visits_gate")


@require_http_methods(["GET", "POST"])
@needs(KEEP)
def readings(request: StaffRequest) -> HttpResponse:
    """The teachers' register of a week, and a line to write."""
    on = day_of(request.GET.get("on"), today()) or today()
    if request.method == "POST":
        return _enter_reading(request)
    return _readings(request, week_of(on))


def _readings(
    request: StaffRequest, days: tuple[date, date], problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "rows": selectors.readings_in(request.library, days),
        "monday": days[0],
        "sunday": days[1],
        "before": days[0] - timedelta(days=7),
        "after": days[0] + timedelta(days=7),
        "rooms": rotation.rooms_of(request.library),
        "typed": request.POST,
        "problem": problem,
        "today": today(),
        "now": clock.to_local(clock.now()),
        "operation": uuid7(),
    }
    return render(request, "desk/visits/readings.html", context, status=status)


def _enter_reading(request: StaffRequest) -> HttpResponse:
    room = selectors.room_of(request.library, number_of(request.POST.get("room")) or 0)
    on, starts = day_of(request.POST.get("on")), time_of(request.POST.get("starts"))
    week = week_of(on or today())
    if room is None or on is None or starts is None:
        return _readings(request, week, _("Choose room, day and time."), 422)
    name = request.POST.get("name", "").strip()
    card = patrons.find_card(request.library, name) if name else None
    try:
        services.enter_reading(
            library=request.library,
            room=room,
            name=name,
            patron=card.patron if card and card.to_at is None else None,
            on=on,
            starts=starts,
            what=request.POST.get("what", ""),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return _readings(request, week, say_all(refusal.decision), 422)
    messages.success(request, _("The line is entered."))
    return redirect(f"{reverse('desk:visits_readings')}?on={on.isoformat()}")


@require_POST
@needs(KEEP)
def reading_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a line out of the teachers' register."""
    found = selectors.reading_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    try:
        services.remove_reading(reading=found, by=actor_of(request), at=clock.now())
        messages.success(request, _("The line is taken out."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect(f"{reverse('desk:visits_readings')}?on={found.on.isoformat()}")


@require_safe
@needs(KEEP)
def readings_print(request: StaffRequest) -> HttpResponse:
    """The register of a week, with lines to sign."""
    days = week_of(day_of(request.GET.get("on"), today()) or today())
    sheet = papers.reading_sheet(request.library, list(selectors.readings_in(request.library, days)), days)
    out = io.BytesIO()
    write_pdf(out, [sheet], title=sheet.title, author=request.library.name, at=clock.now())
    return download(out.getvalue(), f"{sheet.title} {days[0].isoformat()}.pdf", PDF)


@require_http_methods(["GET", "POST"])
@needs(KEEP)
def visitors(request: StaffRequest) -> HttpResponse:
    """The visitors' book of a term, and a line to write."""
    term = term_asked(request)
    problem, status = "", 200
    if request.method == "POST":
        problem = _enter_visitors(request)
        if not problem:
            return redirect("desk:visitors")
        status = 422
    rows = list(selectors.visitors_in(request.library, so_far(term.period)))
    context = {
        "rows": rows,
        "people": sum(row.people for row in rows),
        "term_words": period_label(term.period),
        "typed": request.POST,
        "problem": problem,
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/visits/visitors.html", context, status=status)


def _enter_visitors(request: StaffRequest) -> str:
    """Write the line as typed; what stands against it, or nothing."""
    on = day_of(request.POST.get("on"))
    if on is None:
        return _("Give the day.")
    try:
        services.enter_visitors(
            library=request.library,
            organisation=request.POST.get("organisation", ""),
            purpose=request.POST.get("purpose", ""),
            received_by=request.POST.get("received_by", ""),
            people=number_of(request.POST.get("people")) or 0,
            on=on,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return say_all(refusal.decision)
    messages.success(request, _("The line is entered."))
    return ""


@require_POST
@needs(KEEP)
def visitors_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a line out of the visitors' book."""
    found = selectors.visitors_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    try:
        services.remove_visitors(group=found, by=actor_of(request), at=clock.now())
        messages.success(request, _("The line is taken out."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:visitors")
