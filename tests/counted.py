"""A school's closed stocktake with something settled in it, and a mended volume, for the tests of no single room."""

from dataclasses import dataclass
from datetime import datetime

from shuxiang.audit import jobs
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.mending.models import Round, Task
from shuxiang.mending.services import hold_afternoon, mend_here
from shuxiang.stocktaking.models import Settlement, Stocktake, Stream
from shuxiang.stocktaking.services import begin_stream, close, open_stocktake, scan, settle


@dataclass(frozen=True)
class Counted:
    """Everything that the pages of stocktaking and mending can name."""

    stocktake: Stocktake
    stream: Stream
    settlement: Settlement
    afternoon: Round
    task: Task
    heap: str = "misplaced"


def count(library: Library, item: Item, word: str, *, by: Actor, at: datetime) -> Counted:
    """Scan a code that nobody knows, close, tick it off; mend the volume on the spot. The volume itself stays as it is."""
    stocktake = open_stocktake(library=library, name=f"{word}清点", by=by, at=at)
    stream = begin_stream(stocktake=stocktake, name=f"{word}机", by=by, at=at)
    scan(stream=stream, code=f"{word}码", by=by, at=at)
    stocktake = close(stocktake, by=by, at=at)
    jobs.run_pending()
    stocktake.refresh_from_db()
    settlement = settle(stocktake=stocktake, heap="misplaced", act="seen_to", by=by, at=at)
    jobs.run_pending()
    settlement.refresh_from_db()
    afternoon = hold_afternoon(library=library, name=f"{word}修补日", on=at.date(), by=by, at=at)
    task = mend_here(item, kind="pages", helper=f"{word}小组", in_round=afternoon, by=by, at=at, on=at.date())
    return Counted(stocktake, stream, settlement, afternoon, task)
