"""Pages of figures: the dashboard, and one figure with its definition and its rows."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.accounts.access import scope as reach_of
from shuxiang.accounts.rules import Scope as Reach
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views import dashboard as board
from shuxiang.desk.views.periods import (
    choices,
    chosen_period,
    month_label,
    page_number,
    period_label,
    span,
    today,
)
from shuxiang.figures import ground, registry, selectors, services
from shuxiang.figures.messages import words
from shuxiang.figures.registry import Figure, Rows, Scope, Value
from shuxiang.ui.numbers import NOTHING, grouped

ROWS_A_PAGE = 50


@require_safe
@needs("figures.view", scoped=True)
def dashboard(request: StaffRequest) -> HttpResponse:
    """The figures of a period, opened by a sentence that says what they mean."""
    scope = scope_of(request)
    on = board.board(scope, selectors.values(scope, board.SPOKEN))
    of_class = scope.school_class_id is not None
    classes = board.class_bars(on)
    months, spans = board.month_points(on)
    context = {
        **_frame(request, scope),
        "has_data": selectors.has_data(scope),
        "before": period_label(on.before.period),
        "before_label": on.before_label,
        "lead": board.lead(on),
        "strip": board.strip(on),
        "classes": classes,
        "target": on.target(registry.get(board.PER_PUPIL)),
        "of_classes": board.of_classes(on, classes),
        "months": months,
        "spans": spans,
        "of_months": board.of_months(months),
        "divisions": [] if of_class else board.divisions(scope, on.values["holdings.volumes"]),
        "spines": board.spines(scope),
    }
    return render(request, "desk/figures/dashboard.html", context)


@require_safe
@needs("figures.view", scoped=True)
def every_figure(request: StaffRequest) -> HttpResponse:
    """All figures of a period in one table, beside the period before and the targets."""
    scope = scope_of(request)
    found = selectors.values(scope)
    on = board.board(scope, found)
    context = {
        **_frame(request, scope),
        "has_data": selectors.has_data(scope),
        "before": period_label(on.before.period),
        "before_label": on.before_label,
        "all": board.table(on, found),
        "has_targets": bool(on.targets),
    }
    return render(request, "desk/figures/all.html", context)


@require_safe
@needs("figures.view", scoped=True)
def figure(request: StaffRequest, code: str) -> HttpResponse:
    """One figure: its definition in words, both sides of a quotient, its parts, and the rows behind it."""
    try:
        asked = registry.get(code)
    except registry.UnknownFigure as problem:
        raise Http404(code) from problem
    scope, name = scope_of(request), request.GET.get("part", "")
    if scope.school_class_id is not None and "class" not in asked.parts:
        raise PermissionDenied  # a number of the whole school, which a class teacher's grant does not reach
    part = _part(asked, scope, name) if name else None
    by = request.GET.get("by") or name.partition(":")[0]
    shown = by if by in asked.parts else next(iter(asked.parts), "")
    value = part.value if part else asked.value(scope)
    parts = _parts(asked, scope, shown)
    context = {
        **_frame(request, scope),
        "figure": asked,
        "number": grouped(value.rounded(asked.decimals), asked.decimals),
        "unit": "" if value.number is None else asked.unit,
        "sides": sides(value),
        "part": part,
        "ways": [(each, board.WAYS[each], each == shown) for each in asked.parts],
        "by": shown,
        "parts": parts,
        "has_sides": any(two_sides for _label, _value, two_sides, _url in parts),
        "target": _target(scope, asked, value),
        "may_set": scope.school_class_id is None and bool(_reach(request, "reports.write")),
        **_rows(request, asked, scope, name),
    }
    return render(request, "desk/figures/figure.html", context)


@require_POST
@needs("reports.write")
def set_target(request: StaffRequest, code: str) -> HttpResponse:
    """What the figure shall reach in the period shown; an empty field takes the target back."""
    period = chosen_period(request)
    try:
        services.set_target(
            library=request.library,
            figure=code,
            period=period.code,
            written=request.POST.get("target", ""),
            by=actor_of(request),
            at=clock.now(),
        )
    except registry.UnknownFigure as problem:
        raise Http404(code) from problem
    except Refused as refusal:
        for reason in refusal.decision.refused:
            messages.error(request, words(reason))
    else:
        messages.success(
            request, _("The target is set.") if request.POST.get("target") else _("There is no target.")
        )
    return redirect(f"{reverse('desk:figure', args=[code])}?{urlencode({'period': period.code})}")


def _target(scope: Scope, asked: Figure, value: Value) -> str:
    """As it is shown; a count of the whole school is no target of one class."""
    if scope.school_class_id is not None and value.denominator is None:
        return ""
    found = selectors.targets(scope.library, scope.period.code).get(asked.code)
    return "" if found is None else f"{round(found, asked.decimals):f}"


def _reach(request: StaffRequest, permission: str) -> Reach:
    return reach_of(request.user, permission, request.library, today())


def scope_of(request: StaffRequest) -> Scope:
    """The period of the address, narrowed to a class of one's own where the grant reaches no further."""
    scope = Scope(library=request.library, period=chosen_period(request), as_of=today())
    if request.scope.everywhere:
        return scope
    if not request.scope.class_ids:
        raise PermissionDenied
    asked = request.GET.get("class", "")
    own = sorted(request.scope.class_ids)
    return scope.narrowed(school_class_id=int(asked) if asked in {str(each) for each in own} else own[0])


