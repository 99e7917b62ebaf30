"""The desk: one box. With scripts an act answers with the pieces of the page that it changed; without, with a redirect."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, needs
from shuxiang.circulation import queue, selectors, services, today
from shuxiang.common import clock
from shuxiang.common.codes import clean_scan, split_scans
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk import counter, showing, sitting
from shuxiang.desk.counter import PICK, Desk
from shuxiang.desk.offlinepanel import panel
from shuxiang.desk.showing import Shown
from shuxiang.desk.sitting import Last
from shuxiang.holdings.shown import held_record
from shuxiang.patrons import selectors as patrons
from shuxiang.urging.selectors import times_urged

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan
    from shuxiang.patrons.models import Patron

LONGEST_SCAN = 200  # what is longer is a key that stuck
MOST_LINES = 4  # of “just done”


@require_safe
@needs("desk.lend", scoped=True)
def desk(request: StaffRequest) -> HttpResponse:
    """The page: the box, the last act or question, the reader at the desk, what was done today."""
    here = counter.opened(request)
    waiting = here.patron
    if here.kept.is_fresh(here.at):
        counter.recalled(here)
    else:  # left a while ago: somebody else may stand there now, so it is offered, not assumed
        here.patron = None
    context = _pieces(here)
    if waiting is not None and here.patron is None:
        context["left_at"], context["waiting"] = here.kept.at, waiting
        context["waiting_class"] = patrons.class_label_on(waiting, here.today)
    by = "" if request.scope.everywhere else request.user.username
    context |= {
        "lines": today.recent_acts(request.library, here.today, by=by, most=MOST_LINES),
        "counts": today.counts(request.library, here.today),
        "owner": (owner := f"{request.library.code} {request.user.pk}"),
        **panel(owner, here.at),
    }
    if here.patron is not None:
        context |= _reader(here, here.patron)
    return render(request, "desk/desk.html", context)


def _pieces(here: Desk) -> dict[str, object]:
    """What the page and an answer to an act have in common."""
    shown, patron = here.shown, here.patron
    context: dict[str, object] = {
        "shown": shown,
        "operation": uuid7(),
        "patron": patron,
        "on": here.today,
        "lines": list(here.lines),
        "can_override": bool(shown.confirm) and counter.may(here.request, "desk.override"),
        "me": here.request.user.username,
        "library": here.request.library,
        "dropped": counter.dropped_titles(here),
    }
    if patron is not None:
        loans = list(selectors.loans_of(patron))
        urged = times_urged([loan.pk for loan in loans if loan.due_on < here.today])
        for loan in loans:
            setattr(loan, "urged_times", urged.get(loan.pk, 0))  # noqa: B010  for the template alone
        context |= {"loans": loans, "late": sum(loan.due_on < here.today for loan in loans)}
    return context


def _reader(here: Desk, patron: "Patron") -> dict[str, object]:
    """The parts of the reader's card that no act changes but by counting on."""
    card = patrons.open_card(patron)
    return {
        "limit": selectors.limit_on(here.request.library, patron, here.today),
        "term": selectors.lent_this_term(patron, here.at)
        if counter.may(here.request, "desk.history")
        else None,
        "card": card.number if card else "",
        "class_label": patrons.class_label_on(patron, here.today) or patron.category.name,
        "holds": queue.holds_of(patron),
        "blocks": patrons.blocks_on(patron, here.today),
        "is_new_reader": True,
    }


def _answer(here: Desk, **more: object) -> HttpResponse:
    """The changed pieces, or without scripts the way to the page; the desk is remembered either way."""
    response: HttpResponse
    if not is_scripted(here.request):
        response = redirect("desk:desk")
    else:
        context = _pieces(here) | {
            "csrf_token": counter.form_token(here.request),
            "counted": list(here.counted.items()),
            **more,
        }
        patron = here.patron
        if patron is not None and patron.pk != here.reader_before:
            context |= _reader(here, patron)
        context["reader_left"] = patron is None and here.reader_before is not None
        response = HttpResponse(render_to_string("desk/desk/answer.html", context))
    sitting.keep(here.request, response, here.left, here.at)
    return response


