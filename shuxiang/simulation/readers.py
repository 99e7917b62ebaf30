"""Readers: pupils in their classes, teachers, in a larger library citizens; each with a card."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shuxiang.demo.people import FAMILY, GIVEN_FIRST, GIVEN_SECOND, RARE
from shuxiang.libraries.selectors import label_of
from shuxiang.patrons.models import Card, ClassMembership, Patron
from shuxiang.patrons.selectors import pinyin_of
from shuxiang.simulation.ground import Cohort, Ground
from shuxiang.simulation.plan import GRADES, LIMITS, instant, iso, stored
from shuxiang.simulation.records import hex_id
from shuxiang.simulation.tables import Table

PUPILS_BORROW = 4  # times as often as anybody else
NOBODY: tuple[int | None, str, int | None] = (None, "", None)


@dataclass
class Readers:
    """All readers in order of their keys; a reader is named by a number from 0, the key less one."""

    ground: Ground
    seed: int
    cohorts: list[Cohort | None] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for cohort in self.ground.cohorts:
            self.cohorts += [cohort] * cohort.pupils
        self.categories = ["pupil"] * len(self.cohorts)
        for code, count in (("teacher", self.ground.teachers), ("citizen", self.ground.citizens)):
            self.categories += [code] * count
            self.cohorts += [None] * count

    def limits(self) -> list[int]:
        return [LIMITS[code] for code in self.categories]

    def borrowing(self, year: int) -> list[int]:
        """Who may come to the desk in a school year, as often as they do."""
        found: list[int] = []
        for number, cohort in enumerate(self.cohorts):
            if cohort is None:
                found.append(number)
            elif 0 <= year - cohort.entry_year < GRADES:
                found += [number] * PUPILS_BORROW
        return found

    def classes(self, year: int) -> dict[int, tuple[int | None, str, int | None]]:
        """Class → what a loan of that school year writes down: key, label, grade."""
        on = date(year, 9, 1)
        return {
            one.school_class.pk: (
                one.school_class.pk,
                label_of(one.school_class, on),
                year - one.entry_year + 1,
            )
            for one in self.ground.cohorts
            if 0 <= year - one.entry_year < GRADES
        }

    def write(self) -> None:
        """Readers, cards and class memberships."""
        Table(
            Patron, "id", "uuid", "library_id", "category_id", "name", "name_pinyin", "name_initials", "joined_on",
            "left_on", "created_at", "modified_at",
        ).write(self._patrons())  # fmt: skip
        Table(Card, "id", "library_id", "patron_id", "number", "from_at", "to_at", "ended").write(
            self._cards()
        )
        memberships = Table(
            ClassMembership, "id", "patron_id", "school_class_id", "number", "from_on", "to_on"
        )
        memberships.write(self._memberships())

    def _patrons(self) -> Iterator[tuple[Any, ...]]:
        rng = random.Random(f"{self.seed}:readers")  # noqa: S311  the same seed, the same library
        library = self.ground.library.pk
        for number, (code, cohort) in enumerate(zip(self.categories, self.cohorts, strict=True)):
            name = RARE[number] if number < len(RARE) else _name(rng)
            joined_on, left_on = self._span(cohort)
            at, category = instant(joined_on), self.ground.categories[code].pk
            ended = stored(instant(left_on)) if left_on else stored(at)
            yield (
                number + 1, hex_id(at, 2, number), library, category, name, *pinyin_of(name), iso(joined_on),
                left_on and iso(left_on),
                stored(at), ended,
            )  # fmt: skip

    def _span(self, cohort: Cohort | None) -> tuple[date, date | None]:
        if cohort is None:
            return self.ground.timeline.founded_on, None
        return date(cohort.entry_year, 9, 1), cohort.left_on

    def _cards(self) -> Iterator[tuple[Any, ...]]:
        library = self.ground.library.pk
        for number, cohort in enumerate(self.cohorts):
            joined_on, left_on = self._span(cohort)
            to_at = stored(instant(left_on)) if left_on else None
            ended = Card.Ended.LEFT.value if left_on else ""
            yield (
                number + 1,
                library,
                number + 1,
                card_number(number),
                stored(instant(joined_on)),
                to_at,
                ended,
            )

    def _memberships(self) -> Iterator[tuple[Any, ...]]:
        seat = 0
        before: Cohort | None = None
        for number, cohort in enumerate(self.cohorts):
            if cohort is None:
                return
            seat = seat + 1 if cohort is before else 1
            before = cohort
            joined_on, left_on = self._span(cohort)
            yield (
                number + 1,
                number + 1,
                cohort.school_class.pk,
                seat,
                iso(joined_on),
                left_on and iso(left_on),
            )


def card_number(number: int) -> str:
    return f"R{number + 1:06d}"


def _name(rng: random.Random) -> str:
    second = rng.choice(GIVEN_SECOND) if rng.random() < 0.85 else ""
    return rng.choice(FAMILY) + rng.choice(GIVEN_FIRST) + second
