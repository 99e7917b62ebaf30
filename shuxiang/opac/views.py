"""The public catalogue: reading only, no cookie, no script, no reader's name."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import public
from shuxiang.catalogue import clc
from shuxiang.circulation import selectors as circulation
from shuxiang.common import clock
from shuxiang.figures import registry as figures
from shuxiang.holdings import shown
from shuxiang.holdings.search import SORTS, Hit, SearchPage
from shuxiang.holdings.search import search as find
from shuxiang.holdings.shown import Where
from shuxiang.libraries import selectors as libraries
from shuxiang.opac import words

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.libraries.models import Library

PAGE_SIZE = 20
NEWEST = 12
LONGEST_QUERY = 256


@dataclass(frozen=True, slots=True)
class Result:
    """One title on a page of results."""

    hit: Hit
    where: Where | None
    state: words.State
    copies: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy on the page of a record."""

    label: str
    volume_mark: str
    place: str
    call_number: str
    state: words.State


def _frame(library: "Library") -> dict[str, Any]:
    """What the frame of every public page of a library shows."""
    home = reverse("opac:home", args=[library.code])
    return {
        "library": library,
        "library_name": library.name,
        "public_home_url": home,
        "search_url": reverse("opac:search", args=[library.code]),
        "nav_items": [(home, _("Find a book"), True)],
        "sign_in_url": reverse("accounts:sign_in"),
    }


def _library(code: str) -> "Library":
    library = libraries.find_library(code)
    if library is None:
        raise Http404
    return library


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The only library, or the choice among several."""
    every = libraries.all_libraries()
    if len(every) == 1:
        return redirect("opac:home", code=every[0].code)
    return render(
        request, "opac/libraries.html", {"libraries": every, "sign_in_url": reverse("accounts:sign_in")}
    )


@public
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The box, today's turns and hours, the shelf of the classes, what is new."""
    library = _library(code)
    at = clock.now()
    today = clock.local_date(at)
    open_days = libraries.open_days(library)
    spines, volumes, smallest = _spines(library, today)
    context = _frame(library) | {
        "spines": spines,
        "volumes": volumes,
        "smallest": smallest,
        "newest": _results(library, shown.browse(library, page_size=NEWEST)),
        "turns": _turns(library, at),
        "is_open": open_days.is_open(today),
        "next_open_on": None if open_days.is_open(today) else open_days.next_open(today),
        "hours": words.hours_of_day(open_days.hours, today),
        "today": today,
    }
    return render(request, "opac/home.html", context)


def _spines(library: "Library", today: date) -> tuple[list[tuple[str, str, int, str]], int, int]:
    """The 22 classes with the volumes held (the figure that reports print), their sum, and the thinnest spine's volumes.

    A class of very few volumes does not make all others equally thick: the thickest is ten times the thinnest.
    """
    figure = figures.get("holdings.volumes")
    scope = figures.Scope(library, libraries.period(library, today.isoformat()[:4]), as_of=today)
    held = {part.key: int(part.value.number or 0) for part in figure.parts["clc"](scope)}
    search_url = reverse("opac:search", args=[library.code])
    spines = [
        (
            main.letter,
            main.short_name,
            held.get(main.letter, 0),
            f"{search_url}?q={quote(f'索书号:{main.letter}')}",
        )
        for main in clc.MAIN_CLASSES
    ]
    counts = [count for _letter, _name, count, _url in spines if count]
    return spines, sum(held.values()), max(min(counts, default=1), max(counts, default=1) // 100)


def _turns(library: "Library", at: datetime) -> list[words.Turn]:
    """Today's cells of the rotation table in which classes lend, return or read."""
    today = clock.local_date(at)
    week = libraries.week_on(library, today)
    rows = [
        row
        for row in libraries.slots_of(library)
        if row.activity != "closed" and libraries.slot_facts(row).is_at(_moment(at, row.starts), week)
    ]
    classes = [row.school_class for row in rows if row.school_class]
    labels = libraries.class_labels(library, classes, today) if classes else {}
    named = [(row.starts, row.ends, _whose(labels.get(row.school_class_id or 0), row.grade)) for row in rows]
    return words.turns(named)


def _moment(at: datetime, starts: time) -> datetime:
    return datetime.combine(clock.local_date(at), starts, clock.to_local(at).tzinfo)


def _whose(label: str | None, grade: int | None) -> str:
    if label:
        return label
    return words.grade_words(grade) if grade is not None else _("Everybody")


@public
@require_safe
def search(request: HttpRequest, code: str) -> HttpResponse:
    """A page of results; without a question all titles, the newest first."""
    library = _library(code)
    query = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUERY]
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "relevance"
    found = _found(library, query, sort, _page_number(request.GET.get("page", "")))
    context = _frame(library) | {
        "query": query,
        "sort": sort,
        "sorts": [
            ("relevance", _("Best match first")),
            ("title", _("By title")),
            ("newest", _("Newest edition first")),
            ("call_number", _("By call number")),
        ],
        "found": found,
        "results": _results(library, found),
        "page": _paginated(found),
    }
    return render(request, "opac/search.html", context)


def _page_number(text: str) -> int:
    """A page number, whatever was sent."""
    return min(max(int(text), 1), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _found(library: "Library", query: str, sort: str, page: int) -> SearchPage:
    """The page asked for, or the last one when it is beyond."""
    found = _ask(library, query, sort, page)
    return _ask(library, query, sort, found.pages) if found.count and not found.ids else found


def _ask(library: "Library", query: str, sort: str, page: int) -> SearchPage:
    if not query:
        return shown.browse(library, page=page, page_size=PAGE_SIZE)
    return find(query, library=library, page=page, page_size=PAGE_SIZE, sort=sort)


def _paginated(found: SearchPage) -> Page[int]:
    """The page as the page links of the look want it."""
    return Paginator(range(found.count), found.page_size).get_page(found.page)


def _results(library: "Library", found: SearchPage) -> list[Result]:
    where = shown.where_are(library, found.ids)
    return [
        Result(hit, here, words.availability(here), words.copies_words(here))
        for hit in found.hits
        for here in [where.get(hit.record.pk)]
    ]


@public
@require_safe
def record(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One title with all copies and where they are."""
    library = _library(code)
    found = shown.held_record(library, pk)
    if found is None:
        raise Http404
    where = shown.where_are(library, [found.pk]).get(found.pk)
    copies = _copies(library, found)
    context = _frame(library) | {
        "record": found,
        "price": words.price(found.price_text),
        "clc_path": _clc_path(found.clc),
        "subjects": [part.strip() for part in re.split(r"[;；]", found.subjects) if part.strip()],
        "where": where,
        "state": words.availability(where),
        "call_number": next((copy.call_number for copy in copies if copy.call_number), ""),
        "copies": copies,
    }
    return render(request, "opac/record.html", context)


def _copies(library: "Library", found: "BibliographicRecord") -> list[Copy]:
    items = shown.copies_shown(library, found)
    open_loans = circulation.open_loans(library).filter(item__in=items)
    due = dict(open_loans.values_list("item_id", "due_on"))
    return [
        Copy(
            shown.label_of(item),
            item.volume_mark,
            (item.current or item.home).name,
            item.holding.call_number,
            words.account_words(item.account, due.get(item.pk)),
        )
        for item in items
    ]


def _clc_path(number: str) -> list[str]:
    """The captions from the main class down to the class, each once."""
    names = [clc.name_of(number[:length]) for length in range(1, len(number) + 1)]
    return [name for name in dict.fromkeys(names) if name]
