"""Other catalogues: look something up, the packs of records, the list of servers that are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs, scope
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.sourceforms import TargetForm
from shuxiang.libraries import selectors as libraries
from shuxiang.sources import selectors, services
from shuxiang.sources.messages import outcome_words, sentence
from shuxiang.sources.rules import question

if TYPE_CHECKING:
    from shuxiang.sources.found import Found
    from shuxiang.sources.models import Pack, Target

SEE, CHANGE, OWN = "catalogue.edit", "catalogue.import", "accounts.grant"
PACK_MB = 900
# state of a pack → how it is drawn, its words
STATES = {
    "waiting": ("away", gettext_lazy("waits for its turn")),
    "loading": ("away", gettext_lazy("being loaded")),
    "ready": ("ok", gettext_lazy("in use")),
    "failed": ("late", gettext_lazy("no record could be read")),
    "removing": ("away", gettext_lazy("being removed")),
    "removed": ("short", gettext_lazy("removed")),
}


def may_change(request: StaffRequest) -> bool:
    """The list belongs to all libraries of the installation: who holds a grant for one of several may not change it."""
    today = clock.local_date(clock.now())
    if not scope(request.user, CHANGE, request.library, today).everywhere:
        return False
    alone = len(libraries.all_libraries()) == 1
    return alone or scope(request.user, CHANGE, None, today).everywhere


def _is_owner(request: StaffRequest) -> bool:
    return scope(request.user, OWN, request.library, clock.local_date(clock.now())).everywhere


@require_safe
@needs(SEE)
def sources(request: StaffRequest) -> HttpResponse:
    """All of it on one page."""
    return page(request)


def page(request: StaffRequest, *, problem: str = "", status: int = 200, **more: object) -> HttpResponse:
    """The page of sources; `problem` stands at the field for a pack."""
    today = clock.local_date(clock.now())
    context = {
        "packs": [(pack, *STATES[pack.state], _removable(request, pack)) for pack in selectors.packs()],
        "targets": [(one, _last(one)) for one in selectors.targets()],
        "may_bring": scope(request.user, CHANGE, request.library, today).everywhere,
        "may_change": may_change(request),
        "operation": uuid7(),
        "limit_mb": PACK_MB,
        "problem": problem,
        **more,
    }
    return render(request, "desk/sources/list.html", context, status=status)


def _removable(request: StaffRequest, pack: Pack) -> bool:
    return pack.library_id == request.library.pk or may_change(request)


def _last(target: Target) -> tuple[str, str]:
    """How the last question to a target ended: the mark, and the words."""
    if not target.is_used:
        return "short", _("is not asked")
    if target.asked_at is None:
        return "", _("has not been asked yet")
    kind = "ok" if target.outcome in ("ok", "nothing") else "late"
    return kind, outcome_words(target.outcome)


@require_POST
@needs(SEE)
def look(request: StaffRequest) -> HttpResponse:
    """Look up by ISBN or title in the packs and at every server at once."""
    typed = request.POST.get("q", "").strip()[:200]
    asked = question(typed, typed)
    found = services.look_up(
        isbn=typed if asked.number else "", title="" if asked.number else typed, at=clock.now()
    )
    return page(
        request,
        typed=typed,
        looked=True,
        results=[(one, one.projection, _people(one)) for one in found],
        told=[(one, one.outcome in ("ok", "nothing"), outcome_words(one.outcome)) for one in found.told],
    )


def _people(one: Found) -> str:
    """Who made it, as the title page says, else as the headings name them."""
    named = " ; ".join(f"{author.name} {author.role}".strip() for author in one.projection.authors)
    return one.projection.responsibility or named


@require_http_methods(["GET", "HEAD", "POST"])
@needs(CHANGE)
def target_new(request: StaffRequest) -> HttpResponse:
    """Enter a server."""
    return _target_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(CHANGE)
def target(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a server of the list."""
    return _target_form(request, _target(pk))


def _target(pk: int) -> Target:
    found = selectors.find_target(pk) if pk < 2**63 else None
    if found is None:
        raise Http404(str(pk)[:20])
    return found


def _target_form(request: StaffRequest, there: Target | None) -> HttpResponse:
    initial = {name: getattr(there, name) for name in TargetForm.base_fields} if there else None
    form = TargetForm(request.POST if request.method == "POST" else None, initial=initial)
    problems: list[str] = []
    if request.method == "POST":
        if not may_change(request):
            problems = [_not_yours()]
        elif form.is_valid():
            try:
                saved = services.save_target(
                    form.values(is_used=there.is_used if there else True),
                    target=there,
                    is_owner=_is_owner(request),
                    by=actor_of(request),
                    at=clock.now(),
                )
            except Refused as refusal:
                problems = [sentence(reason) for reason in refusal.decision.reasons]
            else:
                messages.success(request, _("%(name)s is in the list.") % {"name": saved.name})
                return redirect("desk:sources")
    context = {"form": form, "target": there, "problems": problems, "may_change": may_change(request)}
    is_wrong = request.method == "POST"
    return render(request, "desk/sources/target.html", context, status=422 if is_wrong else 200)


def _not_yours() -> str:
    return _(
        "The list belongs to all libraries of this installation. Ask whoever looks after the whole installation to change"
        " it."
    )


@require_POST
@needs(CHANGE)
def target_act(request: StaffRequest, pk: int) -> HttpResponse:
    """Move a server in the list, ask it or not, take it out, or take that back."""
    one, act = _target(pk), request.POST.get("act", "")
    if not may_change(request):
        messages.error(request, _not_yours())
        return redirect("desk:sources")
    by, at = actor_of(request), clock.now()
    if act in ("up", "down"):
        services.move_target(one, earlier=act == "up", by=by, at=at)
    elif act in ("on", "off"):
        services.switch_target(one, is_used=act == "on", by=by, at=at)
    elif act == "restore":
        services.restore_target(one, by=by, at=at)
        messages.success(request, _("%(name)s is in the list again.") % {"name": one.name})
    elif act == "remove":
        services.remove_target(one, by=by, at=at)
        return page(request, removed=one)
    return redirect("desk:sources")
