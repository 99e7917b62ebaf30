"""A reader signed in on the public pages: a signed cookie of one library's pages, no account, ended by a few idle minutes.

It holds the reader's key and when the picture code was set, so that a new code ends every page opened with the old one.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shuxiang.libraries.selectors import find_library
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library
    from shuxiang.patrons.models import Patron

P = ParamSpec("P")
COOKIE: Final = "reader"
IDLE = timedelta(minutes=5)  # catalogue terminals stand in public: who walked away is signed out


class ReaderRequest(HttpRequest):
    """What a view behind @reader gets: who is signed in, at which library."""

    library: "Library"
    patron: "Patron"


def reader(
    view: Callable[Concatenate[Any, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Open a page below /l/CODE/ to the reader of that library who signed in with card and pictures; each page counts the
    idle minutes anew. Others are asked to sign in, members of the staff too."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        library = find_library(code)
        if library is None:
            raise Http404
        patron = signed_in(request, library)
        if patron is None:
            return redirect("opac:me_enter", code=code)
        asked = cast(ReaderRequest, request)
        asked.library, asked.patron = library, patron
        response = view(request, *args, **kwargs)
        if COOKIE not in response.cookies:
            keep(response, library, patron)
        return response

    marked = never_cache(guarded)
    cast(Any, marked).is_reader = True
    return marked


def signed_in(request: HttpRequest, library: "Library") -> "Patron | None":
    """The reader whose cookie this is, if it is fresh, of this library, and the code is still the same."""
    sent = request.COOKIES.get(COOKIE, "")
    if not sent:
        return None
    try:
        kept: dict[str, Any] = signing.loads(sent, salt=_salt(library), max_age=IDLE)
        patron = patrons.find_patron(library, int(kept["patron"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    if patron is None or patron.left_on is not None:
        return None
    set_at = patrons.codes_set_at([patron]).get(patron.pk)
    return patron if set_at is not None and _stamp(set_at) == kept.get("code") else None


def keep(response: HttpResponseBase, library: "Library", patron: "Patron") -> None:
    """Write the cookie, for this library's pages only; it ends with the browser."""
    set_at = patrons.codes_set_at([patron])[patron.pk]
    response.set_cookie(
        COOKIE,
        signing.dumps({"patron": patron.pk, "code": _stamp(set_at)}, salt=_salt(library)),
        path=_path(library),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget(response: HttpResponseBase, library: "Library") -> None:
    """Sign out."""
    response.delete_cookie(COOKIE, path=_path(library), samesite="Strict")


def device_of(request: HttpRequest) -> str:
    """The address that tries are counted for, unreadable."""
    address = request.META.get("REMOTE_ADDR", "")
    return "web:" + hashlib.sha256(f"{settings.SECRET_KEY}{address}".encode()).hexdigest()[:24]


def _stamp(set_at: datetime) -> int:
    return int(set_at.astimezone(UTC).timestamp() * 1000)


def _path(library: "Library") -> str:
    return reverse("opac:home", args=[library.code])


def _salt(library: "Library") -> str:
    return f"reader {library.pk}"
