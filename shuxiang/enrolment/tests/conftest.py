"""A primary school before the holidays: two first classes, a third and a sixth class, with pupils and a loan."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from shuxiang.circulation.services import default_policies
from shuxiang.circulation.tests.desk import add_book
from shuxiang.common.actors import Actor
from shuxiang.enrolment import planning, services
from shuxiang.enrolment.models import YearOpening
from shuxiang.enrolment.services import running, undoing
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories

BY = Actor("li", "desk")
START = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
JULY = datetime(2027, 7, 5, 2, 0, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2027, 9, 1), date(2027, 8, 31)
OLD, NEW = "2026-2027", "2027-2028"
NAMES = {
    "一（1）班": ("林知夏", "周予安"),
    "一（2）班": ("沈书意", "许星河", "林知夏"),  # a namesake in the other class
    "三（1）班": ("陆清和", "苏念"),
    "六（1）班": ("顾言", "秦朗"),
}


@dataclass
class Before:
    """The school and whom a test needs by name."""

    library: Library
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    readers: dict[str, list[Patron]] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)

    def reader(self, label: str, name: str) -> Patron:
        return next(one for one in self.readers[label] if one.name == name)


def school(code: str = "y") -> Before:
    library = create_library(code=code, name="榆树小学", kind="primary", by=BY, at=START)
    categories = default_categories(library)
    default_policies(library=library, at=START, by=BY)
    before, number = Before(library), 0
    for label, names in NAMES.items():
        before.classes[label] = find_or_open(library=library, label=label, school_year=OLD, by=BY, at=START)
        for place, name in enumerate(names, 1):
            number += 1
            one = add_patron(
                library=library, name=name, category=categories["pupil"], card_number=f"26{number:04d}",
                on=START.date(), by=BY, at=START, school_class=before.classes[label], class_number=place,
            )  # fmt: skip
            before.readers.setdefault(label, []).append(one)
    before.items = add_book(library, "西游记", copies=3)
    return before


@pytest.fixture
def before(db: None) -> Before:
    return school()


def draft(before: Before) -> YearOpening:
    return services.begin_opening(library=before.library, school_year=NEW, by=BY, at=JULY)


def bring(opening: YearOpening, text: str) -> int:
    return services.bring_list(opening, text.encode(), name="新生.csv", by=BY, at=JULY)


def carry_out(opening: YearOpening, at: datetime = JULY) -> YearOpening:
    opening.refresh_from_db()
    shown = planning.work_out(opening).digest
    services.start(opening, shown=shown, by=BY, at=at)
    running.carry_out(opening, by=BY, at=at, progress=lambda *_: None)
    opening.refresh_from_db()
    return opening


def carry_back(opening: YearOpening, at: datetime = JULY) -> YearOpening:
    services.take_back(opening, by=BY, at=at)
    undoing.carry_back(opening, by=BY, at=at, progress=lambda *_: None)
    opening.refresh_from_db()
    return opening
