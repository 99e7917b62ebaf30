"""Opening a school year: one page with steps, a plan in numbers, one run, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.readers import LARGEST, number_of, today
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.enrolment import planning, rules, selectors, services
from shuxiang.enrolment.messages import KINDS, STATES, last_line, say_all, short, speak
from shuxiang.enrolment.services.running import new_numbers
from shuxiang.imports.services.served import settle
from shuxiang.patrons import listing
from shuxiang.patrons.selectors import patrons_of

if TYPE_CHECKING:
    from shuxiang.enrolment.models import YearOpening

TURN = "patrons.import"
LARGEST_FILE = 20_000_000
_WAIT_SECONDS = 1.5
_NAMED = 100


@require_safe
@needs(TURN)
def openings(request: StaffRequest) -> HttpResponse:
    """What was opened before, and a form to begin."""
    found = list(selectors.openings_of(request.library)[:20])
    waiting = next((one for one in found if one.state not in ("done", "undone")), None)
    context = {
        "openings": [(one, STATES[one.state], last_line(one) if one.done_at else "") for one in found],
        "waiting": waiting,
        "school_year": planning.next_school_year(request.library, today()),
        "operation": uuid7(),
    }
    return render(request, "desk/year/list.html", context)


@require_POST
@needs(TURN)
def begin(request: StaffRequest) -> HttpResponse:
    """A draft for a school year."""
    try:
        made = services.begin_opening(
            library=request.library,
            school_year=request.POST.get("school_year", "").strip()[:9],
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return redirect("desk:year")
    return redirect("desk:year_opening", pk=made.pk)


def _opening_or_404(request: StaffRequest, pk: int) -> YearOpening:
    found = selectors.opening_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(TURN)
def opening(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan while it is a draft, how far it is while it runs, what came of it afterwards."""
    found = _opening_or_404(request, pk)
    if found.state == selectors.DRAFT:
        return render(request, "desk/year/draft.html", _plan_shown(found))
    steps = [(KINDS[kind], count) for kind, count in selectors.steps_by_kind(found).items()]
    context = {
        "opening": found,
        "state": STATES[found.state],
        "is_moving": found.state in (selectors.RUNNING, selectors.UNDOING),
        "progress": progress_of(found.job, clock.now()),
        "failed": found.job is not None and found.job.state == "failed",
        "last_line": last_line(found),
        "passed_over": [
            (step, KINDS[step.kind], short(step.note)) for step in selectors.passed_over(found)[:_NAMED]
        ],
        "steps": steps,
        "may_undo": found.state == selectors.DONE and rules.may_take_back(found.done_at, clock.now()),
    }
    return render(request, "desk/year/done.html", context)


def _plan_shown(found: YearOpening) -> dict[str, object]:
    """The plan in words and numbers."""
    worked = planning.work_out(found)
    plan = worked.plan
    numbers = new_numbers(worked)
    problems = [(worked.rows.get(one.row), speak(one.code, one.params)) for one in plan.problems]
    return {
        "opening": found,
        "turn": worked.turn,
        "is_early": bool(plan.leavers) and today() < worked.turn.last_day,
        "plan": plan,
        "digest": worked.digest,
        "lines": [(rules.key_of(line.target), line) for line in plan.lines],
        "whole": _whole(plan),
        "classes": [
            (one, plan.closed.get(one.key, ""), plan.renamed.get(one.key, ""))
            for one in worked.turn.classes
            if one.before
        ],
        "questions": [(worked.rows[one.row], one, _candidates(found, one.alike)) for one in plan.questions],
        "row_problems": [(row, words) for row, words in problems if row is not None],
        "plan_problems": [words for row, words in problems if row is None],
        "listed": len(worked.rows),
        "first_number": numbers[0] if numbers else "",
        "last_number": numbers[-1] if numbers else "",
        "leavers": _leavers(worked),
        "owing": [(worked.names[key], due) for key, dues in worked.owed.items() for due in dues],
        "owing_readers": len(worked.owed),
        "operation": uuid7(),
    }


def _whole(plan: rules.Plan) -> dict[str, int]:
    """The bottom line of the table."""
    names = ("before", "graduated", "left", "out", "into", "back", "new", "after")
    return {name: sum(getattr(line, name) for line in plan.lines) for name in names}


def _leavers(worked: planning.Worked) -> list[str]:
    """Those who leave without graduating, by name."""
    return [worked.names[key] for key, why in worked.plan.leavers.items() if why == "leaves"]


def _candidates(found: YearOpening, keys: tuple[int, ...]) -> list[listing.Line]:
    """Readers of the same name, with class and card, so that somebody can tell."""
    some = list(patrons_of(found.library).filter(pk__in=keys).order_by("pk"))
    return listing.lines(found.library, some, today())


