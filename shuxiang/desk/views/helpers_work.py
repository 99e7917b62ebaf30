"""What pupil librarians do: trainings, roster, the turns of a day, what it came to, certificates."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.desk.views.helpers import KEEP, helper_or_404
from shuxiang.desk.views.readers import LARGEST, number_of, today
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.helpers import rules, selectors, services
from shuxiang.helpers.messages import TOPICS, WEEKDAYS, WEEKS, say_all
from shuxiang.libraries import selectors as ground

if TYPE_CHECKING:
    from shuxiang.libraries.models import Room
    from shuxiang.libraries.rules.terms import TermFacts

SHOWN = 60


def _day(text: str) -> date:
    """The day that was typed, not one to come; today for anything else."""
    try:
        return min(date.fromisoformat(text), today())
    except ValueError:
        return today()


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def training(request: StaffRequest) -> HttpResponse:
    """The log of trainings and meetings, and a form for one more."""
    problem = ""
    if request.method == "POST":
        try:
            services.hold_training(
                library=request.library,
                topic=request.POST.get("topic", ""),
                on=_day(request.POST.get("on", "")),
                present=[key for key in map(number_of, request.POST.getlist("helper")) if key is not None],
                trainer=request.POST.get("trainer", "").replace("\0", ""),
                note=request.POST.get("note", "").replace("\0", ""),
                by=actor_of(request),
                at=clock.now(),
                operation_id=operation_of(request),
            )
            messages.success(request, _("Entered in the log of trainings."))
            return redirect("desk:helpers_training")
        except Refused as refusal:
            problem = say_all(refusal.decision)
    serving = selectors.appointed(request.library, today())
    labels = selectors.labels(request.library, serving, today())
    context = {
        "topics": list(TOPICS.items()),
        "serving": [(one, labels[one.pk]) for one in serving],
        "trainings": [(one, TOPICS[one.topic]) for one in selectors.trainings_of(request.library)[:SHOWN]],
        "typed": request.POST,
        "problem": problem,
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/helpers/training.html", context, status=422 if problem else 200)


@require_POST
@needs(KEEP)
def remove_training(request: StaffRequest, pk: int) -> HttpResponse:
    """It was entered by mistake."""
    found = selectors.training_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    services.remove_training(found, by=actor_of(request), at=clock.now())
    messages.success(request, _("Removed."))
    return redirect("desk:helpers_training")


@require_safe
@needs(KEEP)
def roster(request: StaffRequest) -> HttpResponse:
    """The duty roster along the rotation table, for the screen and for paper."""
    serving = selectors.appointed(request.library, today())
    labels = selectors.labels(request.library, serving, today())
    cells = [
        (WEEKDAYS[one.weekday], WEEKS[one.week], one) for one in selectors.roster(request.library, today())
    ]
    context = {"cells": cells, "serving": [(one, labels[one.pk]) for one in serving]}
    return render(request, "desk/helpers/roster.html", context)


def _cell(request: StaffRequest) -> tuple[Room, int, str, time, time] | None:
    """The turn that was chosen: ROOM-WEEKDAY-WEEK-FROM-TO."""
    parts = request.POST.get("cell", "").split("-")
    if len(parts) != 5 or number_of(parts[0]) is None or number_of(parts[1]) is None:
        return None
    room = request.library.rooms.filter(pk=int(parts[0])).first()
    try:
        starts, ends = (time(int(text[:2]), int(text[2:4])) for text in parts[3:])
    except ValueError:
        return None
    return (room, int(parts[1]), parts[2], starts, ends) if room is not None else None


@require_POST
@needs(KEEP)
def put(request: StaffRequest) -> HttpResponse:
    """Give a helper a turn."""
    helper = helper_or_404(request, number_of(request.POST.get("helper", "")) or 0)
    cell = _cell(request)
    if cell is None:
        messages.error(request, _("Choose a turn of the table."))
        return redirect("desk:helpers_roster")
    room, weekday, week, starts, ends = cell
    try:
        services.put_on_roster(
            helper, room=room, weekday=weekday, week=week, starts=starts, ends=ends, by=actor_of(request), at=clock.now()
        )  # fmt: skip
        messages.success(request, _("%(name)s is on duty then.") % {"name": helper.patron.name})
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:helpers_roster")


@require_POST
@needs(KEEP)
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """The turn is nobody's."""
    found = selectors.duty_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    services.take_off_roster(found, by=actor_of(request), at=clock.now())
    return redirect("desk:helpers_roster")


