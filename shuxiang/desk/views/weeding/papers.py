"""The list for approval on paper, in two copies: printed from the page, as Word file, as workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, needs
from shuxiang.common import clock
from shuxiang.common.money import format_yuan
from shuxiang.desk.views.weeding import WITHDRAW
from shuxiang.desk.views.weeding.lists import list_in_reach
from shuxiang.imports.writing import write_table
from shuxiang.reports import docx
from shuxiang.reports.blocks import Paper, Paragraph, Table
from shuxiang.weeding import messages as words
from shuxiang.weeding import selectors
from shuxiang.weeding.messages import why_said

if TYPE_CHECKING:
    from shuxiang.weeding.models import WeedingLine, WeedingList

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTHS_MM = (10, 16, 40, 26, 22, 13, 43)


class PaperRow(NamedTuple):
    """One volume as the paper has it, all in text."""

    number: str
    accession: str
    barcode: str
    title: str
    authors: str
    call_number: str
    clc: str
    price: str
    year: str
    why: str


def heads() -> tuple[str, ...]:
    return (
        pgettext("paper", "No."),
        _("Accession number"),
        _("Barcode"),
        _("Title"),
        _("Authors"),
        _("Call number"),
        pgettext("classification", "Class"),
        _("List price"),
        pgettext("paper", "Published"),
        pgettext("paper", "Why"),
    )


def _rows(found: WeedingList) -> Iterator[PaperRow]:
    """What is on the list, or was struck off, in shelf order."""
    lines = selectors.lines_of(found).exclude(state__in=["kept", "out"])
    for number, line in enumerate(lines, 1):
        yield _row(number, line)


def _row(number: int, line: WeedingLine) -> PaperRow:
    record, price = line.item.holding.record, selectors.price_of(line)
    prop = getattr(line.item, "property_line", None)
    return PaperRow(
        str(number),
        str(prop) if prop else "",
        selectors.barcode_of(line),
        f"{record.title} {line.item.volume_mark}".strip(),
        record.authors,
        line.item.holding.call_number,
        prop.clc_main if prop else "",
        "" if price is None else format_yuan(price),
        str(record.pub_year or ""),
        why_said(line.why),
    )


def _sum_said(found: WeedingList) -> str:
    total = selectors.sum_of(found)
    said = _("Together %(titles)s titles, %(volumes)s volumes, list price %(yuan)s yuan") % {
        "titles": total.titles,
        "volumes": total.volumes,
        "yuan": format_yuan(total.fen),
    }
    if total.unknown:
        said += _(", %(unknown)s of unknown price") % {"unknown": total.unknown}
    return said


def _copies() -> dict[str, str]:
    return {"library": _("Copy 1: library"), "office": _("Copy 2: general affairs office")}


def _title(found: WeedingList) -> str:
    return _("List %(number)s for withdrawal") % {"number": found.number}


def _signatures(found: WeedingList) -> list[tuple[str, str]]:
    approved = found.approved_on.isoformat() if found.approved_on else ""
    return [
        (_("Made by"), found.created_by),
        (_("Librarian"), ""),
        (_("General affairs office"), ""),
        (_("Approved by"), found.approved_by),
        (_("Approved on"), approved),
        (pgettext("approval", "Paper"), found.document),
        (_("Disposition"), str(words.DISPOSITIONS.get(found.disposition, ""))),
    ]


@require_safe
@needs(WITHDRAW)
def paper(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Both copies on one page, each beginning on a sheet of its own."""
    found = list_in_reach(request, pk)
    context = {
        "list": found,
        "title": _title(found),
        "heads": heads(),
        "rows": list(_rows(found)),
        "copies": _copies(),
        "total": _sum_said(found),
        "signatures": _signatures(found),
        "reason": words.REASONS[found.reason],
        "today": clock.local_date(clock.now()),
    }
    return render(request, "desk/weeding/paper.html", context)


@require_safe
@needs(WITHDRAW)
def word(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One copy as a Word file, of the library unless the other is asked for."""
    found = list_in_reach(request, pk)
    copies = _copies()
    copy = request.GET.get("copy", "")
    copy = copy if copy in copies else "library"
    head = heads()
    columns = (0, 1, 3, 4, 5, 7, 9)
    rows = tuple(tuple((row[n],) for n in columns) for row in _rows(found))
    reason = _("Entered as: %(reason)s") % {"reason": words.REASONS[found.reason]}
    named = tuple(head[n] for n in columns)
    table = Table(copies[copy], named, rows, widths_mm=_WIDTHS_MM, words=7, is_small=True)
    signed = [Paragraph((f"{name}：{value or '＿' * 10}",)) for name, value in _signatures(found)]
    title = (request.library.name, _title(found))
    made = Paper(title, (Paragraph((reason,)), table, Paragraph((_sum_said(found),)), *signed))
    content = docx.write(made, mark=f"weeding:{found.pk}", is_final=True)
    return _file(content, f"{_title(found)}-{copies[copy]}.docx", DOCX)


@require_safe
@needs(WITHDRAW)
def workbook(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The list as a workbook."""
    found = list_in_reach(request, pk)
    with tempfile.TemporaryDirectory(prefix="shuxiang-weeding-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "list.xlsx"
        write_table(path, heads(), _rows(found), _title(found))
        content = path.read_bytes()
    return _file(content, f"{_title(found)}.xlsx", XLSX)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": header})
