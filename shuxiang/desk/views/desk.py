"""The desk: one box. Every act is a plain form post, so that it works without scripts; the answer is a fresh page."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs, scope
from shuxiang.circulation import selectors, services
from shuxiang.circulation.services import Outcome, Sitting
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk import sitting
from shuxiang.desk.sitting import Shown
from shuxiang.patrons import selectors as patrons
from shuxiang.ui.numbers import short_day

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan
    from shuxiang.patrons.models import Patron


LONGEST_SCAN = (
    100  # a barcode has a dozen digits, a name a few characters; what is longer is a key that stuck
)


def _today() -> date:
    return clock.local_date(clock.now())


def _in_reach(request: StaffRequest, patron: "Patron") -> bool:
    """A helper with a grant for one class serves that class only."""
    if request.scope.everywhere:
        return True
    membership = patrons.membership_on(patron, _today())
    return membership is not None and request.scope.has_class(membership.school_class_id)


def _patron(request: StaffRequest, pk: object) -> "Patron | None":
    found = patrons.find_patron(request.library, int(str(pk))) if pk else None
    return found if found is not None and _in_reach(request, found) else None


def _may(request: StaffRequest, permission: str) -> bool:
    return bool(scope(request.user, permission, request.library, _today()))


@require_safe
@needs("desk.lend", scoped=True)
def desk(request: StaffRequest) -> HttpResponse:
    """The page: the box, the last act or question, the reader at the desk, what was done today."""
    kept = sitting.remembered(request)
    patron = _patron(request, kept.get("patron"))
    shown: Shown = kept.get("shown") or Shown()
    today = _today()
    context = {
        "shown": shown,
        "operation": uuid4(),
        "patron": patron,
        "choices": _choices(request, shown),
        "can_override": _may(request, "desk.override"),
        "counts": selectors.day_counts(request.library, today),
        "recent": selectors.recent_acts(request.library, today) if request.scope.everywhere else [],
        "on": today,
    }
    if patron is not None:
        context |= _reader(request, patron, today)
    return render(request, "desk/desk.html", context)


def _reader(request: StaffRequest, patron: "Patron", today: date) -> dict[str, object]:
    loans = list(selectors.loans_of(patron))
    policy = selectors.policy_for(request.library, patron.category_id, None)
    limit = patron.loan_limit if patron.loan_limit is not None else policy.loan_limit
    late = sum(loan.due_on < today for loan in loans)
    facts: list[tuple[str, object, str]] = [
        (_("Out"), len(loans), _("of %(limit)s volumes") % {"limit": limit}),
        (_("Overdue"), late, _("volumes")),
    ]
    if _may(request, "desk.history"):
        facts.append((_("This term"), selectors.lent_this_term(patron, clock.now()), _("volumes")))
    card = patrons.open_card(patron)
    return {
        "loans": loans,
        "facts": facts,
        "card": card.number if card else "",
        "class_label": patrons.class_label_on(patron, today) or patron.category.name,
    }


def _choices(request: StaffRequest, shown: Shown) -> list[tuple[int, str, str]]:
    found = [p for p in (_patron(request, pk) for pk in shown.get("patrons", [])) if p is not None]
    labels = patrons.labels_on(request.library, found, _today())
    return [(p.pk, p.name, labels.get(p.pk, p.category.name)) for p in found]


@require_POST
@needs("desk.lend", scoped=True)
def scan(request: StaffRequest) -> HttpResponse:
    """Do what was scanned, confirm a question, or register reading in the room; then show the page anew."""
    kept = sitting.remembered(request)
    patron = _patron(request, kept.get("patron"))
    code = request.POST.get("scan", "")
    asked: Shown = kept.get("shown") or Shown()
    confirmed: frozenset[str] = frozenset()
    if "confirm" in request.POST and asked.get("kind") == "ask":
        code = asked.get("code", "")
        confirmed = frozenset(asked.get("codes", [])) if _may(request, "desk.override") else frozenset()
    in_room = "in_room" in request.POST and bool(asked.get("may_read_here"))
    if in_room:
        code = asked.get("code", "")
    code = code.strip()[:LONGEST_SCAN]
    if not code:
        return redirect("desk:desk")
    result = services.scan(
        Sitting(
            library=request.library,
            at=clock.now(),
            by=actor_of(request),
            patron=patron,
            confirmed=confirmed,
            kind="in-room" if in_room else "",
            operation_id=_operation(request),
        ),
        code,
    )
    brought = result.patron if result.outcome is Outcome.READER else patron
    if brought is not None and not _in_reach(request, brought):
        shown = Shown(kind="refuse", heading=_("This reader is not in your class."), reasons=[])
        brought = patron
    else:
        shown = sitting.show(result)
    sitting.remember(request, patron=brought.pk if brought else None, shown=shown or None)
    return redirect("desk:desk")


def _operation(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return None


@require_POST
@needs("desk.lend", scoped=True)
def choose_reader(request: StaffRequest, pk: int) -> HttpResponse:
    """The reader meant, out of several that fit what was typed."""
    patron = _patron(request, pk)
    if patron is None:
        raise Http404
    sitting.remember(request, patron=patron.pk, shown=None)
    return redirect("desk:desk")


@require_POST
@needs("desk.lend", scoped=True)
def finish(request: StaffRequest) -> HttpResponse:
    """Drop the pending question; with none pending, the reader is done and steps aside."""
    kept = sitting.remembered(request)
    pending = (kept.get("shown") or {}).get("kind") in ("ask", "refuse")
    sitting.remember(request, patron=kept.get("patron") if pending else None, shown=None)
    return redirect("desk:desk")


@require_POST
@needs("desk.lend", scoped=True)
def return_loan(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back one loan that was pointed at: the answer to “whose is it?”."""
    loan = _loan(request, pk)
    done = services.check_in_loan(
        loan=loan, at=clock.now(), by=actor_of(request), operation_id=_operation(request)
    )
    result = services.ScanResult(
        Outcome.RETURNED,
        "",
        done.decision,
        patron=loan.patron,
        loan=done.loan,
        item=done.item,
        record=loan.record,
    )
    kept = sitting.remembered(request)
    sitting.remember(request, patron=kept.get("patron"), shown=sitting.show(result))
    return redirect("desk:desk")


