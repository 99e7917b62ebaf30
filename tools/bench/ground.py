"""The library that is measured: 16,000 volumes of the real titles that come with the demonstration, one class of readers."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shuxiang.circulation.services import default_policies
from shuxiang.common.actors import Actor
from shuxiang.demo.books import Stock, titles
from shuxiang.demo.loanlog import Reader
from shuxiang.demo.plan import Delivery
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories

BY = Actor("bench", "system")
CODE, LABEL, YEAR = "bench", "三（1）班", "2025-2026"
FOUNDED = datetime(2025, 9, 1, tzinfo=UTC)
VOLUMES, PUPILS = 16_000, 60


@dataclass(frozen=True)
class Ground:
    library: Library
    stock: Stock
    patrons: list[Patron]
    readers: list[Reader]

    def last(self, count: int) -> list[Item]:
        """The volumes that came last, which no loan log of ours lends."""
        barcodes = [volume.barcode for volume in self.stock.volumes[-count:]]
        found = Item.objects.filter(identifiers__value__in=barcodes, library=self.library)
        return list(found.select_related("holding__record").order_by("pk"))


def lay() -> Ground:
    """Found the library and fill it."""
    library = create_library(code=CODE, name="测速小学图书馆", kind="primary", by=BY, at=FOUNDED)
    category = default_categories(library)["pupil"]
    default_policies(library=library, at=FOUNDED, by=BY)
    school_class = find_or_open(library=library, label=LABEL, school_year=YEAR, by=BY, at=FOUNDED)
    readers = [Reader(f"B{n:04d}", f"读者{n:02d}", LABEL) for n in range(PUPILS)]
    patrons = [
        add_patron(
            library=library,
            name=reader.name,
            category=category,
            card_number=reader.card,
            on=FOUNDED.date(),
            by=BY,
            at=FOUNDED,
            school_class=school_class,
            class_number=number,
        )
        for number, reader in enumerate(readers, start=1)
    ]
    stock = Stock(library, BY, random.Random(1))  # noqa: S311  every run lends the same volumes
    delivery = Delivery(date(2025, 9, 2), "opening", "移交清册", "", VOLUMES)
    stock.receive(titles(), delivery, lambda _line: None)
    return Ground(library, stock, patrons, readers)
