"""Waiting for a title: placed, moved in the queue with a reason, given up; what was not fetched goes to the next."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from shuxiang.audit import operations
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import queue, terms
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.holdrules import LONGEST_REASON, HoldFacts, may_place_hold
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services.hold_queue import catch, pass_on
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Holding, Item, ItemAccount, ShelvingLocation
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Card, Patron

State = Hold.State
GONE = (ItemAccount.DRAFT, ItemAccount.VOID, ItemAccount.WITHDRAWN)


def refused(code: str, **params: object) -> Refused:
    return Refused(Decision((Reason(code, Weight.REFUSE, params),)))


def preview_hold(
    *,
    library: Library,
    patron: Patron,
    record: BibliographicRecord,
    item: Item | None = None,
    at: datetime,
    card: Card | None = None,
) -> Decision:
    """Every reason for and against waiting, without placing the hold."""
    return may_place_hold(_facts(library, patron, record, item, on=local_date(at), card=card))


def place_hold(
    *,
    library: Library,
    patron: Patron,
    record: BibliographicRecord,
    item: Item | None = None,
    at: datetime,
    by: Actor,
    confirmed: frozenset[str] = frozenset(),
    card: Card | None = None,
    operation_id: UUID | None = None,
) -> Hold:
    """Enter a reader at the end of the queue. Raises Refused with every reason that still stands."""
    request = {"patron": patron.pk, "record": record.pk, "item": item.pk if item else None}
    try:
        with transaction.atomic():
            begun = operations.begin(
                "circulation.place_hold",
                by=by,
                at=at,
                library_code=library.code,
                operation_id=operation_id,
                request=request,
            )
            if begun.repeated:
                return Hold.objects.get(pk=begun.operation.result["hold"])
            if patron.library_id != library.pk:
                raise refused("reader_of_other_library")
            if item is not None and (item.library_id != library.pk or item.holding.record_id != record.pk):
                raise refused("item_of_other_library")
            facts = _facts(library, patron, record, item, on=local_date(at), card=card)
            may_place_hold(facts).enforce(confirmed)
            hold = Hold.objects.create(
                library=library,
                record=record,
                item=item,
                patron=patron,
                placed_at=at,
                queued_at=at,
                placed_operation=begun.operation,
                modified_at=at,
            )
            operations.finish(
                begun.operation,
                subject=f"circulation.hold:{hold.pk}",
                result={"hold": hold.pk},
                detail={"confirmed": sorted(confirmed)},
            )
            return hold
    except IntegrityError as race:
        raise refused("hold_exists") from race


def _facts(
    library: Library,
    patron: Patron,
    record: BibliographicRecord,
    item: Item | None,
    *,
    on: date,
    card: Card | None,
) -> HoldFacts:
    live = queue.holds_of(patron)
    held = Item.objects.filter(library=library, holding__record=record).exclude(account__in=GONE)
    held = held.filter(pk=item.pk) if item is not None else held
    lendable = held.filter(home__lending=ShelvingLocation.Lending.OUT)
    place = (item.current or item.home) if item is not None else None
    policy = terms.policy_for(library, patron.category_id, place.pk if place else None)
    free = queue.copies_in(library, record.pk).select_related("home", "current")
    free = free.filter(pk=item.pk) if item is not None else free
    inside = list(free.order_by("copy_number", "pk")[:1])
    out = Loan.objects.filter(patron=patron, in_at=None, record=record)
    return HoldFacts(
        reader_left_on=patron.left_on if patron.left_on and patron.left_on <= on else None,
        card_ended=card.ended if card and card.to_at else "",
        block_reasons=tuple(block.reason for block in patrons.blocks_on(patron, on)),
        has_hold=any(one.record_id == record.pk and _same(one, item) for one in live),
        has_it=(out.filter(item=item) if item is not None else out).exists(),
        holds=len(live),
        hold_limit=policy.hold_limit,
        copies=held.count(),
        lendable=0 if record.is_reference or policy.in_room_only else lendable.count(),
        copies_in=len(inside),
        place=(inside[0].current or inside[0].home).name if inside else "",
        held_for_review=Holding.objects.filter(
            library=library, record=record, review=Holding.Review.HELD
        ).exists(),
    )


def _same(hold: Hold, item: Item | None) -> bool:
    """Whether a hold is for the same: any volume, or this one."""
    return item is None or hold.item_id in (None, item.pk)


def cancel_hold(
    *, hold: Hold, reason: str, at: datetime, by: Actor, operation_id: UUID | None = None
) -> Hold:
    """The reader waits no more; a volume kept for them goes to the next. Raises Refused when it has ended already."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.cancel_hold",
            by=by,
            at=at,
            library_code=hold.library.code,
            operation_id=operation_id,
            request={"hold": hold.pk},
        )
        if not begun.repeated:
            following = end_hold(hold, State.CANCELLED, reason, at)
            operations.finish(
                begun.operation,
                subject=f"circulation.hold:{hold.pk}",
                result={"hold": hold.pk, "next": following.pk if following else None},
            )
        return queue.find_hold(hold.library, hold.pk) or hold


def end_hold(hold: Hold, state: str, reason: str, at: datetime) -> Hold | None:
    """End a live hold; gives the hold that its volume is kept for now. Raises Refused when somebody ended it meanwhile."""
    changed = Hold.objects.filter(pk=hold.pk, state=hold.state, state__in=queue.LIVE).update(
        state=state, ended_at=at, ended_because=reason.strip()[:LONGEST_REASON], modified_at=at
    )
    if changed != 1:
        raise refused("hold_ended")
    return pass_on(hold, at=at) if hold.state == State.READY else None


