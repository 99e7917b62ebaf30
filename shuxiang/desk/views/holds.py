"""Holds: the pick-up shelf, who waits for what, what must go back; ending, moving, fetching."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import queue, services
from shuxiang.circulation.messages import ENDED_BECAUSE, words
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.counter import in_reach, may
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.shown import held_record
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from shuxiang.circulation.holdmodels import Hold
    from shuxiang.holdings.models import Item

LEND, OVERRIDE = "desk.lend", "desk.override"
SEE_READERS = "patrons.view"
A_PAGE = 50
LARGEST = 2**31


@dataclass(frozen=True)
class Row:
    """One hold as a line of the page."""

    hold: Hold
    who: str  # the class, or the category of a reader without one
    place: int = 0  # in the queue
    item: Item | None = None
    label: str = ""
    why: str = ""
    operation: UUID = field(default_factory=uuid7)  # of the act that a button of the line is

    @property
    def stands_at(self) -> str:
        return (self.item.current or self.item.home).name if self.item else ""


def rows_of(request: StaffRequest, found: Iterable[Hold]) -> list[Row]:
    """Holds of readers in reach, with their classes and places in the queue."""
    today = clock.local_date(clock.now())
    seen = [hold for hold in found if in_reach(request, hold.patron, today)]
    labels = patrons.labels_on(request.library, [hold.patron for hold in seen], today)
    places = queue.places_of(seen)
    return [
        Row(
            hold,
            labels.get(hold.patron_id, hold.patron.category.name),
            places[hold.pk],
            hold.ready_item,
            item_label(hold.ready_item) if hold.ready_item else "",
            str(ENDED_BECAUSE.get(hold.ended_because, hold.ended_because)),
        )
        for hold in seen
    ]


@require_safe
@needs(LEND, scoped=True)
def holds(request: StaffRequest) -> HttpResponse:
    """What stands on the pick-up shelf for whom until when, what to fetch, what to put back, who waits."""
    today, library = clock.local_date(clock.now()), request.library
    ready = rows_of(request, queue.on_pickup_shelf(library))
    fetch = queue.to_fetch(library)
    waiting = rows_of(request, queue.waiting_in(library))
    context = {
        "shelf": _by_class(row for row in ready if not _is_over(row.hold, today)),
        "kept": sum(not _is_over(row.hold, today) for row in ready),
        "over": [row for row in ready if _is_over(row.hold, today)],
        "back": rows_of(request, queue.to_put_back(library)),
        "fetch": [_fetched(row, fetch[row.hold.pk]) for row in waiting if row.hold.pk in fetch],
        "titles": _by_title(waiting),
        "waiting": len(waiting),
        "today": today,
        "may_see_ended": may(request, SEE_READERS),
    }
    return render(request, "desk/holds/page.html", context)


def _is_over(hold: Hold, today: date) -> bool:
    return hold.ready_until is not None and hold.ready_until < today


def _fetched(row: Row, item: Item) -> Row:
    return Row(row.hold, row.who, row.place, item, item_label(item))


def _by_class(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    ordered = sorted(rows, key=lambda row: (row.who, row.hold.patron.name_pinyin))
    return [(who, list(some)) for who, some in groupby(ordered, key=lambda row: row.who)]


def _by_title(rows: list[Row]) -> list[tuple[int, str, str, list[Row]]]:
    return [
        (pk, some[0].hold.record.title, some[0].hold.record.clc, some)
        for pk, some in ((pk, list(some)) for pk, some in groupby(rows, key=lambda row: row.hold.record_id))
    ]


@require_safe
@needs(LEND, scoped=True)
def ended(request: StaffRequest) -> HttpResponse:
    """Holds that ended, the latest first: who read what, so for those who may see readers."""
    if not may(request, SEE_READERS):
        raise PermissionDenied
    page = Paginator(queue.ended_in(request.library), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/holds/ended.html", {"page": page, "rows": rows_of(request, page)})


@require_safe
@needs(LEND, scoped=True)
def title_queue(request: StaffRequest, pk: int) -> HttpResponse:
    """The queue of one title in its order."""
    record = held_record(request.library, pk) if pk < LARGEST else None
    if record is None:
        raise Http404
    rows = rows_of(request, queue.queue_of_title(request.library, record.pk))
    context = {
        "record": record,
        "rows": rows,
        "waiting": [row for row in rows if row.hold.state == queue.State.WAITING],
        "may_move": may(request, OVERRIDE),
    }
    return render(request, "desk/holds/title.html", context)


def hold_or_404(request: StaffRequest, pk: int) -> Hold:
    """A hold of this library, of a reader in reach."""
    found = queue.find_hold(request.library, pk) if pk < LARGEST else None
    if found is None or not in_reach(request, found.patron, clock.local_date(clock.now())):
        raise Http404
    return found


def refuse(request: StaffRequest, refused: Refused) -> None:
    """Say on the next page why nothing was done."""
    for reason in refused.decision.reasons:
        messages.error(request, words(reason))


def _back(request: StaffRequest, hold: Hold) -> HttpResponse:
    """To the page the button stood on."""
    if request.POST.get("from") == "title":
        return redirect("desk:holds_title", pk=hold.record_id)
    return redirect("desk:desk") if request.POST.get("from") == "desk" else redirect("desk:holds")


@require_POST
@needs(LEND, scoped=True)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """The reader waits no more."""
    hold, at = hold_or_404(request, pk), clock.now()
    reason = request.POST.get("reason", "")
    try:
        services.cancel_hold(
            hold=hold, reason=reason, at=at, by=actor_of(request), operation_id=operation_of(request)
        )
        said = _("%(name)s waits for “%(title)s” no more.")
        messages.success(request, said % {"name": hold.patron.name, "title": hold.record.title})
    except Refused as refused:
        refuse(request, refused)
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    return _back(request, hold)


@require_POST
@needs(OVERRIDE)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a reader before another one of the queue, with the reason."""
    hold, at = hold_or_404(request, pk), clock.now()
    wanted = request.POST.get("before", "")
    before = (
        queue.find_hold(request.library, int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else None
    )
    try:
        services.move_hold(
            hold=hold,
            before=before,
            reason=request.POST.get("reason", ""),
            at=at,
            by=actor_of(request),
            operation_id=operation_of(request),
        )
        messages.success(request, _("The queue has another order now; the reason stands beside it."))
    except Refused as refused:
        refuse(request, refused)
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    return redirect("desk:holds_title", pk=hold.record_id)


@require_POST
@needs(LEND, scoped=True)
def fetch(request: StaffRequest, pk: int) -> HttpResponse:
    """A copy was taken from its shelf for who waits first."""
    hold, at = hold_or_404(request, pk), clock.now()
    item = queue.to_fetch(request.library).get(hold.pk)
    if item is None:
        messages.error(request, _("That copy is no longer on its shelf, or nobody waits for it any more."))
        return redirect("desk:holds")
    try:
        kept = services.fetch(
            hold=hold, item=item, at=at, by=actor_of(request), operation_id=operation_of(request)
        )
        said = _("On the pick-up shelf: “%(title)s” for %(name)s.")
        messages.success(request, said % {"title": kept.record.title, "name": kept.patron.name})
    except Refused as refused:
        refuse(request, refused)
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    return redirect("desk:holds")


@require_POST
@needs(LEND, scoped=True)
def put_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The volume of an ended hold stands on its own shelf again."""
    hold = hold_or_404(request, pk)
    try:
        services.put_back(hold=hold, at=clock.now(), by=actor_of(request), operation_id=operation_of(request))
        messages.success(request, _("Back on its own shelf: “%(title)s”.") % {"title": hold.record.title})
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    return redirect("desk:holds")


@require_POST
@needs(LEND, scoped=True)
def tidy(request: StaffRequest) -> HttpResponse:
    """Make the pick-up shelf true now; otherwise the program does it when it is idle."""
    done = services.tend(library=request.library, at=clock.now(), by=actor_of(request))
    said = _("%(expired)s not fetched in time, %(again)s wait again, %(ended)s ended.")
    messages.success(request, said % done)
    return redirect("desk:holds")
