"""A school with labelled books on two shelves, and short ways to count them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shuxiang.audit import jobs
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_out
from shuxiang.circulation.tests.desk import START, Desk
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item, ShelvingLocation
from shuxiang.holdings.services import (
    add_items,
    default_places,
    draft_batch,
    ensure_location,
    hold,
    post_batch,
)
from shuxiang.stocktaking.models import Stocktake, Stream
from shuxiang.stocktaking.services import Answer, Extent, begin_stream, close, open_stocktake, scan

BY = Actor("li", "desk")
OPENED = datetime(2026, 11, 20, 1, tzinfo=UTC)


@dataclass
class Shelves:
    """`books` are labelled B001 … on the open shelves, each a title of its own; `other` is a second place."""

    desk: Desk
    books: list[Item]
    other: ShelvingLocation
    stocktake: Stocktake
    stream: Stream
    minutes: int = 0

    def now(self) -> datetime:
        """A minute later each time."""
        self.minutes += 1
        return OPENED + timedelta(minutes=self.minutes)

    def scan(self, *codes: str, stream: Stream | None = None) -> Answer:
        for code in codes:
            answer = scan(stream=stream or self.stream, code=code, by=BY, at=self.now())
        return answer

    def lend(self, item: Item, at: datetime | None = None) -> Loan:
        asked = frozenset({"library_closed_today", "outside_slot"})
        return check_out(
            library=self.desk.library,
            patron=self.desk.teacher,
            item=item,
            at=at or self.now(),
            by=BY,
            confirmed=asked,
        )

    def close(self) -> Stocktake:
        closed = close(self.stocktake, by=BY, at=self.now())
        jobs.run_pending()
        closed.refresh_from_db()
        return closed

    def account(self, number: int) -> str:
        return Item.objects.get(pk=self.books[number - 1].pk).account


def add_books(desk: Desk, count: int, *, letter: str = "B", clc: str = "I247.5") -> list[Item]:
    """So many titles with one volume each, labelled B001, B002 …, with rising call numbers."""
    library, made = desk.library, []
    batch = draft_batch(library=library, source="purchase", received_on=START.date(), by=BY, at=START)
    for number in range(1, count + 1):
        record = save_record(
            record=None,
            values=RecordValues(title=f"书{letter}{number:03d}"),
            library=library,
            by=BY,
            at=START,
        )
        holding = hold(library=library, record=record, clc=clc, by=BY, at=START)
        made += add_items(
            batch=batch,
            holding=holding,
            copies=1,
            list_price_fen=1250,
            barcodes=[f"{letter}{number:03d}"],
            by=BY,
            at=START,
        )
    post_batch(batch, by=BY, at=START, on=START.date())
    for item in made:
        item.refresh_from_db()
    return made


def set_up(desk: Desk, count: int = 6) -> Shelves:
    """A stocktake of the class I of the open shelves, and one scanner."""
    books = add_books(desk, count)
    stocktake = open_stocktake(
        library=desk.library,
        name="学期末清点",
        by=BY,
        at=OPENED,
        extent=Extent(locations=[default_places(desk.library).location], classes="I247"),
    )
    stream = begin_stream(stocktake=stocktake, name="甲机", by=BY, at=OPENED)
    return Shelves(desk, books, ensure_location(desk.library, "新书架"), stocktake, stream)
