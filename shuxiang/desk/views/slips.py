"""One slip per class for its teacher, on the page, as PDF and as Word; the score sheet of the classes."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, may, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.classlife import (
    LARGEST,
    PDF,
    WORD,
    classes_in_reach,
    day_of,
    download,
    number_of,
    operation_of,
    so_far,
    term_asked,
    terms_to_choose,
    today,
)
from shuxiang.desk.views.periods import period_label
from shuxiang.libraries import selectors as libraries
from shuxiang.printing.pdf import A4_LANDSCAPE
from shuxiang.ui.numbers import grouped
from shuxiang.visits import papers, selectors, services
from shuxiang.visits.messages import REFUSALS, say_all
from shuxiang.visits.rules import read_points
from shuxiang.visits.sheets import write_pdf, write_word
from shuxiang.visits.slips import slips_of

if TYPE_CHECKING:
    from shuxiang.figures.registry import Figure
    from shuxiang.visits.models import Criterion
    from shuxiang.visits.slips import Slip

NAMES = "patrons.view"
EDIT = "libraries.edit"
SEE = ("figures.view", EDIT)


def _slips(request: StaffRequest) -> list[Slip]:
    """The slips of the classes in reach, or of the one asked for."""
    wanted = number_of(request.GET.get("class"))
    classes = [each for each, _label in classes_in_reach(request, today()) if wanted in (None, each.pk)]
    if wanted is not None and not classes:
        raise Http404
    return slips_of(request.library, classes, libraries.term_on(request.library, today()).period, today())


@require_safe
@needs(NAMES, scoped=True)
def slips(request: StaffRequest) -> HttpResponse:
    """Every class with what its slip would say; one of them in full."""
    found = _slips(request)
    shown = found[0] if len(found) == 1 else None
    term = libraries.term_on(request.library, today()).period
    context = {"slips": found, "shown": shown, "term_words": period_label(term), "today": today()}
    return render(request, "desk/slips/page.html", context)


@require_safe
@needs(NAMES, scoped=True)
def slips_file(request: StaffRequest, form: str) -> HttpResponse:
    """The slips as a file: PDF to print, Word to write on."""
    if form not in ("pdf", "docx"):
        raise Http404
    found = _slips(request)
    if not found:
        raise Http404
    term = period_label(libraries.term_on(request.library, today()).period)
    sheets = [papers.slip_sheet(request.library, slip, term, today()) for slip in found]
    title = sheets[0].title if len(sheets) == 1 else _("Slips for the class teachers")
    name, author = f"{title} {today().isoformat()}.{form}", request.library.name
    if form == "docx":
        return download(write_word(sheets, title=title, author=author), name, WORD)
    out = io.BytesIO()
    write_pdf(out, sheets, title=title, author=author, at=clock.now())
    return download(out.getvalue(), name, PDF)


@require_safe
@needs(*SEE, scoped=True)
def scores(request: StaffRequest) -> HttpResponse:
    """The ranking of a term; who may edit gives points and sets what is scored."""
    return _scores(request)


def _scores(request: StaffRequest, problem: str = "", which: str = "", status: int = 200) -> HttpResponse:
    term = term_asked(request)
    sheet = selectors.score_sheet(request.library, term.period, today())
    labels = {line.school_class.pk: line.school_class.label for line in sheet.lines}
    entries = selectors.entries_in(request.library, term.period)[:60]
    edits = may(request.user, EDIT, request.library, today())
    figures = {figure.code: figure for figure in selectors.figures_by_class()}
    context = {
        "sheet": sheet,
        "lines": [(line, _cells(line, sheet, figures)) for line in sheet.lines],
        "term": term.code,
        "term_words": period_label(term.period),
        "terms": [(each.code, period_label(each.period)) for each in terms_to_choose(request, term)],
        "criteria": [(each, figures.get(each.figure)) for each in sheet.criteria],
        "by_hand": [each for each in sheet.criteria if not each.figure],
        "entries": [(row, labels.get(row.school_class_id, "")) for row in entries] if edits else [],
        "classes": _in_order(request, labels),
        "figures": sorted(figures.values(), key=lambda figure: str(figure.title)),
        "edits": edits,
        "typed": request.POST,
        "problem": problem,
        "which": which,
        "today": today(),
        "last_day": so_far(term.period)[1],
        "operation": uuid7(),
    }
    return render(request, "desk/scores/page.html", context, status=status)


def _cells(
    line: selectors.ScoreLine, sheet: selectors.ScoreSheet, figures: dict[str, Figure]
) -> list[tuple[Decimal, str]]:
    """The points of a class for each criterion, and the figure behind them as the figures' own page writes it."""
    behind = [figures.get(criterion.figure) for criterion in sheet.criteria]
    return [
        (cell.points, "" if cell.value is None or not figure else _with_unit(cell.value, figure))
        for cell, figure in zip(line.cells, behind, strict=True)
    ]


