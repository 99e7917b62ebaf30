"""Closing a year: what it comes to, then the act that locks it for good."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.ledgers import VIEW, head, lines, may_close
from shuxiang.desk.views.periods import today
from shuxiang.holdings.services import next_year
from shuxiang.imports.services.served import settle
from shuxiang.reports.ledgers import serving
from shuxiang.reports.ledgers.books.total import BALANCE_COLUMNS
from shuxiang.reports.ledgers.closings import balance_of, closing_of

PATIENCE_SECONDS = 5.0
YEARS = range(1900, 2200)


@require_safe
@needs(VIEW)
def year(request: StaffRequest, year: int) -> HttpResponse:
    """The balance of a year: before it is closed to be looked at, afterwards to be printed."""
    if year not in YEARS:
        raise Http404(str(year))
    closing = closing_of(request.library, year)
    balance = balance_of(request.library, year)
    turn = next_year(request.library, today())
    context = {
        "year": year,
        "closing": closing,
        "is_turn": turn == year,
        "turn": turn,
        "may_close": may_close(request),
        "account": balance.account,
        "head": head(BALANCE_COLUMNS),
        "rows": lines(BALANCE_COLUMNS, balance.rows),
        "whole": lines(BALANCE_COLUMNS, [balance.whole]),
        "operation": uuid7(),
        "is_over": year < today().year,
    }
    return render(request, "desk/ledgers/year.html", context)


@require_POST
@needs("holdings.withdraw")
def close(request: StaffRequest, year: int) -> HttpResponse:
    """Close it, once the tick says that this is meant; a job, so that a stop in the middle is taken up again."""
    if year not in YEARS:
        raise Http404(str(year))
    if not request.POST.get("sure"):
        messages.error(request, _("Nothing was closed: tick that the year may be locked."))
        return redirect("desk:ledger_year", year=year)
    try:
        operation = UUID(request.POST.get("operation", ""))
    except ValueError:
        operation = uuid7()
    job = serving.close_later(
        library=request.library, year=year, operation_id=operation, by=actor_of(request)
    )
    settle(job.pk, seconds=PATIENCE_SECONDS)
    done = serving.job_of(request.library, job.pk, serving.CLOSING)
    if done is not None and done.message:
        messages.error(request, done.message)
    elif done is not None and done.state == "done":
        messages.success(request, _("The books of %(year)s are closed.") % {"year": year})
    else:
        messages.info(request, _("The year is being closed; look again in a moment."))
    return redirect("desk:ledger_year", year=year)
