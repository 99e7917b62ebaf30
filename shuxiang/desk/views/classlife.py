"""What the pages of rotation, lessons, visits and scores share: what was typed, periods, classes in reach."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse

from shuxiang.common import clock
from shuxiang.common.schoolyear import BadPeriod, Period
from shuxiang.libraries import selectors as libraries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shuxiang.accounts.access import StaffRequest
    from shuxiang.libraries.models import SchoolClass
    from shuxiang.libraries.rules.terms import TermFacts

LARGEST = 2**31
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def today() -> date:
    return clock.local_date(clock.now())


def day_of(text: str | None, otherwise: date | None = None) -> date | None:
    """A day as a form sends it; something else gives the other one."""
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError:
        return otherwise
    return day if 1950 <= day.year <= 2200 else otherwise


def time_of(text: str | None) -> time | None:
    try:
        return time.fromisoformat((text or "").strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def number_of(text: str | None, otherwise: int | None = None) -> int | None:
    """A whole number, below zero too; something else, or one no database takes, gives the other one."""
    plain = (text or "").strip().replace("−", "-").replace("＋", "+").replace("－", "-")
    bare = plain[1:] if plain[:1] in {"+", "-"} else plain
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        return otherwise
    return int(plain)


def operation_of(request: StaffRequest) -> UUID | None:
    """The id that the form carries, so that pressing twice acts once."""
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return None


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = date.fromordinal(day.toordinal() - day.weekday())
    return monday, date.fromordinal(monday.toordinal() + 6)


def term_asked(request: StaffRequest) -> TermFacts:
    """The term named in the address or the form, else that of today."""
    calendar = libraries.calendar_of(request.library)
    try:
        return calendar.term(request.POST.get("term") or request.GET.get("term", ""))
    except BadPeriod:
        return calendar.term_on(today())


def terms_to_choose(request: StaffRequest, shown: TermFacts) -> list[TermFacts]:
    """The term shown with the one before and the one after, and that of today."""
    calendar = libraries.calendar_of(request.library)
    found = {term.code: term for term in (calendar.before(shown), shown, calendar.after(shown))}
    now = calendar.term_on(today())
    return sorted(({**found, now.code: now}).values(), key=lambda term: term.starts_on)


def so_far(period: Period) -> tuple[date, date]:
    """The days of a period up to today."""
    return period.starts_on, max(period.starts_on, min(period.ends_on, today()))


def classes_in_reach(request: StaffRequest, day: date) -> list[tuple[SchoolClass, str]]:
    """The classes of a day that the account may see, with their labels."""
    present = libraries.classes_on(request.library, day)
    kept = [each for each in present if request.scope.has_class(each.pk)]
    labels = libraries.class_labels(request.library, kept, day)
    return [(each, labels[each.pk]) for each in kept]


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep; PDF opens in the browser."""
    answer = HttpResponse(content, content_type=kind)
    way = "inline" if kind == PDF else "attachment"
    answer["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name, safe='')}"
    answer["Cache-Control"] = "no-store, private"
    return answer


def labelled(pairs: Sequence[tuple[SchoolClass, str]]) -> dict[int, str]:
    return {each.pk: label for each, label in pairs}
