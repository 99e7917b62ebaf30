"""The cataloguing desk: scan an ISBN or type a title; own catalogue, other libraries, other catalogues; then the form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.catalogue.clc.judging import judge_class
from shuxiang.catalogue.clc.words import say as say_fault
from shuxiang.catalogue.services import RecordValues
from shuxiang.common import clock
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.common.isbn import parse_isbn
from shuxiang.desk.views.cataloguing_forms import BatchForm
from shuxiang.desk.views.cataloguing_ground import (
    EDIT,
    may_post,
    place_words,
    reach_of,
    tell_done,
    tell_refused,
)
from shuxiang.holdings import batches
from shuxiang.holdings.callnumbers import next_call_number
from shuxiang.holdings.cataloguing import Known, known
from shuxiang.holdings.cataloguing import twins as twins_of
from shuxiang.holdings.classing import suggest_classes
from shuxiang.holdings.services.places import default_places
from shuxiang.holdings.services.taking_back import take_back
from shuxiang.sources import services as sources
from shuxiang.sources.messages import outcome_words

if TYPE_CHECKING:
    from shuxiang.sources.found import Found

LONGEST = 200
WORDS_OF_TWINS = {
    "same": gettext_lazy("This is the same publication"),
    "isbn": gettext_lazy("Same ISBN, another title"),
    "title": gettext_lazy("Same title"),
}


@require_safe
@needs(EDIT)
def start(request: StaffRequest) -> HttpResponse:
    """The box, what it found, and the drafts that are open."""
    text = clean_scan(request.GET.get("q", ""))[:LONGEST]
    open_drafts = list(batches.drafts(request.library)[:8])
    chosen = request.GET.get("batch", "")
    found = [_line(one) for one in known(request.library, text)] if text else []
    context = {
        "query": text,
        "is_number": bool(parse_isbn(text).isbn13),
        "mine": [one for one in found if one["is_held"]],
        "others": [one for one in found if not one["is_held"]],
        "drafts": [(one, batches.totals(one)) for one in open_drafts],
        "chosen": next((one for one in open_drafts if str(one.pk) == chosen), None),
        "batch_form": BatchForm(initial={"received_on": clock.local_date(clock.now()), "source": "purchase"}),
        "may_post": may_post(request),
        "operation": uuid7(),
    }
    return render(request, "desk/cataloguing/start.html", context)


def _line(one: Known) -> dict[str, object]:
    return {
        "record": one.record,
        "is_held": one.is_held,
        "call_number": one.call_number,
        "state": "in" if one.copies else "out",
        "words": place_words(one.is_held, one.copies, one.elsewhere),
    }


@require_safe
@needs(EDIT)
def elsewhere(request: StaffRequest) -> HttpResponse:
    """What packs and other catalogues have: a piece for the page, or a page of its own where there are no scripts."""
    text = clean_scan(request.GET.get("q", ""))[:LONGEST]
    number = parse_isbn(text).isbn13
    isbn, title = (text, "") if number else ("", text)
    looked = sources.look_up(isbn=isbn, title=title, at=clock.now()) if text else None
    context = {
        "query": text,
        "found": [_offer(one) for one in looked] if looked else [],
        "told": [(one.name, outcome_words(one.outcome), one.outcome == "ok") for one in looked.told]
        if looked
        else [],
        "batch": request.GET.get("batch", ""),
    }
    piece = bool(request.headers.get("HX-Request"))
    return render(request, f"desk/cataloguing/{'offers' if piece else 'elsewhere'}.html", context)


def _offer(found: Found) -> dict[str, object]:
    projection = found.projection
    return {
        "reference": found.reference,
        "source": found.source,
        "title": projection.title,
        "volume_mark": projection.volume_mark,
        "authors": projection.responsibility or "；".join(author.name for author in projection.authors),
        "publisher": projection.publisher,
        "date": projection.date,
        "clc": projection.clc,
        "isbn": projection.isbns[0].raw if projection.isbns else "",
        "fields": len(found.record.fields),
    }


@require_safe
@needs(EDIT)
def twins(request: StaffRequest) -> HttpResponse:
    """While one types: titles that may be this one, and the classes that titles like it have."""
    given = request.GET
    but = given.get("record", "")
    key = int(but) if but.isascii() and but.isdecimal() and len(but) < 19 else None
    values = RecordValues(
        title=given.get("title", "")[:500],
        isbn=given.get("isbn", "")[:40],
        authors=given.get("authors", "")[:500],
        publisher=given.get("publisher", "")[:200],
        volume_mark=given.get("volume_mark", "")[:100],
    )
    clc = given.get("clc", "").strip()[:60]
    like = suggest_classes(
        request.library,
        title=values.title,
        authors=values.authors,
        series=given.get("series", "")[:300],
        subjects=given.get("subjects", "")[:1000],
    )
    context = {
        "twins": [
            (_line(one.known), WORDS_OF_TWINS[one.why], one.why)
            for one in twins_of(request.library, values, but=key)
        ],
        "classes": [one for one in like if one.clc != clc] if values.title else [],
        "next_number": next_call_number(request.library, default_places(request.library).group, clc)
        if key is None
        else "",
        "remarks": _remarks(values.isbn, clc),
        "batch": given.get("batch", ""),
    }
    return render(request, "desk/cataloguing/twins.html", context)


def _remarks(isbn: str, clc: str) -> list[str]:
    """What looks wrong with the numbers typed so far; nothing of it stands in the way of saving."""
    read = parse_isbn(isbn)
    found = []
    if read.kind == "other" or (read.kind == "isbn" and not read.valid):
        found.append(_("“%(isbn)s” is not a right ISBN: compare it with the volume.") % {"isbn": isbn})
    faults = judge_class(clc).faults if clc else ()
    return found + [say_fault(fault) for fault in faults if not fault.is_note]


@require_POST
@needs(EDIT)
def undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take an entry, an edit, a merge or a division back."""
    try:
        record = take_back(
            pk, library=request.library, by=actor_of(request), at=clock.now(), reach=reach_of(request)
        )
    except Refused as refused:
        tell_refused(request, refused)
        return redirect("desk:cataloguing")
    tell_done(request, _("Taken back: “%(title)s” is as it was before.") % {"title": record.title})
    if record.deleted_at is not None:
        return redirect("desk:cataloguing")
    return redirect("desk:cataloguing_record", pk=record.pk)