@require_POST
@needs("desk.lend", scoped=True)
def renew(request: StaffRequest, pk: int) -> HttpResponse:
    loan = _loan(request, pk)
    shown = Shown(title=loan.record.title, clc=loan.record.clc)
    try:
        renewed = services.renew(
            loan=loan, at=clock.now(), by=actor_of(request), operation_id=_operation(request)
        )
        shown |= Shown(
            kind="done",
            heading=_("Renewed: “%(title)s”, due %(on)s")
            % {"title": loan.record.title, "on": short_day(renewed.due_on)},
            reasons=[],
        )
    except Refused as refusal:
        heading = _("Not renewed: “%(title)s”") % {"title": loan.record.title}
        shown |= Shown(kind="refuse", heading=heading, reasons=sitting.reasons(refusal.decision))
    sitting.remember(request, patron=sitting.remembered(request).get("patron"), shown=shown)
    return redirect("desk:desk")


@require_POST
@needs("desk.lend", scoped=True)
def undo(request: StaffRequest) -> HttpResponse:
    """Undo the last act of this desk: a loan is cancelled, a returned one opened again."""
    kept = sitting.remembered(request)
    what = (kept.get("shown") or {}).get("undo")
    if not what:
        return redirect("desk:desk")
    act, loan = what[0], _loan(request, what[1])
    opposite = services.cancel_loan if act == "lent" else services.reopen_loan
    try:
        opposite(loan=loan, at=clock.now(), by=actor_of(request))
        shown = Shown(
            kind="undone", heading=_("Undone: “%(title)s”") % {"title": loan.record.title}, reasons=[]
        )
    except Refused as refusal:
        heading = _("Not undone: “%(title)s”") % {"title": loan.record.title}
        shown = Shown(kind="refuse", heading=heading, reasons=sitting.reasons(refusal.decision))
    sitting.remember(request, patron=kept.get("patron"), shown=shown)
    return redirect("desk:desk")


def _loan(request: StaffRequest, pk: int) -> "Loan":
    loan = selectors.find_loan(request.library, pk)
    if loan is None or (loan.patron is not None and not _in_reach(request, loan.patron)):
        raise Http404
    return loan
