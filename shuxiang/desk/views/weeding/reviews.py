"""Review of titles: bring a list, see what the library has of it, set aside, give back, list for withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.imports.listing import PATIENCE_SECONDS, anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.weeding import WITHDRAW
from shuxiang.desk.views.weeding.forms import DecideForm, ReviewForm
from shuxiang.desk.views.weeding.hub import PER_PAGE, keys_of, tell, uuid_of
from shuxiang.imports.messages import sentence
from shuxiang.imports.services import served
from shuxiang.imports.shapes import Note
from shuxiang.imports.tables import TableError
from shuxiang.ui.numbers import grouped
from shuxiang.weeding import messages as words
from shuxiang.weeding import selectors
from shuxiang.weeding.messages import say
from shuxiang.weeding.services import reviewing

if TYPE_CHECKING:
    from shuxiang.weeding.models import ReviewList

_STATES = {"open": "short", "aside": "away", "passed": "ok", "other": "out", "listed": "out"}


@require_http_methods(["GET", "POST"])
@needs(WITHDRAW)
def reviews(request: StaffRequest) -> HttpResponse:
    """Bring a list of titles; below, those that were brought."""
    is_sent = request.method == "POST"
    form = ReviewForm(request.POST, request.FILES) if is_sent else ReviewForm()
    if is_sent and form.is_valid():
        made = _brought(request, form)
        if made is not None:
            served.settle(made.job_id, seconds=PATIENCE_SECONDS)
            return redirect("desk:weeding_review", pk=made.pk)
    page = Paginator(selectors.reviews_of(request.library), 20).get_page(request.GET.get("page"))
    status = 422 if is_sent else 200
    context = {"form": form, "page": page, "operation": uuid7()}
    return render(request, "desk/weeding/reviews.html", context, status=status)


def _brought(request: StaffRequest, form: ReviewForm) -> ReviewList | None:
    """The list, or None with what is wrong written to the form."""
    given = form.cleaned_data["file"]
    if not isinstance(given, UploadedFile):
        return None
    try:
        return reviewing.bring(
            given.read(reviewing.MOST_BYTES + 1),
            file_name=given.name or "",
            name=form.cleaned_data["name"],
            document=form.cleaned_data["document"],
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
            list_id=uuid_of(request.POST.get("operation", "")),
        )
    except TableError as problem:
        form.add_error("file", sentence(Note(problem.code, problem.params)))
    except Refused as refused:
        for reason in refused.decision.reasons:
            form.add_error("file", say(reason))
    return None


def _in_reach(request: StaffRequest, pk: UUID) -> ReviewList:
    found = selectors.review_of(request.library, pk)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WITHDRAW)
def review(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What the library has of a list, and what was decided about it."""
    return _page(request, _in_reach(request, pk))


def _page(request: StaffRequest, found: ReviewList, status: int = 200, **forms: object) -> HttpResponse:
    if found.state == "matching":
        context = {"review": found, "progress": progress_of(selectors.job_of(found.job_id), clock.now())}
        return render(request, "desk/weeding/matching.html", context)
    counts = selectors.match_counts(found)
    state = request.GET.get("state", "")
    if state not in counts:
        state = next((name for name, count in counts.items() if count), "open")
    rows = selectors.matches_of(found, state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    without = selectors.without_match(found)
    context = {
        "review": found,
        "own": reverse("desk:weeding_review", args=[found.pk]),  # a refused form's page stands elsewhere
        "where": request.GET.urlencode(),
        "tabs": [
            (name, words.MATCH_STATES[name], count, name == state)
            for name, count in counts.items()
            if count or name == state
        ],
        "tab": state,
        "page": page,
        "rows": [
            (
                one,
                words.CERTAINTIES[one.certainty],
                words.MATCHED_BY[one.by],
                words.GROUNDS.get(one.ground, ""),
                _STATES[one.state],
                words.MATCH_STATES[one.state],
            )
            for one in page
        ],
        "found": sum(counts.values()),
        "without": without.count(),
        "form": DecideForm(),
    }
    return render(request, "desk/weeding/review.html", context | forms, status=status)


@require_safe
@needs(WITHDRAW)
def review_progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part; when it is over, the page comes anew."""
    found = _in_reach(request, pk)
    if found.state != "matching":
        return anew()
    context = {"review": found, "progress": progress_of(selectors.job_of(found.job_id), clock.now())}
    return render(request, "desk/weeding/matching_now.html", context)


@require_POST
@needs(WITHDRAW)
def decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Do with the ticked titles what was pressed; what is refused comes back as it was, ticks and words."""
    found = _in_reach(request, pk)
    try:
        said = _decided(request, found, request.POST.get("act", ""))
    except Refused as refused:
        tell(request, refused)
        ticked = frozenset(keys_of(request))
        return _page(request, found, 422, form=DecideForm(request.POST), refused=True, ticked=ticked)
    if isinstance(said, HttpResponse):
        return said
    messages.success(request, said)
    kept = request.GET.urlencode()
    return redirect(reverse("desk:weeding_review", args=[pk]) + (f"?{kept}" if kept else ""))


def _decided(request: StaffRequest, found: ReviewList, act: str) -> str | HttpResponse:
    keys, by, at = keys_of(request), actor_of(request), clock.now()
    note, on = request.POST.get("note", ""), clock.local_date(at)
    if act == "aside":
        ground = request.POST.get("ground", "")
        titles, volumes = reviewing.put_aside(found, keys, ground=ground, note=note, by=by, at=at, on=on)
        return _("Set aside: %(titles)s titles, %(volumes)s volumes taken off the shelves.") % _many(
            titles, volumes
        )
    if act in ("pass", "undo"):
        titles, volumes = reviewing.give_back(
            found, keys, passed=act == "pass", note=note, by=by, at=at, on=on
        )
        return _("Given back: %(titles)s titles, %(volumes)s volumes to their shelves.") % _many(
            titles, volumes
        )
    if act == "list":
        made = reviewing.list_for_withdrawal(found, keys, by=by, at=at)
        return redirect("desk:weeding_list", pk=made.pk)
    count = reviewing.dismiss(found, keys, by=by, at=at)
    return _("%(n)s rows mean another book.") % {"n": grouped(count)}


def _many(titles: int, volumes: int) -> dict[str, str]:
    return {"titles": grouped(titles), "volumes": grouped(volumes)}
