"""Terms, classes and heads of a library, read once for all the figures of a page."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from shuxiang.common.schoolyear import Period
from shuxiang.libraries import selectors
from shuxiang.libraries.models import EnrolmentCount, Library, SchoolClass
from shuxiang.libraries.rules import classes as class_rules
from shuxiang.libraries.rules import enrolment
from shuxiang.libraries.rules.enrolment import Cohort, Counted, Enrolment
from shuxiang.libraries.rules.terms import SchoolCalendar


class Ground:
    """What a library's ground was when it was first asked; for one page or report, not to be kept."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def calendar(self) -> SchoolCalendar:
        return selectors.calendar_of(self.library)

    @cached_property
    def classes(self) -> list[SchoolClass]:
        return selectors.classes_of(self.library)

    def pupils_in(self, period: Period, school_class: SchoolClass | None = None) -> int:
        """Pupils of the school or of one class in a period, by the counts in force; never the number of cards."""
        if school_class is None:
            return self.enrolment_in(period).pupils
        return enrolment.of_class(self._cohorts[school_class.pk], period) or 0

    def enrolment_in(self, period: Period) -> Enrolment:
        """Pupils in a period and the keys of classes that were never counted."""
        whole = self._counted(EnrolmentCount.Kind.PUPIL)
        return enrolment.of_library(list(self._cohorts.values()), whole, self.calendar.main_part(period))

    def teachers_in(self, period: Period) -> int | None:
        """Teachers counted for a period; None when nobody counted them."""
        return enrolment.in_force(self._counted(EnrolmentCount.Kind.TEACHER), period.ends_on)

    def classes_in(self, period: Period) -> list[SchoolClass]:
        """The classes that exist on any day of a period."""
        return [each for each in self.classes if self._cohorts[each.pk].is_in(period)]

    def grade_of(self, school_class: SchoolClass, day: date) -> int | None:
        """The grade of a class on a day, None before it began and after it left."""
        return selectors.grade_of(school_class, day, self.calendar)

    def labels(self, school_classes: Iterable[SchoolClass], day: date) -> dict[int, str]:
        """Labels of classes on a day by their keys."""
        year = self.calendar.school_year_on(day)
        return {
            each.pk: class_rules.label_in(selectors.class_facts(each), year, self._primary_years)
            for each in school_classes
        }

    @cached_property
    def _primary_years(self) -> int:
        return selectors.primary_years(self.library)

    @cached_property
    def _counts(self) -> list[EnrolmentCount]:
        return list(EnrolmentCount.objects.filter(library=self.library))

    def _counted(self, kind: str) -> tuple[Counted, ...]:
        """Counts of the school as a whole."""
        rows = (row for row in self._counts if row.kind == kind and row.school_class_id is None)
        return tuple(Counted(row.counted_on, row.count) for row in rows)

    @cached_property
    def _cohorts(self) -> dict[int, Cohort]:
        counts: dict[int, list[Counted]] = {}
        for row in self._counts:
            if row.school_class_id is not None:
                counts.setdefault(row.school_class_id, []).append(Counted(row.counted_on, row.count))
        cohorts = {}
        for each in self.classes:
            first, last = class_rules.lifetime(selectors.class_facts(each), self.calendar)
            cohorts[each.pk] = Cohort(each.pk, first, last, tuple(counts.get(each.pk, ())))
        return cohorts
