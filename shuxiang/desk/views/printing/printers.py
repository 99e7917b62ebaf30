"""Printers, and the calibrator: print a test sheet, measure two lines, and every later page is moved by what was found."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Reason, Refused, Weight
from shuxiang.desk.views.printing.kinds import READERS, STOCK
from shuxiang.desk.views.printing.measures import NotMeasured, millimetres
from shuxiang.printing import rules, selectors, services
from shuxiang.printing.messages import words
from shuxiang.printing.testsheet import write_test_sheet

if TYPE_CHECKING:
    from shuxiang.printing.models import Printer

A4 = (210.0, 297.0)
MEASURES = ("left", "top", "wide", "high")


@needs(STOCK, READERS)
def printers(request: StaffRequest) -> HttpResponse:
    """All printers with what they are off; a new one is added by its name."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            made = services.save_printer(
                name=request.POST.get("name", ""),
                row=None,
                library=request.library,
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            problems = [words(reason) for reason in refusal.decision.refused]
        else:
            return redirect("desk:printing_printer", printer_pk=made.pk)
    rows = [(one, _off(one)) for one in selectors.printers_of(request.library)]
    context = {"rows": rows, "problems": problems, "name": request.POST.get("name", "")}
    return render(request, "desk/printing/printers.html", context, status=422 if problems else 200)


@needs(STOCK, READERS)
def printer(request: StaffRequest, printer_pk: int) -> HttpResponse:
    """The calibrator of one printer: the test sheet to print, the fields for what was measured."""
    row = _row(request, printer_pk)
    paper = _paper(request, request.POST.get("paper") or request.GET.get("paper", ""))
    marks = rules.marks_of(*paper)
    given = {name: request.POST.get(name, "") for name in MEASURES}
    problems: list[str] = []
    if request.method == "POST":
        problems = _calibrated(request, row, marks, given)
        if not problems:
            messages.success(
                request, _("What “%(name)s” is off is known now and taken into account.") % {"name": row.name}
            )
            return redirect("desk:printing_printer", printer_pk=row.pk)
    context = {
        "printer": row,
        "off": _off(row),
        "marks": {name: f"{getattr(marks, name):g}" for name in ("x", "y", "wide", "high")},
        "given": given,
        "problems": problems,
        "paper": request.POST.get("paper") or request.GET.get("paper", ""),
        "papers": _papers(request),
    }
    return render(request, "desk/printing/printer.html", context, status=422 if problems else 200)


@require_safe
@needs(STOCK, READERS)
def test_sheet(request: StaffRequest, printer_pk: int) -> HttpResponse:
    """The test sheet as a PDF: without correction to measure, with it (?check=1) to see whether it is right now."""
    row = _row(request, printer_pk)
    check = bool(request.GET.get("check"))
    out = BytesIO()
    lines = [
        f"{request.library.name} · {row.name}",
        _("Print at actual size (100 %), not fitted to the page."),
        _("This sheet is corrected: the lines should be where the numbers say.")
        if check
        else _("Measure with a ruler from the edge of the paper to the lines, in millimetres."),
    ]
    write_test_sheet(
        out,
        _paper(request, request.GET.get("paper", "")),
        lines=lines,
        correction=selectors.correction_of(row) if check else rules.Correction(),
        at=clock.now(),
    )
    header = content_disposition_header(as_attachment=True, filename=f"{_('Test sheet')} {row.name}.pdf")
    return HttpResponse(
        out.getvalue(),
        content_type="application/pdf",
        headers={"Content-Disposition": header or "attachment"},
    )


@require_POST
@needs(STOCK, READERS)
def rename_printer(request: StaffRequest, printer_pk: int) -> HttpResponse:
    """Call a printer something else."""
    row = _row(request, printer_pk)
    try:
        services.save_printer(
            name=request.POST.get("name", ""),
            row=row,
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        for reason in refusal.decision.refused:
            messages.error(request, words(reason))
    else:
        messages.success(request, _("The printer is called “%(name)s” now.") % {"name": row.name})
    return redirect("desk:printing_printer", printer_pk=printer_pk)


@require_POST
@needs(STOCK, READERS)
def delete_printer(request: StaffRequest, printer_pk: int) -> HttpResponse:
    """Forget a printer."""
    row = _row(request, printer_pk)
    services.delete_printer(row, by=actor_of(request), at=clock.now())
    messages.success(request, _("The printer “%(name)s” is forgotten.") % {"name": row.name})
    return redirect("desk:printing_printers")


def _calibrated(request: StaffRequest, row: Printer, marks: rules.Marks, given: dict[str, str]) -> list[str]:
    """Keep what was measured; sentences when it cannot be."""
    try:
        found = millimetres(
            {name: text for name, text in given.items() if text.strip() or name in ("left", "top")}
        )
        services.calibrate(
            row,
            marks=marks,
            left=found["left"],
            top=found["top"],
            wide=found.get("wide"),
            high=found.get("high"),
            by=actor_of(request),
            at=clock.now(),
        )
    except NotMeasured as problem:
        return [words(Reason("not_a_number", Weight.REFUSE, {"written": text})) for text in problem.written]
    except Refused as refusal:
        return [words(reason) for reason in refusal.decision.refused]
    return []


def _off(row: Printer) -> str:
    """What a printer is off, in words; '' for one that was not measured."""
    if row.measured_at is None:
        return ""
    sides = {
        "right": _("%(mm)s mm too far right") if row.right_um >= 0 else _("%(mm)s mm too far left"),
        "down": _("%(mm)s mm too low") if row.down_um >= 0 else _("%(mm)s mm too high"),
    }
    found = [
        sides["right"] % {"mm": f"{abs(row.right_um) / 1000:.1f}"},
        sides["down"] % {"mm": f"{abs(row.down_um) / 1000:.1f}"},
    ]
    if (row.wider_ppm, row.taller_ppm) != (1_000_000, 1_000_000):
        scale = _("size %(across)s %% across, %(down)s %% down")
        found.append(scale % {"across": f"{row.wider_ppm / 1e4:.2f}", "down": f"{row.taller_ppm / 1e4:.2f}"})
    return "，".join(found)


def _papers(request: StaffRequest) -> list[tuple[str, str]]:
    """Papers other than A4 upright, one sheet for each size."""
    sizes = {
        (sheet.page_width, sheet.page_height): (
            sheet.code,
            f"{sheet.page_width:g} × {sheet.page_height:g} mm",
        )
        for _name, sheet in reversed(selectors.sheets_of(request.library))
        if (sheet.page_width, sheet.page_height) != A4
    }
    return [sizes[size] for size in sorted(sizes)]


def _paper(request: StaffRequest, code: str) -> tuple[float, float]:
    """The paper of a sheet; A4 for none."""
    sheet = selectors.find_sheet(request.library, code) if code else None
    return (sheet.page_width, sheet.page_height) if sheet else A4


def _row(request: StaffRequest, pk: int) -> Printer:
    found = selectors.find_printer(request.library, pk) if pk < 2**63 else None
    if found is None:
        raise Http404(str(pk))
    return found
