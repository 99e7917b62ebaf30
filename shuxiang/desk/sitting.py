"""What a desk remembers between two scans, in a signed cookie of its own: who stands there, what was done or asked last.

Keys only, no names and no words: the page asks the database anew. The signature binds it to the library and the account, so
that the next who signs in never meets somebody else's reader; it ends with the day, and twelve hours after the last act.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from shuxiang.accounts.access import StaffRequest
from shuxiang.common.clock import local_date

COOKIE = "desk"
PATH = "/desk/"
LASTS = timedelta(hours=12)
FRESH = timedelta(minutes=15)  # later than this a reader is offered again, not taken for granted


@dataclass(frozen=True)
class Last:
    """The last act or the question that stands, by keys."""

    outcome: str = ""  # circulation.services.Outcome, or renewed | renewal-asked | undone | title
    code: str = ""
    operation: str = ""  # of the act, to undo it
    loan: int = 0
    item: int = 0
    record: int = 0
    reasons: tuple[tuple[str, int, dict[str, str]], ...] = ()  # code, weight, params


@dataclass(frozen=True)
class Kept:
    """A desk as it was left."""

    patron: int | None = None
    last: Last = field(default_factory=Last)
    at: datetime | None = None
    dropped: tuple[tuple[str, int], ...] = ()  # lend | return and the record: asked about and never answered

    def is_fresh(self, now: datetime) -> bool:
        """Whether it was left so short a time ago that the reader is surely still there."""
        return self.at is not None and now - self.at < FRESH


def remembered(request: StaffRequest, now: datetime) -> Kept:
    """The desk of this account in this library as it was left today; an empty one for any other cookie."""
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_salt(request), max_age=LASTS
        )
        at = datetime.fromtimestamp(kept["at"], UTC)
        reasons = tuple((code, weight, params) for code, weight, params in kept["last"].pop("reasons", ()))
        last = Last(**kept["last"], reasons=reasons)
        dropped = tuple((str(what), int(pk)) for what, pk in kept.get("dropped", ()))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Kept()
    return Kept(kept.get("patron"), last, at, dropped) if local_date(at) == local_date(now) else Kept()


def keep(request: StaffRequest, response: HttpResponse, kept: Kept, now: datetime) -> None:
    """Write the cookie; an empty desk has none."""
    last = {name: value for name, value in vars(kept.last).items() if value}
    if kept.patron is None and not last and not kept.dropped:
        response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
        return
    state: dict[str, Any] = {"patron": kept.patron, "last": last, "at": int(now.timestamp())}
    if kept.dropped:
        state["dropped"] = kept.dropped
    response.set_cookie(
        COOKIE,
        signing.dumps(state, salt=_salt(request)),
        max_age=LASTS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _salt(request: StaffRequest) -> str:
    return f"desk {request.library.pk} {request.user.pk}"
