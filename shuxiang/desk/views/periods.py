"""Which period a page of figures shows, and how periods are called."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.accounts.access import StaffRequest
from shuxiang.circulation import selectors as circulation
from shuxiang.common import clock
from shuxiang.common.schoolyear import BadPeriod, Period
from shuxiang.figures import selectors
from shuxiang.holdings import selectors as holdings
from shuxiang.libraries import selectors as libraries
from shuxiang.ui.numbers import long_day

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library


@dataclass(frozen=True)
class Choice:
    """One period to choose."""

    code: str
    label: str
    is_current: bool


def today() -> date:
    return clock.local_date(clock.now())


def chosen_period(request: StaffRequest) -> Period:
    """The period of the address, else the running term. Raises Http404 for what is no period."""
    code = request.GET.get("period") or request.POST.get("period")
    try:
        if code:
            return libraries.period(request.library, code)
    except BadPeriod as problem:
        raise Http404(problem.text) from problem
    return libraries.period(request.library, libraries.term_on(request.library, today()).code)


def choices(library: "Library", current: Period) -> list[Choice]:
    """What the chooser offers, the chosen one among it."""
    firsts = (circulation.first_loan_on(library), holdings.first_entry_on(library))
    since = min((day for day in firsts if day is not None), default=None)
    periods = selectors.recent_periods(library, today(), since=since)
    if current.code not in {each.code for each in periods}:
        periods.insert(0, current)
    return [Choice(each.code, period_label(each), each.code == current.code) for each in periods]


def period_label(period: Period) -> str:
    """2026 春季学期, Spring term 2026."""
    year = period.code[:4]
    if period.code.endswith("-spring"):
        return _("Spring term %(year)s") % {"year": year}
    if period.code.endswith("-autumn"):
        return _("Autumn term %(year)s") % {"year": year}
    if re.fullmatch(r"\d{4}-\d{4}", period.code):
        return _("School year %(years)s") % {"years": period.code.replace("-", "–")}
    if re.fullmatch(r"\d{4}", period.code):
        return _("Year %(year)s") % {"year": year}
    if re.fullmatch(r"\d{4}-\d\d", period.code):
        return dateformat.format(period.starts_on, pgettext("month with year", "F Y"))
    return span(period.starts_on, period.ends_on)


def span(first: date, last: date) -> str:
    return _("%(first)s to %(last)s") % {"first": long_day(first), "last": long_day(last)}


def before_label(period: Period, *, is_running: bool = False) -> str:
    """What the period before is called next to a number: last term, or as far into it as the running one is."""
    if period.code.endswith(("-spring", "-autumn")):
        return _("last term by then") if is_running else _("last term")
    return _("the period before by then") if is_running else _("the period before")


def month_label(key: str) -> str:
    """2026-03 → 3 月, Mar."""
    return dateformat.format(date.fromisoformat(f"{key}-01"), pgettext("month", "M"))


def page_number(request: HttpRequest) -> int:
    """The page of the address; 1 for what is no number."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and text.isascii() and len(text) < 8 else 1
