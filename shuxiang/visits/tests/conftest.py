"""A school with a room, a class, pupils with cards and a rotation table with a lesson."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, Room, SchoolClass, Standard
from shuxiang.libraries.services import add_room, count_enrolment, create_library, find_or_open, set_slot
from shuxiang.libraries.standards import install
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories

BY = Actor("tests", "system")
FOUNDED = datetime(2026, 8, 31, 2, 0, tzinfo=UTC)
MONDAY = date(2026, 10, 12)
AT = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)  # noon in Shanghai


@dataclass
class Ground:
    """What a test of visits stands on."""

    library: Library
    room: Room
    school_class: SchoolClass
    pupils: list[Patron]
    teacher: Patron


def make(code: str, word: str) -> Ground:
    library = create_library(code=code, name=f"{word}小学", kind="primary", by=BY, at=FOUNDED)
    room = add_room(library=library, code="main", name=f"{word}阅览室", seats=60, by=BY, at=FOUNDED)
    found = find_or_open(library=library, label="三（1）班", school_year="2026-2027", by=BY, at=FOUNDED)
    count_enrolment(library=library, school_class=found, count=2, on=date(2026, 9, 1), by=BY, at=FOUNDED)
    kinds = default_categories(library)
    people = [
        add_patron(
            library=library,
            name=f"{word}{name}",
            category=kinds[kind],
            card_number=f"{code}{number}",
            on=date(2026, 9, 1),
            by=BY,
            at=FOUNDED,
            school_class=found if kind == "pupil" else None,
        )
        for number, (name, kind) in enumerate((("甲", "pupil"), ("乙", "pupil"), ("老师", "teacher")), 1)
    ]
    set_slot(
        library=library,
        room=room,
        weekday=1,
        starts=time(14, 0),
        ends=time(14, 40),
        activity="lesson",
        school_class=found,
        valid_from=date(2026, 9, 1),
        by=BY,
        at=FOUNDED,
    )
    return Ground(library, room, found, people[:2], people[2])


@pytest.fixture
def ground(db: None) -> Ground:
    install(Standard)
    return make("elm", "榆")


@pytest.fixture
def other(ground: Ground) -> Ground:
    return make("oak", "橡")


def later(**delta: int) -> datetime:
    return AT + timedelta(**delta)
