"""Classes as cohorts: what grade and label a class has on a day, and how long it exists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.common.schoolyear import ClassLabel, render_label
from shuxiang.libraries.rules.terms import SchoolCalendar


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stretch of grades; `first_grade` counts from 1 (primary) to 12."""

    code: str
    first_grade: int
    years: int

    @property
    def last_grade(self) -> int:
        return self.first_grade + self.years - 1

    def has(self, grade: int) -> bool:
        return self.first_grade <= grade <= self.last_grade


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A cohort: the stage it went into, when, and how its label is written."""

    stage: StageFacts
    entry_year: int
    pattern: str
    graduated_on: date | None = None

    @property
    def last_school_year(self) -> int:
        return self.entry_year + self.stage.years - 1


def grade_in(facts: ClassFacts, school_year: int) -> int | None:
    """The grade in a school year; None before the class entered and after its last year."""
    grade = school_year - facts.entry_year + facts.stage.first_grade
    return grade if facts.stage.has(grade) else None


def label_in(facts: ClassFacts, school_year: int, primary_years: int = 6) -> str:
    """The label in a school year; a class that is gone keeps the label of its last year, one to come has its first."""
    grade = school_year - facts.entry_year + facts.stage.first_grade
    grade = min(max(grade, facts.stage.first_grade), facts.stage.last_grade)
    return render_label(facts.pattern, grade, primary_years)


def lifetime(facts: ClassFacts, calendar: SchoolCalendar) -> tuple[date, date]:
    """First and last day of a class: its school years, cut short by graduation."""
    first = calendar.school_year(facts.entry_year).starts_on
    last = calendar.school_year(facts.last_school_year).ends_on
    return first, min(last, facts.graduated_on) if facts.graduated_on else last


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label puts a class."""

    stage: StageFacts
    entry_year: int
    pattern: str


def place(
    label: ClassLabel, stages: Sequence[StageFacts], school_year: int, grade: int | None = None
) -> Placed | Decision:
    """Stage and entry year of a class by its label as of a school year, or why that cannot be told."""
    params = {"label": label.pattern, "school_year": f"{school_year}-{school_year + 1}"}
    grade = label.grade if label.grade is not None else grade
    if grade is None and label.entry_year is not None:
        fitting = [stage for stage in stages if stage.has(school_year - label.entry_year + stage.first_grade)]
        if len(fitting) == 1:
            return Placed(fitting[0], label.entry_year, label.pattern)
    if grade is None:
        return Decision((Reason("class_grade_needed", Weight.REFUSE, params),))
    for stage in stages:
        if stage.has(grade):
            return Placed(stage, school_year - (grade - stage.first_grade), label.pattern)
    return Decision((Reason("class_no_such_grade", Weight.REFUSE, {**params, "grade": grade}),))
