"""A pile of books that is taken back in one go: what was scanned since it began, sorted, adding up.

The lines are the operations themselves, read since the pile began; only scans that did nothing are kept in the cookie.
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
from shuxiang.desk import madegood
from shuxiang.desk.sitting import LASTS
from shuxiang.holdings.shown import held_record

COOKIE = "pile"
PATH = "/desk/returns/"
MOST = 500  # lines of one pile
LONGEST_CODE = 30
LARGEST = 3500  # signs of the cookie; browsers take 4096

KINDS = {  # in the order of the sum
    "on_time": pgettext_lazy("sum of a pile", "on time"),
    "late": pgettext_lazy("sum of a pile", "late"),
    "elsewhere": pgettext_lazy("sum of a pile", "for another place"),
    "kept": pgettext_lazy("sum of a pile", "for the pick-up shelf"),
    "found": pgettext_lazy("sum of a pile", "found again"),
    "not_lent": pgettext_lazy("sum of a pile", "not lent"),
    "aside": pgettext_lazy("sum of a pile", "to put aside"),
    "open": pgettext_lazy("sum of a pile", "not answered"),
    "refused": pgettext_lazy("sum of a pile", "not taken back"),
    "card": pgettext_lazy("sum of a pile", "readers' cards"),
    "unknown": pgettext_lazy("sum of a pile", "unknown"),
    "undone": pgettext_lazy("sum of a pile", "undone"),
}
REMEDIES = {
    "late": gettext_lazy("Tell the reader kindly; the book goes back to its shelf."),
    "found": gettext_lazy("It was missing. Tell the librarian, then put it on its shelf."),
    "not_lent": gettext_lazy("Nobody had it by the books. Put it on its shelf."),
    "aside": gettext_lazy("It is not on the books. Put it aside for the librarian."),
    "open": gettext_lazy("Several readers have this title. Scan it again and say whose it is."),
    "refused": gettext_lazy("Check the computer's clock, then scan it again."),
    "card": gettext_lazy("A pile takes books only. To lend, go back to the desk."),
    "unknown": gettext_lazy("No volume of this library. Scan it again; otherwise put it aside."),
}
SEALS = {"unknown": "refuse", "refused": "refuse", "open": "ask", "aside": "ask", "on_time": "in"}
TITLED = ("not_lent", "open", "refused")  # kept scans whose text is the key of a record
ASIDE = {"withdrawn_came_back", "item_not_posted"}


@dataclass(frozen=True)
class Idle:
    """A scan that did nothing: what kind of line it is, the code or the key of the record, when (in milliseconds)."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Pile:
    """Since when, until when (None: it is still going on), and the scans that no operation tells of."""

    since: datetime | None = None
    until: datetime | None = None
    idle: tuple[Idle, ...] = ()


@dataclass(frozen=True)
class Line:
    """One scan of the pile."""

    kind: str
    at: datetime
    title: str
    act: Act | None = None
    case_words: str = ""  # the volume was reported lost and made good
    case_url: str = ""

    @property
    def key(self) -> str:
        """What the row is called on the page."""
        return self.act.operation.hex if self.act else f"idle{int(self.at.timestamp() * 1000)}"

    @property
    def is_odd(self) -> bool:
        return bool(self.case_url) or self.kind not in ("on_time", "undone")

    @property
    def remedy(self) -> str:
        if self.kind == "elsewhere" and self.act is not None:
            return _("It stands elsewhere: %(place)s.") % {"place": self.act.place}
        if self.kind == "kept" and self.act is not None:
            return _("Put it on the pick-up shelf: for %(who)s.") % {"who": self.act.kept_for}
        return str(REMEDIES.get(self.kind, ""))

    @property
    def seal(self) -> str:
        return SEALS.get(self.kind, "noted")


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
    if act.kept_for:
        return "kept"
    if act.loan_id is None:
        if ASIDE & set(act.notes):
            return "aside"
        return "found" if "found_again" in act.notes else "not_lent"
    if act.is_elsewhere:
        return "elsewhere"
    return "late" if act.late_days else "on_time"


def line_of(request: StaffRequest, act: Act) -> Line:
    """The line of a return, with the case of a volume that was made good as lost."""
    words, url = ("", "") if act.is_undone else madegood.said_of(request, act.item_id or 0, act.notes)
    return Line(kind_of(act), act.at, act.title, act, words, url)


def lines_of(request: StaffRequest, pile: Pile) -> list[Line]:
    """Every scan of the pile, latest first."""
    if pile.since is None:
        return []
    acts = today.returns_since(request.library, by=request.user.username, since=pile.since, most=MOST)
    lines = [line_of(request, act) for act in acts if pile.until is None or act.at <= pile.until]
    lines += [idle_line(request, idle) for idle in reversed(pile.idle)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def idle_line(request: StaffRequest, idle: Idle) -> Line:
    """The line of a scan that did nothing."""
    title = _("A reader's card") if idle.kind == "card" else idle.text
    if idle.kind in TITLED and (record := held_record(request.library, int(idle.text))) is not None:
        title = record.title
    return Line(idle.kind, datetime.fromtimestamp(idle.at / 1000, UTC), title)


def sums(lines: Iterable[Line]) -> Sums:
    """Add up: the parts make the whole."""
    every = list(lines)
    found = Tally(line.kind for line in every)
    parts = tuple((kind, str(words), found[kind]) for kind, words in KINDS.items() if found[kind])
    put = Tally(line.act.place for line in every if line.act and line.kind not in ("undone", "aside", "kept"))
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
        idle = (Idle(str(kind), str(text), int(at)) for kind, text, at in kept["idle"])
        return Pile(since, until, tuple(one for one in idle if one.kind in KINDS))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Pile()


def keep(request: StaffRequest, response: HttpResponse, pile: Pile) -> None:
    idle = [(one.kind, one.text, one.at) for one in pile.idle]
    since, until = (at.timestamp() if at else 0 for at in (pile.since, pile.until))

    def signed() -> str:
        state = {"since": since, "until": until, "idle": idle}
        return signing.dumps(state, salt=_salt(request), compress=True)

    while len(value := signed()) > LARGEST:  # the eldest make room
        del idle[: max(len(idle) // 10, 1)]
    response.set_cookie(
        COOKIE,
        value,
        max_age=LASTS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def with_idle(pile: Pile, kind: str, text: str, at: datetime) -> Pile:
    """The pile with one more scan that did nothing; scans of one request follow each other."""
    last = pile.idle[-1].at if pile.idle else 0
    idle = Idle(kind, text[:LONGEST_CODE], max(int(at.timestamp() * 1000), last + 1))
    return replace(pile, idle=(*pile.idle, idle))


def answered(pile: Pile, record: int) -> tuple[Pile, Idle | None]:
    """Somebody said whose the title is: the question asked last about it is no line any more."""
    asked = [one for one in pile.idle if (one.kind, one.text) == ("open", str(record))]
    if not asked:
        return pile, None
    return replace(pile, idle=tuple(one for one in pile.idle if one != asked[-1])), asked[-1]


def _salt(request: StaffRequest) -> str:
    return f"pile {request.library.pk} {request.user.pk}"
