"""A class's paper register: printed to be written on, and typed in later on one grid by the keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.corners import selectors
from shuxiang.corners.messages import say_kept
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services import paper as acts
from shuxiang.desk.views.corners_ground import KEEP, LARGEST, key_of, or_404, today, told, typed
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.classes import numbers_on

if TYPE_CHECKING:
    from shuxiang.corners.models import PaperRow, PaperSheet

A_PAGE = 30
SPARE = 8  # empty lines below those that are filled
BLANK_LINES = 24  # of a sheet to be written on
BACK = timedelta(days=140)  # how far a filled sheet looks back
REFUSE = 1


@require_safe
@needs(KEEP)
def papers(request: StaffRequest) -> HttpResponse:
    """Sheets that were typed in, and a form to begin one or to print one."""
    page = Paginator(selectors.sheets_of(request.library), A_PAGE).get_page(request.GET.get("page"))
    classes = ground.classes_on(request.library, today())
    labels = ground.class_labels(request.library, classes, today())
    context = {"page": page, "classes": [(one.pk, labels[one.pk]) for one in classes], "operation": uuid7()}
    return render(request, "desk/corners/papers.html", context)


@require_POST
@needs(KEEP)
def begin(request: StaffRequest) -> HttpResponse:
    """An empty grid for a class."""
    made: list[UUID] = []

    def act() -> str:
        school_class = selectors.class_of(request.library, key_of(request.POST.get("school_class", "")))
        if school_class is None:
            raise refuse("class_elsewhere")
        reason = typed(request, "reason", 200)
        made.append(acts.begin_sheet(school_class, reason, by=actor_of(request), at=clock.now()).pk)
        return ""

    return redirect("desk:paper", pk=made[0]) if told(request, act) else redirect("desk:papers")


@require_safe
@needs(KEEP)
def paper(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The grid, with the verdict on every row once it was tried."""
    sheet = or_404(selectors.sheet_of(request.library, pk))
    found = sheet.rows.select_related("patron", "loan", "item__holding__record", "item__property_line")
    rows = [_shown(row) for row in found.order_by("position")]
    is_draft = sheet.state == "draft"
    tried = bool(rows) and all(row["row"].on or row["said"] for row in rows)
    context = {
        "sheet": sheet,
        "rows": rows,
        "spare": range(max(1, min(SPARE, acts.MOST_ROWS - len(rows)))) if is_draft else (),
        "is_draft": is_draft,
        "tried": tried,
        "good": sum(row["kind"] in ("done", "ask") for row in rows) if tried else 0,
        "bad": sum(row["kind"] == "refuse" for row in rows),
        "readers": _readers(sheet),
        "today": today(),
    }
    return render(request, "desk/corners/paper.html", context)


def _shown(row: PaperRow) -> dict[str, Any]:
    said = say_kept(row.reasons)
    kind = "done" if row.on else ""  # what was not tried yet has no verdict
    if said:
        kind = "ask"
    if row.state == "refused" or any(weight == REFUSE for weight, _words in said):
        kind = "refuse"
    if row.state == "undone":
        kind = "noted"
    line = getattr(row.item, "property_line", None) if row.item else None
    return {
        "row": row,
        "said": [words for _weight, words in said],
        "kind": kind,
        "price": line.list_price_fen if line else None,
        "has_price": line is not None,
    }


def _readers(sheet: PaperSheet) -> list[tuple[int | None, str]]:
    """The class beside the grid: number and name."""
    members = patrons.members_of(sheet.school_class, today())
    return [(member.number, member.patron.name) for member in members]


@require_POST
@needs(KEEP)
def change(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Keep what was typed and try it; enter it; undo the whole sheet; take what was refused to a new one."""
    sheet = or_404(selectors.sheet_of(request.library, pk))
    goal = [pk]

    def act() -> str:
        by, at, wanted = actor_of(request), clock.now(), request.POST.get("act", "try")
        if wanted == "undo":
            undone, left = acts.undo(sheet, by=by, at=at)
            return _("Rows undone %(undone)s, left %(left)s.") % {"undone": undone, "left": left}
        if wanted == "rest":
            goal[0] = acts.rest_of(sheet, by=by, at=at).pk
            return _("Put them right and try again.")
        if "on" in request.POST:
            acts.keep_rows(sheet, _typed(request))
        if wanted == "enter":
            acts.enter(sheet, by=by, at=at)
            states = list(sheet.rows.values_list("state", flat=True))
            words = {"read": len(states), "done": states.count("done"), "left": states.count("refused")}
            return _("Rows read %(read)s, entered %(done)s, refused %(left)s.") % words
        acts.try_out(sheet, by=by, at=at)
        return ""

    told(request, act)
    return redirect("desk:paper", pk=goal[0])


def _typed(request: StaffRequest) -> list[acts.Typed]:
    columns = [request.POST.getlist(name)[: 2 * acts.MOST_ROWS] for name in ("on", "reader", "book", "back")]
    return [acts.Typed(*[text[:200] for text in line]) for line in zip(*columns, strict=False)]


@require_safe
@needs(KEEP)
def printed(request: StaffRequest, pk: int) -> HttpResponse:
    """The register sheet of a class, empty to be written on, or filled with what is on the books."""
    school_class = or_404(selectors.class_of(request.library, pk) if pk < LARGEST else None)
    filled = "filled" in request.GET
    loans = list(selectors.loans_of_class(school_class, today() - BACK, today())) if filled else []
    readers = [loan.patron for loan in loans if loan.patron is not None]
    numbers = numbers_on(readers, today())
    context = {
        "label": ground.label_of(school_class, today()),
        "library": request.library,
        "rows": [(loan, numbers.get(loan.patron_id or 0)) for loan in loans],
        "blank": range(BLANK_LINES if not filled else 6),
        "today": today(),
    }
    return render(request, "desk/corners/paper_print.html", context)
