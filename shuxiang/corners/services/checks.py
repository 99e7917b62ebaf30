"""The check of a corner at the end of a term: what is there, with whom, missing by name; settled, and taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from shuxiang.audit import operations
from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import identify
from shuxiang.circulation.services import check_in, undo_act
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.corners import selectors
from shuxiang.corners.besides import OwnBook
from shuxiang.corners.models import CornerCheck, CornerLine, CornerScan
from shuxiang.corners.refusals import refuse
from shuxiang.corners.rules import FOREIGN, FOUND, HEAPS, LENT_HERE, MISSING, OUT, PRESENT, heap_of
from shuxiang.holdings.models import Item, ShelvingLocation
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services import mark_many_missing, undo_many
from shuxiang.libraries import selectors as ground
from shuxiang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class Found:
    """One book of a check as it stands at the moment, or stood when the check was closed."""

    heap: str
    title: str
    code: str
    item: Item | None = None
    own: OwnBook | None = None
    who: Patron | None = None
    price_fen: int | None = None


def open_check(place: ShelvingLocation, *, by: Actor, at: datetime) -> CornerCheck:
    """Begin to scan a corner through; the one that is open goes on."""
    if place.school_class is None:
        raise refuse("no_corner", location=place.name)
    with transaction.atomic():
        there = CornerCheck.objects.filter(location=place, closed_at=None).first()
        if there is not None:
            return there
        label = ground.label_of(place.school_class, local_date(at))
        return CornerCheck.objects.create(
            library=place.library, location=place, label=label[:60], opened_at=at, opened_by=by.name[:80]
        )


def scan(check: CornerCheck, scanned: str, *, at: datetime) -> CornerScan:
    """Keep one scanned code. Refuses what nobody knows, and a check that is closed; a code twice is one."""
    code = clean_scan(scanned)
    own = selectors.own_by_code(check.library, code)
    item = None if own else identify(check.library, code).item
    if own is None and item is None:
        raise refuse("unknown_volume", code=code[:60])
    code = own.code if own else code
    try:
        with transaction.atomic():
            if not CornerCheck.objects.filter(pk=check.pk, closed_at=None).update(label=check.label):
                raise refuse("check_closed")
            again = check.scans.filter(item=item) if item else check.scans.filter(own=own)
            return again.first() or CornerScan.objects.create(
                of=check, code=code[:60], item=item, own=own, at=at
            )
    except IntegrityError:
        return check.scans.get(code=code[:60])


def unscan(check: CornerCheck, scan_id: int) -> None:
    """Scanned by mistake. Refuses once the check is closed."""
    with transaction.atomic():
        if not CornerCheck.objects.filter(pk=check.pk, closed_at=None).update(label=check.label):
            raise refuse("check_closed")
        check.scans.filter(pk=scan_id).delete()


def standing(check: CornerCheck) -> dict[str, list[Found]]:
    """The heaps: as they are now while the check is open, as they were when it was closed afterwards."""
    heaps: dict[str, list[Found]] = {heap: [] for heap in HEAPS}
    rows = _live(check) if check.closed_at is None else _frozen(check)
    for one in rows:
        heaps[one.heap].append(one)
    return heaps


def _frozen(check: CornerCheck) -> Iterator[Found]:
    for line in check.lines.select_related("item", "own", "who").order_by("pk"):
        yield Found(line.heap, line.title, line.code, line.item, line.own, line.who, line.price_fen)


def _live(check: CornerCheck) -> Iterator[Found]:
    scans = check.scans.select_related(
        "item__holding__record", "item__home", "item__current", "item__property_line"
    )
    scanned = {one.item.pk: one.item for one in scans if one.item is not None}
    here = {item.pk: item for item in selectors.volumes_in(check.location)}
    open_loans = Loan.objects.filter(item__in=[*here, *scanned], in_at=None).select_related("patron")
    holders: dict[int | None, Patron | None] = {loan.item_id: loan.patron for loan in open_loans}
    for pk, item in (here | scanned).items():
        heap = heap_of(is_scanned=pk in scanned, stands_here=pk in here, account=item.account)
        if heap:
            line = getattr(item, "property_line", None)
            price = line.list_price_fen if line else None
            title = item.holding.record.title
            yield Found(heap, title, item_label(item), item=item, who=holders.get(pk), price_fen=price)
    yield from _live_own(check, {one.own_id for one in scans if one.own_id is not None})


def _live_own(check: CornerCheck, scanned: set[int]) -> Iterator[Found]:
    out = {loan.book_id: loan for loan in selectors.own_out(check.location)}
    for book in selectors.own_books(check.location):
        loan = out.get(book.pk)
        here, away = (LENT_HERE, OUT) if loan else (PRESENT, MISSING)
        heap = here if book.pk in scanned else away
        who = loan.patron if loan else book.owner if heap == MISSING else None
        yield Found(heap, book.title, book.code, own=book, who=who)
    for strange in OwnBook.objects.filter(pk__in=scanned).exclude(location=check.location):
        yield Found(FOREIGN, strange.title, strange.code, own=strange)


def close(check: CornerCheck, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> CornerCheck:
    """Write down what was found, line by line; nothing is marked yet. Closed twice, it was closed once."""
    with transaction.atomic():
        begun = operations.begin(
            "corners.close_check",
            by=by,
            at=at,
            library_code=check.library.code,
            operation_id=operation_id,
            request={"check": check.pk},
        )
        if not begun.repeated and CornerCheck.objects.filter(pk=check.pk, closed_at=None).update(
            closed_at=at
        ):
            CornerLine.objects.bulk_create(
                CornerLine(
                    of=check,
                    heap=one.heap,
                    item=one.item,
                    own=one.own,
                    code=one.code[:60],
                    title=one.title[:500],
                    who=one.who,
                    price_fen=one.price_fen,
                )
                for one in _live(check)
            )
            operations.finish(begun.operation, subject=f"corners.check:{check.pk}")
    check.refresh_from_db()
    return check


def reopen(check: CornerCheck, *, by: Actor, at: datetime) -> CornerCheck:
    """Go on scanning. Refuses a check whose missing ones were marked: take that back first."""
    with transaction.atomic():
        begun = operations.begin("corners.reopen_check", by=by, at=at, library_code=check.library.code)
        open_now = CornerCheck.objects.filter(location=check.location, closed_at=None)
        if open_now.exclude(pk=check.pk).exists():
            raise refuse("check_another_open")
        if not CornerCheck.objects.filter(pk=check.pk, missing_operation=None).update(closed_at=None):
            raise refuse("check_settled")
        check.lines.all().delete()
        operations.finish(begun.operation, subject=f"corners.check:{check.pk}")
    check.refresh_from_db()
    return check


class Settling(NamedTuple):
    """What settling did: volumes marked missing, taken back or found again, and left because they moved since."""

    missing: int
    back: int
    left: int


def settle(check: CornerCheck, *, by: Actor, at: datetime) -> Settling:
    """Mark as missing what was not there, take back what was there though lent, enter what was missing as found.

    What moved since the check was closed is left. Refuses a check that is open or settled.
    """
    if check.closed_at is None:
        raise refuse("check_open")
    with transaction.atomic():
        act = uuid7()
        closed = CornerCheck.objects.filter(pk=check.pk, missing_operation=None)
        if not closed.update(missing_operation=act):
            raise refuse("check_settled")
        lines = list(check.lines.filter(item__isnull=False).select_related("item"))
        gone = [line.item_id for line in lines if line.heap == MISSING and line.item_id is not None]
        marked = mark_many_missing(
            gone,
            library=check.library,
            by=by,
            at=at,
            on=local_date(at),
            untouched_since=check.closed_at,
            operation_id=act,
        )
        back = [line.item for line in lines if line.heap in (LENT_HERE, FOUND) and line.item is not None]
        done = sum(_take_back(check, item, act, by, at) for item in back)
    check.refresh_from_db()
    return Settling(len(marked.done), done, len(gone) - len(marked.done) + len(back) - done)


def _take_back(check: CornerCheck, item: Item, act: UUID, by: Actor, at: datetime) -> bool:
    if item.movements.filter(at__gt=check.closed_at).exists():
        return False
    check_in(library=check.library, item=item, at=at, by=by, operation_id=uuid5(act, str(item.pk)))
    return True


def undo_settle(check: CornerCheck, *, by: Actor, at: datetime) -> Settling:
    """Take the marks back; a volume that something else has happened to since is left."""
    act = check.missing_operation
    if act is None:
        raise refuse("check_not_settled")
    with transaction.atomic():
        undone = undo_many(act, library=check.library, by=by, at=at, on=local_date(at))
        back = left = 0
        for line in check.lines.filter(item__isnull=False, heap__in=(LENT_HERE, FOUND)):
            try:
                undo_act(library=check.library, act=uuid5(act, str(line.item_id)), at=at, by=by)
                back += 1
            except Refused:
                left += 1
        CornerCheck.objects.filter(pk=check.pk).update(missing_operation=None)
    check.refresh_from_db()
    return Settling(len(undone.done), back, left + len(undone.kept))