def sides(value: Value) -> str:
    """3,208 ÷ 346; nothing for a count."""
    if value.numerator is None or value.denominator is None:
        return ""
    return " ÷ ".join(
        grouped(side, 0 if side == int(side) else 2) for side in (value.numerator, value.denominator)
    )


def _by_code(found: list[tuple[Figure, Value]]) -> list[tuple[str, Value]]:
    return [(figure.code, value) for figure, value in found]


def _frame(request: StaffRequest, scope: Scope) -> dict[str, object]:
    """What every page of figures shows: the period, what else one may choose, the class of a class teacher."""
    own = scope.narrowed()
    classes = [each for each in ground.classes_in_order(own) if request.scope.has_class(each.pk)]
    names = ground.labels(scope, classes)
    return {
        "period": scope.period,
        "period_label": period_label(scope.period),
        "span": span(scope.period.starts_on, scope.period.ends_on),
        "is_running": scope.last_day < scope.period.ends_on,
        "choices": choices(request.library, scope.period),
        "class_id": scope.school_class_id,
        "class_label": names.get(scope.school_class_id or 0, ""),
        "own_classes": [] if request.scope.everywhere else [(each.pk, names[each.pk]) for each in classes],
    }


def _part(asked: Figure, scope: Scope, name: str) -> registry.Part:
    try:
        return asked.part(scope, name)
    except registry.UnknownPart as problem:
        raise Http404(name) from problem


def _parts(asked: Figure, scope: Scope, by: str) -> list[tuple[str, str, str, str]]:
    """Label, value, both sides, address of each part."""
    return [
        (
            month_label(part.label) if by == "month" else part.label,
            grouped(part.value.rounded(asked.decimals), asked.decimals),
            sides(part.value),
            board.address(asked.code, scope, part=f"{by}:{part.key}"),
        )
        for part in (asked.parts[by](scope) if by else [])
    ]


def _rows(request: StaffRequest, asked: Figure, scope: Scope, part: str) -> dict[str, object]:
    """The page of rows, without names for who may not see readers."""
    if asked.rows is None:
        return {"rows": None}
    page = page_number(request)
    found = asked.rows(scope, part, (page - 1) * ROWS_A_PAGE, ROWS_A_PAGE)
    paginator = Paginator(range(found.total), ROWS_A_PAGE)
    if page > paginator.num_pages:
        raise Http404(str(page))
    with_names = not found.personal or _may_see_names(request, scope)
    return {
        "rows": _cells(found, with_names),
        "columns": found.columns,
        "total": found.total,
        "page": paginator.page(page),
        "names_hidden": not with_names,
    }


def _may_see_names(request: StaffRequest, scope: Scope) -> bool:
    reach = _reach(request, "patrons.view")
    return reach.everywhere or (scope.school_class_id is not None and reach.has_class(scope.school_class_id))


def _cells(found: Rows, with_names: bool) -> list[list[tuple[str, bool]]]:
    """The words of each cell, and whether it is a number."""
    return [
        [
            ("＊", False) if n in found.personal and not with_names else _cell(value)
            for n, value in enumerate(row)
        ]
        for row in found.rows
    ]


def _cell(value: object) -> tuple[str, bool]:
    match value:
        case None | "":
            return NOTHING, False
        case date():
            return value.isoformat(), False
        case Decimal():
            return grouped(value, 0 if value == int(value) else 2), True
        case int():
            return grouped(value), True
    return str(value), False
