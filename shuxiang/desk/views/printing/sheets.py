"""A library's own sheets of labels: seen, made, changed, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Reason, Refused, Weight
from shuxiang.desk.views.printing.kinds import READERS, STOCK
from shuxiang.desk.views.printing.measures import NotMeasured, millimetres, written
from shuxiang.printing import selectors, services
from shuxiang.printing.messages import words
from shuxiang.printing.sheets import SHIPPED, Sheet

if TYPE_CHECKING:
    from django.http import QueryDict

    from shuxiang.printing.models import LabelSheet

# in the order in which one measures a sheet
LENGTHS = (
    ("page_width", gettext_lazy("Paper, width")),
    ("page_height", gettext_lazy("Paper, height")),
    ("left", gettext_lazy("Paper's left edge to the first label")),
    ("top", gettext_lazy("Paper's upper edge to the first label")),
    ("width", gettext_lazy("Label, width")),
    ("height", gettext_lazy("Label, height")),
    ("across", gettext_lazy("Left edge of a label to that of the next")),
    ("down", gettext_lazy("Upper edge of a label to that of the next")),
    ("padding", gettext_lazy("White edge inside each label")),
)


@require_safe
@needs(STOCK, READERS)
def sheets(request: StaffRequest) -> HttpResponse:
    """All sheets, the library's own first."""
    rows = selectors.sheets_of(request.library)
    own = [
        (name, sheet, int(sheet.code.removeprefix(selectors.OWN)))
        for name, sheet in rows
        if sheet.code.startswith(selectors.OWN)
    ]
    shipped = [(name, sheet) for name, sheet in rows if not sheet.code.startswith(selectors.OWN)]
    return render(request, "desk/printing/sheets.html", {"own": own, "shipped": shipped})


@needs(STOCK, READERS)
def new_sheet(request: StaffRequest) -> HttpResponse:
    """Another sheet, begun from one that is there."""
    pattern = selectors.find_sheet(request.library, request.GET.get("from", "")) or SHIPPED[0]
    return _edit(request, None, pattern, "")


@needs(STOCK, READERS)
def sheet(request: StaffRequest, sheet_pk: int) -> HttpResponse:
    """Change one of the library's own."""
    row = _row(request, sheet_pk)
    return _edit(request, row, selectors.sheet_of(row), row.name)


@require_POST
@needs(STOCK, READERS)
def delete_sheet(request: StaffRequest, sheet_pk: int) -> HttpResponse:
    """Forget one of the library's own."""
    row = _row(request, sheet_pk)
    services.delete_sheet(row, by=actor_of(request), at=clock.now())
    messages.success(request, _("The sheet “%(name)s” is forgotten.") % {"name": row.name})
    return redirect("desk:printing_sheets")


def _edit(request: StaffRequest, row: LabelSheet | None, pattern: Sheet, name: str) -> HttpResponse:
    """The form; what was typed stays when it cannot be kept."""
    problems: list[str] = []
    given = _given(pattern, name)
    if request.method == "POST":
        given = {field: request.POST.get(field, "") for field in given}
        try:
            kept = services.save_sheet(
                _read(request.POST),
                name=request.POST.get("name", ""),
                row=row,
                library=request.library,
                by=actor_of(request),
                at=clock.now(),
            )
        except NotMeasured as problem:
            problems = [
                words(Reason("not_a_number", Weight.REFUSE, {"written": text})) for text in problem.written
            ]
        except Refused as refusal:
            problems = [words(reason) for reason in refusal.decision.refused]
        else:
            messages.success(request, _("The sheet “%(name)s” is kept.") % {"name": kept.name})
            return redirect("desk:printing_sheets")
    context = {
        "row": row,
        "name": given["name"],
        "grid": [(field, label, given[field]) for field, label in _GRID],
        "lengths": [(field, label, given[field]) for field, label in LENGTHS],
        "is_roll": given["is_roll"],
        "cut": given["cut"],
        "problems": problems,
    }
    return render(request, "desk/printing/sheet.html", context, status=422 if problems else 200)


_GRID = (("columns", gettext_lazy("Labels side by side")), ("rows", gettext_lazy("Labels one below another")))


def _given(sheet: Sheet, name: str) -> dict[str, str]:
    """A sheet as the form shows it."""
    return {
        "name": name,
        **{field: written(getattr(sheet, field)) for field, _label in LENGTHS},
        "columns": str(sheet.columns),
        "rows": str(sheet.rows),
        "is_roll": "on" if sheet.is_roll else "",
        "cut": "on" if sheet.cut else "",
    }


def _read(given: QueryDict) -> Sheet:
    """The form as a sheet. Raises NotMeasured naming every field that is no number."""
    lengths: dict[str, Any] = {**millimetres({field: given.get(field, "") for field, _label in LENGTHS})}
    counts = [given.get(field, "").strip() for field, _label in _GRID]
    wrong = [text for text in counts if not (text.isascii() and text.isdecimal() and len(text) < 5)]
    if wrong:
        raise NotMeasured(wrong)
    return Sheet(
        code="",
        columns=int(counts[0]),
        rows=int(counts[1]),
        is_roll=bool(given.get("is_roll")),
        cut=bool(given.get("cut")),
        **lengths,
    )


def _row(request: StaffRequest, pk: int) -> LabelSheet:
    found = selectors.own_sheet(request.library, pk) if pk < 2**63 else None
    if found is None:
        raise Http404(str(pk))
    return found
