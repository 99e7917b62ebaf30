"""A small school with books, readers and lending rules, built through services."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.models import Loan
from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import check_out, default_policies, set_policy
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import count_enrolment, create_library, find_or_open
from shuxiang.patrons.models import Card, Patron
from shuxiang.patrons.services import add_patron, default_categories

BY = Actor("li", "desk")
START = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)  # a Thursday, half past eleven in China
ON = date(2026, 10, 15)
ISBN = "9787020002207"


@dataclass
class Desk:
    """What a test works with; pupils may have 2 volumes for 14 days, teachers 5 for 30."""

    library: Library
    pupil: Patron
    other: Patron
    teacher: Patron
    items: list[Item]

    @property
    def item(self) -> Item:
        return self.items[0]

    def lend(
        self, item: Item | None = None, patron: Patron | None = None, at: datetime = AT, **more: object
    ) -> Loan:
        return check_out(
            library=self.library,
            patron=patron or self.pupil,
            item=item or self.item,
            at=at,
            by=BY,
            **more,  # type: ignore[arg-type]
        )


def add_book(library: Library, title: str, *, copies: int, isbn: str = "", **columns: object) -> list[Item]:
    """A posted title with its volumes, bar-coded T…"""
    values = RecordValues(title=title, isbn=isbn, **columns)  # type: ignore[arg-type]
    record = save_record(record=None, values=values, library=library, by=BY, at=START)
    holding = hold(library=library, record=record, clc="I242.4", by=BY, at=START)
    batch = draft_batch(library=library, source="purchase", received_on=START.date(), by=BY, at=START)
    codes = [f"{library.code.upper()}{record.pk:05d}{n}" for n in range(copies)]
    items = add_items(
        batch=batch, holding=holding, copies=copies, list_price_fen=2580, barcodes=codes, by=BY, at=START
    )
    post_batch(batch, by=BY, at=START, on=START.date())
    for item in items:
        item.refresh_from_db()
    return items


def open_desk(code: str = "a") -> Desk:
    library = create_library(code=code, name="榆树小学", kind="primary", by=BY, at=START)
    categories = default_categories(library)
    default_policies(library=library, at=START, by=BY)
    school_class = find_or_open(library=library, label="三（1）班", school_year="2026-2027", by=BY, at=START)
    count_enrolment(
        library=library,
        kind="pupil",
        school_class=school_class,
        on=START.date(),
        count=2,
        by=BY,
        at=START,
    )

    def reader(name: str, category: str, number: str) -> Patron:
        return add_patron(
            library=library,
            name=name,
            category=categories[category],
            card_number=number,
            on=START.date(),
            by=BY,
            at=START,
            school_class=school_class if category == "pupil" else None,
        )

    return Desk(
        library,
        reader("林知夏", "pupil", "0001"),
        reader("周予安", "pupil", "0002"),
        reader("沈书意", "teacher", "T01"),
        add_book(library, "西游记", copies=3, isbn=ISBN),
    )


def set_limit(desk: Desk, limit: int) -> None:
    row = PolicyRow(desk.pupil.category_id, None, limit, 14, 1, 14)
    set_policy(library=desk.library, row=row, at=START, by=BY)


def card_of(patron: Patron) -> Card:
    return patron.cards.get()


def later(days: int) -> datetime:
    return AT + timedelta(days=days)
