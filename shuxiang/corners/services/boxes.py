"""A class box (班级图书箱): planned by scanning, a list or a rule, lent in one go, passed on, cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count

from shuxiang.audit import operations
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import cancel_loan, check_in, check_out
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Reason, Refused
from shuxiang.corners import selectors
from shuxiang.corners.models import Box, BoxLine, DeliveryRound
from shuxiang.corners.refusals import refuse
from shuxiang.corners.rules import wanted_volumes
from shuxiang.corners.services.numbering import next_number
from shuxiang.holdings.models import Holding, Item, ItemAccount, ShelvingLocation
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron, PatronCategory

State, Line = Box.State, BoxLine.State
MOST = 100  # volumes in one box
CHUNK = 8  # loans in one transaction: the desk beside it waits no longer than for so many
COLLECTIVE = (PatronCategory.Kind.CLASS, PatronCategory.Kind.GROUP)
ABOUT_READER = frozenset(
    {"loan_limit_reached", "has_overdue", "reader_blocked"}
)  # asked once for a whole box


class Tally(NamedTuple):
    """The reconciling last line of an act: read = done + left."""

    read: int
    done: int
    left: int


def plan_box(
    *,
    library: Library,
    patron: Patron,
    by: Actor,
    at: datetime,
    note: str = "",
    in_round: DeliveryRound | None = None,
    operation_id: UUID | None = None,
) -> Box:
    """An empty box for a class or a group. Refuses a reader who is no class or group, or of another library."""
    if patron.library_id != library.pk or patron.category.kind not in COLLECTIVE:
        raise refuse("box_for_whom", name=patron.name)
    with transaction.atomic():
        begun = operations.begin(
            "corners.plan_box",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"patron": patron.pk, "round": in_round.pk if in_round else None},
        )
        if begun.repeated:
            return Box.objects.get(pk=begun.operation.result["box"])
        box = Box.objects.create(
            library=library,
            number=next_number(library, Box),
            patron=patron,
            label=selectors.label_of_reader(patron, local_date(at))[:60],
            note=note.strip()[:200],
            round=in_round,
            created_at=at,
            created_by=by.name[:80],
        )
        operations.finish(begun.operation, subject=f"corners.box:{box.pk}", result={"box": str(box.pk)})
        return box


def put_in(box: Box, items: Sequence[Item]) -> Tally:
    """Write volumes down for a box that is planned; what is in it already is left. Refuses more than a box holds."""
    with transaction.atomic():
        _touch(box)
        known = set(box.lines.values_list("item_id", flat=True))
        new = list({item.pk: item for item in items if item.pk not in known}.values())
        if len(known) + len(new) > MOST:
            raise refuse("box_full", most=MOST)
        if any(item.library_id != box.library_id for item in new):
            raise refuse("volume_elsewhere")
        BoxLine.objects.bulk_create(BoxLine(box=box, item=item) for item in new)
        return Tally(len(items), len(new), len(items) - len(new))


def put_in_by_rule(box: Box, place: ShelvingLocation, per_head: int, at: datetime) -> Tally:
    """Take the least lent titles of a place, one volume of each, so many a head of the class (a group counts as 20).

    Gives wanted, taken and what the place could not give.
    """
    if place.library_id != box.library_id or not 0 < per_head <= 5:
        raise refuse("rule_unclear")
    heads = selectors.heads_of(box.patron, local_date(at))
    wanted = wanted_volumes(heads, per_head, box.lines.count(), MOST)
    if not wanted:
        raise refuse("nobody_to_count", label=box.label)
    there = Item.objects.filter(
        library=box.library,
        account=ItemAccount.SHELF,
        home=place,
        current=None,
        holding__record__is_reference=False,
    ).exclude(holding__review=Holding.Review.HELD)
    planned = box.lines.values("item__holding_id")
    rows = there.exclude(holding__in=planned).order_by(
        "holding__times_lent", "holding_id", "copy_number", "pk"
    )
    seen: dict[int, Item] = {}
    for item in rows[: wanted * 8]:
        seen.setdefault(item.holding_id, item)
    taken = list(seen.values())[:wanted]
    put_in(box, taken)
    return Tally(wanted, len(taken), wanted - len(taken))


def take_out(box: Box, line_id: int) -> None:
    """Leave a volume out of a box that is planned."""
    with transaction.atomic():
        _touch(box)
        box.lines.filter(pk=line_id).delete()


def throw_away(box: Box) -> None:
    """Forget a box that was only planned."""
    with transaction.atomic():
        _touch(box)
        box.delete()


def _touch(box: Box) -> None:
    """Only a planned box can be changed; touching its row keeps lending out until we are done."""
    if not Box.objects.filter(pk=box.pk, state=State.PLANNED).update(state=State.PLANNED):
        raise refuse("box_not_planned", number=box.number)


def issue(box: Box, *, by: Actor, at: datetime, confirmed: frozenset[str] = frozenset()) -> Tally:
    """Lend every volume of the box that may be lent, a few at a time; begun again after a stop, it goes on.

    `confirmed` answers what is asked about the class as a whole, and for a box passed on that another class has them.
    """
    if not box.lines.exists():
        raise refuse("box_empty")
    on = local_date(at)
    Box.objects.filter(pk=box.pk, state=State.PLANNED).update(state=State.GOING, out_on=on)
    allowed = confirmed & (ABOUT_READER | ({"lent_to_other"} if box.came_from_id else frozenset()))
    while _issue_some(box, by=by, at=at, confirmed=allowed):
        pass
    counts = dict(box.lines.values_list("state").annotate(n=Count("pk")).order_by())
    lent = int(counts.get(Line.LENT, 0))
    first = Loan.objects.filter(box_line__box=box).order_by("due_on").first()
    after = State.OUT if lent else State.PLANNED
    if not lent:  # nothing went: it is as it was, with the reasons beside each volume
        box.lines.filter(state=Line.SKIPPED).update(state=Line.PLANNED)
    Box.objects.filter(pk=box.pk, state=State.GOING).update(
        state=after, due_on=first.due_on if first else None, out_on=on if lent else None
    )
    box.refresh_from_db()
    return Tally(sum(counts.values()), lent, sum(counts.values()) - lent)


def _issue_some(box: Box, *, by: Actor, at: datetime, confirmed: frozenset[str]) -> bool:
    with transaction.atomic():
        rows = BoxLine.objects.filter(box=box, state=Line.PLANNED, box__state=State.GOING)
        rows = rows.select_related("item", "box__patron__category", "box__library")
        lines = list(rows.select_for_update(of=("self",)).order_by("pk")[:CHUNK])
        for line in lines:
            _issue_one(line, by=by, at=at, confirmed=confirmed)
        return bool(lines)


def _issue_one(line: BoxLine, *, by: Actor, at: datetime, confirmed: frozenset[str]) -> None:
    box = line.box
    try:
        line.loan = check_out(
            library=box.library,
            patron=box.patron,
            item=line.item,
            at=at,
            by=by,
            confirmed=confirmed,
            kind=Loan.Kind.COLLECTIVE,
        )
        line.state, line.why = Line.LENT, ""
    except Refused as refusal:
        line.state, line.why = Line.SKIPPED, refusal.codes[0][:40]
    line.save(update_fields=["state", "why", "loan"])


class Taken(NamedTuple):
    """What scanning a volume of a returned pile did: back | again | foreign."""

    verdict: str
    item: Item
    reasons: tuple[Reason, ...] = ()


def take_back(box: Box, item: Item, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> Taken:
    """A volume of the pile came back. One that is not out with this box is told and not touched."""
    loan = Loan.objects.filter(box_line__box=box, item=item).order_by("-out_at", "-pk").first()
    if loan is None:
        return Taken("foreign", item)
    if loan.in_at is not None:
        return Taken("again", item)
    done = check_in(library=box.library, item=item, at=at, by=by, operation_id=operation_id)
    return Taken("back", item, done.decision.reasons)


def pass_on(box: Box, patron: Patron, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> Box:
    """What is still out with a box goes to another class or group as a box of its own (轮换); planned, not yet lent.

    Lending it takes each volume back from the first class and lends it anew; cancelling it gives them back to the first.
    """
    if patron.pk == box.patron_id:
        raise refuse("box_same_class", label=box.label)
    still = [line.item for line in selectors.still_out(box)]
    if not still:
        raise refuse("box_all_back", number=box.number)
    with transaction.atomic():
        waiting = Box.objects.filter(came_from=box, state=State.PLANNED).first()
        if waiting is not None and operation_id is None:
            raise refuse("box_passed_on", number=waiting.number)
        made = plan_box(library=box.library, patron=patron, by=by, at=at, operation_id=operation_id)
        if not made.lines.exists():
            Box.objects.filter(pk=made.pk).update(came_from=box)
            made.came_from = box
            put_in(made, still)
        return made


def cancel(box: Box, *, by: Actor, at: datetime) -> Tally:
    """The box never went: every loan of it that is still open is cancelled; what came back or moved on stays as it is."""
    if box.state not in (State.OUT, State.GOING):
        raise refuse("box_not_out", number=box.number)
    lines = list(selectors.still_out(box))
    done = 0
    for line in lines:
        loan = line.loan
        if loan is None:
            continue
        try:
            cancel_loan(loan=loan, at=at, by=by, operation_id=uuid5(box.pk, f"cancel {loan.pk}"))
            done += 1
        except Refused:  # came back at another desk in this very moment: it stays
            continue
    if done == box.lines.filter(state=Line.LENT).count():
        Box.objects.filter(pk=box.pk).update(state=State.CANCELLED)
        box.refresh_from_db()
    return Tally(len(lines), done, len(lines) - done)
