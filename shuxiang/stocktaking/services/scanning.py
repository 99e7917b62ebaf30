"""One scan: always kept, and told at once what is odd about the volume."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from shuxiang.audit import operations
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation.selectors import identify
from shuxiang.common.actors import Actor
from shuxiang.common.codes import readings
from shuxiang.holdings.models import Item, ItemAccount, ItemIdentifier
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.stocktaking.facts import Found, expected, found
from shuxiang.stocktaking.models import Scan, Stocktake, Stream
from shuxiang.stocktaking.refusals import refuse

Verdict = Scan.Verdict
OUTSIDE = (ItemAccount.DRAFT, ItemAccount.VOID)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a code is in a stocktake: the volume it counts, or why it counts none."""

    verdict: str
    item_id: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A scan that was kept; `found` is its volume with the heap it lies in now; `before` is the scan that counted first."""

    scan: Scan
    found: Found | None
    before: Scan | None = None


def scan(*, stream: Stream, code: str, by: Actor, at: datetime, operation_id: UUID | None = None) -> Answer:
    """Take one code. After closing it is kept as late; the same operation id is one scan."""
    stocktake = stream.stocktake
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.scan",
            by=by,
            at=at,
            library_code=stocktake.library.code,
            operation_id=operation_id,
            request={"stream": stream.pk, "code": code},
        )
        if begun.repeated:
            row = Scan.objects.filter(pk=begun.operation.result["scan"]).first()
            if row is None:
                raise refuse("scan_undone")
            return answer_of(row)
        counting = Stocktake.objects.filter(pk=stocktake.pk, state=Stocktake.State.COUNTING)
        is_open = bool(
            counting.update(scans=F("scans") + 1)
        )  # a desk that closes has waited, or is waited for
        judged = judge(stocktake, code)
        row = Scan.objects.create(
            stocktake=stocktake,
            stream=stream,
            item_id=judged.item_id,
            code="" if judged.verdict == Verdict.CARD else code[:60],
            verdict=judged.verdict,
            detail=judged.detail[:80],
            at=at,
            is_late=not is_open,
        )
        operations.finish(begun.operation, subject=f"stocktaking.stream:{stream.pk}", result={"scan": row.pk})
        return answer_of(row)


def answer_of(row: Scan) -> Answer:
    """What is to be said of a scan: its volume as the books have it now."""
    if row.item_id is None:
        return Answer(row, None)
    one = Item.objects.filter(pk=row.item_id)
    is_expected = expected(row.stocktake).filter(pk=row.item_id).exists()
    volume = next(found(one, row.stocktake, is_expected=is_expected), None)
    before = None
    if row.verdict == Verdict.AGAIN:
        first = Scan.objects.filter(stocktake=row.stocktake_id, item=row.item_id, verdict=Verdict.COUNTED)
        before = first.select_related("stream").order_by("pk").first()
    return Answer(row, volume, before)


def answers_of(rows: Sequence[Scan], stocktake: Stocktake) -> list[Answer]:
    """The same of many scans of one stocktake, asked together; which scan counted before is not told."""
    keys = {row.item_id for row in rows if row.item_id is not None}
    here = set(expected(stocktake).filter(pk__in=keys).values_list("pk", flat=True))
    known: dict[int, Found] = {}
    for some, is_expected in ((here, True), (keys - here, False)):
        items = Item.objects.filter(pk__in=some)
        known |= {one.item_id: one for one in found(items, stocktake, is_expected=is_expected)}
    return [Answer(row, known.get(row.item_id or 0)) for row in rows]


def judge(stocktake: Stocktake, code: str, counted: Collection[int] = ()) -> Judged:
    """What a code is: a volume of this library, or why it is none. `counted` are volumes not yet written as such."""
    library = stocktake.library
    known = identify(library, code)
    if known.card is not None:
        return Judged(Verdict.CARD)
    if known.item is not None:
        item = known.item
        return judge_item(stocktake, item.pk, item.account, counted=item.pk in counted or None)
    if known.records:
        return _judge_title(stocktake, known.records, counted)
    elsewhere = (
        ItemIdentifier.objects.filter(value__in=readings(code))
        .exclude(library=library)
        .select_related("library")
        .first()
    )
    if elsewhere is not None:
        return Judged(Verdict.OTHER_LIBRARY, detail=elsewhere.library.name)
    return Judged(Verdict.UNKNOWN)


def judge_item(stocktake: Stocktake, item_id: int, account: str, *, counted: bool | None = None) -> Judged:
    """A volume of this library; `counted` says whether it has been counted, where the caller knows."""
    if account in OUTSIDE:
        return Judged(Verdict.NOT_POSTED)  # named by its code only: a draft may still be undone
    if account == ItemAccount.WITHDRAWN:
        return Judged(Verdict.WITHDRAWN, item_id)
    if counted is None:
        counted = _counted(stocktake).filter(item=item_id).exists()
    return Judged(Verdict.AGAIN if counted else Verdict.COUNTED, item_id)


def _judge_title(
    stocktake: Stocktake, records: tuple[BibliographicRecord, ...], counted: Collection[int]
) -> Judged:
    """A book scanned by its ISBN: the next volume of the title that has no barcode and is not counted yet."""
    copies = Item.objects.filter(library=stocktake.library, holding__record__in=records, account__in=ON_BOOKS)
    bare = copies.filter(identifiers__isnull=True).exclude(pk__in=counted)
    bare = bare.exclude(pk__in=_counted(stocktake).filter(item__isnull=False).values("item"))
    here = expected(stocktake).filter(pk__in=bare.values("pk"), account=ItemAccount.SHELF)
    item = here.order_by("copy_number", "pk").first() or bare.order_by("copy_number", "pk").first()
    if item is not None:
        return Judged(Verdict.COUNTED, item.pk)
    if copies.filter(identifiers__isnull=False).exists():
        return Judged(Verdict.LABELLED, detail=records[0].title)
    return Judged(Verdict.NO_MORE, detail=records[0].title)


def _counted(stocktake: Stocktake) -> QuerySet[Scan]:
    return Scan.objects.filter(stocktake=stocktake, verdict=Verdict.COUNTED, is_late=False)


def unscan(row: Scan, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> None:
    """Take a scan back; a volume that was scanned again elsewhere stays counted by that scan. Refuses after closing."""
    stocktake = row.stocktake
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.unscan",
            by=by,
            at=at,
            library_code=stocktake.library.code,
            operation_id=operation_id,
            request={"scan": row.pk},
        )
        if begun.repeated:
            return
        counting = Stocktake.objects.filter(pk=stocktake.pk, state=Stocktake.State.COUNTING)
        if not counting.update(scans=F("scans") - 1):
            raise refuse("not_counting", name=stocktake.name)
        row.delete()
        if row.verdict == Verdict.COUNTED and not row.is_late:
            again = Scan.objects.filter(
                stocktake=stocktake, item=row.item_id, verdict=Verdict.AGAIN, is_late=False
            )
            heir = again.order_by("pk").values_list("pk", flat=True).first()
            if heir is not None:
                Scan.objects.filter(pk=heir).update(verdict=Verdict.COUNTED)
        operations.finish(begun.operation, subject=f"stocktaking.stream:{row.stream_id}")
