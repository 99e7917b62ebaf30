"""The MARC editor: the record's own fields with everything in words, warnings that keep nothing back, and templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuxiang import marc
from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.audit.operations import OperationMismatch
from shuxiang.catalogue import services as catalogue
from shuxiang.catalogue.services.undoing import last_edit
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.cataloguing_forms import KINDS
from shuxiang.desk.views.cataloguing_ground import (
    EDIT,
    reach_of,
    sentences,
    tell_done,
    the_record,
    uuid_of,
)
from shuxiang.desk.views.cataloguing_marc_rows import Ground, shown_leader, shown_rows, warning_words
from shuxiang.holdings.sharing import refuse_shared
from shuxiang.marc.check import check
from shuxiang.marc.mapping.holdings import is_local_holding
from shuxiang.marc.rows import Row, assemble, new_row, read_rows, rows_of
from shuxiang.marc.templates import KINDS as TEMPLATES
from shuxiang.marc.templates import template

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord

_LEADER = re.compile(r"l(\d{1,2})")
PROFILES = (("cnmarc", "CNMARC"), ("marc21", "MARC 21"))


@dataclass(frozen=True, slots=True)
class Desk:
    """The record that is edited: what it was made of, and the rows as they stand in the form now."""

    there: BibliographicRecord | None
    now: catalogue.MarcNow
    rows: list[Row]
    leader: dict[int, str]
    edited: marc.MarcRecord


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def marc_editor(request: StaffRequest, pk: int) -> HttpResponse:
    """Edit the MARC record of a title that is in the catalogue."""
    there = the_record(pk)
    now = catalogue.marc_now(there, request.library, profile=_profile(request))
    posted = request.POST if request.method == "POST" else None
    return _answer(request, _desk(there, now, posted))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def marc_new(request: StaffRequest) -> HttpResponse:
    """A new MARC record from a template."""
    profile = _profile(request)
    given = request.POST.get("template") or request.GET.get("template", "")
    kind = given if given in TEMPLATES else "book"
    today = clock.local_date(clock.now())
    made = template(kind, profile, entered_on=today, agency=request.library.code.upper())
    empty = catalogue.MarcNow(marc.MarcRecord(made.leader, ()), profile, "", is_own=False)
    posted = request.POST if request.method == "POST" else None
    desk = _desk(None, empty, posted)
    if posted is None:
        desk.rows.extend(rows_of(made))
        for row in desk.rows:
            row.origin = None
    return _answer(request, desk, template=kind)


def _profile(request: StaffRequest) -> marc.Profile:
    given = request.POST.get("profile") or request.GET.get("profile", "")
    return "marc21" if given == "marc21" else "cnmarc"


def _desk(there: BibliographicRecord | None, now: catalogue.MarcNow, posted: QueryDict | None) -> Desk:
    rows = (
        read_rows({key: str(value) for key, value in posted.items()})
        if posted is not None
        else rows_of(now.record)
    )
    leader = (
        {int(match[1]): str(posted[match[0]]) for key in posted or () if (match := _LEADER.fullmatch(key))}
        if posted
        else {}
    )
    return Desk(there, now, rows, leader, assemble(now.record, rows, now.profile, leader))


def _answer(request: StaffRequest, desk: Desk, template: str = "") -> HttpResponse:
    """Save, or show the form again with a field more or fewer; what was typed stays in either case."""
    if request.method != "POST":
        return _page(request, desk, template=template)
    act = request.POST.get("act", "")
    if act == "add":
        tag = request.POST.get("new_tag", "").strip()
        if len(tag) != 3 or not tag.isascii() or not tag.isalnum():
            problem = _("“%(tag)s” is no tag: it has three digits, such as 200.") % {"tag": tag[:10]}
            return _page(request, desk, template=template, problems=[problem])
        desk.rows.append(new_row(desk.now.profile, tag))
        return _page(request, desk, template=template, added=tag)
    if act != "save":
        return _page(request, desk, template=template)
    return _save(request, desk, template)


def _save(request: StaffRequest, desk: Desk, template: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        if desk.there is not None:
            refuse_shared(desk.there, request.library, reach_of(request))
        record = catalogue.save_marc(
            record=desk.there,
            edited=desk.edited,
            profile=desk.now.profile,
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
            seen=seen,
            operation_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        return _page(request, desk, template=template, problems=sentences(refused))
    except OperationMismatch:
        problem = _("This form was saved already, with other contents: open the title again.")
        return _page(request, desk, template=template, problems=[problem])
    edit = last_edit(record)
    tell_done(request, _("“%(title)s” is saved.") % {"title": record.title}, edit.pk if edit else None)
    batch = request.POST.get("batch", "")
    query = f"?{urlencode({'batch': batch})}" if batch else ""
    return redirect(reverse("desk:cataloguing_record", args=[record.pk]) + query)


def _page(
    request: StaffRequest,
    desk: Desk,
    *,
    template: str = "",
    problems: list[str] | None = None,
    added: str = "",
) -> HttpResponse:
    locked = (
        frozenset(id(field) for field in desk.now.record.fields if is_local_holding(field, desk.now.profile))
        if desk.now.is_own
        else frozenset()
    )
    ground = Ground(desk.now.record, desk.now.profile, desk.edited.leader, locked)
    context = {
        "record": desk.there,
        "profile": desk.now.profile,
        "profiles": PROFILES,
        "profile_words": dict(PROFILES)[desk.now.profile],
        "templates": [(code, words) for code, words in KINDS if code in TEMPLATES],
        "template": template,
        "is_own": desk.now.is_own,
        "leader": shown_leader(desk.edited.leader, desk.now.profile),
        "rows": shown_rows(desk.rows, ground),
        "warnings": [warning_words(one) for one in check(desk.edited, desk.now.profile)]
        if request.method == "POST" or desk.there
        else [],
        "problems": problems or [],
        "added": added,
        "seen": request.POST.get("seen", desk.now.digest),
        "batch": request.POST.get("batch", "") or request.GET.get("batch", ""),
        "operation": _operation(request, problems),
    }
    return render(request, "desk/cataloguing/marc.html", context, status=422 if problems else 200)


def _operation(request: StaffRequest, problems: list[str] | None) -> UUID:
    """A form that was not saved is sent again under the same id, unless it was changed meanwhile."""
    given = uuid_of(request.POST.get("operation", ""))
    return given if given is not None and not problems else uuid7()
