"""Which library a request is about: by its address on public pages, by the session on staff pages."""

from collections.abc import Callable

from django.contrib.auth.middleware import get_user
from django.http import Http404, HttpRequest, HttpResponseBase

from shuxiang.accounts.access import ask_grants_once, granted_library, libraries_of
from shuxiang.accounts.models import Account
from shuxiang.common import clock
from shuxiang.libraries.models import Library
from shuxiang.libraries.selectors import find_library

SESSION_KEY = "library"


class CurrentLibrary:
    """Sets `request.library`. Raises Http404 for /l/CODE/ with a code that no library has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        parts = request.path_info.split("/", 3)
        library: Library | None = None
        if parts[1:2] == ["desk"]:
            library = _of_session(request)
        elif parts[1:2] == ["l"] and len(parts) > 2:
            library = find_library(parts[2])
            if library is None:
                raise Http404(parts[2])
        request.library = library  # type: ignore[attr-defined]
        return self.get_response(request)


def _of_session(request: HttpRequest) -> Library | None:
    """The library chosen in this session if it is still granted; the only one when there is one; else none yet."""
    # the account itself: Django's lazy stand-in costs at each look
    account = request.user = get_user(request)
    if not isinstance(account, Account):
        return None
    ask_grants_once(account)
    today = clock.local_date(clock.now())
    code = request.session.get(SESSION_KEY)
    chosen = granted_library(account, code, today) if code else None
    if chosen is not None:
        return chosen
    granted = libraries_of(account, today)
    if len(granted) != 1:
        return None
    request.session[SESSION_KEY] = granted[0].code
    return granted[0]
