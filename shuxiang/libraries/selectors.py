"""Reading the ground: terms, open days, classes, enrolment, rotation. Every selector takes the library."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Q

from shuxiang.audit.prepared import Question
from shuxiang.common.clock import to_local
from shuxiang.common.schoolyear import Period, parse_class_label, render_label
from shuxiang.libraries.models import (
    CalendarDay,
    Library,
    OpeningHours,
    RotationSlot,
    SchoolClass,
    Stage,
    Term,
)
from shuxiang.libraries.rules import classes as class_rules
from shuxiang.libraries.rules import timetable
from shuxiang.libraries.rules.classes import ClassFacts, StageFacts
from shuxiang.libraries.rules.terms import SchoolCalendar, TermFacts, year_of


def find_library(code: str) -> Library | None:
    """A library by its code, whatever an address may hold in its place: codes are ASCII, and PostgreSQL takes no NUL."""
    if not code.isascii() or not code.isprintable():
        return None
    return _LIBRARY.first(code=code)


_LIBRARY = Question(lambda code: Library.objects.select_related("standard").filter(code=code))


def all_libraries() -> list[Library]:
    return list(Library.objects.order_by("name", "code"))


# terms and days


def calendar_of(library: Library) -> SchoolCalendar:
    """All terms of a library in one query; ask it when many days are needed."""
    return SchoolCalendar(TermFacts(*row) for row in _TERMS.all(library=library.pk))


_TERMS = Question(
    lambda library: Term.objects.filter(library=library).values_list(
        "code", "season", "starts_on", "ends_on", "teaching_from", "teaching_to", "recall_on"
    )
)


def term_facts(term: Term) -> TermFacts:
    return TermFacts(
        code=term.code,
        season=term.season,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        teaching_from=term.teaching_from,
        teaching_to=term.teaching_to,
        recall_on=term.recall_on,
    )


def term_on(library: Library, day: date) -> TermFacts:
    """The term in which a day falls: the library's own, else the default one."""
    return calendar_of(library).term_on(day)


def period(library: Library, code: str) -> Period:
    """A period by its code, with the library's own terms. Raises BadPeriod."""
    return calendar_of(library).period(code)


def previous_period(library: Library, of: Period) -> Period:
    """The period of the same kind just before."""
    return calendar_of(library).previous(of)


def week_on(library: Library, day: date) -> int | None:
    """The teaching week (第 n 周) of a day, None outside teaching."""
    return term_on(library, day).week_of(day)


def recall_on(library: Library, day: date, calendar: SchoolCalendar | None = None) -> date | None:
    """The recall date that caps what is lent on a day: that of its term unless it has passed already."""
    recall = (calendar or calendar_of(library)).term_on(day).recall_on
    return recall if recall and recall >= day else None


@dataclass(frozen=True)
class OpenDays:
    """Opening hours and special days of a library, loaded once."""

    hours: tuple[timetable.Hours, ...]
    special: tuple[timetable.SpecialDays, ...]
    weekends: bool

    def is_open(self, day: date) -> bool:
        return timetable.is_open(day, self.hours, self.special, weekends=self.weekends)

    def next_open(self, day: date) -> date:
        return timetable.next_open(day, self.is_open)


def open_days(library: Library) -> OpenDays:
    return OpenDays(
        hours=_hours(library),
        special=tuple(timetable.SpecialDays(*row) for row in _SPECIAL_DAYS.all(library=library.pk)),
        weekends=library.kind == Library.Kind.PUBLIC,
    )


def _hours(library: Library) -> tuple[timetable.Hours, ...]:
    return tuple(timetable.Hours(*row) for row in _HOURS.all(library=library.pk))


_SPECIAL_DAYS = Question(
    lambda library: CalendarDay.objects.filter(library=library).values_list("from_on", "to_on", "is_open")
)
_HOURS = Question(
    lambda library: OpeningHours.objects.filter(room__library=library).values_list(
        "weekday", "opens", "closes", "valid_from", "valid_to"
    )
)


def is_open_day(library: Library, day: date) -> bool:
    return open_days(library).is_open(day)


def next_open_day(library: Library, day: date) -> date:
    """The day itself when the library is open then, else the next day it is."""
    return open_days(library).next_open(day)


def opening_hours_per_week(library: Library, day: date) -> Decimal:
    """Hours a regular week in which at least one room is open, by the hours in force on a day."""
    return timetable.hours_per_week(day, _hours(library))


# classes


def stage_facts(stage: Stage) -> StageFacts:
    return StageFacts(stage.code, stage.first_grade, stage.years)


def class_facts(school_class: SchoolClass) -> ClassFacts:
    return ClassFacts(
        stage=stage_facts(school_class.stage),
        entry_year=school_class.entry_year,
        pattern=school_class.label_pattern,
        graduated_on=school_class.graduated_on,
    )


def primary_years(library: Library) -> int:
    """Years of primary school, 6 or 5: in a 5-4 school 初一 is the sixth year."""
    stages = {code: (first_grade, years) for code, first_grade, years in _STAGES.all(library=library.pk)}
    if "primary" in stages:
        return stages["primary"][1]
    return stages["junior"][0] - 1 if "junior" in stages else 6


_STAGES = Question(
    lambda library: Stage.objects.filter(library=library).values_list("code", "first_grade", "years")
)


def classes_of(library: Library) -> list[SchoolClass]:
    """All classes that ever were, with their stages."""
    return list(SchoolClass.objects.filter(library=library).select_related("stage"))


