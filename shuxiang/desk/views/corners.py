"""Class corners: all of them, one with its register, what is carried there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation.services import Outcome, Sitting
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.corners import selectors
from shuxiang.corners.messages import OWN_ENDS, speak
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services import corner_scan, own, places
from shuxiang.desk.views.corners_ground import (
    KEEP,
    LARGEST,
    LEND,
    keeps,
    key_of,
    or_404,
    today,
    told,
    typed,
    typed_number,
)
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.holdings.choosing import read_codes
from shuxiang.holdings.messages import REFUSALS as STOCK
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.corners.services.lending import CornerScanned
    from shuxiang.holdings.models import ShelvingLocation
    from shuxiang.patrons.models import Patron

LONGEST_LIST = 20_000
MOVES_SHOWN = 6


def corner_or_404(request: StaffRequest, pk: int) -> ShelvingLocation:
    """A corner of this library; a helper of one class sees that one only."""
    place = or_404(selectors.corner_of(request.library, pk) if pk < LARGEST else None)
    if not request.scope.has_class(place.school_class_id):
        raise PermissionDenied
    return place


@require_safe
@needs(LEND, scoped=True)
def corners(request: StaffRequest) -> HttpResponse:
    """All corners with what stands in them, and a form to open one."""
    found = [
        one
        for one in selectors.corners_of(request.library, today())
        if request.scope.has_class(one.place.school_class_id)
    ]
    having = {one.place.school_class_id for one in found}
    classes = ground.classes_on(request.library, today())
    labels = ground.class_labels(request.library, classes, today())
    context = {
        "corners": found,
        "without": [(one.pk, labels[one.pk]) for one in classes if one.pk not in having],
        "keeps": keeps(request),
        "standing": sum(one.standing for one in found),
        "out": sum(one.out for one in found),
    }
    return render(request, "desk/corners/corners.html", context)


@require_POST
@needs(KEEP)
def open_corner(request: StaffRequest) -> HttpResponse:
    """Open the corner of a class."""
    made: list[int] = []

    def act() -> str:
        school_class = selectors.class_of(request.library, key_of(request.POST.get("school_class", "")))
        if school_class is None:
            raise refuse("class_elsewhere")
        place = places.open_corner(
            library=request.library, school_class=school_class, by=actor_of(request), at=clock.now()
        )
        made.append(place.pk)
        return _("Opened. Scan the volumes that go there.")

    return redirect("desk:corner", pk=made[0]) if told(request, act) else redirect("desk:corners")


@require_safe
@needs(LEND, scoped=True)
def corner(request: StaffRequest, pk: int) -> HttpResponse:
    """One corner: its register, what is out, pupils' own books, what was carried."""
    return _page(request, corner_or_404(request, pk), {})


def _page(request: StaffRequest, place: ShelvingLocation, more: dict[str, object]) -> HttpResponse:
    school_class = or_404(place.school_class)
    volumes = list(selectors.volumes_in(place))
    loans = {loan.item_id: loan for loan in selectors.out_of(place)}
    own_out = {loan.book_id: loan for loan in selectors.own_out(place)}
    readers = patrons.readers_of(school_class, today())
    context: dict[str, object] = {
        "place": place,
        "label": ground.label_of(school_class, today()),
        "volumes": [(item, loans.get(item.pk)) for item in volumes],
        "out": len(loans),
        "own": [(book, own_out.get(book.pk)) for book in selectors.own_books(place)],
        "others": [one for one in selectors.corners_of(request.library, today()) if one.place.pk != place.pk],
        "moves": selectors.moves_of(place)[:MOVES_SHOWN],
        "checks": selectors.checks_of(place)[:3],
        "readers": readers,
        "terms": selectors.terms_of(place),
        "keeps": keeps(request),
        "today": today(),
        "operation": uuid7(),
        **more,
    }
    return render(request, "desk/corners/corner.html", context)


@require_POST
@needs(LEND, scoped=True)
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """A pupil by number or name, then the volume: lent or taken back by the corner's register."""
    place = corner_or_404(request, pk)
    members = patrons.members_of(or_404(place.school_class), today())
    chosen = {member.patron_id: member.patron for member in members}.get(key_of(request.POST.get("reader")))
    sitting = Sitting(
        library=request.library,
        at=clock.now(),
        by=actor_of(request),
        patron=chosen,
        confirmed=_confirmed(request),
        operation_id=operation_of(request),
    )
    code = typed(request, "scan", 200)
    if not code:
        return redirect("desk:corner", pk=pk)
    found = corner_scan(sitting, place, code, members=members)
    return _page(request, place, _told(found, chosen, code))


def _confirmed(request: StaffRequest) -> frozenset[str]:
    codes = frozenset(typed(request, "confirm", 200).split())
    return codes if codes and keeps(request) else frozenset()


_KINDS = {
    Outcome.LENT: "done",
    Outcome.RETURNED: "done",
    Outcome.READER: "noted",
    Outcome.TWICE: "noted",
    Outcome.ASKED: "ask",
    Outcome.WHICH_READER: "ask",
}


