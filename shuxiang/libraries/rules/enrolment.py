"""How many pupils a period has: the denominator of every per-head figure (decision 0006)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shuxiang.common.schoolyear import Period


@dataclass(frozen=True, slots=True)
class Counted:
    """Heads counted on a day."""

    counted_on: date
    count: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """A class with its first and last day and what was counted."""

    key: int
    first_on: date
    last_on: date
    counts: tuple[Counted, ...] = ()

    def is_in(self, period: Period) -> bool:
        return self.first_on <= period.ends_on and self.last_on >= period.starts_on


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Pupils of a period, and the classes of it that nobody ever counted (they add nothing)."""

    pupils: int
    uncounted: tuple[int, ...] = ()


def in_force(counts: Iterable[Counted], day: date) -> int | None:
    """The latest count made on or before a day, else the first one made later; None when nothing was ever counted."""
    ordered = sorted(counts, key=lambda count: count.counted_on)
    if not ordered:
        return None
    made = [count for count in ordered if count.counted_on <= day]
    return (made[-1] if made else ordered[0]).count


def of_class(cohort: Cohort, period: Period) -> int | None:
    """Pupils of one class in a period: the count in force on the last day that both have; None when it has no count."""
    if not cohort.is_in(period):
        return 0
    return in_force(cohort.counts, min(period.ends_on, cohort.last_on))


def of_library(cohorts: Sequence[Cohort], whole: Sequence[Counted], period: Period) -> Enrolment:
    """Pupils of the school in a period within one school year (see SchoolCalendar.main_part).

    Every class that exists on a day of the period counts, a class that graduated in it too. Where a class was never
    counted and the school as a whole was, the whole count is taken.
    """
    present = [(cohort.key, of_class(cohort, period)) for cohort in cohorts if cohort.is_in(period)]
    uncounted = tuple(key for key, count in present if count is None)
    whole_count = in_force(whole, period.ends_on)
    if whole_count is not None and (uncounted or not present):
        return Enrolment(whole_count)
    return Enrolment(sum(count or 0 for _, count in present), uncounted)
