"""Accession batches (总括登记): open a draft, see what is in it and what it comes to, post it, undo it, reverse it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.cataloguing_forms import SOURCES, BatchForm
from shuxiang.desk.views.cataloguing_ground import (
    EDIT,
    POST,
    may_post,
    may_print,
    sentences,
    tell_done,
    tell_refused,
    uuid_of,
)
from shuxiang.holdings import batches
from shuxiang.holdings.messages import ACCOUNTS
from shuxiang.holdings.services import draft_batch, post_batch, reverse_batch, void_batch
from shuxiang.holdings.services.closed import refuse_to_come
from shuxiang.holdings.services.erasing import erase_items

if TYPE_CHECKING:
    from shuxiang.holdings.models import AccessionBatch
    from shuxiang.holdings.services import ReversalResult

A_PAGE, LINES_A_PAGE = 30, 200
NAMED = 200  # volumes that a reversal left, named on its page
STATES = {
    "draft": ("out", pgettext_lazy("state of a batch", "Draft")),
    "posting": ("away", pgettext_lazy("state of a batch", "Being posted")),
    "posted": ("ok", pgettext_lazy("state of a batch", "Posted")),
    "void": ("short", pgettext_lazy("state of a batch", "Undone")),
}


def _batch(request: StaffRequest, pk: int) -> AccessionBatch:
    found = batches.find_batch(request.library, pk)
    if found is None:
        raise Http404
    return found


def _today() -> date:
    return clock.local_date(clock.now())


@require_safe
@needs(EDIT, POST)
def listing(request: StaffRequest) -> HttpResponse:
    """Drafts first in line to be posted; what was posted below, the latest first."""
    page = Paginator(batches.batches(request.library), A_PAGE).get_page(request.GET.get("page"))
    words = dict(SOURCES)
    rows = [(one, words[one.source], *STATES[one.state], batches.totals(one)) for one in page]
    form = BatchForm(initial={"received_on": _today(), "source": "purchase"})
    context = {"rows": rows, "page": page, "batch_form": form, "operation": uuid7()}
    return render(request, "desk/cataloguing/batches.html", context)


@require_POST
@needs(EDIT, POST)
def open_batch(request: StaffRequest) -> HttpResponse:
    """Open a draft for what came together, and go on with its first title."""
    form = BatchForm(request.POST)
    if not form.is_valid():
        context = {
            "batch_form": form,
            "rows": [],
            "page": None,
            "operation": request.POST.get("operation", ""),
        }
        return render(request, "desk/cataloguing/batches.html", context, status=422)
    given = form.cleaned_data
    draft = draft_batch(
        library=request.library,
        source=given["source"],
        document=given["document"],
        supplier=given["supplier"],
        received_on=given["received_on"],
        note=given["note"],
        by=actor_of(request),
        at=clock.now(),
        operation_id=uuid_of(request.POST.get("operation", "")),
    )
    return redirect(f"{reverse('desk:cataloguing')}?{urlencode({'batch': draft.pk})}")


@require_safe
@needs(EDIT, POST)
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """What is in a batch, what it comes to, and the act that is next."""
    return _page(request, _batch(request, pk))


def _page(
    request: StaffRequest, one: AccessionBatch, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    page = Paginator(batches.lines(one), LINES_A_PAGE).get_page(request.GET.get("page"))
    kind, words = STATES[one.state]
    context = {
        "batch": one,
        "source": dict(SOURCES)[one.source],
        "state_kind": kind,
        "state_words": words,
        "totals": batches.totals(one),
        "unlabelled": batches.unlabelled(one) if one.state == "draft" else 0,
        "lines": batches.folded(list(page)),
        "page": page,
        "may_post": may_post(request),
        "may_print": may_print(request),
        "today": _today(),
        "operation": uuid7(),
        "problems": problems or [],
    }
    return render(request, "desk/cataloguing/batch.html", context, status=status)


@require_POST
@needs(EDIT, POST)
def erase(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a line out of a draft again."""
    one = _batch(request, pk)
    keys = [
        int(key)
        for key in request.POST.get("items", "").split(",")
        if key.isascii() and key.isdecimal() and len(key) < 19
    ]
    try:
        count = erase_items(
            keys,
            batch=one,
            by=actor_of(request),
            at=clock.now(),
            operation_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        tell_refused(request, refused)
    else:
        tell_done(request, _("%(count)s volumes were taken out of the draft.") % {"count": count})
    return redirect("desk:batch", pk=one.pk)


@require_POST
@needs(POST)
def post(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter a draft in the books: it gets its number, its volumes theirs."""
    one = _batch(request, pk)
    on = _day(request) or _today()
    try:
        refuse_to_come(on, clock.now())
        posted = post_batch(
            one,
            by=actor_of(request),
            at=clock.now(),
            on=on,
            operation_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        return _page(request, one, problems=sentences(refused), status=422)
    said = _("Batch %(number)s is posted: %(titles)s titles, %(volumes)s volumes.")
    tell_done(request, said % {"number": posted.number, "titles": posted.titles, "volumes": posted.volumes})
    return redirect("desk:batch", pk=one.pk)


def _day(request: StaffRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return None


@require_POST
@needs(EDIT, POST)
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo a draft whole: nothing in it ever counted."""
    one = _batch(request, pk)
    try:
        void_batch(
            one,
            by=actor_of(request),
            at=clock.now(),
            operation_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        tell_refused(request, refused)
        return redirect("desk:batch", pk=one.pk)
    tell_done(request, _("The draft was undone. Its titles stay in the catalogue."))
    return redirect("desk:batches")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(POST)
def reverse_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Strike a posted batch by a reversing entry (红冲); what others have touched since stays and is named."""
    one = _batch(request, pk)
    context: dict[str, object] = {
        "batch": one,
        "totals": batches.totals(one),
        "today": _today(),
        "operation": uuid7(),
    }
    if request.method != "POST":
        context |= _foreseen(one)
        return render(request, "desk/cataloguing/reverse.html", context)
    on = _day(request) or _today()
    try:
        refuse_to_come(on, clock.now())
        result = reverse_batch(
            one,
            by=actor_of(request),
            at=clock.now(),
            on=on,
            operation_id=uuid_of(request.POST.get("operation", "")),
        )
    except Refused as refused:
        context |= {"problems": sentences(refused), **_foreseen(one)}
        return render(request, "desk/cataloguing/reverse.html", context, status=422)
    return render(request, "desk/cataloguing/reversed.html", context | _result(result))


def _foreseen(one: AccessionBatch) -> dict[str, object]:
    """What would be struck and left; for a very large batch only how many volumes it has."""
    found = batches.foreseen(one)
    return {"foreseen": found, "to_strike": found.struck if found else one.volumes}


def _result(result: ReversalResult) -> dict[str, object]:
    skipped = [(one.label, ACCOUNTS.get(one.account, one.account)) for one in result.skipped[:NAMED]]
    return {
        "reversed": result.reversed,
        "withdrawal": result.withdrawal,
        "skipped": skipped,
        "left": len(result.skipped),
        "all": result.reversed + len(result.skipped),
    }
