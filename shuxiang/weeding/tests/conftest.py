"""A small school whose stock has grown old."""

from datetime import timedelta

import pytest

from shuxiang.circulation.tests.desk import AT, BY, Desk, add_book, open_desk
from shuxiang.holdings.models import AccessionBatch, Item
from shuxiang.weeding.models import WeedingLine, WeedingList
from shuxiang.weeding.rules import Criteria
from shuxiang.weeding.services import proposing

TODAY = AT.date()
DAY = timedelta(days=1)


@pytest.fixture
def desk(db: None) -> Desk:
    """三 copies of 西游记 and one old book, all in stock since before the books began."""
    found = open_desk()
    add_book(found.library, "计算机应用基础（旧版）", copies=1, pub_year=1998)
    AccessionBatch.objects.update(source="opening")
    return found


def propose(desk: Desk, *criteria: Criteria) -> WeedingList:
    """Have it proposed now."""
    made = proposing.propose_later(desk.library, criteria, by=BY, at=AT)
    proposing.propose(made, at=AT)
    made.refresh_from_db()
    return made


def titles(weeding_list: WeedingList, state: str = "in") -> list[str]:
    lines = WeedingLine.objects.filter(weeding_list=weeding_list, state=state).order_by("item")
    return [line.item.holding.record.title for line in lines]


def line_of(weeding_list: WeedingList, item: Item) -> WeedingLine:
    return WeedingLine.objects.get(weeding_list=weeding_list, item=item)
