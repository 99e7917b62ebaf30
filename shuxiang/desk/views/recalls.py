"""Recalls: call in one loan, a title, a class or all; see it first, print a slip for each class, take it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import recalled, selectors, services
from shuxiang.circulation.holdrules import may_recall
from shuxiang.circulation.selectors import identify
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.counter import key_of
from shuxiang.desk.showing import reasons
from shuxiang.desk.views.holds import LARGEST, OVERRIDE, refuse
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.holdings.shown import held_record
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.circulation.holdmodels import Recall
    from shuxiang.circulation.models import Loan
    from shuxiang.libraries.models import SchoolClass

A_PAGE = 50
LISTED = 400
Scope = recalled.Scope


def today() -> date:
    return clock.local_date(clock.now())


def classes_of(request: StaffRequest) -> list[tuple[SchoolClass, str]]:
    """The classes there are now, with their labels."""
    found = libraries.classes_on(request.library, today())
    labels = libraries.class_labels(request.library, found, today())
    return [(one, labels[one.pk]) for one in found]


@require_safe
@needs(OVERRIDE)
def recalls(request: StaffRequest) -> HttpResponse:
    """What was called in, and the form to call in."""
    page = Paginator(recalled.recalls_of(request.library), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, subject_of(one)) for one in page],
        "classes": classes_of(request),
        "today": today(),
        "proposed": _proposed(request),
    }
    return render(request, "desk/recalls/page.html", context)


def _proposed(request: StaffRequest) -> date:
    """A week from now, or the day on which the running term calls everything in, where that comes first."""
    day = libraries.next_open_day(request.library, today() + timedelta(days=7))
    term = libraries.recall_on(request.library, today())
    return min(day, term) if term else day


def subject_of(one: Recall) -> str:
    """What a recall was about, in words."""
    if one.scope == Scope.ALL:
        return _("All readers")
    if one.scope == Scope.CLASS:
        return one.subject
    return pgettext("title of a book", "“%(title)s”") % {"title": one.subject}


def _wanted(request: StaffRequest, sent: QueryDict) -> services.Wanted | None:
    """What a form asks for; None where it says nothing that is here. Raises ValueError for what is no day."""
    due_on = date.fromisoformat(sent.get("due_on", ""))
    scope = sent.get("scope", "")
    if scope == Scope.CLASS:
        key = key_of(sent.get("school_class", ""))
        if key is None:
            return services.Wanted(Scope.ALL, due_on)
        found = next((one for one, _label in classes_of(request) if one.pk == key), None)
        return services.Wanted(scope, due_on, school_class=found) if found else None
    if scope == Scope.LOAN:
        key = key_of(sent.get("loan", ""))
        loan = selectors.find_loan(request.library, key) if key is not None else None
        return services.Wanted(scope, due_on, loan=loan) if loan else None
    if scope == Scope.TITLE:
        key = key_of(sent.get("record", ""))
        record = held_record(request.library, key) if key is not None else _scanned(request, sent)
        return services.Wanted(scope, due_on, record=record) if record else None
    return services.Wanted(Scope.ALL, due_on) if scope == Scope.ALL else None


def _scanned(request: StaffRequest, sent: QueryDict) -> BibliographicRecord | None:
    """The title of a barcode or an ISBN."""
    code = sent.get("title", "").strip()[:100]
    known = identify(request.library, code) if code else None
    if known is None:
        return None
    if known.item is not None:
        return known.item.holding.record
    return known.records[0] if len(known.records) == 1 else None


@require_safe
@needs(OVERRIDE)
def preview(request: StaffRequest) -> HttpResponse:
    """Whose loans would be due when; nothing is written."""
    try:
        wanted = _wanted(request, request.GET)
    except ValueError:
        messages.error(request, _("Enter the day as 2026-09-30."))
        return redirect("desk:recalls")
    if wanted is None:
        messages.error(
            request, _("No such class, title or loan here. Scan a volume of the title, or its ISBN.")
        )
        return redirect("desk:recalls")
    seen = services.foresee_recall(request.library, wanted, clock.now())
    reason = request.GET.get("reason", "").strip()[:120]
    decision = may_recall(due_on=wanted.due_on, today=today(), reason=reason, loans=len(seen.loans))
    readers = {loan.patron.pk: loan.patron for loan in seen.loans if loan.patron is not None}
    labels = patrons.labels_on(request.library, list(readers.values()), today())
    context = {
        "wanted": wanted,
        "class_label": libraries.label_of(wanted.school_class, today()) if wanted.school_class else "",
        "seen": seen,
        "lines": [(loan, _who(loan, labels)) for loan in seen.loans[:LISTED]],
        "readers": len(readers),
        "more": max(len(seen.loans) - LISTED, 0),
        "reason": reason,
        "reasons": reasons(decision),
        "is_refused": bool(decision.refused),
        "operation": uuid7(),
    }
    return render(request, "desk/recalls/preview.html", context)


def _who(loan: Loan, labels: dict[int, str]) -> str:
    return labels.get(loan.patron_id or 0, "") or loan.class_label


@require_POST
@needs(OVERRIDE)
def call_in(request: StaffRequest) -> HttpResponse:
    """Call in what was shown; pressed twice, it is done once."""
    try:
        wanted = _wanted(request, request.POST)
    except ValueError:
        wanted = None
    if wanted is None:
        raise Http404
    try:
        made = services.recall(
            library=request.library,
            wanted=wanted,
            reason=request.POST.get("reason", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        )
    except Refused as refused:
        refuse(request, refused)
        return redirect("desk:recalls")
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
        return redirect("desk:recalls")
    return redirect("desk:recall", pk=made.pk)


def recall_or_404(request: StaffRequest, pk: int) -> Recall:
    found = recalled.find_recall(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs(OVERRIDE)
def recall_page(request: StaffRequest, pk: int) -> HttpResponse:
    """What was called in, class by class: what is back, what is out."""
    found = recall_or_404(request, pk)
    slips = recalled.slips_of(found, today())
    context = {
        "recall": found,
        "subject": subject_of(found),
        "slips": slips,
        "operation": uuid7(),
        "today": today(),
    }
    return render(request, "desk/recalls/recall.html", context)


@require_safe
@needs(OVERRIDE)
def slips(request: StaffRequest, pk: int) -> HttpResponse:
    """A slip for each class, a page each: what is out still."""
    found = recall_or_404(request, pk)
    context = {
        "recall": found,
        "subject": subject_of(found),
        "slips": recalled.slips_of(found, today(), only_out=True),
        "back_url": reverse("desk:recall", args=[pk]),
        "today": today(),
    }
    return render(request, "desk/recalls/slips.html", context)


@require_POST
@needs(OVERRIDE)
def reverse_it(request: StaffRequest, pk: int) -> HttpResponse:
    """Due as before, where the loan is out and nothing moved its day since."""
    found = recall_or_404(request, pk)
    try:
        _recall, sums = services.reverse_recall(
            recall=found, at=clock.now(), by=actor_of(request), operation_id=operation_of(request)
        )
    except Refused as refused:
        refuse(request, refused)
    except OperationMismatch:
        messages.error(request, _("This page was sent before. Look again."))
    else:
        said = _(
            "%(read)s loans: %(changed)s due as before, %(returned)s returned since, %(moved)s moved since."
        )
        told = {"read": sums.read, "changed": sums.changed}
        told |= {"returned": sums.left.get("returned", 0), "moved": sums.left.get("moved_on", 0)}
        messages.success(request, said % told)
    return redirect("desk:recall", pk=pk)
