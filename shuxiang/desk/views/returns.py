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
    if not _picked(here, clean_scan(text)):
        first = here.operation
        for place, code in enumerate(split_scans(text)):
            operation = uuid5(first, str(place)) if place else first
            kept = _take(here, kept, services.scan(here.sitting(operation), code), operation, lines)
    return _answer(here, kept, [*(pile.line_of(act) for act in here.lines), *lines])


def _take(here: Desk, kept: Pile, result: ScanResult, operation: UUID, lines: list[Line]) -> Pile:
    if result.outcome in (Outcome.RETURNED, Outcome.TWICE, Outcome.WHOSE):
        counter.take(here, result, operation)
        return kept
    title = result.code if result.patron is None else _("A reader's card")
    title = result.record.title if result.record else title
    here.shown = showing.show(ScanResult(Outcome.UNKNOWN, result.code, result.decision))
    lines.append(Line("unknown", here.at, title))
    return pile.with_unknown(kept, title, here.at)


def _picked(here: Desk, typed: str) -> bool:
    """Whether a number was typed that answers “whose is it?”."""
    choices = counter.posted_choices(here.request) if PICK.fullmatch(typed) else []
    chosen = next((choice for choice in choices if choice.number == int(typed)), None)
    loan = here.loan(chosen.pk) if chosen is not None else None
    if loan is None:
        return False
    done, operation = counter.once(
        here, lambda key: services.check_in_loan(loan=loan, at=here.at, by=here.by, operation_id=key)
    )
    result = ScanResult(
        Outcome.RETURNED, "", done.decision, loan.patron, loan=done.loan, item=done.item, record=loan.record
    )
    counter.take(here, result, operation)
    return True


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
    struck = pile.line_of(replace(act, is_undone=True, can_be_undone=False))
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


def _answer(here: Desk, kept: Pile, new: list[Line], struck: Line | None = None) -> HttpResponse:
    if is_scripted(here.request):
        context = {
            "shown": here.shown,
            "new": new,
            "struck": struck,
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
