"""The cash book: a month with its totals, an entry by hand, handing over, the closing of a day, receipts to print."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.cashbook import selectors, services
from shuxiang.cashbook.messages import ACTS, KINDS, say_all
from shuxiang.cashbook.rules import in_capitals
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.common.money import format_yuan
from shuxiang.desk.views.money import LARGEST, attempt, excel, today, typed_day, typed_sum
from shuxiang.desk.views.stocktaking import operation_of

if TYPE_CHECKING:
    from shuxiang.cashbook.models import CashEntry

KEEP = "cash.keep"
# what is entered here by hand; compensation and requests write their own, or the two would not agree
BY_HAND = ("card", "copy", "service", "other")


def _month(text: str) -> tuple[date, date]:
    """The first and the last day of a month like 2026-10; this month for what is none."""
    first = typed_day(f"{text}-01", today().replace(day=1))
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _shown(entry: CashEntry) -> dict[str, object]:
    own = not entry.subject.startswith(("compensation.", "inquiries."))
    return {
        "entry": entry,
        "act": ACTS[entry.act],
        "kind": KINDS[entry.kind],
        "may_reverse": own and entry.act != selectors.Act.REVERSAL,
        "case": entry.subject.partition(":")[2] if entry.subject.startswith("compensation.case:") else "",
        "inquiry": entry.subject.partition(":")[2] if entry.subject.startswith("inquiries.") else "",
    }


@require_safe
@needs(KEEP)
def cash(request: StaffRequest) -> HttpResponse:
    """The book of a month, what is in the box, and the days that are not closed."""
    library = request.library
    first, last = _month(request.GET.get("month", ""))
    entries = selectors.entries_between(library, first, last)
    totals = selectors.totals(entries)
    context = {
        "first": first,
        "months": sorted({*selectors.months_of(library), first, today().replace(day=1)}, reverse=True),
        "entries": [_shown(entry) for entry in entries],
        "totals": [(KINDS[kind], fen) for kind, fen in sorted(totals.kinds.items())],
        "handed_fen": totals.handed_fen,
        "sum_fen": totals.sum_fen,
        "book": selectors.book_to(library, today()),
        "last": selectors.last_close(library),
        "kinds": [(code, KINDS[code]) for code in BY_HAND],
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/cash/page.html", context)


@require_POST
@needs(KEEP)
def receive(request: StaffRequest) -> HttpResponse:
    """An entry by hand: for a card, copies, something else."""
    kind = request.POST.get("kind", "")
    if kind not in BY_HAND:
        raise Http404
    made = attempt(
        request,
        lambda: services.receive(
            library=request.library,
            kind=kind,
            amount_fen=typed_sum(request, "amount", 0) or 0,
            payer=request.POST.get("payer", ""),
            words=request.POST.get("words", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
    )
    return redirect("desk:cash_receipt", pk=made.pk) if made else redirect("desk:cash")


@require_POST
@needs(KEEP)
def hand_over(request: StaffRequest) -> HttpResponse:
    """Money goes to the school's accounts."""
    made = attempt(
        request,
        lambda: services.hand_over(
            library=request.library,
            amount_fen=typed_sum(request, "amount", 0) or 0,
            to=request.POST.get("to", ""),
            words=request.POST.get("words", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
    )
    return redirect("desk:cash_receipt", pk=made.pk) if made else redirect("desk:cash")


def entry_or_404(request: StaffRequest, pk: int) -> CashEntry:
    found = selectors.entry_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(KEEP)
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    """A receipt in two halves: one for who paid, one to keep."""
    entry = entry_or_404(request, pk)
    titles = {
        "receipt": pgettext("cash", "Receipt"),
        "refund": pgettext("cash", "Refund slip"),
        "reversal": pgettext("cash", "Reversal slip"),
        "handover": pgettext("cash", "Handing-over slip"),
    }
    context = _shown(entry) | {
        "title": titles[entry.act],
        "capitals": in_capitals(entry.amount_fen),
        "fen": abs(entry.amount_fen),
        "halves": (_("for who paid"), _("to be kept")),
        "operation": uuid7(),
    }
    return render(request, "desk/cash/receipt.html", context)


@require_POST
@needs(KEEP)
def reverse(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an entry back by one of the opposite sum; one of a case or a request is taken back there."""
    entry = entry_or_404(request, pk)
    if not _shown(entry)["may_reverse"]:
        raise Http404
    made = attempt(
        request,
        lambda: services.reverse(
            entry,
            words=request.POST.get("words", "") or entry.words,
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Reversed by an entry of its own."),
    )
    return redirect("desk:cash") if made else redirect("desk:cash_receipt", pk=pk)


@require_safe
@needs(KEEP)
def closings(request: StaffRequest) -> HttpResponse:
    """Close the day: what the book says, what was counted; and the closings so far."""
    context = {
        "book": selectors.book_to(request.library, today()),
        "last": selectors.last_close(request.library),
        "closes": list(selectors.closes_of(request.library)[:100]),
        "signer": request.user.display_name,
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/cash/closings.html", context)


@require_POST
@needs(KEEP)
def close(request: StaffRequest) -> HttpResponse:
    """Close every day up to the one given."""
    attempt(
        request,
        lambda: services.close_day(
            library=request.library,
            on=typed_day(request.POST.get("on", ""), today()),
            counted_fen=typed_sum(request, "counted", 0) or 0,
            signed_by=request.POST.get("signed_by", ""),
            note=request.POST.get("note", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("The day is closed."),
    )
    return redirect("desk:cash_closings")


@require_safe
@needs(KEEP)
def file(request: StaffRequest) -> HttpResponse:
    """The month as an Excel file."""
    first, last = _month(request.GET.get("month", ""))
    columns = (
        _("Number"), _("Day"), _("What"), pgettext("cash", "Kind"), pgettext("person", "Name"), _("What for"),
        _("Yuan"), _("By"), _("Answers"),
    )  # fmt: skip
    rows = (
        [
            str(entry), entry.on.isoformat(), str(ACTS[entry.act]), str(KINDS[entry.kind]), entry.payer, entry.words,
            format_yuan(entry.amount_fen), entry.by, str(entry.of) if entry.of else "",
        ]
        for entry in selectors.entries_between(request.library, first, last)
    )  # fmt: skip
    name = f"{request.library.name} {_('Cash book')} {first:%Y-%m}"
    return excel(name, columns, rows, f"{first:%Y-%m}")