@require_safe
@needs(KEEP)
def day(request: StaffRequest) -> HttpResponse:
    """Who is on duty on a day, and who came."""
    on = _day(request.GET.get("on", ""))
    context = {"on": on, "duties": selectors.duties_on(request.library, on), "today": today()}
    return render(request, "desk/helpers/day.html", context)


@require_POST
@needs(KEEP)
def served(request: StaffRequest) -> HttpResponse:
    """Somebody came."""
    found = selectors.duty_of(request.library, number_of(request.POST.get("duty", "")) or 0)
    if found is None:
        raise Http404
    on = _day(request.POST.get("on", ""))
    turn = rules.Turn(found.weekday, found.week, found.starts, found.ends)
    try:
        services.note_served(
            found.helper,
            on=on,
            starts=found.starts,
            minutes=turn.minutes,
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect(f"{reverse('desk:helpers_day')}?on={on.isoformat()}")


@require_POST
@needs(KEEP)
def unserved(request: StaffRequest, pk: int) -> HttpResponse:
    """It was somebody else, or nobody."""
    found = selectors.served_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    on = found.on
    services.unnote_served(found, by=actor_of(request), at=clock.now())
    return redirect(f"{reverse('desk:helpers_day')}?on={on.isoformat()}")


def _term(request: StaffRequest) -> TermFacts:
    """The term asked for; the running one for none that can be read."""
    calendar = ground.calendar_of(request.library)
    code = request.GET.get("term", "") or request.POST.get("term", "")
    if code.endswith(("-autumn", "-spring")) and len(code) <= 11:
        try:
            return calendar.term(code)
        except (BadPeriod, ValueError, KeyError):
            pass
    return calendar.term_on(today())


@require_safe
@needs(KEEP)
def work(request: StaffRequest) -> HttpResponse:
    """What everybody did in a term, who is proposed for the award, the certificates given."""
    term = _term(request)
    calendar = ground.calendar_of(request.library)
    done = rules.ranked(selectors.work_of(request.library, term.starts_on, term.ends_on))
    best = set(rules.proposed(done))
    given = {one.helper_id: one for one in selectors.awards_of(request.library).filter(term=term.code)}
    context = {
        "term": term,
        "before": calendar.before(term),
        "work": [(one, one.helper in best, given.get(one.helper)) for one in done],
    }
    return render(request, "desk/helpers/work.html", context)


@require_POST
@needs(KEEP)
def award(request: StaffRequest, pk: int) -> HttpResponse:
    """优秀小管理员: enter it; the certificate comes next."""
    helper, term = helper_or_404(request, pk), _term(request)
    made = services.award(helper, term=term.code, on=today(), by=actor_of(request), at=clock.now())
    return redirect("desk:helpers_certificate", pk=made.pk)


@require_safe
@needs(KEEP)
def certificate(request: StaffRequest, pk: int) -> HttpResponse:
    """The certificate for paper."""
    found = selectors.award_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    label = selectors.labels(request.library, [found.helper], found.on)[found.helper_id]
    term = ground.calendar_of(request.library).term(found.term)
    context = {
        "award": found,
        "label": label,
        "year": f"{term.school_year}–{term.school_year + 1}",
        "season": term.season,
    }
    return render(request, "desk/helpers/certificate.html", context)


@require_POST
@needs(KEEP)
def unaward(request: StaffRequest, pk: int) -> HttpResponse:
    """It was given by mistake."""
    found = selectors.award_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    services.unaward(found, by=actor_of(request), at=clock.now())
    messages.success(request, _("Removed."))
    return redirect(f"{reverse('desk:helpers_work')}?term={found.term}")
