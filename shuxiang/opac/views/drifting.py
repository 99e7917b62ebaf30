"""The journey of a drifting book, as its card leads to it: days, classes and words that were let; never a name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import public
from shuxiang.corners import selectors
from shuxiang.opac.face import public_face
from shuxiang.opac.views.lost import library_of

ENDED = {
    "home": _("It is back with who gave it."),
    "stays": _("Somebody liked it so much that it stays there."),
    "lost": _("Nobody knows where it is. If you find it, bring it to the library."),
}


@public
@require_safe
def drift(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Where a drifting book has been. Readers are children: hands are told by class only, and lost books without blame."""
    library = library_of(request, code)
    book = selectors.drift_by_number(library, number) if number < 2**31 else None
    if book is None:
        raise Http404(str(number)[:20])
    face = public_face(library)
    context = face.context() | {
        "book": book,
        "ended": ENDED.get(book.ended, ""),
        "hops": [(hop.on, hop.class_label, hop.place) for hop in book.hops.order_by("on", "pk")],
        "comments": [(one.text, one.class_label) for one in selectors.shown_comments(book)],
    }
    return render(request, "opac/drift.html", context)
