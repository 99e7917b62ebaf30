"""Reads of holds: who waits for a title in which order, what stands on the pick-up shelf, what a reader waits for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from shuxiang.audit.prepared import Question
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.holdrules import others_first
from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import Item, ItemAccount, ShelvingLocation
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

LIVE = (Hold.State.WAITING, Hold.State.READY)
State = Hold.State


def asked_of() -> Q:
    """Holds that a scan of a volume of their title must look at: live ones, and those whose volume must be put back."""
    return Q(state__in=LIVE) | Q(needs_shelving=True)


@dataclass(frozen=True)
class Claims:
    """Who has a claim on one volume, seen by one reader who would take it (or by nobody)."""

    mine: Hold | None = None  # this reader's hold that the volume would fill
    ready: Hold | None = None  # another reader's, for whom it is kept
    before: int = 0  # how many wait before this reader and are served by no other copy
    to_shelve: tuple[Hold, ...] = field(default=())  # ended ones whose volume this is


def queue_of(library: Library, record_id: int) -> list[Hold]:
    """The live holds of a title in the order of the queue."""
    return _QUEUE.all(library=library.pk, record=record_id)


_QUEUE = Question(
    lambda library, record: (
        Hold.objects.filter(library=library, record=record, state__in=LIVE)
        .select_related("patron", "item", "ready_item", "record", "library")
        .order_by("queued_at", "pk")
    )
)


def fits(hold: Hold, item: Item) -> bool:
    """Whether a volume would serve a hold."""
    return hold.item_id in (None, item.pk)


def claims_on(library: Library, item: Item, patron: Patron | None) -> Claims:
    """What the queue of a volume's title means for a reader who would take it."""
    found = [hold for hold in queue_of(library, item.holding.record_id) if fits(hold, item)]
    ready = next((h for h in found if h.ready_item_id == item.pk and h.state == State.READY), None)
    mine = next((h for h in found if patron is not None and h.patron_id == patron.pk), None)
    if ready is not None and ready == mine:
        ready = None
    before = []
    if mine is None or mine.state == State.WAITING:
        ahead = found if mine is None else found[: found.index(mine)]
        before = [h for h in ahead if h.state == State.WAITING]
    title = [h for h in before if h.item_id is None]
    waiting = others_first(len(title), spare_copies(item)) if title else 0
    shelve = Hold.objects.filter(ready_item=item, needs_shelving=True)
    return Claims(mine, ready, waiting + len(before) - len(title), tuple(shelve))


def waiting_for_loan(loan: Loan) -> int:
    """How many wait for what a loan keeps from them and no other copy serves."""
    waiting = [hold for hold in queue_of(loan.library, loan.record_id) if hold.state == State.WAITING]
    title = [hold for hold in waiting if hold.item_id is None]
    own = sum(hold.item_id == loan.item_id for hold in waiting if hold.item_id is not None)
    if not title:
        return own
    return own + others_first(len(title), copies_in(loan.library, loan.record_id).count())


def spare_copies(item: Item) -> int:
    """Other copies of the title that are in, may be lent and are kept for nobody."""
    return copies_in(item.library, item.holding.record_id).exclude(pk=item.pk).count()


def copies_in(library: Library, record_id: int) -> QuerySet[Item]:
    """The copies of a title that are in, may be lent and are kept for nobody."""
    found = Item.objects.filter(
        library=library,
        holding__record=record_id,
        account=ItemAccount.SHELF,
        home__lending=ShelvingLocation.Lending.OUT,
    )
    return found.exclude(pk__in=Hold.objects.filter(library=library, state=State.READY).values("ready_item"))


def waiting_count(library: Library, record_id: int) -> int:
    """How many wait for a title: the only thing that everybody may know."""
    return len(_WAITING.all(library=library.pk, record=record_id))


_WAITING = Question(
    lambda library, record: Hold.objects.filter(library=library, record=record, state__in=LIVE).values_list(
        "pk", flat=True
    )
)


def holds_of(patron: Patron) -> list[Hold]:
    """What a reader waits for, what is ready first."""
    found = _HOLDS.all(patron=patron.pk)
    return sorted(found, key=lambda hold: (hold.state != State.READY, hold.placed_at))


_HOLDS = Question(
    lambda patron: Hold.objects.filter(patron=patron, state__in=LIVE).select_related("record", "ready_item")
)


def find_hold(library: Library, pk: int) -> Hold | None:
    return _full(Hold.objects.filter(library=library, pk=pk)).first()


def _full(rows: QuerySet[Hold]) -> QuerySet[Hold]:
    return rows.select_related(
        "library", "patron__category", "record", "item__holding", "ready_item__holding", "ready_item__home"
    )


def on_pickup_shelf(library: Library) -> list[Hold]:
    """What is kept for somebody, what is to be fetched soonest first."""
    return list(
        _full(Hold.objects.filter(library=library, state=State.READY)).order_by("ready_until", "ready_at")
    )


def to_put_back(library: Library) -> list[Hold]:
    """Ended holds whose volume still stands on the pick-up shelf."""
    return list(_full(Hold.objects.filter(library=library, needs_shelving=True)).order_by("ended_at"))


def waiting_in(library: Library) -> list[Hold]:
    """Everybody who waits, title by title in the order of the queues."""
    found = _full(Hold.objects.filter(library=library, state=State.WAITING))
    return list(found.order_by("record__title", "record_id", "queued_at", "pk"))


def ended_in(library: Library) -> QuerySet[Hold]:
    """Ended holds, the latest first."""
    return _full(Hold.objects.filter(library=library).exclude(state__in=LIVE)).order_by("-ended_at", "-pk")


def places_of(holds: Iterable[Hold]) -> dict[int, int]:
    """The place of each of these holds in the queue of its title, from 1; what is ready stands before all."""
    wanted = list(holds)
    if not wanted:
        return {}
    found = Hold.objects.filter(
        library=wanted[0].library_id, record__in={hold.record_id for hold in wanted}, state=State.WAITING
    ).order_by("queued_at", "pk")
    queues: dict[int, list[int]] = {}
    for pk, record in found.values_list("pk", "record_id"):
        queues.setdefault(record, []).append(pk)
    places = {pk: n for queue in queues.values() for n, pk in enumerate(queue, 1)}
    return {hold.pk: places.get(hold.pk, 0) for hold in wanted}


def queue_of_title(library: Library, record_id: int) -> list[Hold]:
    """The queue of one title for a page: who it is kept for, then who waits, in the order of the queue."""
    found = _full(Hold.objects.filter(library=library, record=record_id, state__in=LIVE))
    rows = list(found.order_by("queued_at", "pk"))
    return sorted(rows, key=lambda hold: hold.state != State.READY)


def to_fetch(library: Library) -> dict[int, Item]:
    """Volumes that stand on a shelf although somebody waits for them, by hold: fetch and scan them."""
    found: dict[int, Item] = {}
    taken: set[int] = set()
    for hold in waiting_in(library):
        copies = copies_in(library, hold.record_id).exclude(pk__in=taken).select_related("home", "current")
        copies = copies.filter(pk=hold.item_id) if hold.item_id else copies
        item = copies.order_by("copy_number", "pk").first()
        if item is not None:
            found[hold.pk] = item
            taken.add(item.pk)
    return found


def is_due(day: date) -> bool:
    """Whether anything was kept longer than it should be."""
    return Hold.objects.filter(state=State.READY, ready_until__lt=day).exists()


def anybody_waits() -> bool:
    return Hold.objects.filter(state__in=LIVE).exists()