def _with_unit(value: Decimal, figure: Figure) -> str:
    number, unit = grouped(value, figure.decimals), str(figure.unit)
    return number + unit if unit == "%" else f"{number} {unit}"


def _in_order(request: StaffRequest, labels: dict[int, str]) -> list[tuple[int, str]]:
    """The classes of the sheet by grade, not by their rank; those that ended since come last."""
    place = {each.pk: at for at, (each, _label) in enumerate(classes_in_reach(request, today()))}
    return sorted(labels.items(), key=lambda pair: place.get(pair[0], len(place)))


@require_safe
@needs(*SEE, scoped=True)
def scores_print(request: StaffRequest) -> HttpResponse:
    """The score sheet to hang up."""
    term = term_asked(request)
    sheet = selectors.score_sheet(request.library, term.period, today())
    paper = papers.score_paper(request.library, sheet, period_label(term.period))
    out = io.BytesIO()
    write_pdf(
        out, [paper], title=paper.title, author=request.library.name, at=clock.now(), paper=A4_LANDSCAPE
    )
    return download(out.getvalue(), f"{paper.title} {term.code}.pdf", PDF)


@require_POST
@needs(EDIT)
def give(request: StaffRequest) -> HttpResponse:
    """Points for a class, with day and reason."""
    criterion = _criterion(request, number_of(request.POST.get("criterion")) or 0)
    school_class = selectors.class_of(request.library, number_of(request.POST.get("class")) or 0)
    on = day_of(request.POST.get("on"))
    if criterion is None or school_class is None or on is None:
        return _scores(request, _("Choose class, criterion and day."), "give", 422)
    try:
        services.give_points(
            criterion=criterion,
            school_class=school_class,
            points=read_points(request.POST.get("points", "")) or Decimal(0),
            on=on,
            reason=request.POST.get("reason", ""),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except ValueError as fault:
        return _scores(request, str(REFUSALS["points_bad"]) % {"text": str(fault)[:20]}, "give", 422)
    except Refused as refusal:
        return _scores(request, say_all(refusal.decision), "give", 422)
    messages.success(request, _("The points are entered."))
    return _back_to(libraries.term_on(request.library, on).code)


def _back_to(term: str) -> HttpResponse:
    """The sheet of a term: that in which the points stand, or that which was shown."""
    query = f"?{urlencode({'term': term[:20]})}" if term else ""
    return redirect(f"{reverse('desk:scores')}{query}")


def _criterion(request: StaffRequest, pk: int) -> Criterion | None:
    return selectors.criterion_of(request.library, pk)


@require_POST
@needs(EDIT)
def strike(request: StaffRequest, pk: int) -> HttpResponse:
    """Strike points out."""
    entry = selectors.entry_of(request.library, pk) if pk < LARGEST else None
    if entry is None:
        raise Http404
    try:
        services.strike_points(entry=entry, by=actor_of(request), at=clock.now())
        messages.success(request, _("The entry is struck out."))
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return _back_to(request.POST.get("term", ""))


@require_POST
@needs(EDIT)
def criterion_add(request: StaffRequest) -> HttpResponse:
    """One more thing that is scored; or the usual ones, where there are none."""
    by, at = actor_of(request), clock.now()
    if request.POST.get("usual"):
        services.default_criteria(library=request.library, by=by, at=at)
        return _back_to(request.POST.get("term", ""))
    try:
        services.add_criterion(
            library=request.library,
            name=request.POST.get("name", ""),
            figure=request.POST.get("figure", ""),
            base=read_points(request.POST.get("base", ""), is_optional=True) or Decimal(0),
            per_unit=_or_one(read_points(request.POST.get("per_unit", ""), is_optional=True)),
            most=read_points(request.POST.get("most", ""), is_optional=True),
            by=by,
            at=at,
            operation_id=operation_of(request),
        )
    except ValueError as fault:
        return _scores(request, str(REFUSALS["points_bad"]) % {"text": str(fault)[:20]}, "criterion", 422)
    except Refused as refusal:
        return _scores(request, say_all(refusal.decision), "criterion", 422)
    messages.success(request, _("The criterion is kept."))
    return _back_to(request.POST.get("term", ""))


def _or_one(points: Decimal | None) -> Decimal:
    return Decimal(1) if points is None else points


@require_POST
@needs(EDIT)
def criterion_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Score by it no more."""
    found = _criterion(request, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    try:
        services.end_criterion(criterion=found, by=actor_of(request), at=clock.now())
        messages.success(request, _("“%(name)s” is not scored any more.") % {"name": found.name})
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    return _back_to(request.POST.get("term", ""))
