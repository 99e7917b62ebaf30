"""Class boxes and delivery rounds: planned, lent, passed on, fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation.services import preview_check_out
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.corners import selectors
from shuxiang.corners.messages import BOX_STATES, speak, why_not
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services import boxes as acts
from shuxiang.corners.services import rounds as tours
from shuxiang.desk.views.corners_ground import (
    KEEP,
    key_of,
    or_404,
    scanned_item,
    today,
    told,
    typed,
    typed_day,
    typed_number,
)
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.holdings.choosing import read_codes
from shuxiang.holdings.shelving import places_of

if TYPE_CHECKING:
    from shuxiang.corners.models import Box, BoxLine
    from shuxiang.patrons.models import Patron

A_PAGE = 30
LONGEST_LIST = 20_000
OUT, PLANNED, GOING = "out", "planned", "going"


def box_or_404(request: StaffRequest, pk: UUID) -> Any:
    return or_404(selectors.box_of(request.library, pk))


def shown(box: Any) -> dict[str, object]:
    """A box with its state in words and how much is still out."""
    still = box.lent - box.back
    kind = {"planned": "away", "going": "late"}.get(box.state, "out" if still else "in")
    words = str(BOX_STATES[box.state])
    if box.state == OUT and not still:
        words = _("all back")
    elif box.state == OUT and box.due_on and box.due_on < today():
        kind, words = "late", _("overdue")
    return {"box": box, "still": still, "kind": kind, "words": words}


def _reader(request: StaffRequest) -> Patron:
    reader = selectors.collective_reader(request.library, key_of(request.POST.get("reader", "")))
    if reader is None:
        raise refuse("box_for_whom", name="—")
    return reader


@require_safe
@needs(KEEP)
def boxes(request: StaffRequest) -> HttpResponse:
    """Every box, and a form to begin one."""
    page = Paginator(selectors.boxes_of(request.library), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "boxes": [shown(box) for box in page],
        "readers": _choices(request),
        "operation": uuid7(),
    }
    return render(request, "desk/corners/boxes.html", context)


def _choices(request: StaffRequest) -> list[tuple[int, str]]:
    readers = selectors.collective_readers(request.library)
    return [(one.pk, selectors.label_of_reader(one, today())) for one in readers]


@require_POST
@needs(KEEP)
def begin(request: StaffRequest) -> HttpResponse:
    """Begin a box for a class or group."""
    made: list[Box] = []

    def act() -> str:
        made.append(
            acts.plan_box(
                library=request.library,
                patron=_reader(request),
                by=actor_of(request),
                at=clock.now(),
                note=typed(request, "note", 200),
                operation_id=operation_of(request),
            )
        )
        return ""

    return redirect("desk:box", pk=made[0].pk) if told(request, act) else redirect("desk:boxes")


@require_safe
@needs(KEEP)
def box(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One box: what is in it and what would become of each volume, or what is still out."""
    found = box_or_404(request, pk)
    lines = list(selectors.lines_of(found))
    rows = [_row(found, line) for line in lines]
    context = {
        **shown(found),
        "rows": rows,
        "asked": _about_reader(found, lines),
        "missing": [row for row in rows if row["is_out"]],
        "readers": [one for one in _choices(request) if one[0] != found.patron_id],
        "places": places_of(request.library),
        "went_to": found.went_to.exclude(state="cancelled").first(),
        "operation": uuid7(),
        "today": today(),
    }
    return render(request, "desk/corners/box.html", context)


def _row(box: Box, line: BoxLine) -> dict[str, Any]:
    """One volume of the box: what would happen to it, what did, whether it is back."""
    loan = line.loan
    is_out = loan is not None and loan.in_at is None
    words, weight = "", ""
    if line.state == PLANNED and box.state == PLANNED:
        decision = preview_check_out(
            library=box.library, patron=box.patron, item=line.item, at=clock.now(), kind="collective"
        )
        passed = {"lent_to_other"} if box.came_from_id else set()
        blocking = decision.blocking(acts.ABOUT_READER | passed)
        words = " ".join(speak(one.code, one.params) for one in blocking)
        weight = "refuse" if blocking else "done"
    elif line.why:
        words, weight = why_not(line.why), "refuse"
    return {"line": line, "item": line.item, "loan": loan, "is_out": is_out, "words": words, "weight": weight}


