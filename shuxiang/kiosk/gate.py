"""Which machine a request comes from: a key in a cookie of its own, no account and no session."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from shuxiang.accounts.selectors import kiosk_with_key
from shuxiang.common import clock
from shuxiang.common.actors import Actor

if TYPE_CHECKING:
    from shuxiang.accounts.devicemodels import Kiosk
    from shuxiang.libraries.models import Library

P = ParamSpec("P")
COOKIE: Final = "kiosk_key"
PATH: Final = "/kiosk/"
LONGEST = timedelta(days=400)  # browsers keep no cookie longer


class KioskRequest(HttpRequest):
    """What a view behind @at_kiosk gets: a machine in use, and its library."""

    kiosk: "Kiosk"
    library: "Library"


def at_kiosk(
    view: Callable[Concatenate[Any, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to registered machines only, whoever is signed in; others are asked for a code. Nothing is kept by the
    browser or on the way."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        kiosk = kiosk_with_key(request.COOKIES.get(COOKIE, ""), clock.local_date(clock.now()))
        if kiosk is None:
            return redirect("kiosk:register")
        asked = cast(KioskRequest, request)
        asked.kiosk, asked.library = kiosk, kiosk.library
        return view(request, *args, **kwargs)

    marked = never_cache(guarded)
    cast(Any, marked).is_kiosk = True
    return marked


def actor(kiosk: "Kiosk") -> Actor:
    """Who acts: the machine, by its name."""
    return Actor(name=kiosk.name, door="kiosk")


def keep_key(response: HttpResponse, kiosk: "Kiosk", key: str, now: datetime) -> None:
    """Make this browser the machine, until its last day is over."""
    lasts = LONGEST
    if kiosk.expires_on is not None:
        ends = clock.to_local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        ends = datetime.combine(kiosk.expires_on + timedelta(days=1), time(), ends.tzinfo)
        lasts = min(ends - now, LONGEST)
    response.set_cookie(
        COOKIE,
        key,
        max_age=lasts,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
