"""The stock: copies of every title in batches, where they stand, and the books that prove it."""

import random
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Any

from shuxiang.audit import operations
from shuxiang.holdings.models import (
    AccessionBatch,
    AccessionSeries,
    BookNumberSeries,
    Holding,
    Item,
    ItemIdentifier,
    Movement,
    PropertyLine,
)
from shuxiang.holdings.rules import shown, sort_key
from shuxiang.holdings.services.labelling import WIDTH
from shuxiang.holdings.services.numbering import BARCODES, BATCHES
from shuxiang.simulation.ground import Ground
from shuxiang.simulation.plan import Delivery, instant, iso, stored
from shuxiang.simulation.records import Shelf, hex_id
from shuxiang.simulation.tables import Table
from shuxiang.simulation.words import Facts

WITHDRAWN_EVERY, MISSING_EVERY = 500, 997


@dataclass
class Stock:
    """Titles and items in order of their keys, each named by a number from 0, the key less one."""

    ground: Ground
    shelf: Shelf
    items: int
    deliveries: list[Delivery]
    facts: list[Facts] = field(default_factory=list)
    title_of: "array[int]" = field(default_factory=lambda: array("l"))
    ends: list[int] = field(default_factory=list)  # of each delivery: the number of items there are after it
    account: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)  # when each item last moved
    # times in the last twelve months, of each title
    lent: "array[int]" = field(default_factory=lambda: array("l"))

    def __post_init__(self) -> None:
        for first in self.shelf.pieces():
            self.facts += self.shelf.facts(first)
        copies = array("l", [1]) * self.shelf.count
        rng = random.Random(f"{self.shelf.seed}:copies")  # noqa: S311  the same seed, the same library
        for _more in range(self.items - self.shelf.count):
            copies[int(self.shelf.count * rng.random() ** 1.3)] += 1
        for title, count in enumerate(copies):
            self.title_of.extend([title] * count)
        ends = list(accumulate(copies))
        self.ends = [ends[one.last - 1] for one in self.deliveries]
        self.account = ["shelf"] * self.items
        for delivery, first, last in self.received():
            self.moved += [stored(instant(delivery.on))] * (last - first)
        self.lent = array("l", [0]) * self.shelf.count

    def received(self) -> Iterator[tuple[Delivery, int, int]]:
        """Each delivery with its items, from the first to before the last."""
        yield from zip(self.deliveries, [0, *self.ends], self.ends, strict=False)

    def kept_back(self, every: int) -> range:
        """Some of the opening stock that is never lent: what acts of their own take off the shelf later."""
        return range(every - 1, self.ends[0], every)

    def is_lent_out(self) -> bytearray:
        """1 for each item that goes out of the house."""
        out = bytearray(not self.facts[title].is_reference for title in self.title_of)
        for number in (*self.kept_back(WITHDRAWN_EVERY), *self.kept_back(MISSING_EVERY)):
            out[number] = 0
        return out

    def write(self) -> None:
        """Holdings, items, barcodes, property lines, batches, first movements and the number series."""
        self._write_holdings()
        Table(
            Item, "id", "uuid", "library_id", "holding_id", "copy_number", "home_id", "account", "created_at",
            "modified_at",
        ).write(self._items())  # fmt: skip
        library = self.ground.library.pk
        times = [(stored(instant(d.on)), range(first, last)) for d, first, last in self.received()]
        Table(ItemIdentifier, "id", "library_id", "item_id", "value", "from_at").write(
            (n + 1, library, n + 1, f"{n + 1:0{WIDTH}d}", at) for at, numbers in times for n in numbers
        )
        self._write_lines()

    def _write_holdings(self) -> None:
        given: Counter[str] = Counter()
        Table(
            Holding, "id", "uuid", "library_id", "group_id", "record_id", "clc", "book_number", "call_number",
            "call_number_sort", "created_at", "modified_at", "on_books", "on_shelf", "times_lent", "facets",
        ).write(self._holdings(given))  # fmt: skip
        group, library = self.ground.group_id, self.ground.library.pk
        series = Table(BookNumberSeries, "library_id", "group_id", "clc", "last")
        series.write((library, group, clc, last) for clc, last in sorted(given.items()))

    def _holdings(self, given: "Counter[str]") -> Iterator[tuple[Any, ...]]:
        library, group, homes = self.ground.library.pk, self.ground.group_id, self.ground.homes
        on_books, on_shelf = self._copies()
        for delivery in self.deliveries:
            at = instant(delivery.on)
            text = stored(at)
            for title in range(delivery.first, delivery.last):
                facts = self.facts[title]
                clc, number, call, sort = facts.clc, None, "", ""
                if clc:
                    given[clc] += 1
                    number = given[clc]
                    call, sort = shown(clc, number), _class_key(clc) + _number_key(number)
                yield (
                    title + 1, hex_id(at, 3, title), library, group, title + 1, clc, number, call, sort, text, text,
                    on_books[title], on_shelf[title], self.lent[title],
                    f"{facts.year:04d}|{clc[:20]}|{facts.audience}|,{homes[clc[:1]]},",
                )  # fmt: skip

    def _copies(self) -> "tuple[array[int], array[int]]":
        """Of each title: those on the books, those of them on the shelf."""
        on_books, on_shelf = (array("l", [0]) * self.shelf.count for _ in range(2))
        for title, account in zip(self.title_of, self.account, strict=True):
            on_books[title] += 1
            on_shelf[title] += account == "shelf"
        return on_books, on_shelf

    def _items(self) -> Iterator[tuple[Any, ...]]:
        library, homes = self.ground.library.pk, self.ground.homes
        copy, before = 0, -1
        for delivery, first, last in self.received():
            at = instant(delivery.on)
            text = stored(at)
            for number in range(first, last):
                title = self.title_of[number]
                copy = copy + 1 if title == before else 1
                before = title
                yield (
                    number + 1, hex_id(at, 4, number), library, title + 1, copy, homes[self.facts[title].clc[:1]],
                    self.account[number], text, self.moved[number],
                )  # fmt: skip

    def _write_lines(self) -> None:
        """Post every batch: numbers in order, first movements."""
        library = self.ground.library
        lines = Table(
            PropertyLine, "id", "library_id", "item_id", "batch_id", "number", "list_price_fen", "price_text", "clc_main",
            "posted_on",
        )  # fmt: skip
        movements = Table(
            Movement, "id", "library_id", "item_id", "source", "target", "cause", "at", "on", "operation_id"
        )
        for number, (delivery, first, last) in enumerate(self.received(), start=1):
            at = instant(delivery.on)
            batch = self._batch(number, delivery, first, last)
            begun = operations.begin(
                "holdings.post_batch", by=self.ground.by, at=at, library_code=library.code
            )
            operations.finish(
                begun.operation, subject=f"holdings.batch:{batch.pk}", result={"batch": batch.pk}
            )
            lines.write(self._lines(batch.pk, delivery, first, last))
            day, text, operation = iso(delivery.on), stored(at), begun.operation.pk.hex
            movements.write(
                (n + 1, library.pk, n + 1, "draft", "shelf", "accession", text, day, operation)
                for n in range(first, last)
            )
        for series, last in (("B", self.items), (BATCHES, len(self.deliveries)), (BARCODES, self.items)):
            AccessionSeries.objects.create(library=library, series=series, last=last)

    def _batch(self, number: int, delivery: Delivery, first: int, last: int) -> AccessionBatch:
        prices = [self.facts[title].price_fen for title in self.title_of[first:last]]
        return AccessionBatch.objects.create(
            library=self.ground.library,
            number=number,
            state=AccessionBatch.State.POSTED,
            source=delivery.source,
            document=delivery.document,
            received_on=delivery.on,
            posted_on=delivery.on,
            titles=delivery.last - delivery.first,
            volumes=last - first,
            amount_fen=sum(price or 0 for price in prices),
            unknown_prices=prices.count(None),
            created_at=instant(delivery.on),
        )

    def _lines(self, batch: int, delivery: Delivery, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        library, day = self.ground.library.pk, iso(delivery.on)
        for number in range(first, last):
            facts = self.facts[self.title_of[number]]
            price = facts.price_fen
            text = "" if price is None else f"CNY{price / 100:.2f}"
            yield number + 1, library, number + 1, batch, number + 1, price, text, facts.clc[:1], day


@cache
def _class_key(clc: str) -> str:
    return sort_key(clc)


@cache
def _number_key(number: int) -> str:
    """What a book number adds to the key of its class, whatever the class."""
    return sort_key(shown("A", number)).removeprefix(sort_key("A"))
