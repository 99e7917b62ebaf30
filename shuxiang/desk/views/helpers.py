"""Pupil librarians: proposed by their classes, appointed with a sign-in of their own, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.readers import LARGEST, class_choices, number_of, today
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.helpers import selectors, services
from shuxiang.helpers.messages import say_all
from shuxiang.helpers.rules import LONGEST_DAYS
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.helpers.models import Helper

KEEP = "patrons.edit"


def helper_or_404(request: StaffRequest, pk: int) -> Helper:
    found = selectors.helper_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(KEEP)
def helpers(request: StaffRequest) -> HttpResponse:
    """Who helps, who is proposed, and a class to propose from."""
    library, on = request.library, today()
    key = number_of(request.GET.get("class", ""))
    chosen = next((one for one in ground.classes_on(library, on) if one.pk == key), None)
    serving, waiting = selectors.appointed(library, on), selectors.proposed(library)
    over = selectors.run_out(library, on)
    labels = selectors.labels(library, [*serving, *waiting, *over], on)
    busy = {one.patron_id for one in [*serving, *waiting]}
    pupils = patrons.readers_of(chosen, on) if chosen else []
    context = {
        "serving": [(one, labels[one.pk]) for one in serving],
        "waiting": [(one, labels[one.pk]) for one in waiting],
        "over": [(one, labels[one.pk]) for one in over],
        "classes": class_choices(request),
        "class_key": key if chosen else None,
        "pupils": [one for one in pupils if one.pk not in busy and one.left_on is None],
        "today": on,
        "until": _end_of_term(request, on),
        "operation": uuid7(),
    }
    return render(request, "desk/helpers/page.html", context)


def _end_of_term(request: StaffRequest, on: date) -> date:
    """The last day of the running term: helpers are chosen anew each term."""
    return min(ground.term_on(request.library, on).ends_on, on + timedelta(days=LONGEST_DAYS))


def _typed(request: StaffRequest, name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return otherwise


@require_POST
@needs(KEEP)
def propose(request: StaffRequest) -> HttpResponse:
    """A class proposes a pupil, with votes or without."""
    patron = patrons.find_patron(request.library, number_of(request.POST.get("reader", "")) or 0)
    votes = request.POST.get("votes", "").strip()
    back = reverse("desk:helpers")
    if patron is None:
        messages.error(request, _("Choose a pupil."))
        return redirect(back)
    if votes and number_of(votes) is None:
        messages.error(request, _("“%(text)s” is no number.") % {"text": votes[:20]})
        return redirect(back)
    try:
        services.propose(
            patron,
            library=request.library,
            on=today(),
            votes=number_of(votes) if votes else None,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
        messages.success(request, _("%(name)s is proposed.") % {"name": patron.name})
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect(back)


@require_POST
@needs(KEEP)
def appoint(request: StaffRequest, pk: int) -> HttpResponse:
    """Appoint: the card with the sign-in comes next."""
    helper = helper_or_404(request, pk)
    try:
        services.appoint(
            helper,
            from_on=_typed(request, "from_on", today()),
            to_on=_typed(request, "to_on", _end_of_term(request, today())),
            for_all=request.POST.get("reach") == "all",
            by=actor_of(request),
            at=clock.now(),
        )
        messages.success(
            request, _("%(name)s is appointed. Print the card for signing in.") % {"name": helper.patron.name}
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:helpers")


@require_POST
@needs(KEEP)
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    """Not this time."""
    helper = helper_or_404(request, pk)
    try:
        services.decline(helper, by=actor_of(request), at=clock.now())
        messages.success(request, _("Noted."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:helpers")


@require_POST
@needs(KEEP)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """The sign-in opens nothing from now on."""
    helper = helper_or_404(request, pk)
    try:
        services.end(helper, on=today(), by=actor_of(request), at=clock.now())
        messages.success(
            request, _("%(name)s is no longer on duty; the sign-in is closed.") % {"name": helper.patron.name}
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return redirect("desk:helpers")


@require_POST
@never_cache
@needs(KEEP)
def card(request: StaffRequest, pk: int) -> HttpResponse:
    """The card with which a child signs in the first time; it is shown this once, the one before opens nothing."""
    helper = helper_or_404(request, pk)
    try:
        code = services.new_card(helper, by=actor_of(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return redirect("desk:helpers")
    address = request.build_absolute_uri(reverse("accounts:welcome") + "?" + urlencode({"code": code}))
    context = {
        "helper": helper,
        "code": code,
        "address": request.build_absolute_uri(reverse("accounts:welcome")),
        "drawing": _drawn(address),
    }
    return render(request, "desk/helpers/card.html", context)


def _drawn(address: str) -> str:
    import segno  # noqa: PLC0415  wanted seldom

    drawing = segno.make_qr(address, error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
    return mark_safe(drawing)  # noqa: S308  drawn by the library from an address of ours