def classes_on(library: Library, day: date, calendar: SchoolCalendar | None = None) -> list[SchoolClass]:
    """The classes that exist on a day, by grade and position."""
    calendar = calendar or calendar_of(library)
    year = calendar.school_year_on(day)
    present = []
    for school_class in classes_of(library):
        facts = class_facts(school_class)
        first, last = class_rules.lifetime(facts, calendar)
        if first <= day <= last:
            grade = class_rules.grade_in(facts, year) or 0
            present.append((grade, school_class.position, school_class.label_pattern, school_class))
    return [row[-1] for row in sorted(present, key=lambda row: row[:-1])]


def grade_of(school_class: SchoolClass, day: date, calendar: SchoolCalendar | None = None) -> int | None:
    """The grade of a class on a day, 1 to 12; None before it entered its stage and after its last school year."""
    calendar = calendar or calendar_of(school_class.library)
    return class_rules.grade_in(class_facts(school_class), calendar.school_year_on(day))


def label_of(school_class: SchoolClass, day: date, calendar: SchoolCalendar | None = None) -> str:
    """The label of a class on a day: 五乙, 六乙; outside its years that of the first or last one."""
    return class_labels(school_class.library, [school_class], day, calendar)[school_class.pk]


def class_labels(
    library: Library, school_classes: Iterable[SchoolClass], day: date, calendar: SchoolCalendar | None = None
) -> dict[int, str]:
    """Labels of many classes on a day by their keys, in two queries."""
    year = (calendar or calendar_of(library)).school_year_on(day)
    years = primary_years(library)
    return {each.pk: class_rules.label_in(class_facts(each), year, years) for each in school_classes}


def find_class(library: Library, label: str, school_year: str) -> SchoolClass | None:
    """The class that has a label in a school year (2016-2017); spelling variants of the same label count as equal.

    Raises BadPeriod for a bad school year.
    """
    year, years = year_of(school_year), primary_years(library)
    wanted = spelled(label, years)
    begins = calendar_of(library).school_year(year).starts_on
    for school_class in classes_of(library):
        facts = class_facts(school_class)
        is_there = class_rules.grade_in(facts, year) is not None
        ended = facts.graduated_on is not None and facts.graduated_on < begins
        if is_there and not ended and spelled(class_rules.label_in(facts, year, years), years) == wanted:
            return school_class
    return None


def spelled(label: str, years: int) -> tuple[object, ...]:
    """What tells classes apart, however it is written: 六（2）班, 六(2)班 and 六2班 are one class."""
    parsed = parse_class_label(label, years)
    if parsed is None:
        return (label.strip(),)
    if parsed.grade is None and not parsed.entry_year:
        return (parsed.pattern.strip(),)
    return (parsed.grade, parsed.entry_year, parsed.number or "")


# rotation table


@dataclass(frozen=True)
class SlotNow:
    """Who may use which room at the moment; neither class nor grade: everybody."""

    slot_id: int
    room_id: int
    room: str
    activity: str
    starts: time
    ends: time
    class_id: int | None
    class_label: str
    grade: int | None

    @property
    def who(self) -> str:
        """The class, or the grade as 三年级; empty when it is everybody's turn."""
        return self.class_label or (render_label("{grade}年级", self.grade) if self.grade else "")


def slot_facts(row: RotationSlot) -> timetable.Slot:
    return timetable.Slot(
        room_id=row.room_id,
        weekday=row.weekday,
        week=row.week,
        starts=row.starts,
        ends=row.ends,
        activity=row.activity,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        class_id=row.school_class_id,
        grade=row.grade,
    )


def slots_of(library: Library) -> list[RotationSlot]:
    rows = RotationSlot.objects.filter(library=library).select_related("room", "school_class__stage")
    return list(rows.order_by("weekday", "starts", "room_id", "pk"))


def slot_now(library: Library, at: datetime) -> tuple[SlotNow, ...]:
    """The cells of the rotation table that are on at an instant; several grades may share one."""
    local = to_local(at)
    return _on(library, local.date(), lambda _slot: local)


def turns_at(library: Library, at: datetime, calendar: SchoolCalendar) -> list[timetable.Slot]:
    """The bare cells that are on at an instant, in one question: whose turn it is, without names."""
    local = to_local(at)
    day, clock = local.date(), local.time()
    rows = _CELLS_AT.all(library=library.pk, weekday=local.isoweekday(), day=day, clock=clock)
    week = calendar.term_on(day).week_of(day) if rows else None
    cells = [slot_facts(row) for row in rows]
    return [cell for cell in cells if cell.is_at(local, week)]


_CELLS_AT = Question(
    lambda library, weekday, day, clock: RotationSlot.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        library=library,
        weekday=weekday,
        starts__lte=clock,
        ends__gt=clock,
        valid_from__lte=day,
    )
)


def turns_on(library: Library, day: date) -> tuple[SlotNow, ...]:
    """All cells of a day, in the order of the day."""
    return _on(library, day, lambda slot: datetime.combine(day, slot.starts))


def _on(library: Library, day: date, moment: Callable[[timetable.Slot], datetime]) -> tuple[SlotNow, ...]:
    calendar = calendar_of(library)
    week = calendar.term_on(day).week_of(day)
    rows = [row for row in slots_of(library) if slot_facts(row).is_at(moment(slot_facts(row)), week)]
    classes = [row.school_class for row in rows if row.school_class]
    labels = class_labels(library, classes, day, calendar) if classes else {}
    return tuple(
        SlotNow(
            slot_id=row.pk,
            room_id=row.room_id,
            room=row.room.name,
            activity=row.activity,
            starts=row.starts,
            ends=row.ends,
            class_id=row.school_class_id,
            class_label=labels.get(row.school_class_id or 0, ""),
            grade=row.grade,
        )
        for row in rows
    )
