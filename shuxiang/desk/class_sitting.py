"""What a class's desk remembers between two scans: who is picked, what was done for whom, what may be undone.

It lives in a signed cookie of the class's own address: a scan writes nothing but what it means, two classes on one computer
do not mix, and a desk that was interrupted goes on where it stopped, the same day and for whoever is signed in.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict
from zlib import crc32

from django.core import signing
from django.http import HttpRequest, HttpResponse

from shuxiang.common.clock import local_date

COOKIE, SALT = "class-desk", "shuxiang.desk.class"
DAY = 24 * 3600  # seconds
ROOM = 3600  # bytes of a cookie's value; browsers keep 4096 with name and path

LENT, RETURNED, RENEWED = range(3)


class Said(TypedDict, total=False):
    """The last act or the pending question, in words, ready for the page."""

    kind: str  # done | ask | refuse | noted | undone
    heading: str
    reasons: list[dict[str, str]]
    codes: list[str]  # to confirm
    code: str  # the scan that a confirmation repeats
    undo: list[Any]  # ["lent" | "returned", loan, reader, 1 when out of turn]; moves to the sitting
    loans: list[list[Any]]  # [loan, reader, due]
    patrons: list[int]


@dataclass
class ClassSitting:
    """One class at one desk, from the first page until the librarian ends it or the day does."""

    begun: str  # an instant, ISO 8601
    owner: list[int]  # library, account
    patron: int | None = None
    tally: dict[int, list[int]] = field(default_factory=dict)  # reader → lent, returned, renewed
    not_done: int = 0
    out_of_turn: int = 0
    said: Said = field(default_factory=Said)
    undo: list[Any] = field(
        default_factory=list
    )  # the last act: what, loan, reader, out of turn, words, operation
    seen: str = ""  # the last post: one that is sent again is not counted again

    def is_again(self, operation: str, wants: str) -> bool:
        """Whether this post was answered before; remembers it. An old page's id with another wish is another act."""
        post = f"{operation[:36]} {crc32(wants.encode())}" if operation else ""
        again, self.seen = bool(post) and post == self.seen, post
        return again

    @property
    def begun_at(self) -> datetime:
        return datetime.fromisoformat(self.begun)

    def count(self, reader: int | None, what: int, by: int = 1) -> None:
        """Add to what was done for a reader; no reader is 0. Never below nothing."""
        row = self.tally.setdefault(reader or 0, [0, 0, 0])
        row[what] = max(0, row[what] + by)
        if not any(row):
            del self.tally[reader or 0]

    def total(self, what: int) -> int:
        return sum(row[what] for row in self.tally.values())

    @property
    def acts(self) -> int:
        """Everything that was scanned or renewed and not undone; the parts add up to it."""
        return self.total(LENT) + self.total(RETURNED) + self.total(RENEWED) + self.not_done


def remembered(request: HttpRequest, owner: list[int], at: datetime) -> ClassSitting:
    """The sitting of this address, or a new one that begins now."""
    new = ClassSitting(begun=at.isoformat(timespec="seconds"), owner=owner)
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAY)
        sitting = ClassSitting(**(kept | {"tally": {int(key): row for key, row in kept["tally"].items()}}))
        return sitting if sitting.owner == owner and _day(sitting) == local_date(at) else new
    except (signing.BadSignature, TypeError, KeyError, ValueError):  # none, another release's, or not ours
        return new


def _day(sitting: ClassSitting) -> date:
    return local_date(sitting.begun_at)


def remember(response: HttpResponse, sitting: ClassSitting, *, path: str, secure: bool) -> None:
    """Keep a sitting for its address. What was said is left out before the counts are, should the cookie grow too long."""
    value = signing.dumps(asdict(sitting), salt=SALT, compress=True)
    if len(value) > ROOM:
        sitting.said = Said()
        value = signing.dumps(asdict(sitting), salt=SALT, compress=True)
    response.set_cookie(COOKIE, value, max_age=DAY, path=path, secure=secure, httponly=True, samesite="Lax")


def forget(response: HttpResponse, *, path: str) -> None:
    response.delete_cookie(COOKIE, path=path, samesite="Lax")
