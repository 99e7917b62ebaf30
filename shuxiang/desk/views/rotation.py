"""The rotation table: a room's week as a grid, one cell at a time, what stands against it said while it is filled in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, may, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.classlife import LARGEST, day_of, number_of, operation_of, time_of, today
from shuxiang.libraries import rotation
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.messages import words
from shuxiang.libraries.rules.rotation import judge_cell
from shuxiang.libraries.rules.timetable import Slot
from shuxiang.libraries.services.rotation import rewrite, undo_rewriting
from shuxiang.visits.messages import ACTIVITIES, WEEKDAYS, say_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shuxiang.libraries.models import Room, RotationSlot

EDIT = "libraries.edit"
SEE = ("desk.lend", "figures.view", EDIT)


def week_choices() -> list[tuple[str, str]]:
    return [("every", _("every week")), ("A", _("A: odd teaching weeks")), ("B", _("B: even teaching weeks"))]


def edits(request: StaffRequest) -> bool:
    return may(request.user, EDIT, request.library, today())


def room_asked(request: StaffRequest, text: str | None = None) -> Room | None:
    """The room named in the address or the form, else the first; None when there is none."""
    rooms = rotation.rooms_of(request.library)
    wanted = number_of(text if text is not None else request.GET.get("room"))
    return next((room for room in rooms if room.pk == wanted), rooms[0] if rooms else None)


def table_url(room_id: int, day: date, done: object = None) -> str:
    query: dict[str, str | int] = {"room": room_id, "on": day.isoformat()}
    if done:
        query["done"] = str(done)
    return f"{reverse('desk:rotation')}?{urlencode(query)}"


@require_safe
@needs(*SEE, scoped=True)
def table(request: StaffRequest) -> HttpResponse:
    """The table of a room on a day; who may edit gets a link in every cell."""
    day = day_of(request.GET.get("on"), today()) or today()
    room = room_asked(request)
    term = libraries.term_on(request.library, day)
    context: dict[str, object] = {
        "rooms": rotation.rooms_of(request.library),
        "room": room,
        "day": day,
        "today": today(),
        "grid": rotation.grid(request.library, room, day) if room else None,
        "weekdays": WEEKDAYS,
        "activities": ACTIVITIES,
        "changes": rotation.changes_after(request.library, day)[:6],
        "edits": edits(request),
        "week": term.week_of(day),
        "term_ends": term.ends_on,
        "done": request.GET.get("done", "") if edits(request) else "",
        "operation": uuid7(),
    }
    return render(request, "desk/rotation/table.html", context)


def typed_slot(request: StaffRequest, sent: Mapping[str, str]) -> tuple[Slot | None, str]:
    """The cell as typed, or the sentence that says what is missing."""
    starts, ends = time_of(sent.get("starts")), time_of(sent.get("ends"))
    weekday, room = number_of(sent.get("weekday")), room_asked(request, sent.get("room", ""))
    valid_from = day_of(sent.get("valid_from"))
    who, activity = sent.get("who", ""), sent.get("activity", "")
    if starts is None or ends is None:
        return None, _("Give both times as hours and minutes, like 11:30 and 12:30.")
    if weekday is None or not 1 <= weekday <= 7 or room is None:
        return None, _("Choose a day of the week and a room.")
    if valid_from is None:
        return None, _("Say from which day on this holds.")
    until = sent.get("valid_to", "").strip()
    if until and day_of(until) is None:
        return None, _("“%(text)s” is no day.") % {"text": until[:20]}
    kind, _colon, key = who.partition(":")
    number = number_of(key)
    slot = Slot(
        room_id=room.pk,
        weekday=weekday,
        week=sent.get("week", "") if sent.get("week") in ("every", "A", "B") else "every",
        starts=starts,
        ends=ends,
        activity=activity if activity in ACTIVITIES else "lend",
        valid_from=valid_from,
        valid_to=day_of(until),
        class_id=number if kind == "class" else None,
        grade=number if kind == "grade" and number in range(1, 13) else None,
    )
    return slot, ""


def _found(request: StaffRequest, pk: int) -> RotationSlot:
    found = rotation.find_cell(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


def _form(
    request: StaffRequest,
    typed: Mapping[str, str],
    *,
    slot: RotationSlot | None = None,
    problem: str = "",
    decision: Decision | None = None,
    status: int = 200,
) -> HttpResponse:
    day = day_of(typed.get("valid_from"), today()) or today()
    around = rotation.around(request.library, day)
    grades = sorted({here.grade for here in around.classes.values() if here.grade})
    context = {
        "slot": slot,
        "typed": typed,
        "problem": problem,
        "decision": decision,
        "reasons": _said(decision),
        "rooms": around.rooms.items(),
        "weekdays": WEEKDAYS.items(),
        "weeks": week_choices(),
        "activities": ACTIVITIES.items(),
        "classes": [(f"class:{here.pk}", here.label) for here in around.classes.values()],
        "grades": [(f"grade:{grade}", rotation.grade_words(grade)) for grade in grades],
        "operation": uuid7(),
        "back": table_url(number_of(typed.get("room")) or 0, day),
    }
    return render(request, "desk/rotation/cell.html", context, status=status)


def _said(decision: Decision | None) -> list[dict[str, str]]:
    if decision is None:
        return []
    kinds = {1: "refuse", 2: "ask", 3: "noted"}
    return [{"kind": kinds[int(reason.weight)], "text": words(reason)} for reason in decision.reasons]


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """A new cell; the address may say where."""
    if request.method == "POST":
        return _keep(request, None)
    term = libraries.term_on(request.library, today())
    asked = {name: request.GET.get(name, "") for name in ("room", "weekday", "starts", "ends", "who")}
    room = room_asked(request)
    begun = {
        "room": str(room.pk) if room else "",
        "weekday": asked["weekday"] or "1",
        "starts": asked["starts"],
        "ends": asked["ends"],
        "who": asked["who"],
        "week": "every",
        "activity": "lend",
        "valid_from": (day_of(request.GET.get("on")) or max(today(), term.starts_on)).isoformat(),
        "valid_to": "",
    }
    return _form(request, begun)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def cell(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a cell: from the day given on, what was before stays in the history."""
    slot = _found(request, pk)
    if request.method == "POST":
        return _keep(request, slot)
    who = (
        f"class:{slot.school_class_id}"
        if slot.school_class_id
        else f"grade:{slot.grade}"
        if slot.grade
        else ""
    )
    begun = {
        "room": str(slot.room_id),
        "weekday": str(slot.weekday),
        "starts": f"{slot.starts:%H:%M}",
        "ends": f"{slot.ends:%H:%M}",
        "who": who,
        "week": slot.week,
        "activity": slot.activity,
        "valid_from": max(today(), slot.valid_from).isoformat(),
        "valid_to": slot.valid_to.isoformat() if slot.valid_to else "",
    }
    return _form(request, begun, slot=slot)


