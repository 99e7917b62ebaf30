"""A pile of books that is taken back in one go: what was scanned since it began, sorted, adding up.

The lines are the operations themselves, read since the pile began; only codes that nobody knows are kept in the cookie.
"""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuxiang.accounts.access import StaffRequest
from shuxiang.circulation import today
from shuxiang.circulation.today import Act
from shuxiang.desk.sitting import LASTS

COOKIE = "pile"
PATH = "/desk/returns/"
MOST = 500  # lines of one pile
MOST_UNKNOWN = 40
LONGEST_CODE = 30

KINDS = {  # in the order of the sum
    "on_time": pgettext_lazy("sum of a pile", "on time"),
    "late": pgettext_lazy("sum of a pile", "late"),
    "elsewhere": pgettext_lazy("sum of a pile", "for another place"),
    "found": pgettext_lazy("sum of a pile", "found again"),
    "not_lent": pgettext_lazy("sum of a pile", "not lent"),
    "aside": pgettext_lazy("sum of a pile", "to put aside"),
    "unknown": pgettext_lazy("sum of a pile", "unknown"),
    "undone": pgettext_lazy("sum of a pile", "undone"),
}
REMEDIES = {
    "late": gettext_lazy("Tell the reader kindly; the book goes back to its shelf."),
    "found": gettext_lazy("It was missing. Tell the librarian, then put it on its shelf."),
    "not_lent": gettext_lazy("Nobody had it by the books. Put it on its shelf."),
    "aside": gettext_lazy("It is not on the books. Put it aside for the librarian."),
    "unknown": gettext_lazy("No volume of this library. Scan it again; otherwise put it aside."),
}
ASIDE = {"withdrawn_came_back", "item_not_posted"}


@dataclass(frozen=True)
class Pile:
    """Since when, until when (None: it is still going on), and the codes nobody knows, each with its instant."""

    since: datetime | None = None
    until: datetime | None = None
    unknown: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Line:
    """One scan of the pile."""

    kind: str
    at: datetime
    title: str
    act: Act | None = None

    @property
    def is_odd(self) -> bool:
        return self.kind not in ("on_time", "undone")

    @property
    def remedy(self) -> str:
        if self.kind == "elsewhere" and self.act is not None:
            return _("It stands elsewhere: %(place)s.") % {"place": self.act.place}
        return str(REMEDIES.get(self.kind, ""))

    @property
    def seal(self) -> str:
        return {"unknown": "refuse", "aside": "ask", "on_time": "in", "undone": "noted"}.get(
            self.kind, "noted"
        )


@dataclass(frozen=True)
class Sums:
    """What the page says at the end: every scan counted once, in one of the parts."""

    scanned: int
    parts: tuple[tuple[str, str, int], ...]  # kind, words, how many; empty ones are left out
    places: tuple[tuple[str, int], ...] = field(default=())  # where what came back is to be put

    @property
    def odd(self) -> int:
        return sum(n for kind, _words, n in self.parts if kind not in ("on_time", "undone"))


def kind_of(act: Act) -> str:
    """Into which part of the sum a return falls."""
    if act.is_undone:
        return "undone"
    if act.loan_id is None:
        if ASIDE & set(act.notes):
            return "aside"
        return "found" if "found_again" in act.notes else "not_lent"
    if act.is_elsewhere:
        return "elsewhere"
    return "late" if act.late_days else "on_time"


def line_of(act: Act) -> Line:
    return Line(kind_of(act), act.at, act.title, act)


def lines_of(request: StaffRequest, pile: Pile) -> list[Line]:
    """Every scan of the pile, latest first."""
    if pile.since is None:
        return []
    acts = today.returns_since(request.library, by=request.user.username, since=pile.since, most=MOST)
    unknown = [Line("unknown", datetime.fromtimestamp(at, UTC), code) for code, at in pile.unknown]
    lines = [*(line_of(act) for act in acts if pile.until is None or act.at <= pile.until), *unknown]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def sums(lines: Iterable[Line]) -> Sums:
    """Add up: the parts make the whole."""
    every = list(lines)
    found = Tally(line.kind for line in every)
    parts = tuple((kind, str(words), found[kind]) for kind, words in KINDS.items() if found[kind])
    put = Tally(line.act.place for line in every if line.act and line.kind not in ("undone", "aside"))
    return Sums(len(every), parts, tuple(sorted(put.items())))


def remembered(request: StaffRequest) -> Pile:
    """The pile of this account in this library; none for any other cookie."""
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_salt(request), max_age=LASTS
        )
        since, until = (
            datetime.fromtimestamp(at, UTC) if at else None for at in (kept["since"], kept["until"])
        )
        return Pile(since, until, tuple((str(code), int(at)) for code, at in kept["unknown"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Pile()


def keep(request: StaffRequest, response: HttpResponse, pile: Pile) -> None:
    state = {
        "since": pile.since.timestamp() if pile.since else 0,
        "until": pile.until.timestamp() if pile.until else 0,
        "unknown": pile.unknown,
    }
    response.set_cookie(
        COOKIE,
        signing.dumps(state, salt=_salt(request)),
        max_age=LASTS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def with_unknown(pile: Pile, code: str, at: datetime) -> Pile:
    """The pile with one more code that nobody knows."""
    unknown = (*pile.unknown, (code[:LONGEST_CODE], int(at.timestamp())))
    return replace(pile, unknown=unknown[-MOST_UNKNOWN:])


def _salt(request: StaffRequest) -> str:
    return f"pile {request.library.pk} {request.user.pk}"
