"""When there is nothing at an address: said in the frame of the library, with the box to search from."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shuxiang.libraries.selectors import find_library
from shuxiang.opac.face import Face

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library


def library_of(request: HttpRequest, code: str) -> "Library":
    """The library of the address, which the middleware has looked up. Raises Http404."""
    library: Library | None = getattr(request, "library", None)
    if library is None or library.code != code:
        library = find_library(code)
    if library is None:
        raise Http404
    return library


def library_of_staff(request: HttpRequest) -> "Library | None":
    """The library that somebody who is signed in works in; None while it is not chosen."""
    return getattr(request, "library", None)


def unknown(request: HttpRequest, face: Face) -> HttpResponse:
    """A record that never was, or that only other libraries hold: the same words, so that nothing is given away."""
    return render(request, "opac/lost.html", face.context("-"), status=404)


def buried(request: HttpRequest, face: Face, title: str) -> HttpResponse:
    """A record that was taken out of the catalogue; the answer 410 tells machines not to come again."""
    context = face.context("-") | {"title": title, "again_url": face.find(title)}
    return render(request, "opac/lost.html", context, status=410)
