"""One title: what it is, where its copies stand, what is like it; its slip to take to the shelf; its short address."""

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from stdnum import isbn as isbn_numbers

from shuxiang.accounts.access import public, scope, signed_in
from shuxiang.catalogue import citation
from shuxiang.circulation.queue import waiting_count
from shuxiang.common import clock
from shuxiang.holdings import listing, shown
from shuxiang.holdings.search import similar
from shuxiang.holdings.standing import Standing, standings
from shuxiang.opac import classes, linking, placing, words
from shuxiang.opac.copies import copies_of
from shuxiang.opac.face import Face, public_face, staff_face
from shuxiang.opac.views.lost import buried, library_of, library_of_staff, unknown

if TYPE_CHECKING:
    from shuxiang.accounts.models import Account
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.libraries.models import Library

SIMILAR = 10
PARTS = 60
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


@public
@require_safe
def record(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The page of a title, for everybody."""
    return _page(request, public_face(library_of(request, code)), pk)


@signed_in
@require_safe
def staff_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page in the frame of the staff."""
    library = library_of_staff(request)
    return _page(request, staff_face(library), pk) if library else redirect("accounts:choose_library")


@public
@require_safe
def slip(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What one takes to the shelf, on paper: the call number large, the title, the place."""
    face = public_face(library_of(request, code))
    found = shown.held_record(face.library, pk)
    if found is None:
        return _instead(request, face, pk)
    standing = standings(face.library, [pk]).get(pk, Standing())
    context = face.context("-") | {
        "record": found,
        "record_url": face.record(pk),
        "standing": standing,
        "state": words.availability(standing),
        "qr": _qr(_short_url(request, face.library, pk)),
        "today": clock.local_date(clock.now()),
    }
    return render(request, "opac/slip.html", context)


@public
@require_safe
def short(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The address to pass on leads to the page of the title, or says what became of it."""
    face = public_face(library_of(request, code))
    if shown.held_record(face.library, pk) is None:
        return _instead(request, face, pk)
    return redirect(face.record(pk))


@public
@require_safe
@cache_control(max_age=86_400)
def qr(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The short address as a picture that a telephone reads; no picture for what is not held."""
    library = library_of(request, code)
    if shown.held_record(library, pk) is None:
        raise Http404(str(pk)[:20])
    drawing = _qr(_short_url(request, library, pk))
    return HttpResponse(
        drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), "image/svg+xml"
    )


def _qr(address: str) -> SafeString:
    """Black on white with its quiet zone in every theme: that is what readers of such codes expect."""
    import segno  # noqa: PLC0415  wanted seldom, and not before the first page

    drawing = segno.make_qr(address, error="m").svg_inline(border=4, omitsize=True, dark="#000", light="#fff")
    return mark_safe(drawing)  # noqa: S308  numbers and commands of a path only: the address is drawn, not written


def _short_url(request: HttpRequest, library: "Library", pk: int) -> str:
    return request.build_absolute_uri(reverse("opac:short", args=[library.code, pk]))


def _page(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    library = face.library
    found = shown.held_record(library, pk)
    if found is None:
        return _instead(request, face, pk)
    standing = standings(library, [pk]).get(pk, Standing())
    context = face.context("-") | _description(found, face) | _shared(request, face, found)
    context |= {
        "record": found,
        "standing": standing,
        "state": words.availability(standing),
        "copies": copies_of(library, found),
        "times_lent": words.times_lent(standing.times_lent),
        "waiting": waiting_count(library, pk),
        "hold_url": _hold_url(request, face, pk),
        "similar": placing.rows(
            face, [one.pk for one in similar(found, library, SIMILAR)], cover_size="shelf"
        ),
        "back_url": _results_before(request, face),
    }
    return render(request, "opac/record.html", context)


def _hold_url(request: HttpRequest, face: Face, pk: int) -> str:
    """Where one waits for the title: a reader by their own page, the staff for a reader in front of them."""
    if not face.is_staff:
        return f"{reverse('opac:me_hold', args=[face.library.code])}?record={pk}"
    account = cast("Account", request.user)
    may = scope(account, "desk.lend", face.library, clock.local_date(clock.now()))
    return f"{reverse('desk:holds_place')}?record={pk}" if may else ""


def _description(found: "BibliographicRecord", face: Face) -> dict[str, Any]:
    """What the page says of the publication, with links to searches for more of the same."""
    isbn13 = found.isbn13
    return {
        "authors": linking.people(found.authors, face),
        "publisher_url": face.find_in("出版社", found.publisher),
        "series_url": face.find_in("丛书", found.series),
        "subjects": linking.subjects(found.subjects, face),
        "clc_path": [(face.find(clc=code), caption) for code, caption in classes.path(found.clc)],
        "isbn": isbn_numbers.format(isbn13) if isbn13 else found.isbn,
        "price": words.price(found.price_text),
        "audience": words.audience(found.audience),
        "set": _held_parent(found, face),
        "parts": _held_parts(found, face),
    }


def _held_parent(found: "BibliographicRecord", face: Face) -> tuple[str, str] | None:
    """(address, title) of the set that a volume with a record of its own belongs to."""
    parent = shown.held_record(face.library, found.parent_id) if found.parent_id else None
    return (face.record(parent.pk), parent.title) if parent else None


def _held_parts(found: "BibliographicRecord", face: Face) -> list[tuple[str, str]]:
    """(address, title) of the volumes of a set that have records of their own."""
    return [
        (face.record(key), " ".join(filter(None, (mark, title))))
        for key, mark, title in shown.held_parts(face.library, found.pk, PARTS)
    ]


def _shared(request: HttpRequest, face: Face, found: "BibliographicRecord") -> dict[str, Any]:
    """The citations, the short address and its picture. An address of this very computer helps nobody else."""
    code = face.library.code
    return {
        "citations": [
            ("gb", "GB/T 7714—2015", citation.gb7714(found)),
            ("plain", _("In a sentence"), citation.in_a_sentence(found)),
        ],
        "short_url": _short_url(request, face.library, found.pk),
        "qr_url": reverse("opac:qr", args=[code, found.pk]),
        "slip_url": reverse("opac:slip", args=[code, found.pk]),
        "is_loopback": request.get_host().rsplit(":", 1)[0] in LOOPBACK,
    }


def _results_before(request: HttpRequest, face: Face) -> str:
    """The page of results one came from, when it was one of this catalogue."""
    before = request.headers.get("Referer", "")
    start = request.build_absolute_uri(face.search_url)
    return before if before == start or before.startswith(f"{start}?") else ""


def _instead(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    """For a record that is not held: the one it was merged into, the news that it was taken out, or nothing."""
    gone = listing.gone(face.library, pk)
    if gone is None:
        return unknown(request, face)
    if gone.merged_into_id and shown.held_record(face.library, gone.merged_into_id):
        return redirect(face.record(gone.merged_into_id))
    return buried(request, face, gone.title) if gone.was_ours else unknown(request, face)
