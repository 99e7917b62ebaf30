"""Classes and call numbers: which numbers a class has, which are free, and another number for a title."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.catalogue.clc import name_of
from shuxiang.catalogue.clc.judging import judge_class
from shuxiang.catalogue.clc.words import say as say_fault
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings import callnumbers, services
from shuxiang.holdings.classing import suggest_classes
from shuxiang.holdings.messages import say

if TYPE_CHECKING:
    from shuxiang.holdings.models import Holding, ShelvingGroup

EDIT = "catalogue.edit"
CLASSES_A_PAGE, TITLES_A_PAGE = 100, 100
LIKE = {
    "same_title": gettext_lazy("the same title"),
    "series": gettext_lazy("the same series"),
    "author": gettext_lazy("the same author"),
    "subject": gettext_lazy("the same subject"),
    "title": gettext_lazy("a like title"),
}


def _group(request: StaffRequest) -> ShelvingGroup | None:
    """The shelving group that the address names, else the first."""
    groups = list(callnumbers.groups_of(request.library))
    asked = request.GET.get("group", "")
    return next((one for one in groups if str(one.pk) == asked), groups[0] if groups else None)


def _plain(typed: str) -> str:
    """What was typed, without what no database holds."""
    return typed.replace("\x00", "").strip()


@require_safe
@needs(EDIT)
def classes(request: StaffRequest) -> HttpResponse:
    """The classes of a shelving group, and what the notation says to a number that somebody wonders about."""
    group, typed = _group(request), _plain(request.GET.get("clc", ""))[:60]
    verdict = judge_class(typed)
    beginning = verdict.number or typed
    lines = callnumbers.classes_of(request.library, group, beginning) if group else []
    shown = Paginator(lines, CLASSES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "groups": list(callnumbers.groups_of(request.library)),
        "typed": typed,
        "beginning": beginning,
        "verdict": verdict if typed else None,
        "faults": [(fault.is_note, say_fault(fault)) for fault in verdict.faults],
        "name": name_of(verdict.number) if typed else "",
        "next_number": callnumbers.next_call_number(request.library, group, verdict.number)
        if group and verdict.is_usable
        else "",
        "page": shown,
        "lines": [(line, _class_url(group, line.clc)) for line in shown] if group else [],
        "count": len(lines),
    }
    return render(request, "desk/callnumbers/classes.html", context)


def _class_url(group: ShelvingGroup | None, clc: str) -> str:
    return (
        f"{reverse('desk:call_numbers_class')}?{urlencode({'group': group.pk if group else '', 'clc': clc})}"
    )


@require_safe
@needs(EDIT)
def one_class(request: StaffRequest) -> HttpResponse:
    """The titles of a class in shelf order, with the numbers that are free between them."""
    group, clc = _group(request), _plain(request.GET.get("clc", ""))[:60]
    if group is None or not clc:
        return redirect("desk:call_numbers")
    holdings = callnumbers.in_class(request.library, group, clc)
    shown = Paginator(holdings, TITLES_A_PAGE).get_page(request.GET.get("page"))
    titles = list(shown.object_list)
    context = {
        "group": group,
        "clc": clc,
        "name": name_of(clc),
        "back": f"{reverse('desk:call_numbers')}?{urlencode({'group': group.pk, 'clc': clc[:1]})}",
        "next_number": callnumbers.next_call_number(request.library, group, clc),
        "lines": callnumbers.numbers_of(
            titles, after=callnumbers.number_before(holdings, shown.start_index() - 1)
        ),
        "others": [one for one in titles if one.book_number is None],
        "page": shown,
        "count": shown.paginator.count,
    }
    return render(request, "desk/callnumbers/class.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def call_number(request: StaffRequest, pk: int) -> HttpResponse:
    """Another call number for a title, with the classes that titles like it have."""
    holding = callnumbers.holding_of(request.library, pk)
    if holding is None:
        raise Http404(str(pk)[:20])
    typed = _plain(request.POST.get("call_number", request.GET.get("call_number", holding.call_number)))[:100]
    problems: list[str] = []
    if request.method == "POST":
        try:
            done = services.change_call_number(
                holding,
                typed,
                by=actor_of(request),
                at=clock.now(),
                operation_id=_uuid(request.POST.get("operation")),
            )
        except Refused as refusal:
            problems = [say(reason) for reason in refusal.decision.reasons]
        else:
            return redirect(f"{reverse('desk:call_number', args=[pk])}?{urlencode({'done': done.pk})}")
    return render(
        request,
        "desk/callnumbers/title.html",
        _of_title(request, holding) | {"typed": typed, "problems": problems},
        status=422 if problems else 200,
    )


def _of_title(request: StaffRequest, holding: Holding) -> dict[str, object]:
    record = holding.record
    suggestions = suggest_classes(
        request.library,
        title=record.title,
        authors=record.authors,
        series=record.series,
        subjects=record.subjects,
        but=record,
    )
    return {
        "holding": holding,
        "class_url": _class_url(holding.group, holding.clc) if holding.clc else "",
        "next_number": callnumbers.next_call_number(request.library, holding.group, holding.clc),
        "suggestions": [
            (
                one,
                callnumbers.next_call_number(request.library, holding.group, one.clc),
                [(like, [LIKE[what] for what in sorted(like.like)]) for like in one.titles],
            )
            for one in suggestions
        ],
        "operation": uuid7(),
        "done": _uuid(request.GET.get("done")),
    }


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@require_POST
@needs(EDIT)
def undo(request: StaffRequest) -> HttpResponse:
    """Take a change back."""
    key = _uuid(request.POST.get("operation"))
    if key is None:
        return redirect("desk:call_numbers")
    try:
        holding = services.undo_call_number(
            key, library_code=request.library.code, by=actor_of(request), at=clock.now()
        )
    except Refused as refusal:
        for reason in refusal.decision.reasons:
            messages.error(request, say(reason))
        return redirect("desk:call_numbers")
    said = _("“%(title)s” has its call number %(call_number)s again.")
    messages.success(
        request, said % {"title": holding.record.title, "call_number": holding.call_number or "—"}
    )
    return redirect("desk:call_number", pk=holding.pk)
