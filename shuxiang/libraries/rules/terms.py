"""Terms as a line without gaps: a school's own terms, and the default ones where it has set none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.common.schoolyear import AUTUMN_STARTS, SPRING_STARTS, BadPeriod, Period, parse_period, term_of
from shuxiang.common.schoolyear import previous as default_previous

_DAY = timedelta(days=1)
_YEARS = range(1800, 2300)  # a century more on either side than parse_period takes
# Teaching weeks until a school sets its own, inside the default periods; schools start the spring after the lantern feast.
DEFAULT_TEACHING = {"autumn": ((9, 1), (1, 20)), "spring": ((2, 20), (7, 5))}
# How far a school's own term may lie from the default one of the same code before it must be a slip of the pen.
FARTHEST = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class TermFacts:
    """A reporting period and the teaching weeks in it, both ends included; `is_default` where nobody has set it."""

    code: str
    season: str
    starts_on: date
    ends_on: date
    teaching_from: date
    teaching_to: date
    recall_on: date | None = None
    is_default: bool = False

    @property
    def school_year(self) -> int:
        """First calendar year of the school year: 2026 for 2026-autumn and for 2027-spring."""
        year = int(self.code[:4])
        return year if self.season == "autumn" else year - 1

    @property
    def period(self) -> Period:
        return Period(self.code, self.starts_on, self.ends_on)

    @property
    def weeks(self) -> int:
        """How many calendar weeks, Monday to Sunday, the teaching time touches."""
        return (_monday(self.teaching_to) - _monday(self.teaching_from)).days // 7 + 1

    def week_of(self, day: date) -> int | None:
        """The teaching week, counted from 1 for the week (Monday to Sunday) in which teaching begins; None outside."""
        if not self.teaching_from <= day <= self.teaching_to:
            return None
        return (_monday(day) - _monday(self.teaching_from)).days // 7 + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def code_of(index: int) -> str:
    """The term code of a running number; terms that follow each other have numbers that do."""
    year, is_autumn = divmod(index, 2)
    return f"{year}-{'autumn' if is_autumn else 'spring'}"


def index_of(code: str) -> int:
    """The running number of a term code. Raises BadPeriod for anything but YYYY-autumn and YYYY-spring.

    The first period that can be asked for has one before it, which can not be: it has a number too.
    """
    year, _, season = code.partition("-")
    if season not in DEFAULT_TEACHING or len(year) != 4:
        raise BadPeriod(code)
    if not (year.isascii() and year.isdecimal()) or int(year) not in _YEARS:
        raise BadPeriod(code)
    return int(year) * 2 + (season == "autumn")


def default_term(index: int) -> TermFacts:
    """The term of a running number as it is until a school sets it."""
    code = code_of(index)
    year, season = int(code[:4]), code[5:]
    bounds = term_of(date(year, *(AUTUMN_STARTS if season == "autumn" else SPRING_STARTS)))
    (from_month, from_day), (to_month, to_day) = DEFAULT_TEACHING[season]
    ends_in = year + 1 if season == "autumn" else year
    return TermFacts(
        code=code,
        season=season,
        starts_on=bounds.starts_on,
        ends_on=bounds.ends_on,
        teaching_from=date(year, from_month, from_day),
        teaching_to=date(ends_in, to_month, to_day),
        is_default=True,
    )


class SchoolCalendar:
    """All terms of one school, from the first year to the last, without a gap; loaded once, then asked often."""

    def __init__(self, own: Iterable[TermFacts] = ()) -> None:
        self._own = {index_of(term.code): term for term in own}

    def __iter__(self) -> Iterator[TermFacts]:
        """The terms that the school has set, in order."""
        return (self._own[index] for index in sorted(self._own))

    def _term(self, index: int) -> TermFacts:
        if index in self._own:
            return self._own[index]
        term = default_term(index)
        before, after = self._own.get(index - 1), self._own.get(index + 1)
        starts_on = before.ends_on + _DAY if before else term.starts_on
        ends_on = after.starts_on - _DAY if after else term.ends_on
        return replace(
            term,
            starts_on=starts_on,
            ends_on=ends_on,
            teaching_from=max(term.teaching_from, starts_on),
            teaching_to=min(term.teaching_to, ends_on),
        )

    def term(self, code: str) -> TermFacts:
        """The term of a code; an unset neighbour of a set term gives way so that no day is lost. Raises BadPeriod."""
        return self._term(index_of(code))

    def term_on(self, day: date) -> TermFacts:
        """The term in which a day falls; every day falls in exactly one."""
        guess = (
            day.year * 2 + ((day.month, day.day) >= AUTUMN_STARTS) - ((day.month, day.day) < SPRING_STARTS)
        )
        nearby = (self._term(index) for index in (guess, guess - 1, guess + 1))
        return next(term for term in nearby if term.starts_on <= day <= term.ends_on)

    def before(self, term: TermFacts) -> TermFacts:
        return self._term(index_of(term.code) - 1)

    def after(self, term: TermFacts) -> TermFacts:
        return self._term(index_of(term.code) + 1)

    def school_year_on(self, day: date) -> int:
        """First calendar year of the school year of a day, reckoned with the school's own terms."""
        return self.term_on(day).school_year

    def school_year(self, year: int) -> Period:
        """From the first day of the autumn term to the last of the spring term."""
        autumn, spring = self._term(year * 2 + 1), self._term(year * 2 + 2)
        return Period(f"{year}-{year + 1}", autumn.starts_on, spring.ends_on)

    def main_part(self, period: Period) -> Period:
        """The part of a period that lies in one school year: in the one that has most of its days, of equals the later.

        Heads are counted for it: a calendar year touches seven cohorts of a school with six grades.
        """
        parts = []
        for year in range(self.school_year_on(period.starts_on), self.school_year_on(period.ends_on) + 1):
            span = self.school_year(year)
            starts_on, ends_on = max(period.starts_on, span.starts_on), min(period.ends_on, span.ends_on)
            parts.append(Period(period.code, starts_on, ends_on))
        return max(parts, key=lambda part: (part.ends_on - part.starts_on, part.starts_on))

    def period(self, code: str) -> Period:
        """A period by its code, terms and school years as this school keeps them. Raises BadPeriod."""
        plain = parse_period(code)
        if plain.code.endswith(("autumn", "spring")):
            return self.term(plain.code).period
        if len(plain.code) == 9 and plain.code[4] == "-":
            return self.school_year(int(plain.code[:4]))
        return plain

    def previous(self, period: Period) -> Period:
        """The period of the same kind just before, which stands beside it in reports."""
        plain = self.period(period.code)
        if plain.code.endswith(("autumn", "spring")):
            return self._term(index_of(plain.code) - 1).period
        if len(plain.code) == 9 and plain.code[4] == "-":
            return self.school_year(int(plain.code[:4]) - 1)
        return default_previous(plain)

    def as_far_before(self, period: Period, day: date) -> date:
        """The day of the period before that is as far in as `day` is in this one: what a running period is compared to.

        In terms that is the same weekday of the same teaching week, before and after teaching as many days from it;
        elsewhere as many days from the beginning. Never beyond the end of the period before.
        """
        before = self.previous(period)
        starts_on, passed = before.starts_on, day - period.starts_on
        if period.code.endswith(("autumn", "spring")):
            now, then = self.term(period.code), self.term(before.code)
            if day > now.teaching_to:
                starts_on, passed = then.teaching_to, day - now.teaching_to
            elif day >= now.teaching_from:
                starts_on, passed = _monday(then.teaching_from), day - _monday(now.teaching_from)
        return min(max(starts_on + passed, before.starts_on), before.ends_on)


