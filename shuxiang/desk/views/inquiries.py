"""The service desk: what was asked, what was answered, in how many minutes, for what fee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.desk import LONGEST_SCAN
from shuxiang.desk.views.money import (
    LARGEST,
    attempt,
    excel,
    may_also,
    today,
    typed_day,
    typed_number,
    typed_sum,
)
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.inquiries import selectors, services
from shuxiang.inquiries.messages import KINDS, STATES, say_all
from shuxiang.inquiries.refusals import refuse
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.inquiries.models import Inquiry

SEE, CASH = "patrons.view", "cash.keep"
A_PAGE = 50


def _shown(one: Inquiry) -> dict[str, object]:
    return {
        "one": one,
        "kind": KINDS[one.kind],
        "state": STATES[one.state],
        "asker": selectors.asker_of(one),
    }


@require_safe
@needs(SEE)
def inquiries(request: StaffRequest) -> HttpResponse:
    """Open requests first, then those answered; a word or a kind narrows them; a form for a new one."""
    text, kind = request.GET.get("q", "")[:100], request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    waiting = selectors.inquiries_of(request.library, state="open", text=text, kind=kind)
    ended = selectors.inquiries_of(request.library, text=text, kind=kind).exclude(state="open")
    page = Paginator(ended, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "open": [_shown(one) for one in waiting[:200]],
        "ended": [_shown(one) for one in page],
        "page": page,
        "text": text,
        "kind": kind,
        "kinds": KINDS.items(),
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/inquiries/page.html", context)


@require_POST
@needs(SEE)
def ask(request: StaffRequest) -> HttpResponse:
    """Write a request down; the field of who asks takes a card or a name."""
    who, kind = request.POST.get("who", "").strip()[:60], request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    card = patrons.find_card(request.library, who[:LONGEST_SCAN]) if who else None
    made = attempt(
        request,
        lambda: services.ask(
            library=request.library,
            kind=kind,
            question=request.POST.get("question", ""),
            patron=card.patron if card else None,
            asker=who,
            on=typed_day(request.POST.get("on", ""), today()),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
    )
    return redirect("desk:inquiry", pk=made.pk) if made else redirect("desk:inquiries")


def _inquiry_or_404(request: StaffRequest, pk: int) -> Inquiry:
    found = selectors.inquiry_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(SEE)
def inquiry(request: StaffRequest, pk: int) -> HttpResponse:
    """One request with its answer, or the form for it."""
    found = _inquiry_or_404(request, pk)
    context = _shown(found) | {"may_receive": may_also(request, CASH), "operation": uuid7()}
    return render(request, "desk/inquiries/inquiry.html", context)


@require_POST
@needs(SEE)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer it; a fee only by who may receive money."""
    found = _inquiry_or_404(request, pk)

    def give() -> Inquiry:
        typed = request.POST.get("minutes", "").strip()
        minutes = typed_number(typed, 99999)
        if typed and minutes is None:
            raise refuse("bad_minutes")
        fee = typed_sum(request, "fee", 0) if may_also(request, CASH) else 0
        given = services.Answered(
            request.POST.get("answer", ""), request.POST.get("sources", ""), minutes, fee or 0
        )
        return services.answer(
            found, given, at=clock.now(), by=actor_of(request), operation_id=operation_of(request)
        )

    attempt(request, give, say_all, _("Answered."))
    return redirect("desk:inquiry", pk=pk)


@require_POST
@needs(SEE)
def turn(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Drop a request, or take its answer back."""
    found = _inquiry_or_404(request, pk)
    if act not in ("drop", "reopen"):
        raise Http404
    if act == "reopen" and found.receipt is not None and not may_also(request, CASH):
        messages.error(request, _("Its fee was received: who keeps the cash book takes it back."))
        return redirect("desk:inquiry", pk=pk)

    def done() -> Inquiry:
        by, at, key = actor_of(request), clock.now(), operation_of(request)
        if act == "drop":
            return services.drop(found, at=at, by=by, operation_id=key)
        return services.reopen(found, words=found.question, at=at, by=by, operation_id=key)

    attempt(request, done, say_all, _("Done."))
    return redirect("desk:inquiry", pk=pk)


@require_safe
@needs(SEE)
def file(request: StaffRequest) -> HttpResponse:
    """All requests as an Excel file."""
    columns = (
        _("Asked on"), pgettext("inquiry", "Kind"), _("Who asks"), _("Question"), pgettext("inquiry", "State"), _("Answer"),
        _("Sources"), _("Answered on"), _("By"), _("Minutes"), _("Fee"), pgettext("cash", "Receipt"),
    )  # fmt: skip
    rows = selectors.table_of(selectors.inquiries_of(request.library))
    return excel(f"{request.library.name} {_('Service desk')}", columns, rows, _("Service desk"))