def _about_reader(box: Box, lines: list[BoxLine]) -> list[str]:
    """What is asked about the class as a whole, before anything is lent: limit, overdue volumes, a block."""
    if box.state != PLANNED or not lines:
        return []
    decision = preview_check_out(
        library=box.library, patron=box.patron, item=lines[-1].item, at=clock.now(), kind="collective"
    )
    said = [speak(one.code, one.params) for one in decision.asks if one.code in acts.ABOUT_READER]
    left = selectors.room_left(box.patron)
    if left is not None and 0 < left < len(lines):
        said.append(
            _("The limit leaves room for %(left)s more; the box has %(n)s.") % {"left": left, "n": len(lines)}
        )
    return said


@require_POST
@needs(KEEP)
def add(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Volumes by scanning, from a list, or by a rule."""
    found = box_or_404(request, pk)

    def act() -> str:
        if "per_head" in request.POST:
            place = next(
                (one for one in places_of(request.library) if str(one.pk) == request.POST.get("place")), None
            )
            if place is None:
                raise refuse("rule_unclear")
            tally = acts.put_in_by_rule(found, place, typed_number(request, "per_head"), clock.now())
            words = {"read": tally.read, "done": tally.done, "left": tally.left}
            return _("Wanted %(read)s, taken %(done)s, not there %(left)s.") % words
        codes = read_codes(typed(request, "scan", LONGEST_LIST))
        known, unknown = selectors.volumes_by_code(request.library, codes)
        tally = acts.put_in(found, known)
        if unknown:
            raise refuse("codes_unknown", codes="、".join(unknown[:10]), count=len(unknown), done=tally.done)
        words = {"read": tally.read, "done": tally.done, "left": tally.left}
        return _("Read %(read)s, put in %(done)s, in it already %(left)s.") % words

    told(request, act)
    return redirect("desk:box", pk=pk)


@require_POST
@needs(KEEP)
def change(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Leave a volume out, lend the box, take it back from lending, pass it on, or throw it away."""
    found = box_or_404(request, pk)
    doing = {"drop": _drop, "issue": _issue, "cancel": _cancel, "pass": _pass_on, "throw": _throw}
    act = doing.get(request.POST.get("act", ""))
    goal: list[UUID] = [pk]
    if act is not None:
        told(request, lambda: act(request, found, goal))
    return redirect("desk:box", pk=goal[0]) if goal[0] else redirect("desk:boxes")


def _drop(request: StaffRequest, box: Box, _goal: list[UUID]) -> str:
    acts.take_out(box, key_of(request.POST.get("line", "")))
    return _("Left out.")


def _issue(request: StaffRequest, box: Box, _goal: list[UUID]) -> str:
    confirmed = frozenset({"lent_to_other"})  # counts only for a box that is passed on
    if "anyway" in request.POST:
        confirmed |= acts.ABOUT_READER
    tally = acts.issue(box, by=actor_of(request), at=clock.now(), confirmed=confirmed)
    words = {"read": tally.read, "done": tally.done, "left": tally.left}
    if not tally.done:
        raise refuse("box_nothing_went", count=tally.read)
    return _("In the box %(read)s, lent %(done)s, not lent %(left)s.") % words


def _cancel(request: StaffRequest, box: Box, _goal: list[UUID]) -> str:
    tally = acts.cancel(box, by=actor_of(request), at=clock.now())
    words = {"read": tally.read, "done": tally.done, "left": tally.left}
    return _("Out %(read)s, taken back %(done)s, left %(left)s.") % words


def _pass_on(request: StaffRequest, box: Box, goal: list[UUID]) -> str:
    made = acts.pass_on(
        box, _reader(request), by=actor_of(request), at=clock.now(), operation_id=operation_of(request)
    )
    goal[0] = made.pk
    return _("Look it through, then lend it: it goes over in one act.")


def _throw(request: StaffRequest, box: Box, goal: list[Any]) -> str:
    acts.throw_away(box)
    goal[0] = None
    return _("Thrown away.")


@require_POST
@needs(KEEP)
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Scan the pile that came back, volume by volume."""
    found = box_or_404(request, pk)

    def act() -> str:
        item = scanned_item(request)
        taken = acts.take_back(
            found, item, by=actor_of(request), at=clock.now(), operation_id=operation_of(request)
        )
        title = item.holding.record.title
        if taken.verdict == "foreign":
            raise refuse("not_of_box", title=title, number=found.number)
        if taken.verdict == "again":
            return _("“%(title)s” is back already.") % {"title": title}
        left = selectors.still_out(found).count()
        words = ngettext(
            "“%(title)s” is back; %(n)s is still out.", "“%(title)s” is back; %(n)s are still out.", left
        )
        return words % {"title": title, "n": left}

    told(request, act)
    return redirect("desk:box", pk=pk)


@require_safe
@needs(KEEP)
def slip(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What the class teacher signs: a printed list of what is in the box."""
    found = box_or_404(request, pk)
    lines = [line for line in selectors.lines_of(found) if line.state != "skipped"]
    return render(
        request, "desk/corners/box_slip.html", {"slips": [(found, lines)], "library": request.library}
    )


# ---- delivery rounds


@require_safe
@needs(KEEP)
def rounds(request: StaffRequest) -> HttpResponse:
    """All rounds, and a form to plan one."""
    page = Paginator(selectors.rounds_of(request.library), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/corners/rounds.html", {"page": page, "today": today(), "operation": uuid7()})


@require_POST
@needs(KEEP)
def plan_round(request: StaffRequest) -> HttpResponse:
    made: list[int] = []

    def act() -> str:
        tour = tours.plan_round(
            library=request.library,
            name=typed(request, "name", 80),
            on=typed_day(request),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
        made.append(tour.pk)
        return ""

    return redirect("desk:box_round", pk=made[0]) if told(request, act) else redirect("desk:box_rounds")


@require_safe
@needs(KEEP)
def round_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One round: its stops, what goes to each, what was handed over and fetched."""
    tour = or_404(selectors.round_of(request.library, pk) if pk < 2**31 else None)
    stops = [shown(stop) for stop in selectors.stops_of(tour)]
    context = {"tour": tour, "stops": stops, "readers": _choices(request), "operation": uuid7()}
    return render(request, "desk/corners/round.html", context)


@require_POST
@needs(KEEP)
def change_round(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a stop, tick a stop, or forget the round."""
    tour = or_404(selectors.round_of(request.library, pk) if pk < 2**31 else None)

    def act() -> str:
        if request.POST.get("act") == "tick":
            stop = tour.boxes.filter(number=key_of(request.POST.get("box", ""))).first()
            tours.tick(
                or_404(stop),
                is_delivered="delivered" in request.POST,
                is_collected="collected" in request.POST,
            )
            return _("Ticked.")
        if request.POST.get("act") == "remove":
            tours.remove_round(tour)
            return _("Thrown away.")
        tours.add_stop(
            tour, _reader(request), by=actor_of(request), at=clock.now(), operation_id=operation_of(request)
        )
        return _("The stop has an empty box: open it and put in what goes there.")

    done = told(request, act)
    if done and request.POST.get("act") == "remove":
        return redirect("desk:box_rounds")
    return redirect("desk:box_round", pk=pk)


@require_safe
@needs(KEEP)
def round_slips(request: StaffRequest, pk: int) -> HttpResponse:
    """A slip a stop, each on its own page."""
    tour = or_404(selectors.round_of(request.library, pk) if pk < 2**31 else None)
    slips = [
        (stop, [line for line in selectors.lines_of(stop) if line.state != "skipped"])
        for stop in selectors.stops_of(tour)
    ]
    return render(
        request, "desk/corners/box_slip.html", {"slips": slips, "library": request.library, "tour": tour}
    )
