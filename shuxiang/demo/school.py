"""The ground of a demonstration school: hours, terms, rotation table, lending rules, classes, readers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import default_policies, set_policy
from shuxiang.common.actors import Actor
from shuxiang.common.schoolyear import school_year_of
from shuxiang.demo import plan
from shuxiang.demo.books import instant
from shuxiang.demo.loanlog import Reader
from shuxiang.figures.services import set_target
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import (
    add_room,
    count_enrolment,
    find_or_open,
    open_school_year,
    set_hours,
    set_slot,
    set_special_days,
    set_term,
)
from shuxiang.patrons.models import PatronCategory
from shuxiang.patrons.services import add_patron, default_categories, graduate_classes

FOUNDED = date(2019, 9, 1)


@dataclass
class School:
    """One demonstration school while it is being filled."""

    library: Library
    by: Actor
    rng: random.Random
    people: Iterator[str]
    readers: dict[int, list[Reader]] = field(default_factory=dict)  # class key → its pupils
    teachers: list[Reader] = field(default_factory=list)
    _cards: int = 0

    def lay_ground(self, today: date) -> None:
        """Room, hours, terms, holidays, categories, lending rules."""
        at = instant(FOUNDED)
        room = add_room(library=self.library, code="main", name="图书室", seats=96, by=self.by, at=at)
        hours = [(weekday, *plan.OPENING) for weekday in range(1, 6)]
        set_hours(room=room, hours=hours, valid_from=FOUNDED, by=self.by, at=at)
        for code, (starts, ends, teaching_from, teaching_to, recall) in plan.TERMS.items():
            set_term(
                library=self.library,
                code=code,
                starts_on=starts,
                ends_on=ends,
                teaching_from=teaching_from,
                teaching_to=teaching_to,
                recall_on=recall,
                by=self.by,
                at=at,
            )
        for from_on, to_on, name in plan.HOLIDAYS:
            if from_on <= today + timedelta(days=366):
                set_special_days(
                    library=self.library, from_on=from_on, to_on=to_on, name=name, by=self.by, at=at
                )
        for code, wanted in plan.TARGETS.items():
            for figure, written in wanted.items():
                set_target(
                    library=self.library, figure=figure, period=code, written=written, by=self.by, at=at
                )
        categories = default_categories(self.library)
        default_policies(library=self.library, at=at, by=self.by)
        row = PolicyRow(categories["pupil"].pk, None, loan_limit=3, loan_days=14, renewals=1, renewal_days=14)
        set_policy(library=self.library, row=row, at=at, by=self.by)

    def _category(self, code: str) -> PatronCategory:
        return default_categories(self.library)[code]

    def open_class(self, label: str, pupils: int, school_year: str) -> SchoolClass:
        """A class with its pupils, cards and enrolment count as of the beginning of a school year."""
        on = date(int(school_year[:4]), 9, 1)
        at = instant(on)
        school_class = find_or_open(
            library=self.library, label=label, school_year=school_year, by=self.by, at=at
        )
        category, readers = self._category("pupil"), []
        for number in range(1, pupils + 1):
            name, card = next(self.people), self._card(on)
            add_patron(
                library=self.library,
                name=name,
                category=category,
                card_number=card,
                on=on,
                by=self.by,
                at=at,
                school_class=school_class,
                class_number=number,
            )
            readers.append(Reader(card, name, label))
        self.readers[school_class.pk] = readers
        count_enrolment(
            library=self.library, school_class=school_class, count=pupils, on=on, by=self.by, at=at
        )
        return school_class

    def _card(self, on: date) -> str:
        self._cards += 1
        return f"{on:%y}{self._cards:05d}"

    def hire(self, teachers: int) -> None:
        at, category = instant(FOUNDED), self._category("teacher")
        for number in range(1, teachers + 1):
            name, card = next(self.people), f"T{number:03d}"
            add_patron(
                library=self.library,
                name=name,
                category=category,
                card_number=card,
                on=FOUNDED,
                by=self.by,
                at=at,
            )
            self.teachers.append(Reader(card, name, "教师", days=30))
        count_enrolment(
            library=self.library,
            kind="teacher",
            count=teachers,
            on=date(plan.FIRST_YEAR, 9, 1),
            by=self.by,
            at=at,
        )

    def move_up(self, today: date) -> None:
        """Every September since: the sixth grade leaves, a first grade enters, everybody is counted anew."""
        year = plan.FIRST_YEAR + 1
        while school_year_of(today) >= f"{year}-{year + 1}":
            old, new = f"{year - 1}-{year}", f"{year}-{year + 1}"
            at = instant(date(year, 8, 31))
            graduate_classes(library=self.library, school_year=old, on=date(year, 7, 3), by=self.by, at=at)
            open_school_year(library=self.library, school_year=new, by=self.by, at=at)
            present = {c.pk for c in libraries.classes_on(self.library, date(year, 9, 1))}
            self.readers = {key: readers for key, readers in self.readers.items() if key in present}
            self.open_class(plan.NEW_LABEL, plan.NEW_PUPILS, new)
            year += 1
        self.relabel(today)

    def relabel(self, today: date) -> None:
        """The log writes the label of its own time."""
        classes = libraries.classes_on(self.library, today)
        labels = libraries.class_labels(self.library, classes, today)
        self.readers = {
            key: [Reader(r.card, r.name, labels[key], r.days) for r in readers]
            for key, readers in self.readers.items()
        }

    def turn(self, weekdays: dict[int, int], valid_from: date) -> None:
        """The rotation table: every class has its noon and its afternoon once a week."""
        room, at = (
            self.library.rooms.get(code="main"),
            datetime.combine(valid_from, plan.OPENING[0]).astimezone(),
        )
        for school_class in libraries.classes_on(self.library, valid_from):
            weekday = weekdays.get(school_class.pk, 1 + school_class.pk % 5)
            for starts, ends in (plan.NOON, plan.AFTERNOON):
                set_slot(
                    library=self.library,
                    room=room,
                    weekday=weekday,
                    starts=starts,
                    ends=ends,
                    school_class=school_class,
                    valid_from=valid_from,
                    by=self.by,
                    at=at,
                )
