"""What comes of a stocktake on paper: the report for the school's leaders, the comparison, the order of a shelf."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, needs
from shuxiang.desk.views.stocktaking import COUNT, KEEP, found_or_404, range_words
from shuxiang.desk.views.summary import WORD, shown_blocks
from shuxiang.reports import stocktake_report
from shuxiang.stocktaking import selectors

READ = "figures.view"
LISTED = 300
State = selectors.StocktakeState


@require_safe
@needs(KEEP, READ)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The report of a closed stocktake as a page."""
    take = found_or_404(request, pk)
    if take.state != State.CLOSED:
        return redirect("desk:stocktake", pk=pk)
    paper = stocktake_report.paper(take)
    context = {"take": take, "title": paper.title, "blocks": list(shown_blocks(paper))}
    return render(request, "desk/stocktaking/report.html", context)


@require_safe
@needs(KEEP, READ)
def word_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The same as a Word file to keep."""
    take = found_or_404(request, pk)
    if take.state != State.CLOSED:
        return redirect("desk:stocktake", pk=pk)
    name = f"{take.library.name}{take.name}清点报告.docx"
    found = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    content = stocktake_report.word_file(take)
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": found})


@require_safe
@needs(KEEP, READ)
def compared(request: StaffRequest, pk: int) -> HttpResponse:
    """This stocktake against an earlier one: missing again, newly missing, found again."""
    take = found_or_404(request, pk)
    earlier = list(selectors.previous_of(take))
    if take.state != State.CLOSED or not earlier:
        return redirect("desk:stocktake", pk=pk)
    wanted = request.GET.get("with", "")
    other = next((one for one in earlier if str(one.pk) == wanted), earlier[0])
    found = selectors.compare(take, other)
    lists = [
        (code, lines.count(), lines[:LISTED])
        for code, lines in (
            ("missing_again", found.missing_again),
            ("newly_missing", found.newly_missing),
            ("found_again", found.found_again),
        )
    ]
    context = {
        "take": take,
        "other": other,
        "earlier": earlier,
        "lists": lists,
        "only_here": found.only_here,
        "listed": LISTED,
    }
    return render(request, "desk/stocktaking/compared.html", context)


@require_safe
@needs(COUNT, KEEP)
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """The shelf as it was scanned, and the fewest books to move so that it stands in order."""
    found = selectors.stream_of(request.library, pk) if pk < 2**31 else None
    if found is None:
        raise Http404
    context = {
        "stream": found,
        "take": found.stocktake,
        "range": range_words(found.stocktake),
        "order": selectors.order_of(found),
    }
    return render(request, "desk/stocktaking/order.html", context)
