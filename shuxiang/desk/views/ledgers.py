"""The account books on the screen: which there are, and one of them a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, needs, scope
from shuxiang.common.schoolyear import BadPeriod, Period
from shuxiang.desk.views.periods import Choice, period_label, span, today
from shuxiang.holdings import selectors as holdings
from shuxiang.holdings.services import next_year
from shuxiang.libraries import selectors as libraries
from shuxiang.reports.ledgers import reading, registry, serving
from shuxiang.reports.ledgers.books import total
from shuxiang.reports.ledgers.closings import closings_of
from shuxiang.reports.ledgers.registry import Asked
from shuxiang.reports.ledgers.rows import Column, Row, key_of, key_text
from shuxiang.reports.ledgers.words import cell_text, sum_values, value_text

VIEW = "figures.view"
YEARS_SHOWN = 12
BROAD = 50  # mm on paper: titles keep some width on the screen too


@dataclass(frozen=True)
class Line:
    """A row as the page shows it: its look, and of each cell the words and how it is set."""

    look: str
    cells: list[tuple[str, str]]


def lines(columns: Sequence[Column], rows: Sequence[Row]) -> list[Line]:
    """Rows in words."""
    return [Line(row.look, [(cell_text(column, row), _set(column)) for column in columns]) for row in rows]


def _set(column: Column) -> str:
    if column.is_number:
        return "num"
    if column.kind in {"code", "day"}:
        return column.kind
    return "broad" if column.width >= BROAD else ""


def head(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Headings, and how they are set."""
    return [(str(column.title), "num" if column.is_number else "") for column in columns]


def may_see_names(request: StaffRequest) -> bool:
    """Whether readers are named in the books for this account."""
    return scope(request.user, "patrons.view", request.library, today()).everywhere


def may_close(request: StaffRequest) -> bool:
    return scope(request.user, "holdings.withdraw", request.library, today()).everywhere


def may_choose(request: StaffRequest) -> bool:
    return scope(request.user, "libraries.edit", request.library, today()).everywhere


def chosen(request: StaffRequest) -> Period:
    """The period of the address; books are kept by calendar year. Raises Http404 for what is no period."""
    code = request.GET.get("period") or request.POST.get("period") or str(today().year)
    try:
        return libraries.period(request.library, code)
    except BadPeriod as problem:
        raise Http404(problem.text) from problem


def choices(request: StaffRequest, period: Period) -> list[Choice]:
    """The years in which something was entered, everything together, and the period of the address."""
    first = holdings.first_entry_on(request.library) or today()
    years = list(range(today().year, first.year - 1, -1))[:YEARS_SHOWN]
    found = [Choice(str(year), period_label(_year(year)), str(year) == period.code) for year in years]
    whole = f"{date(first.year, 1, 1)}..{date(today().year, 12, 31)}"
    found.append(Choice(whole, _("All years"), whole == period.code))
    if not any(each.is_current for each in found):
        found.insert(0, Choice(period.code, period_label(period), True))
    return found


def _year(year: int) -> Period:
    return Period(str(year), date(year, 1, 1), date(year, 12, 31))


@require_safe
@needs(VIEW)
def listing(request: StaffRequest) -> HttpResponse:
    """The books that the library keeps, its closed years, and the files that were asked for."""
    kept = reading.profile_of(request.library)
    books = [(registry.get(each.code), reading.title_of(registry.get(each.code), each)) for each in kept]
    year = next_year(request.library, today())
    context = {
        "books": books,
        "has_entries": holdings.first_entry_on(request.library) is not None,
        "closings": closings_of(request.library),
        "next_year": year,
        "may_close": may_close(request),
        "may_choose": may_choose(request),
        "files": serving.files_of(request.library),
        "kept_days": serving.KEPT_DAYS,
    }
    return render(request, "desk/ledgers/list.html", context)


@require_safe
@needs(VIEW)
def book(request: StaffRequest, code: str) -> HttpResponse:
    """A page of a book: the first one, the last one, or the one before or behind a row."""
    try:
        found, kept = reading.kept_book(request.library, code)
    except registry.UnknownBook as problem:
        raise Http404(code) from problem
    period = chosen(request)
    asked = Asked(request.library, period, may_see_names(request))
    parts = reading.parts_of(asked, found, kept)
    wanted = request.GET.get("part", "")
    part = next((each for each in parts if each.key == wanted), parts[0])
    page = reading.page_of(
        part,
        after=key_of(request.GET.get("after", "")),
        before=key_of(request.GET.get("before", "")),
        is_last="end" in request.GET,
    )
    sums = sum_values(part.columns, page.sums, _("This page"), part.unit)
    personal = any(column.is_personal for column in part.columns)
    context = {
        **_frame(request, code, period),
        "title": reading.title_of(found, kept),
        "feeds": found.feeds,
        "parts": [(each.key, each.title, each.key == part.key) for each in parts],
        "part": part,
        "head": head(part.columns),
        "opening": [] if page.has_before else lines(part.columns, part.opening),
        "rows": lines(part.columns, page.rows),
        "closing": [] if page.has_after else lines(part.columns, part.closing),
        "sums": [
            (value_text(column, value), _set(column))
            for column, value in zip(part.columns, sums, strict=True)
        ]
        if any(column.sums for column in part.columns)
        else [],
        "count": page.count,
        "ways": _ways(request, page),
        "names_hidden": personal and not asked.with_names,
        "is_balanced": code == total.CODE,
    }
    return render(request, "desk/ledgers/book.html", context)


def _frame(request: StaffRequest, code: str, period: Period) -> dict[str, object]:
    """What stands around the table: the other books, the period, what else one may choose."""
    kept = reading.profile_of(request.library)
    tabs = [(each.code, reading.title_of(registry.get(each.code), each), each.code == code) for each in kept]
    closed = {each.year for each in closings_of(request.library) if each.state == "closed"}
    return {
        "code": code,
        "tabs": tabs,
        "period": period,
        "period_label": period_label(period),
        "span": span(period.starts_on, period.ends_on),
        "choices": choices(request, period),
        "is_running": period.starts_on <= today() <= period.ends_on,
        "is_closed": period.ends_on.year in closed and period.ends_on.month == 12,
    }


def _ways(request: StaffRequest, page: reading.Page) -> list[tuple[str, str, bool]]:
    """First, before, behind, last: words, address, whether one can go there."""
    plain = {name: request.GET[name] for name in ("period", "part") if name in request.GET}
    first = key_text(page.rows[0].key) if page.rows else ""
    last = key_text(page.rows[-1].key) if page.rows else ""
    return [
        (_("First page"), f"?{urlencode(plain)}", page.has_before),
        (_("Page before"), f"?{urlencode({**plain, 'before': first})}", page.has_before),
        (_("Next page"), f"?{urlencode({**plain, 'after': last})}", page.has_after),
        (_("Last page"), f"?{urlencode({**plain, 'end': ''})}", page.has_after),
    ]
