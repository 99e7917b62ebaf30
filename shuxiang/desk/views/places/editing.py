"""The places of a library: all of them with their volumes, one of them with its shelves, and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.places import EDIT
from shuxiang.desk.views.places.forms import LENDING, GroupForm, PlaceForm
from shuxiang.holdings import shelving
from shuxiang.holdings.messages import say
from shuxiang.holdings.services import remove_group, remove_place, save_group, save_place
from shuxiang.libraries import selectors as libraries

if TYPE_CHECKING:
    from datetime import date

    from shuxiang.holdings.layout import Shift
    from shuxiang.holdings.models import ShelvingGroup, ShelvingLocation

_LENDING = dict(LENDING)


def tell(request: StaffRequest, refused: Refused) -> None:
    """Say on the next page why nothing was done."""
    for reason in refused.decision.reasons:
        messages.error(request, say(reason))


def place_in_reach(request: StaffRequest, pk: int) -> ShelvingLocation:
    """A place of the library. Raises Http404."""
    return get_object_or_404(shelving.places_of(request.library), pk=pk)


def kind_of(place: ShelvingLocation, today: date) -> str:
    """What kind of place it is, in words."""
    if place.school_class is not None:
        label = libraries.label_of(place.school_class, today)
        return pgettext("place", "class corner of %(label)s") % {"label": label}
    words = str(_LENDING[place.lending])
    if place.until_on is not None:
        until = place.until_on.isoformat()
        temporary = pgettext("place", "temporary shelf until %(day)s") % {"day": until}
        return f"{temporary} · {words}"
    return words


@require_safe
@needs(EDIT)
def places(request: StaffRequest) -> HttpResponse:
    """Every place: its kind, what is at home and stands there, how full it is."""
    today = clock.local_date(clock.now())
    rows = shelving.filled(request.library)
    context = {
        "rows": [
            (row, shelving.shown_code(row.place), kind_of(row.place, today), _state(row.percent))
            for row in rows
        ],
        "groups": [(group, shelving.shown_code(group)) for group in shelving.groups_of(request.library)],
        "ended": shelving.ended(request.library, today),
        "carriages": shelving.carriages_of(request.library)[:10],
        "at_home": sum(row.at_home for row in rows),
        "standing": sum(row.standing for row in rows),
    }
    return render(request, "desk/places/list.html", context)


def _state(percent: int | None) -> tuple[str, str]:
    """How full a place is, as a state: beyond nine tenths there is no room to grow."""
    if percent is None:
        return "", ""
    if percent > 100:
        return "late", _("over-full")
    return ("short", _("nearly full")) if percent > 90 else ("ok", _("has room"))


@require_safe
@needs(EDIT)
def place(request: StaffRequest, pk: int) -> HttpResponse:
    """One place: its fill, its shelves as they were laid out, and what a re-shelving would carry."""
    found = place_in_reach(request, pk)
    today = clock.local_date(clock.now())
    row = next(row for row in shelving.filled(request.library) if row.place.pk == pk)
    plan = shelving.plan_for(found) if found.capacity else None
    context = {
        "place": found,
        "code": shelving.shown_code(found),
        "row": row,
        "kind": kind_of(found, today),
        "state": _state(row.percent),
        "plan": plan,
        "rows": _laid_out(found),
        "new_rows": [(shelving.shelf_name(found, one.shelf), one) for one in plan.rows] if plan else [],
        "shifts": [_shift(found, shift) for shift in plan.shifts] if plan else [],
        "is_over": found.until_on is not None and found.until_on < today,
    }
    return render(request, "desk/places/place.html", context)


def _laid_out(place: ShelvingLocation) -> list[tuple[str, object]]:
    return [(shelving.shelf_name(place, row.shelf), row) for row in shelving.rows_of(place)]


def _shift(place: ShelvingLocation, shift: Shift) -> tuple[Shift, str, str]:
    source = "" if shift.source is None else shelving.shelf_name(place, shift.source)
    return shift, source, shelving.shelf_name(place, shift.target)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def place_new(request: StaffRequest) -> HttpResponse:
    """Make a place."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def place_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a place."""
    return _edit(request, place_in_reach(request, pk))


def _edit(request: StaffRequest, found: ShelvingLocation | None) -> HttpResponse:
    form = PlaceForm(request.library, found, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = save_place(
                    found, form.values(), library=request.library, by=actor_of(request), at=clock.now()
                )
            except Refused as refused:
                for reason in refused.decision.reasons:
                    form.add_error(None, say(reason))
            else:
                messages.success(request, _("“%(place)s” is saved.") % {"place": saved.name})
                return redirect("desk:place", pk=saved.pk)
    return render(request, "desk/places/edit.html", {"form": form, "place": found}, status=status)


@require_POST
@needs(EDIT)
def place_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget an empty place."""
    found = place_in_reach(request, pk)
    name = found.name
    try:
        remove_place(found, by=actor_of(request), at=clock.now())
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:place", pk=pk)
    messages.success(request, _("“%(place)s” is removed.") % {"place": name})
    return redirect("desk:places")


@require_POST
@needs(EDIT)
def lay_out(request: StaffRequest, pk: int) -> HttpResponse:
    """The shelves were filled as planned: write it down."""
    found = place_in_reach(request, pk)
    at = clock.now()
    try:
        shelving.lay_out_shelves(found, by=actor_of(request), at=at, on=clock.local_date(at))
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, _("Written down: the signs follow it now."))
    return redirect("desk:place", pk=pk)


@require_safe
@needs(EDIT)
def signs(request: StaffRequest, pk: int) -> HttpResponse:
    """The signs of the shelves, to be printed."""
    found = place_in_reach(request, pk)
    return render(request, "desk/places/signs.html", {"place": found, "signs": shelving.shelf_signs(found)})


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def group_new(request: StaffRequest) -> HttpResponse:
    """Make a shelving group."""
    return _edit_group(request, None)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def group_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a shelving group."""
    return _edit_group(request, _group(request, pk))


def _group(request: StaffRequest, pk: int) -> ShelvingGroup:
    found = shelving.groups_of(request.library).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _edit_group(request: StaffRequest, found: ShelvingGroup | None) -> HttpResponse:
    initial = {"code": found.code, "name": found.name} if found else None
    form = GroupForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_group(
                found,
                code=form.cleaned_data["code"],
                name=form.cleaned_data["name"],
                library=request.library,
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            for reason in refused.decision.reasons:
                form.add_error(None, say(reason))
        else:
            return redirect("desk:places")
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/places/group.html", {"form": form, "group": found}, status=status)


@require_POST
@needs(EDIT)
def group_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a shelving group that nothing uses."""
    try:
        remove_group(_group(request, pk), by=actor_of(request), at=clock.now())
    except Refused as refused:
        tell(request, refused)
    return redirect("desk:places")
