"""Placing a hold: who, which title, any volume or one; every reason before the button is pressed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import queue, services
from shuxiang.circulation.selectors import identify
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.counter import in_reach, key_of, may
from shuxiang.desk.showing import reasons
from shuxiang.desk.views.desk import LONGEST_SCAN
from shuxiang.desk.views.holds import LEND, OVERRIDE, refuse
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.holdings import shown
from shuxiang.holdings.search import search
from shuxiang.holdings.selectors import item_label
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from django.http import QueryDict

    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.holdings.models import Item
    from shuxiang.patrons.models import Patron

MOST = 20


@require_safe
@needs(LEND, scoped=True)
def placing(request: StaffRequest) -> HttpResponse:
    """Choose reader and title, then see what stands in the way."""
    patron, record = _reader(request, request.GET), _record(request, request.GET)
    context: dict[str, object] = {"from": request.GET.get("from", "")}
    if patron is None:
        patron, found = _readers(request, request.GET.get("reader", "")[:LONGEST_SCAN])
        context |= found
    if record is None:
        record, found = _titles(request, request.GET.get("title", "")[:LONGEST_SCAN])
        context |= found
    context |= {"patron": patron, "record": record}
    if patron is not None:
        context["who"] = patrons.class_label_on(patron, _today()) or patron.category.name
    if patron is not None and record is not None:
        context |= _decided(request, patron, record)
    return render(request, "desk/holds/place.html", context)


def _today() -> date:
    return clock.local_date(clock.now())


def _reader(request: StaffRequest, sent: QueryDict) -> Patron | None:
    key = key_of(sent.get("patron", ""))
    found = patrons.find_patron(request.library, key) if key is not None else None
    return found if found is not None and in_reach(request, found, _today()) else None


def _record(request: StaffRequest, sent: QueryDict) -> BibliographicRecord | None:
    key = key_of(sent.get("record", ""))
    return shown.held_record(request.library, key) if key is not None else None


def _item(request: StaffRequest, record: BibliographicRecord, sent: QueryDict) -> Item | None:
    """The one volume that is meant; None for any."""
    key = key_of(sent.get("item", ""))
    return next((one for one in shown.copies_shown(request.library, record) if one.pk == key), None)


def _readers(request: StaffRequest, typed: str) -> tuple[Patron | None, dict[str, object]]:
    """Who is meant by what was typed (a card, a name, a class), or those to choose from."""
    found = patrons.search(request.library, typed, on=_today(), limit=MOST) if typed.strip() else []
    seen = [one for one in found if one.left_on is None and in_reach(request, one, _today())]
    labels = patrons.labels_on(request.library, seen, _today())
    lines = [(one, labels.get(one.pk, one.category.name)) for one in seen]
    only = seen[0] if len(seen) == 1 else None
    return only, {"readers": lines, "reader_typed": typed}


def _titles(request: StaffRequest, typed: str) -> tuple[BibliographicRecord | None, dict[str, object]]:
    """Which title is meant (a barcode, an ISBN), or those that words mean."""
    if not typed.strip():
        return None, {"titles": [], "title_typed": typed}
    known = identify(request.library, typed)
    if known.item is not None or len(known.records) == 1:
        record = known.item.holding.record if known.item is not None else known.records[0]
        return record, {"titles": [], "title_typed": typed}
    hits = search(typed, library=request.library, page_size=MOST).hits
    lines = [(hit.record, hit.call_number, hit.copies.available) for hit in hits]
    return None, {"titles": lines, "title_typed": typed}


def _decided(request: StaffRequest, patron: Patron, record: BibliographicRecord) -> dict[str, object]:
    """Every reason, the volumes to choose from, how many wait."""
    item = _item(request, record, request.GET)
    decision = services.preview_hold(
        library=request.library, patron=patron, record=record, item=item, at=clock.now()
    )
    copies = sorted(shown.copies_shown(request.library, record), key=lambda one: (one.volume_mark, one.pk))
    return {
        "item": item,
        "volumes": [(one, item_label(one)) for one in copies] if len(copies) > 1 else [],
        "reasons": reasons(decision),
        "is_refused": bool(decision.refused),
        "confirm": " ".join(reason.code for reason in decision.asks),
        "may_confirm": not decision.asks or may(request, OVERRIDE),
        "waiting": queue.waiting_count(request.library, record.pk),
        "operation": uuid7(),
    }


@require_POST
@needs(LEND, scoped=True)
def place(request: StaffRequest) -> HttpResponse:
    """Enter the reader at the end of the queue."""
    patron, record = _reader(request, request.POST), _record(request, request.POST)
    if patron is None or record is None:
        raise Http404
    item = _item(request, record, request.POST)
    asked = frozenset(request.POST.get("confirm", "").split())
    try:
        hold = services.place_hold(
            library=request.library,
            patron=patron,
            record=record,
            item=item,
            at=clock.now(),
            by=actor_of(request),
            confirmed=asked if may(request, OVERRIDE) else frozenset(),
            operation_id=operation_of(request),
        )
    except (Refused, OperationMismatch) as error:
        refuse(request, error if isinstance(error, Refused) else Refused(Decision()))
        again = {"patron": patron.pk, "record": record.pk, "item": item.pk if item else ""}
        return redirect(f"{reverse('desk:holds_place')}?{urlencode(again)}")
    place = queue.places_of([hold])[hold.pk]
    said = _("%(name)s waits for “%(title)s”, number %(place)s in the queue.")
    told = {"name": patron.name, "title": record.title, "place": place}
    messages.success(request, said % told)
    if request.POST.get("from") == "desk":
        return redirect("desk:desk")
    return redirect("desk:holds_title", pk=record.pk)