def _keep(request: StaffRequest, old: RotationSlot | None) -> HttpResponse:
    typed = request.POST.dict()
    new_slot, problem = typed_slot(request, typed)
    if new_slot is None:
        return _form(request, typed, slot=old, problem=problem, status=422)
    try:
        done = rewrite(
            library=request.library,
            adding=[new_slot],
            ending=[old.pk] if old else [],
            from_on=new_slot.valid_from,
            confirmed=request.POST.getlist("confirmed"),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        return _form(request, typed, slot=old, decision=refusal.decision, status=422)
    messages.success(
        request, _("The table is changed from %(on)s on.") % {"on": new_slot.valid_from.isoformat()}
    )
    return redirect(table_url(new_slot.room_id, new_slot.valid_from, done.operation.pk))


@require_POST
@needs(EDIT)
def check(request: StaffRequest) -> HttpResponse:
    """What stands against the cell as it is typed now; for the page, while one fills it in."""
    slot, problem = typed_slot(request, request.POST.dict())
    reasons = [{"kind": "noted", "text": problem}] if problem and request.POST.get("starts") else []
    if slot is not None:
        old = number_of(request.POST.get("slot"))
        others = rotation.standing(request.library, {old} if old else set(), slot.valid_from)
        around = rotation.around(request.library, slot.valid_from)
        reasons = _said(judge_cell(slot, others, around))
        if not reasons:
            reasons = [{"kind": "match", "text": _("Nothing stands against it.")}]
    return render(request, "desk/rotation/verdict.html", {"reasons": reasons})


@require_POST
@needs(EDIT)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a cell out from a day on."""
    slot = _found(request, pk)
    from_on = day_of(request.POST.get("valid_from"), today()) or today()
    done = rewrite(
        library=request.library,
        adding=[],
        ending=[slot.pk],
        from_on=from_on,
        by=actor_of(request),
        at=clock.now(),
        operation_id=operation_of(request),
    )
    messages.success(request, _("Taken out from %(on)s on.") % {"on": from_on.isoformat()})
    return redirect(table_url(slot.room_id, from_on, done.operation.pk))


@require_POST
@needs(EDIT)
def undo(request: StaffRequest) -> HttpResponse:
    """Put the table back as it was before the last change."""
    room = room_asked(request, request.POST.get("room", ""))
    wanted = request.POST.get("done", "")
    try:
        undo_rewriting(
            library=request.library,
            operation_id=rotation.operation_key(wanted),
            by=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("The table is as it was before."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect(table_url(room.pk if room else 0, day_of(request.POST.get("on"), today()) or today()))
