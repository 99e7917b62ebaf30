"""The library on paper: how large, since when, what was received when, who could have borrowed on which day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from shuxiang.libraries.rules.terms import SchoolCalendar

GRADES = 6
YEARS = 3  # school years with loans, the running one among them
CLASS_SIZE, MOST_CLASSES = 45, 20  # of one cohort
TITLES_AT_OPENING = 0.7
LIMITS = {"pupil": 3, "teacher": 5, "citizen": 5}


class Impossible(Exception):
    """Numbers that no library can have together; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Size:
    """What is asked for; `path` is a table of real titles."""

    titles: int
    items: int
    patrons: int
    loans: int
    seed: int
    path: Path | None = None

    def check(self) -> None:
        """Raises Impossible."""
        if self.titles < 1 or self.items < self.titles:
            raise Impossible("fewer_items_than_titles")
        if self.loans and not self.patrons:
            raise Impossible("loans_without_patrons")


def instant(on: date, at: time = time(2, 0)) -> datetime:
    """Ten in the morning, in China."""
    return datetime.combine(on, at, UTC)


def stored(at: datetime) -> str:
    """An instant in UTC as both databases read it."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


@cache
def iso(on: date) -> str:
    """A day as both databases read it."""
    return on.isoformat()


@dataclass(frozen=True)
class Delivery:
    """A batch: the titles from `first` to before `last`, with all their copies."""

    on: date
    source: str
    document: str
    first: int
    last: int


@dataclass(frozen=True)
class Timeline:
    """The days of the library up to today."""

    today: date
    year: int  # the running school year begins in it

    @classmethod
    def until(cls, today: date) -> "Timeline":
        return cls(today, today.year if today.month >= 9 else today.year - 1)

    @property
    def founded_on(self) -> date:
        """When the oldest class entered that is still remembered."""
        return date(self.year - GRADES - YEARS + 2, 9, 1)

    @property
    def cohorts(self) -> range:
        """Entry years of the classes: those here, and those that left while loans were kept."""
        return range(self.founded_on.year, self.year + 1)

    def deliveries(self, titles: int) -> list[Delivery]:
        """Most at the opening, the rest in equal batches, one or two a school year; in order of time."""
        days = [
            date(year, *day)
            for year in range(self.year - YEARS + 1, self.year + 2)
            for day in ((3, 20), (10, 20))
        ]
        later = [day for day in days if day < self.today]
        opening = max(1, int(titles * TITLES_AT_OPENING))
        cuts = [0, *(opening + (titles - opening) * n // len(later) for n in range(len(later))), titles]
        found = [Delivery(self.founded_on, "opening", "移交清册", 0, cuts[1])]
        for number, on in enumerate(later, start=1):
            found.append(Delivery(on, "purchase", f"发票 {on:%Y%m}", cuts[number], cuts[number + 1]))
        return [one for one in found if one.last > one.first]

    def lending_days(self, calendar: SchoolCalendar) -> list[date]:
        """School days of the last years before today, from the second week of a term."""
        found = []
        for year in range(self.year - YEARS + 1, self.year + 1):
            for code in (f"{year}-autumn", f"{year + 1}-spring"):
                term = calendar.term(code)
                day = term.teaching_from + timedelta(days=7)
                last = min(term.teaching_to, self.today - timedelta(days=1))
                while day <= last:
                    if day.isoweekday() <= 5:
                        found.append(day)
                    day += timedelta(days=1)
        return found


def shares(total: int, parts: int) -> list[int]:
    """Split evenly, the larger parts first."""
    each, more = divmod(total, parts)
    return [each + (number < more) for number in range(parts)]