def go(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, after an act that was done."""
    if not is_scripted(request):
        return redirect(address)
    return HttpResponse(format_html('<template data-go="{}"></template>', address))


def is_scripted(request: HttpRequest) -> bool:
    """Whether the page's script asks, and puts the pieces of the answer in place."""
    return request.headers.get("HX-Request") == "true"


# ---- the box


@require_POST
@needs("desk.lend", scoped=True)
def scan(request: StaffRequest) -> HttpResponse:
    """Do what was scanned or typed; answer a question with yes (`confirm`) or register reading in the room (`in_room`)."""
    here = counter.opened(request)
    text = request.POST.get("scan", "")[:LONGEST_SCAN]
    scans = split_scans(text)
    if not scans:
        counter.recalled(here)
        return _answer(here)
    before, last = here.kept.last, here.last
    is_answer = bool({"confirm", "in_room"} & set(request.POST))
    if "in_room" in request.POST:
        operation = here.operation
        result = services.scan(here.sitting(operation, kind="in-room"), scans[0])
        counter.take(here, result, operation)
    elif request.POST.get("confirm") or not _pick(here, clean_scan(text)):
        counter.do_scans(here, scans)
    elif before.outcome == services.Outcome.WHOSE:
        is_answer = here.last is not last  # a line of the list was named by its number
    if not is_answer and before.code != here.last.code:
        _drop(here, before)
    return _answer(here)


def _drop(here: Desk, asked: Last) -> None:
    """Scanning on while a question stands means no, and says so; of a reader who left it is said once."""
    here.drop(asked)
    if not here.is_next_reader or asked.outcome != services.Outcome.ASKED:
        return
    record = held_record(here.request.library, asked.record)
    if record is not None:
        here.shown = here.shown.with_note(_("“%(title)s” was not lent.") % {"title": record.title})


def _pick(here: Desk, typed: str) -> bool:
    """Whether what was typed points at something on the page: +n renews, a number or a name picks from the list."""
    if typed.startswith("+") and PICK.fullmatch(typed[1:]) and here.patron is not None:
        loans = list(selectors.loans_of(here.patron))
        nth = int(typed[1:])
        if not 0 < nth <= len(loans):
            here.shown = Shown(kind="refuse", heading=_("There is no line %(n)s.") % {"n": nth})
            return True
        _renew(here, loans[nth - 1])
        return True
    choices = counter.posted_choices(here.request)
    if PICK.fullmatch(typed):
        picked = next((choice for choice in choices if choice.number == int(typed)), None)
        return picked is not None and _picked(here, picked.kind, picked.pk)
    fitting = counter.narrowed(here, choices, typed)
    if len(fitting) == 1:
        return _picked(here, "r", fitting[0].pk)
    if fitting:
        result = services.ScanResult(services.Outcome.WHICH_READER, typed, patrons=tuple(fitting))
        counter.take(here, result, here.operation)
    return bool(fitting)


def _picked(here: Desk, kind: str, pk: int) -> bool:
    """Go on with a line of the list; False when it is none of this library's."""
    if kind == "r":
        here.patron = here.reader(pk) or here.patron
        return True
    if kind == "l":
        loan = here.loan(pk)
        if loan is not None:
            _take_back(here, loan)
        return loan is not None
    return _title(here, pk)


def _title(here: Desk, pk: int) -> bool:
    record = held_record(here.request.library, pk)
    if record is None:
        return False
    if here.patron is None:
        here.shown, here.last = counter.title_card(here, record), Last(outcome="title", record=pk)
        return True
    operation = here.operation
    result = services.scan_record(here.sitting(operation, confirmed=here.confirmed()), record)
    counter.take(here, result, operation)
    if here.shown.is_lending:
        here.shown = replace(here.shown, confirm_url=reverse("desk:lend_title", args=[pk]))
    return True


# ---- buttons


@require_POST
@needs("desk.lend", scoped=True)
def choose_reader(request: StaffRequest, pk: int) -> HttpResponse:
    """The reader meant, out of several that fit what was typed, or the one who stood here before."""
    here = counter.opened(request)
    reader = here.reader(pk)
    if reader is None:
        raise Http404
    here.patron = reader
    return _answer(here)


@require_POST
@needs("desk.lend", scoped=True)
def lend_title(request: StaffRequest, pk: int) -> HttpResponse:
    """Lend any copy that is in of a title found by its words."""
    here = counter.opened(request)
    if not _title(here, pk):
        raise Http404
    return _answer(here)


@require_POST
@needs("desk.lend", scoped=True)
def finish(request: StaffRequest) -> HttpResponse:
    """Drop the pending question; with none pending, the reader is done and steps aside."""
    here = counter.opened(request)
    stands = here.kept.last.outcome not in ("", *DONE)
    if not request.POST.get("pending", stands):
        here.patron = None
    return _answer(here)


DONE = (services.Outcome.LENT, services.Outcome.RETURNED, services.Outcome.TWICE, "renewed", "undone")


@require_POST
@needs("desk.lend", scoped=True)
def return_loan(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back one loan that was pointed at: the answer to “whose is it?”."""
    here = counter.opened(request)
    _take_back(here, _loan(here, pk))
    return _answer(here)


def _take_back(here: Desk, loan: "Loan") -> None:
    done, operation = counter.once(
        here, lambda key: services.check_in_loan(loan=loan, at=here.at, by=here.by, operation_id=key)
    )
    result = services.ScanResult(
        services.Outcome.RETURNED,
        "",
        done.decision,
        patron=loan.patron,
        loan=done.loan,
        item=done.item,
        record=loan.record,
    )
    counter.take(here, result, operation)


@require_POST
@needs("desk.lend", scoped=True)
def renew(request: StaffRequest, pk: int) -> HttpResponse:
    here = counter.opened(request)
    _renew(here, _loan(here, pk))
    return _answer(here)


def _renew(here: Desk, loan: "Loan") -> None:
    by, at, confirmed = here.by, here.at, here.confirmed()
    try:
        renewed, operation = counter.once(
            here, lambda key: services.renew(loan=loan, at=at, by=by, confirmed=confirmed, operation_id=key)
        )
    except Refused as refusal:
        here.shown = showing.not_renewed(loan, refusal.decision)
        kept = counter.kept_reasons(services.ScanResult(services.Outcome.ASKED, "", refusal.decision))
        here.last = Last(outcome="renewal-asked", loan=loan.pk, reasons=kept)
        return
    loan.due_on = renewed.due_on
    here.shown = showing.renewed(loan, str(operation))
    here.last = Last(outcome="renewed", operation=str(operation), loan=loan.pk)
    line = today.act_of(here.request.library, operation)
    here.lines += [line] if line else []


@require_POST
@needs("desk.lend", scoped=True)
def undo(request: StaffRequest) -> HttpResponse:
    """Undo an act of today: a loan is cancelled, a returned one opened again, a renewal taken back."""
    here = counter.opened(request)
    try:
        act = UUID(request.POST.get("act", "") or here.kept.last.operation)
    except ValueError:
        return _answer(here)
    before = today.act_of(request.library, act)
    if before is None or not counter.may_undo(here, before):
        raise Http404
    try:
        undone = counter.undo(here, act)
    except Refused as refusal:
        here.shown = showing.undone(before.title, refusal.decision)
        return _answer(here)
    here.shown = showing.undone(before.title)
    here.last = Last(outcome="undone", loan=undone.loan.pk if undone.loan else 0)
    if undone.loan is not None and before.kind in ("lent", "returned"):
        here.counted[before.kind] -= 1
        is_mine = here.patron is not None and undone.loan.patron_id == here.patron.pk
        here.counted["term"] -= before.kind == "lent" and is_mine
    return _answer(here, struck=replace(before, is_undone=True, can_be_undone=False))


def _loan(here: Desk, pk: int) -> "Loan":
    loan = here.loan(pk)
    if loan is None:
        raise Http404
    return loan


@require_safe
@needs("desk.lend", scoped=True)
def figures_today(request: StaffRequest) -> HttpResponse:
    """Today's figures anew, for a desk that stands idle while others work."""
    found = today.counts(request.library, clock.local_date(clock.now()))
    return render(request, "desk/desk/counts.html", {"counts": found})
