"""Which books a library keeps, how it calls them, which columns they have and in which order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.reports.ledgers import reading, registry
from shuxiang.reports.ledgers.profiles import SHIPPED, TITLE_LENGTH, Kept, columns_of
from shuxiang.reports.ledgers.registry import Book
from shuxiang.reports.ledgers.services import keep_profile
from shuxiang.reports.messages import speak_all

EDIT = "libraries.edit"


@require_safe
@needs(EDIT)
def profile(request: StaffRequest) -> HttpResponse:
    """The form, filled with what is kept now."""
    kept = {each.code: (place, each) for place, each in enumerate(reading.profile_of(request.library), 1)}
    rows = []
    for book in registry.all_books():
        place, own = kept.get(book.code, (0, Kept(book.code)))
        shown = {column.key: n for n, column in enumerate(columns_of(own, book.columns), 1)}
        columns = [(column.key, column.title, shown.get(column.key, "")) for column in book.columns]
        rows.append((book, place or "", own.title, columns))
    context = {
        "rows": rows,
        "sets": [(name, words, len(books)) for name, (words, books) in SHIPPED.items()],
        "title_length": TITLE_LENGTH,
    }
    return render(request, "desk/ledgers/profile.html", context)


@require_POST
@needs(EDIT)
def keep(request: StaffRequest) -> HttpResponse:
    """Keep a set that comes with the program, or what was filled in."""
    name = request.POST.get("set", "")
    books = SHIPPED[name][1] if name in SHIPPED else tuple(_filled_in(request))
    try:
        keep_profile(library=request.library, books=books, by=actor_of(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, speak_all(refusal.decision))
    else:
        messages.success(request, _("The books are kept like this from now on."))
    return redirect("desk:ledger_profile")


def _filled_in(request: HttpRequest) -> list[Kept]:
    """Books and columns that bear a number, in the order of their numbers."""
    found = []
    for book in registry.all_books():
        place = _place(request.POST.get(f"place:{book.code}", ""))
        if place:
            title = request.POST.get(f"title:{book.code}", "").strip()[:TITLE_LENGTH]
            found.append((place, Kept(book.code, title, _columns(request, book))))
    return [kept for _place_, kept in sorted(found, key=lambda each: each[0])]


def _columns(request: HttpRequest, book: Book) -> tuple[str, ...]:
    numbered = [
        (_place(request.POST.get(f"column:{book.code}:{column.key}", "")), n, column.key)
        for n, column in enumerate(book.columns)
    ]
    chosen = tuple(key for place, _n, key in sorted(numbered) if place)
    usual = tuple(column.key for column in book.columns if column.is_usual)
    return () if chosen == usual else chosen


def _place(text: str) -> int:
    """1 to 99; 0 for what is none: not kept."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 3 else 0
