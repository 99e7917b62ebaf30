"""A list of volumes to withdraw: weighed line by line, approved, struck off, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.weeding import WITHDRAW
from shuxiang.desk.views.weeding.forms import ApproveForm, KeepForm, PileForm
from shuxiang.desk.views.weeding.hub import PER_PAGE, STATES, keys_of, tell, tell_unknown
from shuxiang.holdings.choosing import read_codes
from shuxiang.imports.services import served
from shuxiang.ui.numbers import grouped
from shuxiang.weeding import messages as words
from shuxiang.weeding import selectors
from shuxiang.weeding.messages import last_line, say, speak, why_said
from shuxiang.weeding.services import striking, weighing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shuxiang.weeding.models import WeedingLine, WeedingList

_WEIGHED = ("in", "kept", "out")
TABS = {
    "draft": _WEIGHED,
    "approved": (*_WEIGHED, "struck", "left"),
    "undone": ("back", "left", "kept", "out"),
}
_OVER = ("struck", "left", "kept", "out")


def list_in_reach(request: StaffRequest, pk: UUID) -> WeedingList:
    """A list of the library. Raises Http404."""
    found = selectors.list_of(request.library, pk)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WITHDRAW)
def weeding_list(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Where the list stands: being made, to be weighed, approved, or what became of it."""
    return _page(request, list_in_reach(request, pk))


def _page(request: StaffRequest, found: WeedingList, status: int = 200, **forms: object) -> HttpResponse:
    counts = selectors.counts(found)
    context = {
        "list": found,
        "own": reverse("desk:weeding_list", args=[found.pk]),  # a refused form's page stands elsewhere
        "where": request.GET.urlencode(),
        "counts": counts,
        "reason": words.REASONS[found.reason],
        "state_kind": STATES[found.state],
        "state_words": words.LIST_STATES[found.state],
    }
    if found.state in selectors.WORKING:
        context["progress"] = progress_of(selectors.job_of(found.job_id), clock.now())
        return render(request, "desk/weeding/working.html", context)
    today = clock.local_date(clock.now())
    context |= _lines(request, found, counts)
    context |= {
        "sum": selectors.sum_of(found),
        "notes": [speak(code, params) for code, params in found.notes],
        "last_line": last_line(found, counts),
        "rules": [one["name"] for one in found.criteria],
        "disposition": words.DISPOSITIONS.get(found.disposition, ""),
    }
    if found.state in ("draft", "approved"):
        context["effects"] = selectors.effects(found, today)
    if found.state == "draft":
        context |= {
            "keep_form": KeepForm(),
            "pile_form": PileForm(),
            "approve_form": ApproveForm(found, today),
        }
    return render(request, "desk/weeding/list.html", context | forms, status=status)


def _lines(request: StaffRequest, found: WeedingList, counts: Mapping[str, int]) -> dict[str, object]:
    names = TABS.get(found.state, _OVER)
    shown = [name for name in names if counts[name] or name == names[0]]
    state = request.GET.get("state", "")
    state = state if state in names else shown[0] if counts[shown[0]] else next(iter(shown[1:]), shown[0])
    query = request.GET.get("q", "").strip()
    page = Paginator(selectors.lines_of(found, state, query), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "tabs": [(name, words.LINE_STATES[name], counts[name], name == state) for name in shown],
        "tab": state,
        "query": query,
        "page": page,
        "lines": [_shown(line) for line in page],
    }


def _shown(line: WeedingLine) -> dict[str, object]:
    kept = getattr(line.item, "kept", None) if line.state == "kept" else None
    return {
        "line": line,
        "record": line.item.holding.record,
        "barcode": selectors.barcode_of(line),
        "price": selectors.price_of(line),
        "why": why_said(line.why),
        "left": speak(line.left[0], line.left[1]) if line.left else "",
        "kept": kept,
    }


@require_safe
@needs(WITHDRAW)
def progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part; when it is over, the page comes anew."""
    found = list_in_reach(request, pk)
    if found.state not in selectors.WORKING:
        return anew()
    context = {"list": found, "progress": progress_of(selectors.job_of(found.job_id), clock.now())}
    return render(request, "desk/weeding/moving.html", context)


@require_POST
@needs(WITHDRAW)
def weigh(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Keep, leave out or take in the ticked volumes, or all that are shown under the tab when asked for.

    What is refused comes back as it was: the ticks, the page, the words typed.
    """
    found = list_in_reach(request, pk)
    keys, form = keys_of(request), KeepForm(request.POST)
    try:
        count = _weighed(request, found, _chosen(request, found, keys), form)
    except Refused as refused:
        tell(request, refused)
        found.refresh_from_db()
        if found.state != "draft":
            return redirect("desk:weeding_list", pk=pk)
        count = None
    if count:
        _said(request, request.POST.get("act", ""), count)
        return redirect(_own(found, request) + "#lines")
    if count == 0:
        messages.error(request, _("No volume was ticked."))
    elif not form.is_valid():
        messages.error(request, _("The day was not understood: write it as 2027-09-01."))
    return _page(request, found, 422, keep_form=form, ticked=frozenset(keys), all_found="all" in request.POST)


