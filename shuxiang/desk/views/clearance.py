"""Clearance: who owes what, the stamp sheet of a class, the act, the certificate, and the way back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.readers import EDIT, LARGEST, SEE, number_of, today
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.enrolment import selectors, services
from shuxiang.enrolment.messages import REASONS, say_all, short
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.dues import words_of

if TYPE_CHECKING:
    from shuxiang.enrolment.models import Clearance
    from shuxiang.enrolment.selectors import ToClear
    from shuxiang.libraries.models import SchoolClass

MOST_FOUND, LATEST = 50, 20


@require_safe
@needs(EDIT)
def clearances(request: StaffRequest) -> HttpResponse:
    """Find one reader or a class; what was cleared last."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:80]
    found = patrons.search(request.library, wanted, on=today(), limit=MOST_FOUND) if wanted else []
    people = [one for one in found if one.school_class_id is None]
    classes = ground.classes_on(request.library, today())
    year = ground.calendar_of(request.library).school_year_on(today())
    labels = ground.class_labels(request.library, ground.classes_of(request.library), today())
    gone = [
        one for one in ground.classes_of(request.library)
        if one.graduated_on is not None and (today() - one.graduated_on).days < 400
    ]  # fmt: skip
    context = {
        "q": wanted,
        "rows": _shown(selectors.to_clear(request.library, people, today())),
        "classes": [(one.pk, labels[one.pk], _is_last(one, year)) for one in classes],
        "gone": [(one.pk, labels[one.pk], one.graduated_on) for one in gone],
        "latest": _certificates(list(selectors.clearances_of(request.library)[:LATEST])),
        "owing": len(selectors.left_owing(request.library, today())),
        **_form(),
    }
    return render(request, "desk/clearance/page.html", context)


def _is_last(school_class: SchoolClass, year: int) -> bool:
    return ground.class_facts(school_class).last_school_year == year


def _form(reason: str = "transferred") -> dict[str, object]:
    return {"reasons": list(REASONS.items()), "reason": reason, "today": today(), "operation": uuid7()}


def _shown(rows: list[ToClear]) -> list[dict[str, object]]:
    """Rows with the words of what is owed."""
    return [{"row": row, "owed": [(words_of(due.kind), due) for due in row.owed]} for row in rows]


def _certificates(rows: list[Clearance]) -> list[tuple[Clearance, object]]:
    return [(one, REASONS[one.reason]) for one in rows]


def _class_or_404(request: StaffRequest, pk: int) -> SchoolClass:
    found = selectors.class_of(request.library, pk) if pk < LARGEST else None
    if found is None or not request.scope.has_class(pk):
        raise Http404
    return found


def _class_shown(request: StaffRequest, pk: int) -> dict[str, object]:
    found = _class_or_404(request, pk)
    rows = selectors.to_clear(request.library, selectors.readers_in(found), today())
    year = ground.calendar_of(request.library).school_year_on(today())
    graduates = found.graduated_on is not None or _is_last(found, year)
    return {
        "class_pk": pk,
        "label": ground.label_of(found, found.graduated_on or today()),
        "rows": _shown(rows),
        "free": sum(row.may_be_cleared for row in rows),
        "owing": sum(bool(row.owed) and row.clearance is None for row in rows),
        "cleared": sum(row.clearance is not None for row in rows),
        **_form("graduated" if graduates else "transferred"),
    }


@require_safe
@needs(EDIT)
def school_class(request: StaffRequest, pk: int) -> HttpResponse:
    """A whole class: who may be cleared at once, who owes what."""
    return render(request, "desk/clearance/class.html", _class_shown(request, pk))


@require_safe
@needs(SEE, scoped=True)
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The stamp sheet of a class, for paper; its teacher may print it, too."""
    return render(request, "desk/clearance/sheet.html", _class_shown(request, pk))


@require_safe
@needs(EDIT)
def owing(request: StaffRequest) -> HttpResponse:
    """Readers who left and still have something."""
    context = {"rows": _shown(selectors.left_owing(request.library, today())), **_form("other")}
    return render(request, "desk/clearance/owing.html", context)


@require_POST
@needs(EDIT)
def clear(request: StaffRequest) -> HttpResponse:
    """Clear the ticked readers; who owes is passed over by name."""
    keys = [key for key in map(number_of, request.POST.getlist("reader")) if key is not None]
    reason = request.POST.get("reason", "")
    try:
        on = min(date.fromisoformat(request.POST.get("on", "")), today())
    except ValueError:
        on = today()
    try:
        done = services.clear(
            keys,
            library=request.library,
            reason=reason if reason in REASONS else "other",
            on=on,
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return redirect("desk:clearance")
    _tell(request, done)
    return redirect("desk:clearance_act", batch=done.batch) if done.done else redirect("desk:clearance")


def _tell(request: StaffRequest, done: services.Cleared) -> None:
    count = len(done.done)
    if count:
        words = ngettext("%(n)s reader cleared.", "%(n)s readers cleared.", count) % {"n": count}
        messages.success(request, words)
    names = {one.pk: one.name for one in patrons.patrons_of(request.library).filter(pk__in=done.kept)}
    for key, code in done.kept.items():
        messages.warning(request, f"{names.get(key, '')}: {short(code)}")


@require_safe
@needs(EDIT)
def act(request: StaffRequest, batch: UUID) -> HttpResponse:
    """What one act cleared, with the certificates."""
    rows = selectors.batch_of(request.library, batch)
    if not rows:
        raise Http404
    context = {
        "batch": batch,
        "rows": _certificates(rows),
        "standing": any(row.undone_at is None for row in rows),
    }
    return render(request, "desk/clearance/act.html", context)


@require_safe
@needs(EDIT)
def certificate(request: StaffRequest, pk: int) -> HttpResponse:
    """The certificate for paper; with `all`, those of the whole act, one a page."""
    found = selectors.clearance_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    rows = selectors.batch_of(request.library, found.batch) if request.GET.get("all") else [found]
    standing = [one for one in rows if one.undone_at is None]
    if not standing:
        raise Http404
    return render(
        request, "desk/clearance/certificate.html", {"rows": _certificates(standing), "batch": found.batch}
    )


@require_POST
@needs(EDIT)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one reader's clearance back."""
    found = selectors.clearance_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return _undone(request, found.batch, pk)


@require_POST
@needs(EDIT)
def undo_act(request: StaffRequest, batch: UUID) -> HttpResponse:
    """Take a whole act of clearance back."""
    if not selectors.batch_of(request.library, batch):
        raise Http404
    return _undone(request, batch, None)


def _undone(request: StaffRequest, batch: UUID, only: int | None) -> HttpResponse:
    try:
        count, stays = services.undo_clearance(
            batch, library=request.library, by=actor_of(request), at=clock.now(), only=only
        )
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
    else:
        words = ngettext("%(n)s reader is here again.", "%(n)s readers are here again.", count) % {"n": count}
        messages.success(request, words)
        if stays:
            messages.warning(
                request, _("Changed since, so left as they are: %(names)s") % {"names": "、".join(stays)}
            )
    return redirect("desk:clearance_act", batch=batch)