def year_of(school_year: str) -> int:
    """First calendar year of a school year written 2016-2017. Raises BadPeriod."""
    period = parse_period(school_year)
    if len(period.code) != 9 or period.code[4] != "-":
        raise BadPeriod(school_year)
    return int(period.code[:4])


def judge_term(calendar: SchoolCalendar, term: TermFacts) -> Decision:
    """May a school set this term? Days inside out of order or far from their season are refused; terms next to it that
    the school set itself and that would leave a gap or overlap are asked about: confirmed, they give way."""
    reasons: list[Reason | None] = []
    if not term.starts_on <= term.teaching_from <= term.teaching_to <= term.ends_on:
        reasons.append(Reason("term_order", Weight.REFUSE, {"code": term.code}))
    default = default_term(index_of(term.code))
    distances = (abs(term.starts_on - default.starts_on), abs(term.ends_on - default.ends_on))
    if max(distances) > FARTHEST:
        reasons.append(
            Reason(
                "term_far",
                Weight.REFUSE,
                {"code": term.code, "from": default.starts_on, "to": default.ends_on},
            )
        )
    if not reasons:
        reasons += [_touching(calendar.before(term), term, is_before=True)]
        reasons += [_touching(calendar.after(term), term, is_before=False)]
    return Decision.of(reasons)


def _touching(neighbour: TermFacts, term: TermFacts, *, is_before: bool) -> Reason | None:
    """What stands between a term and its neighbour; a neighbour nobody has set simply gives way."""
    first, second = (neighbour, term) if is_before else (term, neighbour)
    if neighbour.is_default or first.ends_on + _DAY == second.starts_on:
        return None
    params = {"code": term.code, "other": neighbour.code, "ends": first.ends_on, "starts": second.starts_on}
    teaching_lost = (
        term.starts_on <= neighbour.teaching_to if is_before else term.ends_on >= neighbour.teaching_from
    )
    if teaching_lost:
        return Reason("term_takes_teaching", Weight.REFUSE, params)
    gap = first.ends_on + _DAY < second.starts_on
    return Reason("term_gap" if gap else "term_overlap", Weight.ASK, params)


def given_way(neighbour: TermFacts, term: TermFacts) -> TermFacts:
    """A set neighbour with its border moved to touch `term`."""
    if index_of(neighbour.code) < index_of(term.code):
        return replace(neighbour, ends_on=term.starts_on - _DAY)
    return replace(neighbour, starts_on=term.ends_on + _DAY)
