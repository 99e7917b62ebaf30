"""The ground, laid by the ordinary acts: library, school years, classes, kinds of readers, rules, places."""

from dataclasses import dataclass
from datetime import date, datetime

from shuxiang.catalogue.clc import MAIN_CLASSES
from shuxiang.catalogue.index import ensure_current
from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import default_policies, set_policy
from shuxiang.common.actors import Actor
from shuxiang.common.numerals import to_chinese
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.holdings.services import default_places, ensure_location
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import (
    count_enrolment,
    create_library,
    find_or_open,
    graduate,
    open_school_year,
)
from shuxiang.patrons.models import PatronCategory
from shuxiang.patrons.services import add_category, default_categories
from shuxiang.simulation.plan import (
    CLASS_SIZE,
    GRADES,
    LIMITS,
    MOST_CLASSES,
    YEARS,
    Size,
    Timeline,
    instant,
    shares,
)


@dataclass(frozen=True)
class Cohort:
    """A class, how many pupils went into it, and when it left (None: it is here)."""

    school_class: SchoolClass
    entry_year: int
    pupils: int
    left_on: date | None


@dataclass(frozen=True)
class Ground:
    library: Library
    timeline: Timeline
    by: Actor
    cohorts: list[Cohort]
    teachers: int
    citizens: int
    categories: dict[str, PatronCategory]
    group_id: int
    shelves: dict[str, ShelvingLocation]  # class letter ("" for none) → where it stands

    @property
    def homes(self) -> dict[str, int]:
        """The same, as keys."""
        return {letter: place.pk for letter, place in self.shelves.items()}


def lay(size: Size, *, code: str, name: str, by: Actor, at: datetime, timeline: Timeline) -> Ground:
    """Found the library and open its classes, as of long ago."""
    founded = instant(timeline.founded_on)
    library = create_library(code=code, name=name, kind="primary", by=by, at=founded)
    ensure_current(at=at)
    categories = default_categories(library)
    pupils, teachers = _pupils_and_teachers(size.patrons, len(timeline.cohorts))
    citizens = size.patrons - pupils - teachers
    if citizens:
        made = add_category(library=library, code="citizen", name="居民", kind="citizen", by=by, at=founded)
        categories["citizen"] = made
    _lending_rules(library, categories, by, founded)
    places = default_places(library)
    shelves = {one.letter: ensure_location(library, f"{one.letter} 类架") for one in MAIN_CLASSES}
    cohorts = _cohorts(library, pupils, timeline, by)
    on = date(timeline.year - YEARS + 1, 9, 1)
    count_enrolment(library=library, kind="teacher", count=teachers, on=on, by=by, at=founded)
    shelves[""] = places.location
    return Ground(library, timeline, by, cohorts, teachers, citizens, categories, places.group.pk, shelves)


def _pupils_and_teachers(patrons: int, cohorts: int) -> tuple[int, int]:
    """A school has so many pupils at most; in a larger library the others are citizens."""
    most = cohorts * MOST_CLASSES * CLASS_SIZE
    pupils = min(patrons * 15 // 16, most)
    return pupils, min(patrons - pupils, -(-pupils // 15))


def _lending_rules(library: Library, categories: dict[str, PatronCategory], by: Actor, at: datetime) -> None:
    default_policies(library=library, at=at, by=by)
    for code, limit in LIMITS.items():
        if code in categories:
            days = 14 if code == "pupil" else 30
            row = PolicyRow(categories[code].pk, None, limit, days, 1, days)
            set_policy(library=library, row=row, at=at, by=by)


def _cohorts(library: Library, pupils: int, timeline: Timeline, by: Actor) -> list[Cohort]:
    """Every September a cohort enters and every class is counted; every July the oldest leaves."""
    sizes = dict(zip(timeline.cohorts, shares(pupils, len(timeline.cohorts)), strict=True))
    found: list[Cohort] = []
    for year, entering in sizes.items():
        if not entering:
            continue
        at, last = instant(date(year, 9, 1)), date(year + GRADES, 7, 3)
        left_on = last if last < timeline.today else None
        for number, count in enumerate(shares(entering, -(-entering // CLASS_SIZE)), start=1):
            school_class = find_or_open(
                library=library,
                label=f"{to_chinese(1)}（{number}）班",
                school_year=f"{year}-{year + 1}",
                by=by,
                at=at,
            )
            found.append(Cohort(school_class, year, count, left_on))
    for year in range(timeline.founded_on.year, timeline.year + 1):
        _turn_of_the_year(library, year, found, timeline, by)
    return found


def _turn_of_the_year(
    library: Library, year: int, cohorts: list[Cohort], timeline: Timeline, by: Actor
) -> None:
    at, on, school_year = instant(date(year, 9, 1)), date(year, 9, 1), f"{year}-{year + 1}"
    if year > timeline.year - YEARS:
        open_school_year(library=library, school_year=school_year, by=by, at=at)
        for one in cohorts:
            if 0 <= year - one.entry_year < GRADES:
                count_enrolment(
                    library=library, school_class=one.school_class, count=one.pupils, on=on, by=by, at=at
                )
    leaving = date(year + 1, 7, 3)
    if leaving < timeline.today:
        graduate(library=library, school_year=school_year, on=leaving, by=by, at=instant(leaving))
