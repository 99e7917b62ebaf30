"""Volumes of a set are kept together: which set a record is a part of, and as which part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuxiang import marc
from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.catalogue.services import marc_now
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.cataloguing_ground import EDIT, reach_of, tell_done, tell_refused, the_record
from shuxiang.holdings.cataloguing import find_record, known
from shuxiang.holdings.services.keeping_together import put_into_set

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord

LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Look for the set, link to it, make it, or take the record out of it."""
    there = the_record(pk)
    if request.method == "POST":
        return _act(request, there)
    now = marc_now(there, request.library)
    said = marc.project(now.record, now.profile).set_parent
    text = (request.GET.get("q") or (said.title if said else "") or there.series.partition(";")[0]).strip()
    found = known(request.library, text[:LONGEST]) if text else []
    context = {
        "record": there,
        "query": text[:LONGEST],
        "said": said,
        "found": [one for one in found if one.record.pk != there.pk and one.record.parent_id != there.pk],
    }
    return render(request, "desk/cataloguing/set.html", context)


def _act(request: StaffRequest, there: BibliographicRecord) -> HttpResponse:
    number = request.POST.get("part_number", "").strip()
    part = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else None
    chosen, title = request.POST.get("parent", ""), request.POST.get("title", "").strip()
    parent = (
        find_record(int(chosen)) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else None
    )
    try:
        done = put_into_set(
            there,
            parent=parent,
            new_title="" if parent else title[:LONGEST],
            part_number=part,
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
            reach=reach_of(request),
        )
    except Refused as refused:
        tell_refused(request, refused)
        return redirect("desk:cataloguing_set", pk=there.pk)
    if done.parent is None:
        tell_done(request, _("“%(title)s” belongs to no set any more.") % {"title": done.title})
    else:
        tell_done(
            request, _("“%(title)s” belongs to “%(set)s”.") % {"title": done.title, "set": done.parent.title}
        )
    return redirect("desk:cataloguing_record", pk=there.pk)