@require_safe
@needs(TURN)
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is; done, the page is loaded anew."""
    found = _opening_or_404(request, pk)
    if found.state not in (selectors.RUNNING, selectors.UNDOING):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"opening": found, "progress": progress_of(found.job, clock.now())}
    return render(request, "desk/year/moving.html", context)


@require_POST
@needs(TURN)
def bring(request: StaffRequest, pk: int) -> HttpResponse:
    """The list of new pupils from a file; or none."""
    found = _opening_or_404(request, pk)
    brought = request.FILES.get("file")
    by, at = actor_of(request), clock.now()
    try:
        if request.POST.get("act") == "drop":
            services.drop_list(found, by=by, at=at)
        elif brought is None or not brought.size:
            messages.error(request, _("Choose a file first."))
        elif brought.size > LARGEST_FILE:
            messages.error(request, _("The file is too large for a list of pupils."))
        else:
            count = services.bring_list(found, brought.read(), name=brought.name or "", by=by, at=at)
            words = ngettext("%(n)s row was read.", "%(n)s rows were read.", count) % {"n": count}
            messages.success(request, words)
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:year_opening", pk=pk)


@require_POST
@needs(TURN)
def answers(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is new and who is here already."""
    found = _opening_or_404(request, pk)
    said = {
        int(name[4:]): str(value)[:20]
        for name, value in request.POST.items()
        if name.startswith("row-") and number_of(name[4:]) is not None and value
    }
    by, at = actor_of(request), clock.now()
    try:
        if said:
            services.answer(found, said, by=by, at=at)
        if request.POST.get("act") == "rest":
            services.answer_rest(found, by=by, at=at)
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:year_opening", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(TURN)
def school_class(request: StaffRequest, pk: int, class_pk: int) -> HttpResponse:
    """What becomes of one class and of its pupils."""
    found = _opening_or_404(request, pk)
    if found.state != selectors.DRAFT:
        return redirect("desk:year_opening", pk=pk)
    turn = planning.Turn(request.library, found.school_year)
    if class_pk not in turn.moved:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            _choose(request, found, class_pk)
        except Refused as refusal:
            problem = say_all(refusal.decision)
        else:
            messages.success(request, _("Noted; nothing happens before you carry the opening out."))
            return redirect("desk:year_opening", pk=pk)
    chosen = found.choices.get("classes", {}).get(str(class_pk), {})
    pupils = found.choices.get("pupils", {})
    _class, before, after = turn.moved[class_pk]
    others = {key: label for key, (_c, _b, label) in turn.moved.items() if label and key != class_pk}
    context = {
        "opening": found,
        "class_pk": class_pk,
        "before": before,
        "after": after,
        "do": chosen.get("do", rules.UP),
        "label": chosen.get("label", ""),
        "into": chosen.get("into", 0),
        "others": sorted(others.items(), key=lambda one: one[1]),
        "targets": sorted({**others, **turn.coming}.items(), key=lambda one: one[1]),
        "pupils": [(one, pupils.get(str(one.key), rules.STAY)) for one in turn.pupils.get(class_pk, ())],
        "problem": problem,
    }
    return render(request, "desk/year/class.html", context, status=422 if problem else 200)


def _choose(request: StaffRequest, found: YearOpening, class_pk: int) -> None:
    by, at = actor_of(request), clock.now()
    services.choose_class(
        found,
        class_pk,
        do=request.POST.get("do", rules.UP),
        label=request.POST.get("label", "").replace("\0", "")[:30],
        into=number_of(request.POST.get("into", "")) or 0,
        by=by,
        at=at,
    )
    wishes = {
        int(name[6:]): str(value)[:80]
        for name, value in request.POST.items()
        if name.startswith("pupil-") and number_of(name[6:]) is not None
    }
    new_label = request.POST.get("new_label", "").replace("\0", "")[:30]
    services.choose_pupils(found, class_pk, wishes, new_label=new_label, by=by, at=at)


@require_POST
@needs(TURN)
def go(request: StaffRequest, pk: int) -> HttpResponse:
    """Carry out the plan that was shown."""
    found = _opening_or_404(request, pk)
    try:
        now = services.start(found, shown=request.POST.get("shown", ""), by=actor_of(request), at=clock.now())
        settle(now.job_id, seconds=_WAIT_SECONDS)
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:year_opening", pk=pk)


@require_POST
@needs(TURN)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the opening back."""
    found = _opening_or_404(request, pk)
    try:
        now = services.take_back(found, by=actor_of(request), at=clock.now())
        settle(now.job_id, seconds=_WAIT_SECONDS)
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:year_opening", pk=pk)


@require_POST
@needs(TURN)
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    found = _opening_or_404(request, pk)
    try:
        services.discard(found, by=actor_of(request), at=clock.now())
        messages.success(request, _("Thrown away; nothing was changed."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:year")