def _told(found: CornerScanned, chosen: Patron | None, code: str) -> dict[str, object]:
    """What the scan did, in words, and who is at the corner from now on."""
    result = found.result
    reader = result.patron if result.outcome in (Outcome.READER, Outcome.LENT) else chosen
    title = found.own.title if found.own else result.record.title if result.record else ""
    name = result.patron.name if result.patron else ""
    due = result.loan.due_on if result.loan else None
    words = {
        Outcome.LENT: _("“%(title)s” is lent to %(name)s."),
        Outcome.RETURNED: _("“%(title)s” is back."),
        Outcome.READER: _("%(name)s: now scan the book."),
        Outcome.TWICE: _("“%(title)s” was scanned twice; the first scan counts."),
        Outcome.WHICH_READER: _("Several pupils fit. Type the number in the class."),
        Outcome.UNKNOWN: _("Nobody and nothing is called “%(code)s” here. Try the number in the class."),
    }
    heading = words.get(result.outcome, "") % {"title": title, "name": name, "code": code}
    reasons = [speak(one.code, one.params) for one in result.decision.reasons]
    return {
        "told": heading or " ".join(reasons) or _("Scan the barcode of the book."),
        "reasons": reasons if heading else [],
        "due": due if result.outcome is Outcome.LENT else None,
        "kind": _KINDS.get(result.outcome, "refuse"),
        "reader": reader,
        "code": code,
        "confirm": " ".join(one.code for one in result.decision.asks)
        if result.outcome is Outcome.ASKED
        else "",
    }


@require_POST
@needs(KEEP)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Its terms; what is to be carried there, exchanged or sent home, to be looked through first."""
    place = or_404(selectors.corner_of(request.library, pk) if pk < LARGEST else None)
    goal: list[UUID] = []

    def act() -> str:
        by, at, key = actor_of(request), clock.now(), operation_of(request)
        wanted = request.POST.get("act", "")
        if wanted == "terms":
            limit, days = typed_number(request, "limit"), typed_number(request, "days")
            places.set_terms(place, loan_limit=limit, loan_days=days, by=by, at=at)
            return _("Set.")
        if wanted == "exchange":
            other = selectors.corner_of(request.library, key_of(request.POST.get("other", "")))
            if other is None:
                raise refuse("exchange_with_whom")
            move = places.foresee_exchange(place, other, by=by, at=at, operation_id=key)
        elif wanted == "home":
            move = places.foresee_home(place, by=by, at=at, operation_id=key)
        else:
            codes = read_codes(typed(request, "scan", LONGEST_LIST))
            move = places.foresee_fill(place, codes, by=by, at=at, operation_id=key)
        goal.append(move.pk)
        return ""

    told(request, act)
    return redirect("desk:corner_move", pk=goal[0]) if goal else redirect("desk:corner", pk=pk)


@require_safe
@needs(KEEP)
def move(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What is to be carried, volume by volume, before and after it was."""
    found = or_404(selectors.move_of(request.library, pk))
    carriages = places.carriages_of(found)
    ways = [_way(one) for one in carriages]
    states = {one.state for one in carriages}
    context = {
        "move": found,
        "ways": ways,
        "label": found.one.name,
        "is_foreseen": states == {"foreseen"},
        "is_done": states == {"done"},
        "is_undone": states == {"undone"},
        "is_busy": bool(states & {"running", "undoing"}),
        "going": sum(way["going"] for way in ways),
    }
    return render(request, "desk/corners/move.html", context)


def _way(carriage: Any) -> dict[str, Any]:
    """One direction with its volumes, those that stay behind told why."""
    lines = list(
        carriage.lines.select_related("item__holding__record").order_by(
            "item__holding__call_number_sort", "pk"
        )
    )
    rows = [(line, str(STOCK.get(line.why, line.why)) if line.why else "") for line in lines]
    unknown = list(carriage.unknown)
    return {
        "carriage": carriage,
        "rows": rows,
        "unknown": unknown,
        "going": sum(not line.why for line in lines),
        "staying": sum(bool(line.why) for line in lines),
    }


@require_POST
@needs(KEEP)
def carry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Carry out what was foreseen, or take it back."""
    found = or_404(selectors.move_of(request.library, pk))

    def act() -> str:
        if request.POST.get("act") == "undo":
            places.take_back(found, by=actor_of(request), at=clock.now())
            return _("Taken back; what moved on since stayed and is named.")
        places.carry_out(found, by=actor_of(request), at=clock.now())
        return _("Done.")

    told(request, act)
    return redirect("desk:corner_move", pk=pk)


# ---- pupils' own books


@require_POST
@needs(LEND, scoped=True)
def receive_own(request: StaffRequest, pk: int) -> HttpResponse:
    """A pupil lends a book to the corner."""
    place = corner_or_404(request, pk)

    def act() -> str:
        readers = {one.pk: one for one in patrons.readers_of(or_404(place.school_class), today())}
        owner = readers.get(key_of(request.POST.get("owner", "")))
        if owner is None:
            raise refuse("no_reader")
        book = own.receive(
            place,
            owner=owner,
            title=typed(request, "title", 200),
            author=typed(request, "author", 100),
            on=today(),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
        return _("Number %(number)s: write it on a slip in the book.") % {"number": book.code}

    told(request, act)
    return redirect("desk:corner", pk=pk)


@require_POST
@needs(LEND, scoped=True)
def end_own(request: StaffRequest, pk: int) -> HttpResponse:
    """A pupil's own book goes home, or is lost; or it did not after all."""
    place = corner_or_404(request, pk)

    def act() -> str:
        ended = request.POST.get("ended", "home")
        keys = [key_of(one) for one in request.POST.getlist("book")]
        books = list(selectors.own_books(place).filter(pk__in=keys))
        for book in books:
            own.end_own(
                book, ended=ended if ended in OWN_ENDS else "home", by=actor_of(request), at=clock.now()
            )
        return _("%(n)s books left the corner.") % {"n": len(books)}

    told(request, act)
    return redirect("desk:corner", pk=pk)
