"""Who stands at the machine and what was said last: a signed cookie that is worth nothing once the seconds are over.

Keys, reason codes and titles only, no names. The server judges the time, so that a browser whose clock or script stands
still shows nothing of the last child either.
"""

import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from shuxiang.kiosk.gate import PATH, KioskRequest

COOKIE: Final = "kiosk"
TOUCHED: Final = "kiosk_touch"  # apart, so that a touch answered late never brings back a turn that is over
GRACE = timedelta(
    seconds=5
)  # the page counts to nought first, so that nobody's touch comes too late unannounced
START, CLASSES, WALL, PAD, ME = "start", "classes", "wall", "pad", "me"


@dataclass(frozen=True)
class Sitting:
    """One child's turn."""

    step: str = START
    school_class: int = 0  # whose names are shown
    patron: int = 0  # signed in at ME, only named at PAD
    said: dict[str, Any] = field(default_factory=dict)
    pinyin: bool | None = None  # as switched by this child; None: as the machine is set
    turn: str = ""  # which turn a touch is about

    @property
    def is_empty(self) -> bool:
        return replace(self, turn="") == Sitting()


def remembered(request: KioskRequest, now: datetime) -> Sitting:
    """The turn that is on at this machine; a new one when the cookie is old, foreign or broken."""
    lasts = timedelta(seconds=request.kiosk.reset_seconds) + GRACE
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_salt(request))
        at = max(datetime.fromtimestamp(kept.pop("at"), UTC), _touched(request, kept["turn"]))
        return Sitting(**kept) if now - at <= lasts else Sitting()
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Sitting()


def _touched(request: KioskRequest, turn: str) -> datetime:
    """When the screen was last touched in this turn."""
    try:
        kept = signing.loads(request.COOKIES.get(TOUCHED, ""), salt=_salt(request))
        return datetime.fromtimestamp(kept["at"], UTC) if kept["turn"] == turn else _LONG_AGO
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return _LONG_AGO


_LONG_AGO = datetime.fromtimestamp(0, UTC)


def touch(request: KioskRequest, response: HttpResponse, now: datetime) -> None:
    """Prolong the turn that is on."""
    sitting = remembered(request, now)
    if not sitting.is_empty:
        _write(response, TOUCHED, {"turn": sitting.turn, "at": int(now.timestamp())}, _salt(request))


def keep(request: KioskRequest, response: HttpResponse, sitting: Sitting, now: datetime) -> None:
    """Write the cookie; it ends with the browser, and an empty turn has none."""
    if sitting.is_empty:
        response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
        return
    state = asdict(sitting) | {"turn": sitting.turn or secrets.token_hex(8), "at": int(now.timestamp())}
    _write(response, COOKIE, state, _salt(request))


def _write(response: HttpResponse, name: str, state: dict[str, Any], salt: str) -> None:
    response.set_cookie(
        name,
        signing.dumps(state, salt=salt, compress=True),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _salt(request: KioskRequest) -> str:
    return f"kiosk {request.kiosk.pk}"
