"""What lending, returning and their undoing do to the queue of a title; called inside the transactions of those acts.

Every step is a compare-and-set on the hold's state: of two desks that return two copies at once, each serves another reader.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from shuxiang.circulation import queue, terms
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.models import Loan
from shuxiang.circulation.queue import Claims
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import Holding, Item, ItemAccount, ShelvingLocation
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons import selectors as patrons

State = Hold.State


def can_be_kept(item: Item) -> bool:
    """Whether a volume may stand on the pick-up shelf: in, for lending, not set aside for review."""
    place = item.current or item.home
    return (
        item.account == ItemAccount.SHELF
        and place.lending == ShelvingLocation.Lending.OUT
        and item.holding.review != Holding.Review.HELD
    )


def catch(item: Item, *, at: datetime) -> Hold | None:
    """Keep a volume that came in for the first in the queue who may have it; None when nobody waits.

    A volume that is kept already stays with who it is kept for.
    """
    if not can_be_kept(item):
        return None
    on = local_date(at)
    found = [hold for hold in queue.queue_of(item.library, item.holding.record_id) if queue.fits(hold, item)]
    for hold in found:
        if hold.state == State.READY and hold.ready_item_id == item.pk:
            return hold
    for hold in found:
        if hold.state == State.WAITING and may_have(hold, on) and _make_ready(hold, item, at, on):
            return hold
    return None


def may_have(hold: Hold, on: date) -> bool:
    """Whether the reader may borrow now: has not left and is not blocked."""
    left = hold.patron.left_on
    return not (left is not None and left <= on) and not patrons.blocks_on(hold.patron, on)


def _make_ready(hold: Hold, item: Item, at: datetime, on: date) -> bool:
    """Whether this hold got the volume: another desk may have served it meanwhile, or kept the volume for somebody."""
    place = item.current or item.home
    policy = terms.policy_for(item.library, hold.patron.category_id, place.pk)
    until = libraries.next_open_day(item.library, on + timedelta(days=policy.hold_days))
    new = {
        "state": State.READY,
        "ready_item": item,
        "ready_at": at,
        "ready_until": until,
        "modified_at": at,
    }
    try:
        with transaction.atomic():
            changed = Hold.objects.filter(pk=hold.pk, state=State.WAITING).update(**new)
    except IntegrityError:  # the volume was kept for somebody in this very moment
        return False
    if changed:
        hold.state, hold.ready_item, hold.ready_at, hold.ready_until = State.READY, item, at, until
        _shelved(item, at)
    return bool(changed)


def kept_for(hold: Hold, on: date) -> Reason:
    """What the desk says aloud of a volume that somebody waits for."""
    return Reason(
        "keep_for",
        Weight.NOTE,
        {
            "name": hold.patron.name,
            "class": patrons.class_label_on(hold.patron, on) or hold.patron.category.name,
            "on": hold.ready_until,
        },
    )


def lent(loan: Loan, item: Item, claims: Claims, *, at: datetime) -> dict[str, int]:
    """A volume went out: its reader's hold is filled, one it was kept for waits again. Gives what undoing needs."""
    noted: dict[str, int] = {}
    if claims.ready is not None and _wait_again(claims.ready, at):
        noted["displaced"] = claims.ready.pk
    mine = claims.mine
    if mine is not None and loan.kind != Loan.Kind.IN_ROOM:
        other = mine.ready_item if mine.ready_item_id != item.pk else None
        Hold.objects.filter(pk=mine.pk, state__in=queue.LIVE).update(
            state=State.FILLED, loan=loan, ended_at=at, modified_at=at
        )
        noted["filled"] = mine.pk
        if mine.state == State.READY and other is not None:
            pass_on(mine, at=at)
    elif mine is not None and mine.state == State.READY and mine.ready_item_id == item.pk:
        _wait_again(mine, at)
    _shelved(item, at)
    return noted


def _wait_again(hold: Hold, at: datetime) -> bool:
    """Back into the queue, at the place the hold had."""
    return bool(
        Hold.objects.filter(pk=hold.pk, state=State.READY).update(
            state=State.WAITING, ready_item=None, ready_at=None, ready_until=None, modified_at=at
        )
    )


def _shelved(item: Item, at: datetime) -> None:
    """A volume left the pick-up shelf, or stands there for somebody else now."""
    Hold.objects.filter(ready_item=item, needs_shelving=True).update(needs_shelving=False, modified_at=at)


def pass_on(ended: Hold, *, at: datetime) -> Hold | None:
    """The volume of a hold that ended goes to the next in the queue, or is to be put back on its shelf."""
    item = (
        Item.objects.select_related("library", "holding__record", "home", "current")
        .filter(pk=ended.ready_item_id or 0)
        .first()
    )
    if item is None:
        return None
    following = catch(item, at=at)
    if following is None and item.account == ItemAccount.SHELF:
        Hold.objects.filter(pk=ended.pk).update(needs_shelving=True, modified_at=at)
    return following


def loan_undone(loan: Loan, noted: dict[str, int], *, at: datetime) -> None:
    """The loan never was: the hold that it filled lives again, and who it was kept for has it again."""
    filled = Hold.objects.filter(loan=loan, state=State.FILLED).first()
    if filled is not None:
        _revive(filled, loan, at)
    displaced = Hold.objects.filter(pk=noted.get("displaced") or 0, state=State.WAITING).first()
    item = Item.objects.select_related("library", "holding", "home", "current").filter(pk=loan.item_id or 0)
    volume = item.first()
    if displaced is not None and volume is not None and can_be_kept(volume):
        _make_ready(displaced, volume, at, local_date(at))


def _revive(hold: Hold, loan: Loan, at: datetime) -> None:
    """Ready again with the volume that was kept, else waiting; a reader who placed it anew meanwhile keeps the new one."""
    again = Hold.objects.filter(
        library=hold.library_id,
        patron=hold.patron_id,
        record=hold.record_id,
        item=hold.item_id,
        state__in=queue.LIVE,
    )
    if again.exists():
        Hold.objects.filter(pk=hold.pk).update(state=State.CANCELLED, loan=None, modified_at=at)
        return
    kept = hold.ready_item_id is not None and hold.ready_item_id == loan.item_id
    new: dict[str, object] = {"state": State.READY if kept else State.WAITING}
    if not kept:
        new |= {"ready_item": None, "ready_at": None, "ready_until": None}
    Hold.objects.filter(pk=hold.pk).update(loan=None, ended_at=None, modified_at=at, **new)


def return_undone(item: Item, *, at: datetime) -> None:
    """The volume is out again: whoever it was kept for waits again, at the old place."""
    for hold in Hold.objects.filter(ready_item=item, state=State.READY):
        _wait_again(hold, at)
    _shelved(item, at)
