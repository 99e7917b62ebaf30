"""The quick form: a title in plain columns and its volumes for a draft, saved by one act; and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.audit.operations import OperationMismatch
from shuxiang.catalogue.services import RecordValues, prepare, values_of
from shuxiang.catalogue.services.marc_editing import values_in
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.common.money import format_yuan
from shuxiang.desk.views.cataloguing_forms import SOURCES, RecordForm, VolumesForm
from shuxiang.desk.views.cataloguing_ground import (
    EDIT,
    place_words,
    reach_of,
    sentences,
    tell_done,
    the_record,
    uuid_of,
)
from shuxiang.holdings import batches
from shuxiang.holdings.cataloguing import find_record, together
from shuxiang.holdings.cataloguing import history as history_of
from shuxiang.holdings.services.entering import Delivered, Entered, Volumes, enter_title
from shuxiang.holdings.services.places import default_places
from shuxiang.holdings.sharing import others_with
from shuxiang.sources.selectors import fetch

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.holdings.models import AccessionBatch
    from shuxiang.sources.found import Found

ACTS = {
    "catalogue.save_record": gettext_lazy("Columns saved"),
    "catalogue.save_marc": gettext_lazy("MARC record saved"),
    "catalogue.undo_edit": gettext_lazy("An edit taken back"),
    "catalogue.merge": gettext_lazy("Another record merged into this one"),
    "catalogue.part": gettext_lazy("A merge taken back"),
    "holdings.split": gettext_lazy("Volumes divided off"),
    "holdings.join": gettext_lazy("A division taken back"),
    "holdings.enter_title": gettext_lazy("Catalogued"),
    "holdings.take_back_entry": gettext_lazy("An entry taken back"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """A title that is not in the catalogue yet; filled from another catalogue where a result was chosen."""
    found = fetch(request.GET.get("from", "") or request.POST.get("from", ""))
    return _form(request, None, found)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """A title that is in the catalogue: its columns, further volumes, what belongs beside it."""
    return _form(request, the_record(pk), fetch(request.GET.get("from", "") or request.POST.get("from", "")))


def _form(request: StaffRequest, there: BibliographicRecord | None, found: Found | None) -> HttpResponse:
    known = values_of(there) if there else _values_from(request, found)
    posted = request.POST if request.method == "POST" else None
    form = RecordForm(posted, known=known, initial=_merged(known, found) if there else {})
    volumes = VolumesForm(
        posted,
        batches=batches.drafts(request.library),
        places=batches.places_of(request.library),
        label=_batch_words,
        initial=_volumes_initial(request, there),
    )
    if there is None and posted is None:
        form.begin_with_the_first_blank()
    problems: list[str] = []
    if posted is not None and form.is_valid() and volumes.is_valid():
        try:
            return _saved(request, there, form, volumes, found)
        except Refused as refused:
            problems = sentences(refused)
        except OperationMismatch:
            problems = [_("This form was saved already, with other contents: open the title again.")]
    context = _context(request, there, found) | {"form": form, "volumes": volumes, "problems": problems}
    return render(request, "desk/cataloguing/record.html", context, status=422 if posted is not None else 200)


def _context(
    request: StaffRequest, there: BibliographicRecord | None, found: Found | None
) -> dict[str, object]:
    beside = together(request.library, there) if there else []
    return {
        "record": there,
        "found": found,
        "shared": others_with(there, request.library) if there else [],
        "may_change": there is None or _may_change(request, there),
        "beside": [(one, place_words(one.is_held, one.copies, one.elsewhere)) for one in beside],
        "batch": request.GET.get("batch", "") or request.POST.get("batch", ""),
        "holdings": there.holdings.filter(library=request.library).order_by("pk") if there else [],
        "operation": request.POST.get("operation") or uuid7(),
    }


def _may_change(request: StaffRequest, there: BibliographicRecord) -> bool:
    reach = reach_of(request)
    return reach is None or all(one.pk in reach for one in others_with(there, request.library))


def _values_from(request: StaffRequest, found: Found | None) -> RecordValues:
    """The columns that a new form begins with: of the result that was chosen, else of what was scanned or typed."""
    if found is not None:
        return values_in(found.record, found.profile)
    like = request.GET.get("like", "")
    source = find_record(int(like)) if like.isascii() and like.isdecimal() and len(like) < 19 else None
    if source is not None:
        return _next_part(values_of(source))
    return RecordValues(
        isbn=request.GET.get("isbn", "")[:40], title=request.GET.get("title", "")[:500], language="chi"
    )


def _next_part(values: RecordValues) -> RecordValues:
    """A further volume of a set begins with what the first has, without what each has of its own."""
    blank = RecordValues()
    own = ("isbn", "isbn13", "volume_mark", "extent", "warnings", "part_number")
    said = {name: getattr(values, name) for name in RecordValues.__slots__ if name not in own}
    return RecordValues(**said, **{name: getattr(blank, name) for name in own})


def _merged(known: RecordValues, found: Found | None) -> dict[str, Any]:
    """Blank columns of a record that is there, filled from a result that was chosen for it."""
    if found is None:
        return {}
    theirs = values_in(found.record, found.profile)
    names = RecordForm.base_fields
    return {
        name: getattr(theirs, name) for name in names if not getattr(known, name) and getattr(theirs, name)
    }


def _batch_words(batch: AccessionBatch) -> str:
    source = str(dict(SOURCES)[batch.source])
    parts = (source, batch.document, batch.supplier, f"{batch.received_on:%Y-%m-%d}")
    return " · ".join(part for part in parts if part)


def _volumes_initial(request: StaffRequest, there: BibliographicRecord | None) -> dict[str, object]:
    """The draft that was last chosen; the place where the latest volume of the title stands."""
    chosen = request.GET.get("batch", "")
    drafts = batches.drafts(request.library)
    draft = (
        drafts.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() else drafts.first()
    )
    last = batches.last_line(request.library, there.pk) if there else None
    home = last.item.home if last else default_places(request.library).location
    return {"batch": draft, "copies": "1" if draft else "", "home": home, "is_numbered": True}


def _saved(
    request: StaffRequest,
    there: BibliographicRecord | None,
    form: RecordForm,
    volumes: VolumesForm,
    found: Found | None,
) -> HttpResponse:
    values, given = form.values(), volumes.cleaned_data
    batch: AccessionBatch | None = given["batch"] if given["copies"] else None
    delivered = (
        Delivered(found.raw, found.encoding, found.profile, found.record, found.source) if found else None
    )
    wanted = None
    if batch is not None:
        wanted = Volumes(
            batch=batch,
            copies=given["copies"],
            home=given["home"] or default_places(request.library).location,
            list_price_fen=_price(values),
            paid_price_fen=given["paid"],
            price_text=values.price_text,
            barcodes=given["barcodes"],
            is_numbered=given["is_numbered"],
        )
    done = enter_title(
        there,
        values,
        library=request.library,
        by=actor_of(request),
        at=clock.now(),
        reach=reach_of(request),
        volumes=wanted,
        delivered=delivered,
        is_held=there is None,
        operation_id=uuid_of(request.POST.get("operation", "")),
    )
    tell_done(request, _sentence(done, values), done.operation_id)
    if batch is None:
        return redirect("desk:cataloguing_record", pk=done.record.pk)
    return redirect(f"{reverse('desk:cataloguing')}?{urlencode({'batch': batch.pk})}")


def _price(values: RecordValues) -> int | None:
    """The unit price that the record will have once saved."""
    return prepare(values).price_fen


def _sentence(done: Entered, values: RecordValues) -> str:
    if not done.items:
        return _("“%(title)s” is saved.") % {"title": values.title}
    price = _price(values)
    return _("“%(title)s”, %(call_number)s: %(copies)s copies in the draft, %(price)s.") % {
        "title": values.title,
        "call_number": done.holding.call_number if done.holding else "",
        "copies": len(done.items),
        "price": _("price unknown") if price is None else _("%(yuan)s each") % {"yuan": format_yuan(price)},
    }


@require_safe
@needs(EDIT)
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Who did what to the record, and what can be taken back."""
    there = the_record(pk)
    edits = [(one, ACTS.get(one.action, one.action)) for one in history_of(there)]
    originals = there.originals.filter(library=request.library).order_by("pk")
    context = {"record": there, "edits": edits, "originals": originals}
    return render(request, "desk/cataloguing/history.html", context)
