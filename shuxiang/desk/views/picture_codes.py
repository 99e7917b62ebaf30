"""Picture codes (图片密码) of a class: who has one, new ones, cards to cut out. A code is shown once, when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.messages import PICTURES, words
from shuxiang.patrons.services import make_codes

if TYPE_CHECKING:
    from datetime import date

    from shuxiang.libraries.models import SchoolClass
    from shuxiang.patrons.models import ClassMembership

CODES = "patrons.codes"


@require_safe
@needs(CODES, scoped=True)
def codes(request: StaffRequest) -> HttpResponse:
    """Which class; a class teacher of one is taken there."""
    today = clock.local_date(clock.now())
    found = [one for one in libraries.classes_on(request.library, today) if request.scope.has_class(one.pk)]
    if len(found) == 1 and not request.scope.everywhere:
        return redirect("desk:codes_class", pk=found[0].pk)
    labels = libraries.class_labels(request.library, found, today)
    by_grade: dict[int, list[tuple[int, str]]] = {}
    for one in found:
        by_grade.setdefault(libraries.grade_of(one, today) or 0, []).append((one.pk, labels[one.pk]))
    return render(request, "desk/kiosks/classes.html", {"grades": list(by_grade.items())})


def _class(request: StaffRequest, pk: int, today: date) -> tuple[SchoolClass, list[ClassMembership]]:
    """A class in reach, and who is in it. Raises Http404."""
    found = next((one for one in libraries.classes_of(request.library) if one.pk == pk), None)
    if found is None or not request.scope.has_class(pk):
        raise Http404
    return found, patrons.members_of(found, today)


@require_safe
@needs(CODES, scoped=True)
def codes_class(request: StaffRequest, pk: int) -> HttpResponse:
    """Who of the class has a code, since when."""
    today = clock.local_date(clock.now())
    school_class, members = _class(request, pk, today)
    set_at = patrons.codes_set_at(member.patron for member in members)
    context = {
        "school_class": school_class,
        "label": libraries.label_of(school_class, today),
        "rows": [
            {"member": member, "set_at": set_at.get(member.patron_id), "operation": uuid4()}
            for member in members
        ],
        "without": sum(member.patron_id not in set_at for member in members),
        "operation": uuid4(),
    }
    return render(request, "desk/kiosks/codes.html", context)


@require_POST
@never_cache
@needs(CODES, scoped=True)
def codes_make(request: StaffRequest, pk: int) -> HttpResponse:
    """New codes for all, for those without, or for one; the answer is the sheet of cards, shown this once."""
    at = clock.now()
    today = clock.local_date(at)
    school_class, members = _class(request, pk, today)
    chosen = _chosen(request, members)
    if not chosen:
        messages.warning(request, _("Everybody has a code already. Nothing was made."))
        return redirect("desk:codes_class", pk=pk)
    try:
        made = make_codes(
            library=request.library,
            patrons=[member.patron for member in chosen],
            by=actor_of(request),
            at=at,
            operation_id=_operation(request),
        )
    except Refused as refused:
        for reason in refused.decision.reasons:
            messages.error(request, words(reason))
        return redirect("desk:codes_class", pk=pk)
    cards = [
        {"member": member, "pictures": [(one, PICTURES[one]) for one in made[member.patron_id]]}
        for member in chosen
    ]
    label = libraries.label_of(school_class, today)
    context = {"school_class": school_class, "label": label, "cards": cards, "made": len(made)}
    return render(request, "desk/kiosks/cards.html", context)


def _chosen(request: StaffRequest, members: list[ClassMembership]) -> list[ClassMembership]:
    who: Any = request.POST.get("who", "")
    if who == "all":
        return members
    if who == "without":
        has = patrons.codes_set_at(member.patron for member in members)
        return [member for member in members if member.patron_id not in has]
    found = [member for member in members if str(member.patron_id) == who]
    if not found:
        raise Http404
    return found


def _operation(request: StaffRequest) -> UUID:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid4()
