"""A whole pile taken back: scan, scan, scan. Nothing stops it; what is odd is set aside in a list with what to do."""

from dataclasses import replace
from uuid import UUID, uuid5

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, needs
from shuxiang.circulation import services, today
from shuxiang.circulation.services import Outcome, ScanResult
from shuxiang.common.codes import clean_scan, split_scans
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk import counter, pile, showing
from shuxiang.desk.counter import PICK, Desk
from shuxiang.desk.pile import Line, Pile
from shuxiang.desk.showing import Shown
from shuxiang.desk.views.desk import LONGEST_SCAN, go, is_scripted


@require_safe
@needs("desk.lend", scoped=True)
def returns(request: StaffRequest) -> HttpResponse:
    """The pile as it stands; after its end, the sum and where everything goes."""
    kept = pile.remembered(request)
    lines = pile.lines_of(request, kept)
    context = {
        "lines": lines,
        "odd": [line for line in lines if line.is_odd],
        "sums": pile.sums(lines),
        "is_over": kept.until is not None,
        "operation": uuid7(),
        "owner": f"{request.library.code} {request.user.pk}",
        "shown": Shown(),
    }
    return render(request, "desk/returns/page.html", context)


@require_POST
@needs("desk.lend", scoped=True)
def scan(request: StaffRequest) -> HttpResponse:
    """Take back what was scanned; after the end of a pile the next scan begins a new one."""
    here = counter.opened(request)
    here.patron = None
    kept = pile.remembered(request)
    if kept.since is None or kept.until is not None:
        kept = Pile(since=here.at)
    text = request.POST.get("scan", "")[:LONGEST_SCAN]
    lines: list[Line] = []
    asked = _picked(here, clean_scan(text))
    if asked:
        kept, was = pile.answered(kept, asked)
        return _answer(here, kept, _told(here), answered=pile.idle_line(request, was) if was else None)
    first = here.operation
    for place, code in enumerate(split_scans(text)):
        operation = uuid5(first, str(place)) if place else first
        kept = _take(here, kept, services.scan(here.sitting(operation), code), operation, lines)
    return _answer(here, kept, lines)


def _told(here: Desk) -> list[Line]:
    lines = [pile.line_of(here.request, act) for act in here.lines]
    here.lines.clear()
    return lines


def _take(here: Desk, kept: Pile, result: ScanResult, operation: UUID, lines: list[Line]) -> Pile:
    counter.take(here, replace(result, patron=None) if result.loan is None else result, operation)
    here.patron = None
    told = _told(here)
    if told and (result.loan or result.item):
        lines += told
        return kept
    if result.outcome is Outcome.TWICE:
        return kept
    kind = _idle_kind(result)
    if kind == "card":
        here.shown = Shown(kind="noted", seal="noted", heading=_("This is a reader's card, no book."))
    elif kind == "unknown":
        here.shown = showing.show(ScanResult(Outcome.UNKNOWN, result.code, result.decision))
    titled = kind in pile.TITLED and result.record
    kept = pile.with_idle(kept, kind, str(titled.pk) if titled else result.code, here.at)
    lines.append(pile.idle_line(here.request, kept.idle[-1]))
    return kept


def _idle_kind(result: ScanResult) -> str:
    """Which kind of line a scan makes that did nothing."""
    if result.record is not None:
        kinds = {Outcome.RETURNED: "not_lent", Outcome.WHOSE: "open"}
        return kinds.get(result.outcome, "refused")
    return "unknown" if result.patron is None and result.card is None else "card"


def _picked(here: Desk, typed: str) -> int:
    """The key of the title of which a typed number said whose it is; 0 when it answers no such question."""
    choices = counter.posted_choices(here.request) if PICK.fullmatch(typed) else []
    chosen = next((choice for choice in choices if choice.number == int(typed)), None)
    loan = here.loan(chosen.pk) if chosen is not None else None
    if loan is None:
        return 0
    done, operation = counter.once(
        here, lambda key: services.check_in_loan(loan=loan, at=here.at, by=here.by, operation_id=key)
    )
    result = ScanResult(
        Outcome.RETURNED, "", done.decision, loan.patron, loan=done.loan, item=done.item, record=loan.record
    )
    counter.take(here, result, operation)
    return loan.record_id


@require_POST
@needs("desk.lend", scoped=True)
def undo(request: StaffRequest) -> HttpResponse:
    """Undo one line of the pile: the reader has the book again."""
    here = counter.opened(request)
    try:
        act = today.act_of(request.library, UUID(request.POST.get("act", "")))
    except ValueError:
        act = None
    if act is None or act.by != request.user.username or not counter.may_undo(here, act):
        raise Http404
    try:
        counter.undo(here, act.operation)
    except Refused as refusal:
        here.shown = showing.undone(act.title, refusal.decision)
        return _answer(here, pile.remembered(request), [])
    here.shown = showing.undone(act.title)
    struck = pile.line_of(request, replace(act, is_undone=True, can_be_undone=False))
    return _answer(here, pile.remembered(request), [], struck=struck)


@require_POST
@needs("desk.lend", scoped=True)
def end(request: StaffRequest) -> HttpResponse:
    """The pile is done: its sum stays to be read or printed until the next scan."""
    here = counter.opened(request)
    response = go(request, reverse("desk:returns"))
    kept = pile.remembered(request)
    pile.keep(request, response, replace(kept, until=here.at) if kept.since and not kept.until else Pile())
    return response


def _answer(
    here: Desk, kept: Pile, new: list[Line], struck: Line | None = None, answered: Line | None = None
) -> HttpResponse:
    if is_scripted(here.request):
        context = {
            "shown": here.shown,
            "new": new,
            "struck": struck,
            "answered": answered,
            "sums": pile.sums(pile.lines_of(here.request, kept)),
            "operation": uuid7(),
            "csrf_token": counter.form_token(here.request),
            "in_pile": True,
        }
        response = HttpResponse(render_to_string("desk/returns/answer.html", context))
    else:
        response = redirect("desk:returns")
    pile.keep(here.request, response, kept)
    return response
