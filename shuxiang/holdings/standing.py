"""Where a title is, in one line for a list: a fixed few index look-ups a title, however many copies it has."""
# ruff: noqa: S608  only names and words of our own are written into statements; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db import connection

from shuxiang.holdings.models import ItemAccount
from shuxiang.libraries.models import Library

# Accounts on the books, the best news for a reader first.
NEAREST = (
    ItemAccount.SHELF,
    ItemAccount.DISPLAY,
    ItemAccount.CORNER,
    ItemAccount.LOAN,
    ItemAccount.MENDING,
    ItemAccount.BINDING,
    ItemAccount.REVIEW,
    ItemAccount.MISSING,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Copies of a title on the books, those standing on the shelves, and the nearest one: its account and place.

    `account` and `place` are '' when no copy is on the books. `times_lent` counts twelve months, as of the last night.
    """

    on_books: int = 0
    on_shelf: int = 0
    account: str = ""
    place: str = ""
    call_number: str = ""
    times_lent: int = 0


_COPY = "FROM holdings_item x WHERE x.holding_id = h.id AND x.account ="
_NEAREST = ", ".join(
    f"(SELECT x.id {_COPY} '{account}' ORDER BY x.home_id, x.id LIMIT 1)" for account in NEAREST
)
_STATEMENT = (
    f"SELECT h.record_id, h.on_books, (SELECT COUNT(*) {_COPY} '{ItemAccount.SHELF}'), i.account,"
    " COALESCE(c.name, p.name), h.call_number, h.times_lent, h.id"
    f" FROM holdings_holding h LEFT JOIN holdings_item i ON i.id = COALESCE({_NEAREST})"
    " LEFT JOIN holdings_shelvinglocation p ON p.id = i.home_id"
    " LEFT JOIN holdings_shelvinglocation c ON c.id = i.current_id"
    " WHERE h.library_id = %s AND h.record_id IN ({marks})"
)  # in no order: asked for one, SQLite reads all holdings of the library

_HOLDING = itemgetter(-1)


def standings(library: Library, record_ids: Sequence[int]) -> dict[int, Standing]:
    """Where these titles are, in one query; a title that the library does not hold is left out."""
    if not record_ids:
        return {}
    marks = ", ".join(["%s"] * len(record_ids))
    found: dict[int, Standing] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(marks=marks), [library.pk, *record_ids])
        rows = sorted(cursor.fetchall(), key=_HOLDING)
        for record_id, on_books, on_shelf, account, place, call_number, lent, _holding in rows:
            new = Standing(on_books, on_shelf, account or "", place or "", call_number, lent)
            found[record_id] = _together(found[record_id], new) if record_id in found else new
    return found


def _together(one: Standing, other: Standing) -> Standing:
    """Two holdings of one title: the place and call number of the nearer copy."""
    near, far = sorted((one, other), key=_distance)
    return Standing(
        one.on_books + other.on_books,
        one.on_shelf + other.on_shelf,
        near.account,
        near.place,
        near.call_number or far.call_number,
        one.times_lent + other.times_lent,
    )


def _distance(standing: Standing) -> int:
    return NEAREST.index(ItemAccount(standing.account)) if standing.account else len(NEAREST)
