"""Small libraries for the tests of this room."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import AccessionBatch, Holding, Item, ShelvingLocation
from shuxiang.holdings.services import add_items, default_places, draft_batch, hold, post_batch
from shuxiang.libraries.models import Library

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
LATER = datetime(2026, 9, 2, 8, tzinfo=UTC)
ON = date(2026, 9, 1)
LATER_ON = date(2026, 9, 2)
BY = Actor("li", "desk")


def make_library(code: str = "yl") -> Library:
    return Library.objects.create(code=code, name="育林小学", kind="primary", created_at=AT)


def make_record(title: str = "西游记", **columns: object) -> BibliographicRecord:
    values = RecordValues(title=title, **columns)  # type: ignore[arg-type]
    return save_record(record=None, values=values, library=None, by=BY, at=AT)


@dataclass
class School:
    """A library with short ways to fill it."""

    library: Library = field(default_factory=make_library)

    @property
    def home(self) -> ShelvingLocation:
        return default_places(self.library).location

    def hold(self, title: str = "西游记", clc: str = "I242.4", **columns: object) -> Holding:
        return hold(library=self.library, record=make_record(title, **columns), clc=clc, by=BY, at=AT)

    def draft(self) -> AccessionBatch:
        return draft_batch(library=self.library, source="purchase", received_on=ON, by=BY, at=AT)

    def add(
        self, batch: AccessionBatch, holding: Holding, copies: int = 1, price: int | None = 1000
    ) -> list[Item]:
        return add_items(batch=batch, holding=holding, copies=copies, list_price_fen=price, by=BY, at=AT)

    def posted(
        self, copies: int = 1, price: int | None = 1000, title: str = "西游记"
    ) -> tuple[AccessionBatch, list[Item]]:
        batch = self.draft()
        items = self.add(batch, self.hold(title), copies, price)
        post_batch(batch, by=BY, at=AT, on=ON)
        for item in items:
            item.refresh_from_db()
        return batch, items
