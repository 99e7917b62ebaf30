"""The first page of weeding: rules to propose by, lists, what is kept, conditions noted."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS
from shuxiang.desk.views.weeding import WITHDRAW
from shuxiang.desk.views.weeding.forms import NoteForm, RuleForm
from shuxiang.holdings.choosing import read_codes
from shuxiang.imports.services import served
from shuxiang.ui.numbers import grouped
from shuxiang.weeding import messages as words
from shuxiang.weeding import selectors
from shuxiang.weeding.messages import say
from shuxiang.weeding.services import proposing, weighing

if TYPE_CHECKING:
    from shuxiang.weeding.models import WeedingRule
    from shuxiang.weeding.rules import Criteria

PER_PAGE = 50
STATES = {
    "proposing": "away",
    "draft": "short",
    "approved": "short",
    "striking": "away",
    "struck": "ok",
    "undoing": "away",
    "undone": "out",
}


def tell(request: StaffRequest, refused: Refused) -> None:
    """Say on the next page why nothing was done."""
    for reason in refused.decision.reasons:
        messages.error(request, say(reason))


def uuid_of(text: str) -> UUID | None:
    """What a form sends as its operation; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def keys_of(request: StaffRequest, name: str = "pick") -> list[int]:
    """The rows that were ticked."""
    return [int(key) for key in request.POST.getlist(name) if key.isdecimal() and len(key) < 19]


@require_safe
@needs(WITHDRAW)
def hub(request: StaffRequest) -> HttpResponse:
    """Rules to propose by; below them the lists."""
    library, today = request.library, clock.local_date(clock.now())
    page = Paginator(selectors.lists_of(library), 20).get_page(request.GET.get("page"))
    context = {
        "rules": [
            (rule, rule_said(selectors.criteria_of(rule), rule)) for rule in selectors.rules_of(library)
        ],
        "page": page,
        "lists": [
            (one, words.REASONS[one.reason], STATES[one.state], words.LIST_STATES[one.state]) for one in page
        ],
        "kept": selectors.kept(library, today).count(),
        "conditions": selectors.conditions(library).count(),
        "operation": uuid7(),
    }
    return render(request, "desk/weeding/hub.html", context)


def rule_said(criteria: Criteria, rule: WeedingRule) -> str:
    """A rule in words: what must hold."""
    said = []
    if criteria.never_lent_years is not None:
        said.append(_("not lent for %(years)s years") % {"years": criteria.never_lent_years})
    if criteria.age_years is not None:
        said.append(_("published %(years)s years ago or earlier") % {"years": criteria.age_years})
    if criteria.copies_over is not None:
        said.append(_("copies over %(most)s") % {"most": criteria.copies_over})
    if criteria.only_worn:
        said.append(_("condition noted"))
    if criteria.clc:
        said.append(_("class %(clc)s") % {"clc": criteria.clc})
    if rule.location is not None:
        said.append(_("in %(place)s") % {"place": rule.location.name})
    return _(", ").join(said)


@require_POST
@needs(WITHDRAW)
def common_rules(request: StaffRequest) -> HttpResponse:
    """Begin with the rules that most schools use."""
    weighing.common_rules(request.library, by=actor_of(request), at=clock.now())
    return redirect("desk:weeding")


@require_http_methods(["GET", "POST"])
@needs(WITHDRAW)
def rule_new(request: StaffRequest) -> HttpResponse:
    """Make a rule."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs(WITHDRAW)
def rule(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    return _edit(request, get_object_or_404(selectors.rules_of(request.library), pk=pk))


def _edit(request: StaffRequest, found: WeedingRule | None) -> HttpResponse:
    form = RuleForm(request.library, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            weighing.save_rule(
                found, form.criteria(), library=request.library, by=actor_of(request), at=clock.now()
            )
        except Refused as refused:
            for reason in refused.decision.reasons:
                form.add_error(None, say(reason))
        else:
            return redirect("desk:weeding")
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/weeding/rule.html", {"form": form, "rule": found}, status=status)


@require_POST
@needs(WITHDRAW)
def rule_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a rule."""
    found = get_object_or_404(selectors.rules_of(request.library), pk=pk)
    weighing.remove_rule(found, by=actor_of(request), at=clock.now())
    return redirect("desk:weeding")


@require_POST
@needs(WITHDRAW)
def propose(request: StaffRequest) -> HttpResponse:
    """Have the chosen rules propose a list; pressed twice, it is one list."""
    chosen = selectors.rules_of(request.library).filter(pk__in=keys_of(request))
    try:
        made = proposing.propose_later(
            request.library,
            [selectors.criteria_of(one) for one in chosen],
            by=actor_of(request),
            at=clock.now(),
            list_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:weeding")
    served.settle(made.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:weeding_list", pk=made.pk)


@require_POST
@needs(WITHDRAW)
def begin(request: StaffRequest) -> HttpResponse:
    """An empty list to scan volumes on."""
    made = weighing.begin_list(request.library, reason="worn", by=actor_of(request), at=clock.now())
    return redirect("desk:weeding_list", pk=made.pk)


@require_safe
@needs(WITHDRAW)
def kept(request: StaffRequest) -> HttpResponse:
    """Volumes that are kept, with the reason."""
    rows = selectors.kept(request.library, clock.local_date(clock.now()))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/weeding/kept.html", {"page": page})


@require_POST
@needs(WITHDRAW)
def release(request: StaffRequest) -> HttpResponse:
    """These volumes may be proposed again."""
    count = weighing.release_keeps(
        keys_of(request), library=request.library, by=actor_of(request), at=clock.now()
    )
    said = ngettext("%(n)s volume may be proposed again.", "%(n)s volumes may be proposed again.", count)
    messages.success(request, said % {"n": grouped(count)})
    return redirect("desk:weeding_kept")


@require_http_methods(["GET", "POST"])
@needs(WITHDRAW)
def conditions(request: StaffRequest) -> HttpResponse:
    """Note the condition of volumes by scanning them; below, what was noted."""
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        count, unknown = weighing.note_condition(
            read_codes(form.cleaned_data["codes"]),
            kind=form.cleaned_data["condition"],
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
        )
        said = ngettext("Noted for %(n)s volume.", "Noted for %(n)s volumes.", count)
        messages.success(request, said % {"n": grouped(count)})
        if unknown:
            tell_unknown(request, unknown)
        return redirect("desk:weeding_conditions")
    page = Paginator(selectors.conditions(request.library), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, words.CONDITIONS[one.kind]) for one in page]
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "desk/weeding/conditions.html", context, status=status)


def tell_unknown(request: StaffRequest, unknown: tuple[str, ...]) -> None:
    """Name scanned codes that are none of this library, some of them when there are many."""
    shown = " · ".join(unknown[:20])
    messages.error(request, _("These codes are no volume of this library: %(codes)s") % {"codes": shown})
