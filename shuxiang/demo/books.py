"""The stock: real titles of a rural school, entered in the batches of the plan through the services of the stack room."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files
from itertools import islice

from shuxiang.audit.statistics import know_sizes
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, bulk_save_records
from shuxiang.common.actors import Actor
from shuxiang.demo.plan import Delivery
from shuxiang.holdings.models import Holding
from shuxiang.holdings.services import (
    HoldingValues,
    ItemValues,
    add_items_many,
    draft_batch,
    ensure_location,
    hold_many,
    post_batch,
)
from shuxiang.libraries.models import Library

COLUMNS = ("isbn", "title", "authors", "publisher", "published", "extent", "price_text", "subjects", "clc")
REFERENCE = ("H16", "Z2", "Z3")  # dictionaries and encyclopaedias are read in the room


@dataclass(frozen=True)
class Volume:
    """A volume that can be lent, as the loan log needs to know it."""

    barcode: str
    title: str
    main: str
    from_on: date


def titles() -> list[RecordValues]:
    """The real titles that come with the program."""
    text = files("shuxiang.demo").joinpath("data/titles.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return [_values(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _values(row: dict[str, str]) -> RecordValues:
    return RecordValues(
        **row,  # type: ignore[arg-type]
        is_reference=row["clc"].startswith(REFERENCE),
        is_picture_book="绘本" in row["title"] or "图画" in row["subjects"],
        is_pinyin_annotated="注音" in row["title"] or "拼音" in row["title"],
    )


def instant(on: date, at: time = time(2, 0)) -> datetime:
    return datetime.combine(on, at, UTC)


class Stock:
    """Fills one library, batch by batch; `volumes` is what the loan log draws from."""

    def __init__(self, library: Library, by: Actor, rng: random.Random) -> None:
        self.library, self.by, self.rng = library, by, rng
        self.volumes: list[Volume] = []
        self._barcode = 0

    def receive(self, values: list[RecordValues], delivery: Delivery, say: Callable[[str], None]) -> None:
        """Catalogue what is new, write the volumes down and post the batch on its day."""
        at = instant(delivery.on)
        records = bulk_save_records(values, library=self.library, by=self.by, at=at)
        holdings = self.hold(records, at)
        batch = draft_batch(
            library=self.library,
            source=delivery.source,
            received_on=delivery.on,
            document=delivery.document,
            supplier=delivery.supplier,
            by=self.by,
            at=at,
        )
        drawn = list(islice(self._draw(records, holdings), delivery.volumes))
        add_items_many([value for value, _ in drawn], batch=batch, by=self.by, at=at)
        post_batch(batch, by=self.by, at=at, on=delivery.on)
        know_sizes()
        self.volumes += [
            Volume(value.barcode, record.title, record.clc_main, delivery.on)
            for value, record in drawn
            if not record.is_reference
        ]
        say(f"{delivery.on:%Y-%m} · {len(drawn):,}")

    def hold(self, records: list[BibliographicRecord], at: datetime) -> list[Holding]:
        wanted = [HoldingValues(record_id=record.pk, clc=record.clc) for record in records]
        return hold_many(wanted, library=self.library, by=self.by, at=at)

    def _draw(
        self, records: list[BibliographicRecord], holdings: list[Holding]
    ) -> Iterator[tuple[ItemValues, BibliographicRecord]]:
        """First a copy of every title, then more copies of any."""
        pairs = list(zip(records, holdings, strict=True))
        shelves = {
            main: ensure_location(self.library, f"{main} 类架")
            for main in {r.clc_main or "Z" for r in records}
        }
        for number in range(10_000_000):
            record, holding = pairs[number] if number < len(pairs) else self.rng.choice(pairs)
            self._barcode += 1
            yield (
                ItemValues(
                    holding=holding,
                    home=shelves[record.clc_main or "Z"],
                    list_price_fen=record.price_fen,
                    price_text=record.price_text,
                    barcode=f"{self._barcode:08d}",
                ),
                record,
            )
