"""Compensation: cases, one case with its acts, opening one from a loan or a volume, striking what was settled."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.cashbook.messages import ACTS
from shuxiang.cashbook.rules import in_capitals
from shuxiang.circulation.selectors import find_loan, identify
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Refused
from shuxiang.common.ids import uuid7
from shuxiang.compensation import selectors, services
from shuxiang.compensation.messages import SEVERITIES, STATES, WAYS, in_words, say_all
from shuxiang.desk.views.desk import LONGEST_SCAN
from shuxiang.desk.views.money import LARGEST, attempt, may_also, today, typed_day, typed_sum
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.holdings.selectors import item_label
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan
    from shuxiang.compensation.models import Case
    from shuxiang.holdings.models import Item

KEEP, WAIVE, STRIKE = "cash.keep", "cash.waive", "holdings.withdraw"
A_PAGE = 50


def shown(case: Case) -> dict[str, object]:
    """A case in words."""
    return {
        "case": case,
        "severity": SEVERITIES[case.severity],
        "state": STATES[case.state],
        "way": WAYS[case.way],
        "words": in_words(case.reckoning),
        "label": item_label(case.item) if case.item else "",
    }


@require_safe
@needs(KEEP)
def compensation(request: StaffRequest) -> HttpResponse:
    """What is open, what turned up, what waits to be struck, what was lost without a case."""
    library = request.library
    context = {
        "open": [shown(case) for case in selectors.open_cases(library)[:200]],
        "turned_up": [shown(case) for case in selectors.turned_up(library)[:100]],
        "unreported": list(selectors.unreported(library)[:100]),
        "to_withdraw": selectors.to_withdraw(library).count(),
        "may_strike": may_also(request, STRIKE),
        "latest": [shown(case) for case in selectors.ended_cases(library)[:10]],
        "operation": uuid7(),
    }
    return render(request, "desk/compensation/page.html", context)


@require_safe
@needs(KEEP)
def ended(request: StaffRequest) -> HttpResponse:
    """Cases that are settled, found or cancelled, the latest first."""
    page = Paginator(selectors.ended_cases(request.library), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "cases": [shown(case) for case in page]}
    return render(request, "desk/compensation/ended.html", context)


@require_POST
@needs(KEEP)
def scan(request: StaffRequest) -> HttpResponse:
    """To the volume that was scanned: lent, it may be lost; at hand, it may be damaged."""
    code = request.POST.get("scan", "").strip()[:LONGEST_SCAN]
    known = identify(request.library, code) if code else None
    if known is not None and known.item is not None:
        return redirect("desk:compensation_volume", pk=known.item.pk)
    messages.error(request, _("No volume of this library bears “%(code)s”. Scan it again.") % {"code": code})
    return redirect("desk:compensation")


def _item_or_404(request: StaffRequest, pk: int) -> Item:
    found = selectors.item_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


def _loan_or_404(request: StaffRequest, pk: int) -> Loan:
    found = find_loan(request.library, pk) if pk < 2**62 else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(KEEP)
def volume(request: StaffRequest, pk: int) -> HttpResponse:
    """A volume before a case is opened: who had it last, what would be due for each kind of damage."""
    item = _item_or_404(request, pk)
    standing = selectors.cases_on([pk]).get(pk)
    if standing is not None and standing.state == selectors.State.OPEN:
        return redirect("desk:compensation_case", pk=standing.pk)
    loan = selectors.last_loan_of(item)
    if loan is not None and loan.in_at is None:
        return redirect("desk:compensation_loan", pk=loan.pk)
    losses = [
        (code, words, _foreseen(request, item, loan, code))
        for code, words in SEVERITIES.items()
        if code != "lost"
    ]
    context = {
        "item": item,
        "label": item_label(item),
        "loan": loan,
        "losses": losses,
        "earlier": shown(standing) if standing else None,
        "operation": uuid7(),
    }
    return render(request, "desk/compensation/volume.html", context)


def _foreseen(request: StaffRequest, item: Item | None, loan: Loan | None, severity: str) -> str:
    """What would be due, in words; '' while no price is known."""
    found = selectors.foresee(request.library, selectors.loss_of(item, loan, severity))
    return in_words(asdict(found)) if found else ""


@require_POST
@needs(KEEP)
def damaged(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a case for a damaged volume: of who had it last, of a card, or of nobody known."""
    item = _item_or_404(request, pk)
    severity = request.POST.get("severity", "")
    if severity not in SEVERITIES:
        raise Http404
    loan = selectors.last_loan_of(item) if request.POST.get("whose") == "last" else None
    patron = loan.patron if loan is not None else None
    if request.POST.get("whose") == "card":
        card = patrons.find_card(request.library, request.POST.get("card", "")[:LONGEST_SCAN])
        if card is None:
            messages.error(request, _("No reader of this library has this card."))
            return redirect("desk:compensation_volume", pk=pk)
        patron = card.patron
    made = attempt(
        request,
        lambda: services.open_damaged(
            item,
            severity=severity,
            patron=patron,
            loan=loan,
            current_fen=typed_sum(request, "current"),
            note=request.POST.get("note", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Case opened."),
    )
    return (
        redirect("desk:compensation_case", pk=made.pk)
        if made
        else redirect("desk:compensation_volume", pk=pk)
    )


@require_safe
@needs(KEEP)
def loan(request: StaffRequest, pk: int) -> HttpResponse:
    """A loan before its volume is reported as lost: what would be due."""
    found = _loan_or_404(request, pk)
    context = {
        "loan": found,
        "words": _foreseen(request, found.item, found, "lost"),
        "label": item_label(found.item) if found.item else "",
        "is_out": found.in_at is None,
        "is_lost": found.outcome == "lost",
        "operation": uuid7(),
    }
    return render(request, "desk/compensation/loan.html", context)


@require_POST
@needs(KEEP)
def lost(request: StaffRequest, pk: int) -> HttpResponse:
    """The reader has lost it."""
    found = _loan_or_404(request, pk)
    made = attempt(
        request,
        lambda: services.open_lost(
            found,
            current_fen=typed_sum(request, "current"),
            note=request.POST.get("note", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Case opened: the loan has ended as lost."),
    )
    return (
        redirect("desk:compensation_case", pk=made.pk) if made else redirect("desk:compensation_loan", pk=pk)
    )


def case_or_404(request: StaffRequest, pk: int) -> Case:
    found = selectors.case_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


def _context(request: StaffRequest, case: Case) -> dict[str, object]:
    terms = selectors.terms_of(request.library)
    return shown(case) | {
        "receipts": [(entry, ACTS[entry.act]) for entry in selectors.receipts_of(case)],
        "fee_fen": terms.replacement_fee_fen,
        "refund_days": terms.refund_days,
        "may_waive": may_also(request, WAIVE),
        "may_find": case.severity == "lost" and case.state in ("open", "settled"),
        "is_untouched": not case.paid_fen and not case.way,
        "payer": case.patron.name if case.patron else "",
        "today": today(),
        "operation": uuid7(),
    }


@require_safe
@needs(KEEP)
def case(request: StaffRequest, pk: int) -> HttpResponse:
    """One case: how the sum came about, its receipts, and the acts that fit."""
    return render(request, "desk/compensation/case.html", _context(request, case_or_404(request, pk)))


@require_POST
@needs(KEEP)
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """One act on a case, by its name in the address."""
    found = case_or_404(request, pk)
    if name not in _ACTS or (name == "waive" and not may_also(request, WAIVE)):
        raise Http404
    service, done = _ACTS[name]
    try:
        service(request, found)
    except Refused as refused:
        return _refused(request, found, refused.decision)
    messages.success(request, str(done))
    return redirect("desk:compensation_case", pk=pk)


def _refused(request: StaffRequest, case: Case, decision: Decision) -> HttpResponse:
    """The page again with what stands in the way; a question can be answered with yes."""
    context = _context(request, case_or_404(request, case.pk)) | {
        "problem": say_all(decision),
        "asks": [reason.code for reason in decision.asks] if not decision.refused else [],
        "typed": request.POST,
    }
    return render(request, "desk/compensation/case.html", context, status=409)


def _pay(request: StaffRequest, case: Case) -> None:
    services.pay(
        case,
        amount_fen=typed_sum(request, "amount", case.left_fen) or 0,
        payer=request.POST.get("payer", ""),
        at=clock.now(),
        by=actor_of(request),
        operation_id=operation_of(request),
    )


def _replace(request: StaffRequest, case: Case) -> None:
    new = services.NewVolume(
        request.POST.get("barcode", "").strip()[:LONGEST_SCAN], typed_sum(request, "price")
    )
    services.replace(case, new, at=clock.now(), by=actor_of(request), operation_id=operation_of(request))


def _waive(request: StaffRequest, case: Case) -> None:
    services.waive(
        case,
        approved_by=request.POST.get("approved_by", ""),
        reason=request.POST.get("reason", ""),
        at=clock.now(),
        by=actor_of(request),
        operation_id=operation_of(request),
    )


def _repaired(request: StaffRequest, case: Case) -> None:
    services.repaired(
        case,
        what=request.POST.get("what", ""),
        at=clock.now(),
        by=actor_of(request),
        operation_id=operation_of(request),
    )


def _found(request: StaffRequest, case: Case) -> None:
    services.turn_up(
        case,
        refund_fen=typed_sum(request, "refund", 0) or 0,
        takes_back=request.POST.get("keeps") != "1",
        confirmed=frozenset(request.POST.getlist("confirm")),
        at=clock.now(),
        by=actor_of(request),
        operation_id=operation_of(request),
    )


def _undo(request: StaffRequest, case: Case) -> None:
    services.step_back(
        case, words=case.title, at=clock.now(), by=actor_of(request), operation_id=operation_of(request)
    )


_ACTS = {
    "pay": (_pay, gettext_lazy("Received: print the receipt.")),
    "replace": (_replace, gettext_lazy("The new volume is entered with a number of its own.")),
    "waive": (_waive, gettext_lazy("Waived.")),
    "repaired": (_repaired, gettext_lazy("Settled: it has been repaired.")),
    "found": (_found, gettext_lazy("Found: the books say so.")),
    "undo": (_undo, gettext_lazy("The last step is undone.")),
}


@require_safe
@needs(STRIKE)
def settled(request: StaffRequest) -> HttpResponse:
    """Settled cases whose volumes still stand in the books, to be struck in one go."""
    cases = [shown(case) for case in selectors.to_withdraw(request.library)[:500]]
    context = {"cases": cases, "today": today(), "operation": uuid7()}
    return render(request, "desk/compensation/settled.html", context)


@require_POST
@needs(STRIKE)
def strike(request: StaffRequest) -> HttpResponse:
    """Strike what was ticked: all of it or nothing."""
    keys = [int(k) for k in request.POST.getlist("case")[:500] if k.isascii() and k.isdigit() and len(k) < 10]
    done = attempt(
        request,
        lambda: services.withdraw_settled(
            keys,
            library=request.library,
            approved_by=request.POST.get("approved_by", ""),
            document=request.POST.get("document", ""),
            on=typed_day(request.POST.get("on", ""), today()),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
    )
    if done is None:
        return redirect("desk:compensation_settled")
    words = {"chosen": len(keys), "struck": len(done.struck), "left": len(done.left)}
    messages.success(request, _("Chosen %(chosen)s = struck %(struck)s + left %(left)s.") % words)
    return redirect("desk:compensation")


@require_safe
@needs(KEEP)
def notice(request: StaffRequest, pk: int) -> HttpResponse:
    """The form of notice for a case (赔偿通知单), to take home: what, why, how much, in capitals too."""
    found = case_or_404(request, pk)
    context = _context(request, found) | {"capitals": in_capitals(found.left_fen or found.due_fen)}
    return render(request, "desk/compensation/notice.html", context)