def _chosen(request: StaffRequest, found: WeedingList, keys: list[int]) -> list[int]:
    if "all" not in request.POST:
        return keys
    lines = selectors.lines_of(found, request.POST.get("tab", ""), request.POST.get("q", "").strip())
    return list(lines.values_list("pk", flat=True))


def _weighed(request: StaffRequest, found: WeedingList, keys: list[int], form: KeepForm) -> int | None:
    """How many; None when the form is not in order."""
    by, at = actor_of(request), clock.now()
    act = request.POST.get("act", "")
    if act == "keep":
        return weighing.keep(found, keys, **form.cleaned_data, by=by, at=at) if form.is_valid() else None
    if act == "out":
        return weighing.leave_out(found, keys, by=by, at=at)
    return weighing.take_in(found, keys, by=by, at=at)


def _said(request: StaffRequest, act: str, count: int) -> None:
    said = {
        "keep": ngettext("%(n)s volume is kept.", "%(n)s volumes are kept.", count),
        "out": ngettext("%(n)s volume is left out.", "%(n)s volumes are left out.", count),
    }.get(act, ngettext("%(n)s volume is on the list again.", "%(n)s volumes are on the list again.", count))
    messages.success(request, said % {"n": grouped(count)})


def _own(found: WeedingList, request: StaffRequest) -> str:
    """The address of the list, at the tab, search and page the form was sent from."""
    kept = request.GET.urlencode()
    return reverse("desk:weeding_list", args=[found.pk]) + (f"?{kept}" if kept else "")


@require_POST
@needs(WITHDRAW)
def add(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put a scanned pile on the list."""
    found = list_in_reach(request, pk)
    form = PileForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("No barcode was scanned."))
        return _page(request, found, 422, pile_form=form)
    codes = read_codes(form.cleaned_data["codes"])
    try:
        added = weighing.add_scanned(
            found, codes, why=form.cleaned_data["condition"], by=actor_of(request), at=clock.now()
        )
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:weeding_list", pk=pk)
    said = _(
        "added %(added)s · on the list already %(already)s · refused %(refused)s · unknown %(unknown)s"
    ) % {
        "added": added.added,
        "already": added.already,
        "refused": len(added.refused),
        "unknown": len(added.unknown),
    }
    messages.success(request, said)
    for reason in added.refused[:20]:
        messages.error(request, say(reason))
    if added.unknown:
        tell_unknown(request, added.unknown)
    return redirect("desk:weeding_list", pk=pk)


@require_POST
@needs(WITHDRAW)
def approve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Write the approval down."""
    found = list_in_reach(request, pk)
    form = ApproveForm(found, clock.local_date(clock.now()), request.POST)
    if form.is_valid():
        try:
            striking.approve(found, **form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refused:
            tell(request, refused)
        else:
            return redirect("desk:weeding_list", pk=pk)
    else:
        messages.error(request, _("The approval is not whole: see the form below the volumes."))
    if found.state != "draft":
        return redirect("desk:weeding_list", pk=pk)
    return _page(request, found, 422, approve_form=form)


@require_POST
@needs(WITHDRAW)
def reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make it a draft again."""
    try:
        striking.reopen(list_in_reach(request, pk), by=actor_of(request), at=clock.now())
    except Refused as refused:
        tell(request, refused)
    return redirect("desk:weeding_list", pk=pk)


@require_POST
@needs(WITHDRAW)
def discard(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Throw the draft away."""
    try:
        weighing.discard(list_in_reach(request, pk), by=actor_of(request), at=clock.now())
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:weeding_list", pk=pk)
    return redirect("desk:weeding")


@require_POST
@needs(WITHDRAW)
def strike(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have it struck off; pressed twice, it is struck off once."""
    found, at = list_in_reach(request, pk), clock.now()
    try:
        found = striking.strike_later(found, by=actor_of(request), at=at, on=clock.local_date(at))
    except Refused as refused:
        tell(request, refused)
    else:
        served.settle(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:weeding_list", pk=pk)


@require_POST
@needs(WITHDRAW)
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have it taken back by a reversing entry; pressed twice, it is taken back once."""
    found, at = list_in_reach(request, pk), clock.now()
    try:
        found = striking.take_back_later(found, by=actor_of(request), at=at, on=clock.local_date(at))
    except Refused as refused:
        tell(request, refused)
    else:
        served.settle(found.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:weeding_list", pk=pk)
