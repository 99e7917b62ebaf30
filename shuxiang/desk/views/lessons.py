"""Reading lessons: those of a week from the table, one written down by count or by ticking, the register of a term."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.classlife import (
    LARGEST,
    PDF,
    classes_in_reach,
    day_of,
    download,
    number_of,
    operation_of,
    so_far,
    term_asked,
    terms_to_choose,
    time_of,
    today,
    week_of,
)
from shuxiang.desk.views.periods import period_label
from shuxiang.libraries import rotation
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons import selectors as patrons
from shuxiang.visits import papers, selectors, services
from shuxiang.visits.messages import WEEKDAYS, say_all
from shuxiang.visits.services.lessons import When
from shuxiang.visits.sheets import write_pdf

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from shuxiang.visits.models import Lesson

SEE = "patrons.view"


def states() -> dict[str, str]:
    return {"held": _("held"), "dropped": _("not held"), "none": _("not written down")}


@require_safe
@needs(SEE, scoped=True)
def week(request: StaffRequest) -> HttpResponse:
    """The lessons of a week, those still to be written down first to be seen."""
    shown = day_of(request.GET.get("on"), today()) or today()
    monday, sunday = week_of(shown)
    keys = [each.pk for each, _label in classes_in_reach(request, sunday)]
    rows = selectors.lesson_rows(request.library, monday, sunday, classes=keys)
    listed = [
        {
            "row": row,
            "at": row.lesson or row.planned,
            "day": WEEKDAYS[row.on.isoweekday()],
            "url": _address(row),
            "is_due": row.lesson is None and row.on <= today(),
            "is_open": row.on <= today(),
        }
        for row in rows
    ]
    context = {
        "rows": listed,
        "monday": monday,
        "sunday": sunday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "week": libraries.week_on(request.library, monday),
        "is_this": monday <= today() <= sunday,
        "held": sum(
            row.lesson is not None and row.lesson.state == selectors.LessonState.HELD for row in rows
        ),
        "planned": sum(row.planned is not None for row in rows),
        "term": term_asked(request).code,
        "terms": [
            (term.code, period_label(term.period)) for term in terms_to_choose(request, term_asked(request))
        ],
    }
    return render(request, "desk/lessons/week.html", context)


def _address(row: selectors.Row) -> str:
    if row.lesson is not None:
        return reverse("desk:lesson", args=[row.lesson.pk])
    if row.planned is None:
        return ""
    plan = row.planned
    query: dict[str, str | int] = {
        "class": plan.class_id,
        "room": plan.room_id,
        "on": plan.on.isoformat(),
        "starts": f"{plan.starts:%H:%M}",
        "ends": f"{plan.ends:%H:%M}",
        "slot": plan.slot_id,
    }
    return f"{reverse('desk:lesson_new')}?{urlencode(query)}"


@require_http_methods(["GET", "POST"])
@needs(SEE, scoped=True)
def new(request: StaffRequest) -> HttpResponse:
    """Write down a lesson: of the table (the address says which) or one that was not planned."""
    if request.method == "POST":
        return _keep(request, None)
    wanted = {name: request.GET.get(name, "") for name in ("class", "room", "on", "starts", "ends", "slot")}
    return _form(request, wanted | {"how": "heads"})


@require_http_methods(["GET", "POST"])
@needs(SEE, scoped=True)
def lesson(request: StaffRequest, pk: int) -> HttpResponse:
    """A lesson that was written down, to be changed or taken out."""
    found = _lesson_or_404(request, pk)
    if request.method == "POST":
        return _keep(request, found)
    present = selectors.present_in(found)
    typed: dict[str, Any] = {
        "class": str(found.school_class_id),
        "room": str(found.room_id),
        "on": found.on.isoformat(),
        "starts": f"{found.starts:%H:%M}",
        "ends": f"{found.ends:%H:%M}",
        "slot": str(found.slot_id or ""),
        "teacher": found.teacher,
        "topic": found.topic,
        "books": found.books,
        "heads": "" if found.head_count is None else str(found.head_count),
        "reason": found.reason,
        "how": "dropped" if found.state == selectors.LessonState.DROPPED else "ticks" if present else "heads",
    }
    return _form(request, typed, found=found, ticked=present)


def _lesson_or_404(request: StaffRequest, pk: int) -> Lesson:
    found = selectors.lesson_of(request.library, pk) if pk < LARGEST else None
    if found is None or not request.scope.has_class(found.school_class_id):
        raise Http404
    return found


def _form(
    request: StaffRequest,
    typed: Mapping[str, Any],
    *,
    found: Lesson | None = None,
    ticked: Collection[int] = (),
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    on = day_of(typed.get("on"), today()) or today()
    classes = classes_in_reach(request, on)
    key = number_of(typed.get("class"))
    chosen = next((each for each, _label in classes if each.pk == key), None)
    members = patrons.members_of(chosen, on) if chosen else []
    context = {
        "lesson": found,
        "typed": typed,
        "class_key": key,
        "room_key": number_of(typed.get("room")),
        "classes": [(each.pk, label) for each, label in classes],
        "rooms": rotation.rooms_of(request.library),
        "label": {each.pk: label for each, label in classes}.get(key or 0, ""),
        "members": [(row.patron_id, row.number, row.patron.name) for row in members],
        "ticked": ticked,
        "problem": problem,
        "today": today(),
        "operation": uuid7(),
        "back": f"{reverse('desk:lessons')}?on={on.isoformat()}",
    }
    return render(request, "desk/lessons/lesson.html", context, status=status)


def _when(request: StaffRequest) -> When | str:
    """Whose lesson, where and when as typed; or what is missing."""
    on = day_of(request.POST.get("on"))
    starts, ends = time_of(request.POST.get("starts")), time_of(request.POST.get("ends"))
    key, room_key = number_of(request.POST.get("class")), number_of(request.POST.get("room"))
    room = next((room for room in rotation.rooms_of(request.library) if room.pk == room_key), None)
    if on is None or starts is None or ends is None:
        return _("Give the day and both times.")
    chosen = next((each for each, _label in classes_in_reach(request, on) if each.pk == key), None)
    if chosen is None or room is None:
        return _("Choose a class and a room.")
    slot = rotation.find_cell(request.library, number_of(request.POST.get("slot")) or 0)
    return When(chosen, room, on, starts, ends, slot)


def _keep(request: StaffRequest, old: Lesson | None) -> HttpResponse:
    typed = request.POST.dict()
    ticked = {key for text in request.POST.getlist("present") if (key := number_of(text)) is not None}
    how, when = typed.get("how", "heads"), _when(request)
    if isinstance(when, str):
        return _form(request, typed, found=old, ticked=ticked, problem=when, status=422)
    if old is not None and (old.school_class_id, old.on, old.starts) != (
        when.school_class.pk,
        when.on,
        when.starts,
    ):
        problem = _("This lesson is another one then. Take this one out, and write down the other.")
        return _form(request, typed, found=old, ticked=ticked, problem=problem, status=422)
    try:
        _write(request, when, how, ticked)
    except Refused as refusal:
        problem = say_all(refusal.decision)
        return _form(request, typed, found=old, ticked=ticked, problem=problem, status=422)
    messages.success(request, _("The lesson of %(on)s is written down.") % {"on": when.on.isoformat()})
    return redirect(f"{reverse('desk:lessons')}?on={when.on.isoformat()}")


def _write(request: StaffRequest, when: When, how: str, ticked: set[int]) -> None:
    sent, by, at = request.POST, actor_of(request), clock.now()
    operation_id = operation_of(request)
    if how == "dropped":
        services.drop_lesson(
            library=request.library,
            when=when,
            reason=sent.get("reason", ""),
            by=by,
            at=at,
            operation_id=operation_id,
        )
        return
    services.hold_lesson(
        library=request.library,
        when=when,
        head_count=number_of(sent.get("heads")),
        present=ticked if how == "ticks" else None,
        teacher=sent.get("teacher", ""),
        topic=sent.get("topic", ""),
        books=sent.get("books", ""),
        by=by,
        at=at,
        operation_id=operation_id,
    )


@require_POST
@needs(SEE, scoped=True)
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a lesson out of the register."""
    found = _lesson_or_404(request, pk)
    on = found.on
    try:
        services.forget_lesson(lesson=found, by=actor_of(request), at=clock.now())
        messages.success(request, _("The lesson of %(on)s is taken out.") % {"on": on.isoformat()})
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect(f"{reverse('desk:lessons')}?on={on.isoformat()}")


@require_safe
@needs(SEE, scoped=True)
def register(request: StaffRequest) -> HttpResponse:
    """The register of a term so far, to print."""
    term = term_asked(request)
    first, last = so_far(term.period)
    keys = None if request.scope.everywhere else request.scope.class_ids
    rows = selectors.lesson_rows(request.library, first, last, classes=keys)
    sheet = papers.lesson_sheet(request.library, rows, period_label(term.period), states())
    out = io.BytesIO()
    write_pdf(out, [sheet], title=sheet.title, author=request.library.name, at=clock.now())
    return download(out.getvalue(), f"{sheet.title} {term.code}.pdf", PDF)
