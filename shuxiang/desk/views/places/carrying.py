"""Carrying volumes: choose them, see what would become of each, have it done, take it back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.places import EDIT
from shuxiang.desk.views.places.editing import tell
from shuxiang.desk.views.places.forms import CarryForm
from shuxiang.holdings import shelving
from shuxiang.holdings.jobs import last_line
from shuxiang.holdings.messages import ACCOUNTS, say
from shuxiang.holdings.services import carry_back_later, carry_later, foresee
from shuxiang.imports.services import served

if TYPE_CHECKING:
    from shuxiang.holdings.placemodels import Carriage

PER_PAGE = 50
WHY = {
    "already_there": _("stands there already"),
    "other_group": _("numbered in another shelving group: it needs a call number there first"),
    "moved_on": _("carried on by somebody else since"),
    "year_closed": _("the books of the year of that day are closed; is the clock of this computer right?"),
    "place_gone": _("its old place does not exist any more"),
}
STATES = {
    "running": ("away", pgettext_lazy("carriage", "being carried")),
    "done": ("ok", pgettext_lazy("carriage", "carried")),
    "undoing": ("away", pgettext_lazy("carriage", "being carried back")),
    "undone": ("out", pgettext_lazy("carriage", "carried back")),
}


def why_words(code: str) -> str:
    """Why a volume is left where it is."""
    if code.startswith("cannot_carry_"):
        return str(ACCOUNTS[code.removeprefix("cannot_carry_")])
    return str(WHY.get(code, code))


def _in_reach(request: StaffRequest, pk: UUID) -> Carriage:
    return get_object_or_404(shelving.all_carriages(request.library), pk=pk)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def carry(request: StaffRequest) -> HttpResponse:
    """Choose volumes and where they go; nothing is moved yet."""
    if request.method != "POST":
        initial = {key: request.GET[key] for key in ("place", "to", "how") if key in request.GET}
        form = CarryForm(request.library, initial=initial)
        return render(request, "desk/places/carry.html", {"form": form, "operation": uuid7()})
    form = CarryForm(request.library, request.POST)
    if form.is_valid():
        try:
            found = foresee(
                request.library,
                form.choice(),
                form.way(),
                by=actor_of(request),
                at=clock.now(),
                operation_id=_uuid(request.POST.get("operation", "")),
            )
        except Refused as refused:
            for reason in refused.decision.reasons:
                form.add_error(None, say(reason))
        else:
            return redirect("desk:carriage", pk=found.pk)
    return render(request, "desk/places/carry.html", {"form": form, "operation": uuid7()}, status=422)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@needs(EDIT)
def carriage(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What would become of the volumes, how far it is, or what was done."""
    found = _in_reach(request, pk)
    lines = shelving.lines_of(found)
    whys = Counter(dict(shelving.whys_of(found)))
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "carriage": found,
        "page": page,
        "lines": [(line, why_words(line.why) if line.why else "") for line in page],
        "whys": [(why_words(code), n) for code, n in whys.most_common() if code],
        "will_move": whys[""],
        "last_line": last_line(found, whys[""] if found.state == "foreseen" else None),
        "state": STATES.get(found.state),
        "is_moving": found.state in ("running", "undoing"),
        "progress": progress_of(shelving.job_of(found), clock.now()),
    }
    return render(request, "desk/places/carriage.html", context)


@require_safe
@needs(EDIT)
def carriage_progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part; when it is over, the page comes anew."""
    found = _in_reach(request, pk)
    if found.state not in ("running", "undoing"):
        return anew()
    context = {"carriage": found, "progress": progress_of(shelving.job_of(found), clock.now())}
    return render(request, "desk/places/moving.html", context)


@require_POST
@needs(EDIT)
def carriage_go(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have it carried; pressed twice, it is carried once."""
    found, at = _in_reach(request, pk), clock.now()
    try:
        found = carry_later(found, by=actor_of(request), at=at, on=clock.local_date(at))
    except Refused as refused:
        tell(request, refused)
    served.settle(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:carriage", pk=pk)


@require_POST
@needs(EDIT)
def carriage_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have it carried back; pressed twice, it is carried back once."""
    found = _in_reach(request, pk)
    try:
        found = carry_back_later(found, by=actor_of(request), at=clock.now())
    except Refused as refused:
        tell(request, refused)
    served.settle(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:carriage", pk=pk)
