"""The reading room: volumes counted from the tables, what is not back at closing, acts entered afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation import inroom
from shuxiang.circulation.services.backdated import lend_on_day, return_on_day
from shuxiang.circulation.services.in_room import count_use, uncount_use
from shuxiang.circulation.services.undo import undo_act
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.corners.refusals import refuse
from shuxiang.desk.views.corners_ground import (
    KEEP,
    LEND,
    key_of,
    scanned_item,
    today,
    told,
    typed,
    typed_day,
)
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.patrons.models import Patron

SHOWN = 12
# said of what happened already: it is entered all the same, once somebody has ticked that it did
FACTS = frozenset(
    {"loan_limit_reached", "has_overdue", "reader_blocked", "item_elsewhere", "lent_to_other", "others_wait"}
)


@require_safe
@needs(LEND)
def in_room(request: StaffRequest) -> HttpResponse:
    """Scan what lies on the tables; what is read here today, and what is not back."""
    on = today()
    uses = inroom.uses_on(request.library, on)
    context = {
        "out": inroom.not_back(request.library, on),
        "named": inroom.read_here(request.library, on).count(),
        "uses": uses[:SHOWN],
        "counted": uses.count(),
        "today": on,
        "operation": uuid7(),
    }
    return render(request, "desk/corners/inroom.html", context)


@require_safe
@needs(LEND)
def not_back(request: StaffRequest) -> HttpResponse:
    """The list at closing, to be printed: which works are still with whom."""
    loans = list(inroom.not_back(request.library, today()))
    labels = patrons.labels_on(
        request.library, [loan.patron for loan in loans if loan.patron is not None], today()
    )
    rows = [(loan, labels.get(loan.patron_id or 0, "")) for loan in loans]
    return render(request, "desk/corners/inroom_list.html", {"rows": rows, "today": today()})


@require_POST
@needs(LEND)
def scan(request: StaffRequest) -> HttpResponse:
    """Count a volume that was read at a table."""

    def act() -> str:
        item = scanned_item(request)
        count_use(
            library=request.library,
            item=item,
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        )
        return _("Counted: %(title)s. Put it back on the shelf.") % {"title": item.holding.record.title}

    told(request, act)
    return redirect("desk:in_room")


@require_POST
@needs(LEND)
def uncount(request: StaffRequest) -> HttpResponse:
    """It was scanned by mistake."""

    def act() -> str:
        use = key_of(request.POST.get("use", ""))
        uncount_use(library=request.library, use_id=use, at=clock.now(), by=actor_of(request))
        return _("Undone.")

    told(request, act)
    return redirect("desk:in_room")


# ---- acts entered afterwards


@require_safe
@needs(KEEP)
def back_dated(request: StaffRequest) -> HttpResponse:
    """A form for one loan or return of a day that has passed."""
    return _form(request, {})


def _form(request: StaffRequest, more: dict[str, object]) -> HttpResponse:
    context = {"today": today(), "operation": uuid7(), "sent": request.POST, **more}
    return render(request, "desk/corners/backdated.html", context)


def _reader(request: StaffRequest) -> Patron:
    """The one reader who was meant. Raises Refused when there is none, or several."""
    text = typed(request, "reader", 60)
    key = key_of(request.POST.get("patron", ""))
    chosen = patrons.find_patron(request.library, key) if key else None
    if chosen is not None:
        return chosen
    found = patrons.search(request.library, text)
    exact = [one for one in found if one.name == text] or found
    if len(exact) != 1:
        raise refuse("several_called" if exact else "nobody_called", text=text, count=len(exact))
    return exact[0]


@require_POST
@needs(KEEP)
def enter_back_dated(request: StaffRequest) -> HttpResponse:
    """Enter it, or say why not; what was typed stays in the form."""
    entered: dict[str, object] = {}

    def act() -> str:
        if not typed(request, "on", 20):  # today on other pages, forgotten here
            raise refuse("no_day")
        item, on, reason = scanned_item(request), typed_day(request), typed(request, "reason", 200)
        library, by, at, key = request.library, actor_of(request), clock.now(), operation_of(request)
        title = item.holding.record.title
        if request.POST.get("act") == "return":
            done = return_on_day(
                library=library, item=item, on=on, reason=reason, at=at, by=by, operation_id=key
            )
            entered["act"] = done.loan.in_operation_id if done.loan else None
            return _("Entered: “%(title)s” came back on %(on)s.") % {"title": title, "on": on}
        reader = _reader(request)
        loan = lend_on_day(
            library=library,
            patron=reader,
            item=item,
            on=on,
            reason=reason,
            at=at,
            by=by,
            confirmed=FACTS if "anyway" in request.POST else frozenset(),
            operation_id=key,
        )
        entered["act"] = loan.out_operation_id
        words = {"title": title, "name": reader.name, "on": on, "due": loan.due_on}
        return _("Entered: “%(title)s” went to %(name)s on %(on)s, due %(due)s.") % words

    if not told(request, act):
        return _form(request, {})
    return _form(request, {"sent": {"reason": typed(request, "reason", 200)}, **entered})


@require_POST
@needs(KEEP)
def undo_back_dated(request: StaffRequest) -> HttpResponse:
    """Take back what was just entered."""

    def act() -> str:
        key = operation_of(request)
        if key is None:
            raise refuse("undone_already")
        undo_act(library=request.library, act=key, at=clock.now(), by=actor_of(request))
        return _("Undone.")

    told(request, act)
    return redirect("desk:back_dated")
