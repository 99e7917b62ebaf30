"""What could not be done afterwards: a list, and for each line to do it after all or to say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation import kept, services
from shuxiang.circulation.messages import words
from shuxiang.circulation.services import Outcome
from shuxiang.common import clock
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.desk import LONGEST_SCAN
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.circulation.keptmodels import KeptAct
    from shuxiang.circulation.services import ScanResult
    from shuxiang.patrons.models import Patron

LOOK = "desk.override"
LEND, TAKE_BACK = "lend", "return"


def _shown(
    request: StaffRequest, act: KeptAct, problem: list[str] | None = None, confirm: str = ""
) -> dict[str, object]:
    """A line of the list; after a try that was refused, with its reasons and what would confirm it."""
    card = patrons.open_card(act.patron) if act.patron else None
    day = clock.local_date(act.at)
    typed = request.POST if problem is not None else {}
    return {
        "act": act,
        "card": typed.get("card", card.number if card else ""),
        "code": typed.get("code", act.code),
        "what": typed.get("what", LEND if act.patron and act.outcome != "whose" else TAKE_BACK),
        "when": typed.get("when", "then"),
        "class_label": patrons.class_label_on(act.patron, day) if act.patron else "",
        "reasons": kept.reasons_of(act),
        "problem": problem or [],
        "confirm": confirm,
        "operation": uuid7(),
    }


def _page(request: StaffRequest, tried: dict[str, object] | None = None) -> HttpResponse:
    """The list; the line that was just tried looks as it was filled in."""
    lines = []
    for act in kept.open_acts(request.library):
        lines.append(tried if tried is not None and tried["act"] == act else _shown(request, act))
    context = {"lines": lines, "settled": kept.settled_acts(request.library), "operation": uuid7()}
    return render(request, "desk/offline/kept.html", context, status=422 if tried else 200)


@require_safe
@needs(LOOK)
def kept_acts(request: StaffRequest) -> HttpResponse:
    """All that waits for somebody to look at it, and what was settled last."""
    return _page(request)


def _find(request: StaffRequest, pk: UUID) -> KeptAct:
    found = kept.find_kept(request.library, pk)
    if found is None:
        raise Http404
    return found


@require_POST
@needs(LOOK)
def settle(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Do it after all, for the reader and at the time that the form says; what is refused stays, with the reasons."""
    act, now = _find(request, pk), clock.now()
    lends = request.POST.get("what") == LEND
    reader = _reader(request) if lends else None
    if lends and reader is None:
        return _page(request, _shown(request, act, [_("No reader has this card or name.")]))
    try:
        result = services.settle_kept(
            act,
            patron=reader,
            code=clean_scan(request.POST.get("code", act.code)[:LONGEST_SCAN]),
            at=now if request.POST.get("when") == "now" else min(act.at, now),
            now=now,
            by=actor_of(request),
            confirmed=frozenset(request.POST.get("confirm", "").split()),
            operation_id=operation_of(request) or uuid7(),
        )
    except Refused as refusal:
        messages.error(request, " ".join(words(reason) for reason in refusal.decision.reasons))
        return redirect("desk:kept")
    if result.outcome not in (Outcome.LENT, Outcome.RETURNED):
        reasons = [words(reason) for reason in result.decision.reasons]
        asks = "" if result.decision.refused else " ".join(r.code for r in result.decision.asks)
        asks = asks if result.outcome is Outcome.ASKED else ""
        return _page(request, _shown(request, act, reasons, asks))
    messages.success(request, _said(result))
    return redirect("desk:kept")


def _said(result: ScanResult) -> str:
    title = result.record.title if result.record else result.code
    name = result.patron.name if result.patron else ""
    if result.outcome is Outcome.LENT:
        return _("Lent to %(name)s: “%(title)s”") % {"name": name, "title": title}
    return _("Taken back: “%(title)s”") % {"title": title}


def _reader(request: StaffRequest) -> Patron | None:
    """By card number, or by a name that only one has."""
    typed = clean_scan(request.POST.get("card", "")[:LONGEST_SCAN])
    card = patrons.find_card(request.library, typed) if typed else None
    if card is not None:
        return card.patron
    found = [one for one in patrons.search(request.library, typed) if one.left_on is None] if typed else []
    return found[0] if len(found) == 1 else None


@require_POST
@needs(LOOK)
def dismiss(request: StaffRequest, pk: UUID) -> HttpResponse:
    """It shall not be done, for a reason."""
    act = _find(request, pk)
    try:
        services.dismiss_kept(
            act,
            reason=request.POST.get("reason", "").replace("\x00", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, " ".join(words(reason) for reason in refusal.decision.reasons))
    else:
        messages.success(request, _("Dismissed: %(code)s") % {"code": act.code})
    return redirect("desk:kept")


@require_POST
@needs(LOOK)
def reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The dismissal never was."""
    try:
        services.reopen_kept(
            _find(request, pk), at=clock.now(), by=actor_of(request), operation_id=operation_of(request)
        )
    except Refused as refusal:
        messages.error(request, " ".join(words(reason) for reason in refusal.decision.reasons))
    return redirect("desk:kept")