def move_hold(
    *,
    hold: Hold,
    before: Hold | None,
    reason: str,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Hold:
    """Put a waiting reader before another one of the queue, or (None) at its end; the reason stays in sight.

    Raises Refused without a reason, or when one of the two waits no more.
    """
    with transaction.atomic():
        begun = operations.begin(
            "circulation.move_hold",
            by=by,
            at=at,
            library_code=hold.library.code,
            operation_id=operation_id,
            request={"hold": hold.pk, "before": before.pk if before else None},
        )
        if begun.repeated:
            return queue.find_hold(hold.library, hold.pk) or hold
        if not reason.strip():
            raise refused("move_without_reason")
        waiting = [h for h in queue.queue_of(hold.library, hold.record_id) if h.state == State.WAITING]
        others = [h for h in waiting if h.pk != hold.pk]
        if len(others) == len(waiting) or (before is not None and before not in others):
            raise refused("hold_ended")
        place = others.index(before) if before is not None else len(others)
        Hold.objects.filter(pk=hold.pk).update(
            queued_at=_between(_with_room(others, place, at), place, at),
            moved_because=reason.strip()[:LONGEST_REASON],
            modified_at=at,
        )
        operations.finish(
            begun.operation,
            subject=f"circulation.hold:{hold.pk}",
            result={"hold": hold.pk},
            detail={"reason": reason.strip()[:LONGEST_REASON], "queued_at": hold.queued_at.isoformat()},
        )
        return queue.find_hold(hold.library, hold.pk) or hold


def _with_room(others: list[Hold], place: int, at: datetime) -> list[Hold]:
    """The others, with an instant free before a place: two who came in the same one had left none between them."""
    if 0 < place < len(others):
        earliest = others[place - 1].queued_at + timedelta(microseconds=2)
        for hold in others[place:]:
            if hold.queued_at >= earliest:
                break
            hold.queued_at = earliest
            Hold.objects.filter(pk=hold.pk).update(queued_at=earliest, modified_at=at)
            earliest += timedelta(microseconds=2)
    return others


def _between(others: list[Hold], place: int, at: datetime) -> datetime:
    """An instant that sorts at a place of the queue: halfway between its neighbours."""
    if not others or place >= len(others):
        return max(at, others[-1].queued_at + timedelta(microseconds=2)) if others else at
    after = others[place].queued_at
    if place == 0:
        return after - timedelta(seconds=1)
    first = others[place - 1].queued_at
    return first + (after - first) / 2


def put_back(*, hold: Hold, at: datetime, by: Actor, operation_id: UUID | None = None) -> None:
    """The volume of an ended hold stands on its own shelf again."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.put_back",
            by=by,
            at=at,
            library_code=hold.library.code,
            operation_id=operation_id,
            request={"hold": hold.pk},
        )
        if not begun.repeated:
            Hold.objects.filter(pk=hold.pk).update(needs_shelving=False, modified_at=at)
            operations.finish(begun.operation, subject=f"circulation.hold:{hold.pk}")


def tend(*, library: Library, at: datetime, by: Actor) -> dict[str, int]:
    """Keep the pick-up shelf true: what was not fetched in time goes on, what is no longer there waits again, and who
    cannot be served any more is taken from the queue with the reason. Gives how many of each."""
    on, done = local_date(at), {"expired": 0, "again": 0, "ended": 0}
    live = Hold.objects.filter(library=library, state__in=queue.LIVE).select_related(
        "library", "patron__category", "record", "item", "ready_item"
    )
    for hold in live.order_by("queued_at", "pk"):
        what = _tended(hold, on)
        if what is None:
            continue
        with transaction.atomic():
            begun = operations.begin("circulation.tend_hold", by=by, at=at, library_code=library.code)
            if what == "again":
                Hold.objects.filter(pk=hold.pk, state=State.READY).update(
                    state=State.WAITING, ready_item=None, ready_at=None, ready_until=None, modified_at=at
                )
            else:
                state = State.EXPIRED if what == "not_fetched" else State.CANCELLED
                end_hold(hold, state, "" if state == State.EXPIRED else what, at)
            done[what if what == "again" else "expired" if what == "not_fetched" else "ended"] += 1
            operations.finish(
                begun.operation, subject=f"circulation.hold:{hold.pk}", detail={"because": what}
            )
    return done


def _tended(hold: Hold, on: date) -> str | None:
    """What has become of a live hold: not_fetched, again (its volume went elsewhere), a reason to end it, or nothing."""
    left = hold.patron.left_on
    if left is not None and left <= on:
        return "reader_left"
    if hold.item is not None and hold.item.account in GONE:
        return "volume_withdrawn"
    if hold.state != State.READY:
        return None
    if hold.ready_item is None or hold.ready_item.account != ItemAccount.SHELF:
        return "again"
    return "not_fetched" if hold.ready_until is not None and hold.ready_until < on else None


def fetch(*, hold: Hold, item: Item, at: datetime, by: Actor, operation_id: UUID | None = None) -> Hold:
    """A volume was taken from its shelf for who waits first. Raises Refused when nobody waits for it any more."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.fetch_for_hold",
            by=by,
            at=at,
            library_code=hold.library.code,
            operation_id=operation_id,
            request={"item": item.pk},
        )
        if begun.repeated:
            return queue.find_hold(hold.library, int(begun.operation.result["hold"])) or hold
        volume = Item.objects.select_related("library", "holding__record", "home", "current").get(pk=item.pk)
        kept = catch(volume, at=at)
        if kept is None:
            raise refused("hold_ended")
        operations.finish(
            begun.operation,
            subject=f"circulation.hold:{kept.pk}",
            result={"hold": kept.pk, "item": item.pk},
        )
        return kept
