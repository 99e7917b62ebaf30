"""Two records of one publication become one; volumes under the wrong title get a record of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.catalogue import services as catalogue
from shuxiang.catalogue.services import values_of
from shuxiang.catalogue.services.merging import filled
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.cataloguing_forms import RecordForm
from shuxiang.desk.views.cataloguing_ground import (
    EDIT,
    place_words,
    reach_of,
    sentences,
    tell_done,
    tell_refused,
    the_record,
    uuid_of,
)
from shuxiang.holdings.cataloguing import copies_by_holding, find_record, known, volumes_of
from shuxiang.holdings.services.splitting import split as divide
from shuxiang.holdings.sharing import refuse_shared

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord

LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose the other record, see both side by side and what will happen, then merge it into this one."""
    stays = the_record(pk)
    given = request.POST.get("with", "") or request.GET.get("with", "")
    gone = find_record(int(given)) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    if gone is not None and gone.pk == stays.pk:
        gone = None
    if request.method == "POST" and gone is not None:
        return _merged(request, stays, gone)
    text = (request.GET.get("q") or stays.title)[:LONGEST]
    context: dict[str, object] = {"record": stays, "other": gone, "query": text}
    if gone is None:
        found = [one for one in known(request.library, text) if one.record.pk != stays.pk]
        context["found"] = [(one, place_words(one.is_held, one.copies, one.elsewhere)) for one in found]
    else:
        context |= _compared(request, stays, gone)
    return render(request, "desk/cataloguing/merge.html", context)


def _compared(
    request: StaffRequest, stays: BibliographicRecord, gone: BibliographicRecord
) -> dict[str, object]:
    """Both records column by column, and whose volumes will change their call number."""
    own, other = values_of(stays), values_of(gone)
    fill = filled(own, other)
    labels = [(name, field.label) for name, field in RecordForm.base_fields.items()]
    rows = [
        (label, getattr(own, name), getattr(other, name), name in fill)
        for name, label in labels
        if getattr(own, name) != getattr(other, name)
    ]
    return {
        "rows": rows,
        "mine": copies_by_holding(request.library, stays),
        "theirs": copies_by_holding(request.library, gone),
        "operation": uuid7(),
    }


def _merged(request: StaffRequest, stays: BibliographicRecord, gone: BibliographicRecord) -> HttpResponse:
    reach = reach_of(request)
    try:
        for one in (stays, gone):
            refuse_shared(one, request.library, reach)
        operation = catalogue.merge(
            gone,
            into=stays,
            by=actor_of(request),
            at=clock.now(),
            library_code=request.library.code,
            operation_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        tell_refused(request, refused)
        return redirect("desk:cataloguing_merge", pk=stays.pk)
    tell_done(request, _("“%(title)s” was merged into this record.") % {"title": gone.title}, operation)
    return redirect("desk:cataloguing_record", pk=stays.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def split(request: StaffRequest, pk: int) -> HttpResponse:
    """Tick the volumes of the other title, say what it is called; they get a record and a call number of their own."""
    there = the_record(pk)
    known_values = replace(values_of(there), warnings=())
    posted = request.POST if request.method == "POST" else None
    form = RecordForm(posted, known=known_values)
    ticked = {
        int(key)
        for key in request.POST.getlist("item")
        if key.isascii() and key.isdecimal() and len(key) < 19
    }
    problems: list[str] = []
    if posted is not None and form.is_valid():
        try:
            refuse_shared(there, request.library, reach_of(request))
            new = divide(
                there,
                sorted(ticked),
                form.values(),
                library=request.library,
                by=actor_of(request),
                at=clock.now(),
                operation_id=uuid_of(posted.get("operation", "")),
            )
        except Refused as refused:
            problems = sentences(refused)
        else:
            said = _("%(count)s volumes are “%(title)s” now.") % {"count": len(ticked), "title": new.title}
            tell_done(request, said)
            return redirect("desk:cataloguing_record", pk=new.pk)
    context = {
        "record": there,
        "form": form,
        "volumes": [(one, one.pk in ticked) for one in volumes_of(request.library, there)],
        "problems": problems,
        "operation": request.POST.get("operation") or uuid7(),
    }
    return render(request, "desk/cataloguing/split.html", context, status=422 if posted is not None else 200)
