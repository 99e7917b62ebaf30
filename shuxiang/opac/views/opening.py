"""The first page of a library: the box, whose turn it is, the shelf of the classes, what is new and what is read."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import public
from shuxiang.common import clock
from shuxiang.holdings import listing
from shuxiang.libraries import selectors as libraries
from shuxiang.opac import placing, shelf, words
from shuxiang.opac.face import Face, public_face
from shuxiang.opac.views.lost import library_of

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library

EXAMPLES = 3
SHOWN = 12  # titles in a row


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The only library, or the choice among several."""
    every = libraries.all_libraries()
    if len(every) == 1:
        return redirect("opac:home", code=every[0].code)
    shown = {"libraries": every, "frame": "ui/public.html", "sign_in_url": reverse("accounts:sign_in")}
    return render(request, "opac/libraries.html", shown)


@public
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    library = library_of(request, code)
    face = public_face(library)
    held = shelf.volumes_by_class(library)
    newest = placing.rows(face, listing.newest(library, SHOWN), cover_size="shelf")
    most_lent = placing.rows(face, listing.most_lent(library, SHOWN), cover_size="shelf")
    context = face.context() | {
        "spines": shelf.spines(held, face),
        "volumes": sum(held.values()),
        "smallest": shelf.smallest(held),
        "unclassed": held.get("", 0),
        "newest": newest,
        "newest_url": face.find(),
        "most_lent": most_lent,
        "most_lent_url": face.find(sort="most_lent"),
        "examples": _examples([*most_lent, *newest], face),
    }
    return render(request, "opac/home.html", context | _today(library, clock.now()))


def _examples(rows: list[placing.Row], face: Face) -> list[tuple[str, str, str]]:
    """(initials, title, address) of a few short titles that are here, to show that initials are enough."""
    short = {row.initials: row.title for row in rows if 3 <= len(row.initials) == len(row.title) <= 5}
    return [(initials, title, face.find(initials)) for initials, title in list(short.items())[:EXAMPLES]]


def _today(library: "Library", at: datetime) -> dict[str, Any]:
    """Whose turn it is, or when the library is open, and what one may borrow."""
    today = clock.local_date(at)
    open_days = libraries.open_days(library)
    is_open = open_days.is_open(today)
    return {
        "turns": _turns(library, at) if is_open else [],
        "is_open": is_open,
        "next_open_on": None if is_open else open_days.next_open(today),
        "hours": words.hours_of_day(open_days.hours, today),
        "today": today,
    }


def _turns(library: "Library", at: datetime) -> list[words.Turn]:
    """Today's cells of the rotation table in which classes lend, return or read."""
    slots = [slot for slot in libraries.turns_on(library, clock.local_date(at)) if slot.activity != "closed"]
    named = [
        (
            slot.starts,
            slot.ends,
            slot.class_label or (words.grade_words(slot.grade) if slot.grade else _("Everybody")),
        )
        for slot in slots
    ]
    return words.turns(named, clock.to_local(at).time())
