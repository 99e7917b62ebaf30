"""A library takes a record into one of its shelving groups; the call number is given here (decision 0002)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import NamedTuple

from django.db import connection, transaction

from shuxiang.audit import bulk, operations
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Holding, ShelvingGroup
from shuxiang.holdings.rules import CallNumber, read_call_number, shown, sort_key
from shuxiang.holdings.services.counts import recount
from shuxiang.holdings.services.numbering import (
    fill_book_numbers,
    raise_book_numbers,
    take_book_numbers,
)
from shuxiang.holdings.services.places import default_places
from shuxiang.libraries.models import Library

CHUNK = 500
_HELD = (
    "SELECT record_id, id, clc FROM holdings_holding WHERE library_id = %s AND group_id = %s"
    " AND record_id IN ({keys})"
)
_COLUMNS = (
    "id",
    "uuid",
    "record_id",
    "clc",
    "book_number",
    "auxiliary",
    "call_number",
    "call_number_sort",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingValues:
    """A record to be held, with the class and the call number as the source gives them; both may be blank."""

    record_id: int
    clc: str = ""
    call_number: str = ""
    note: str = ""


def hold(
    *,
    library: Library,
    record: BibliographicRecord,
    by: Actor,
    at: datetime,
    group: ShelvingGroup | None = None,
    clc: str = "",
    call_number: str = "",
    note: str = "",
) -> Holding:
    """The library's holding of a record, made when missing; a class without book number is given its next one.

    The next one is the lowest that nothing bears any more, else the one above the last. A holding that is there keeps
    its call number. Racing desks never get one number twice.
    """
    values = HoldingValues(record_id=record.pk, clc=clc or record.clc, call_number=call_number, note=note)
    return hold_many([values], library=library, group=group, fills_gaps=True, by=by, at=at)[0]


class HeldTitle(NamedTuple):
    """A holding by its key, with the class that its volumes are entered under."""

    pk: int
    clc: str


def hold_many(
    wanted: Sequence[HoldingValues],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    group: ShelvingGroup | None = None,
    fills_gaps: bool = False,
) -> list[Holding]:
    """Hold many records, numbered in their order; the list that comes back has the same order.

    One operation and one transaction for every chunk, unless the caller holds one. Nothing is written for what is
    held already. Without `fills_gaps` numbers go on above the last: a list may come in parts, and a number that is
    missing in this part may be on the spine of a volume of the next.
    """
    titles = hold_titles(wanted, library=library, by=by, at=at, group=group, fills_gaps=fills_gaps)
    found: dict[int, Holding] = {}
    keys = [title.pk for title in titles]
    for start in range(0, len(keys), CHUNK):
        found |= Holding.objects.in_bulk(keys[start : start + CHUNK])
    return [found[key] for key in keys]


def hold_titles(
    wanted: Sequence[HoldingValues],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    group: ShelvingGroup | None = None,
    fills_gaps: bool = False,
) -> list[HeldTitle]:
    """The same, giving keys only: for acts that write thousands."""
    place = group or default_places(library).group
    held: list[HeldTitle] = []
    for start in range(0, len(wanted), CHUNK):
        with transaction.atomic():
            held += _hold_chunk(wanted[start : start + CHUNK], library, place, by, at, fills_gaps=fills_gaps)
    return held


def _held(wanted: Sequence[HoldingValues], library: Library, group: ShelvingGroup) -> dict[int, HeldTitle]:
    rows = bulk.rows_in(_HELD, (one.record_id for one in wanted), library.pk, group.pk)
    return {record: HeldTitle(key, clc) for record, key, clc in rows}


def _hold_chunk(
    wanted: Sequence[HoldingValues],
    library: Library,
    group: ShelvingGroup,
    by: Actor,
    at: datetime,
    *,
    fills_gaps: bool,
) -> list[HeldTitle]:
    there = _held(wanted, library, group)
    new: dict[int, HoldingValues] = {}
    for one in wanted:
        if one.record_id not in there:
            new.setdefault(one.record_id, one)
    if new:
        begun = operations.begin("holdings.hold", by=by, at=at, library_code=library.code)
        made = _make(list(new.values()), library, group, at, fills_gaps=fills_gaps)
        recount([title.pk for title in made])
        operations.finish(
            begun.operation,
            subject=f"holdings.holding:{made[0].pk}",
            result={"holdings": [title.pk for title in made]},
        )
        there |= dict(zip(new, made, strict=True))
    return [there[one.record_id] for one in wanted]


def _make(
    wanted: Sequence[HoldingValues],
    library: Library,
    group: ShelvingGroup,
    at: datetime,
    *,
    fills_gaps: bool,
) -> list[HeldTitle]:
    numbers = [read_call_number(one.clc, one.call_number) for one in wanted]
    numbers = _without_taken(numbers, library, group)
    given = _numbered(numbers, library, group, fills_gaps=fills_gaps)
    keys = bulk.take_keys(Holding, len(wanted))
    rows = []
    for key, uuid, one, number, book_number in zip(
        keys, bulk.new_uuids(len(wanted)), wanted, numbers, given, strict=True
    ):
        text = number.text if book_number is None else shown(number.clc, book_number, number.auxiliary)
        order = sort_key(text) if text else ""
        rows.append(
            (key, uuid, one.record_id, number.clc, book_number, number.auxiliary, text, order, one.note[:500])
        )
    constants = {"library": library.pk, "group": group.pk, "created_at": at, "modified_at": at}
    bulk.insert(Holding, _COLUMNS, rows, constants=constants)
    return [HeldTitle(key, number.clc) for key, number in zip(keys, numbers, strict=True)]


Borne = tuple[str, int | None, str]  # class, book number, auxiliary


def _without_taken(numbers: Sequence[CallNumber], library: Library, group: ShelvingGroup) -> list[CallNumber]:
    """A call number that the source gives to two titles stays with the first; the second is numbered anew."""
    asked = sorted({(one.clc, one.book_number) for one in numbers if one.book_number is not None})
    taken = set(_taken(asked, library, group))
    result = []
    for number in numbers:
        key = (number.clc, number.book_number, number.auxiliary)
        result.append(
            CallNumber(number.clc, None, "") if number.book_number is not None and key in taken else number
        )
        taken.add(key)
    return result


def _taken(pairs: Sequence[tuple[str, int]], library: Library, group: ShelvingGroup) -> list[Borne]:
    """Which of these numbers titles of the group have: only these are looked at, a class may have thousands."""
    if not pairs:
        return []
    marks = ", ".join(["(%s, %s)"] * len(pairs))
    asked = (
        "SELECT clc, book_number, auxiliary FROM holdings_holding WHERE library_id = %s AND group_id = %s"  # noqa: S608
        f" AND book_number IS NOT NULL AND (clc, book_number) IN (VALUES {marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [library.pk, group.pk, *(part for pair in pairs for part in pair)])
        return list(cursor.fetchall())


def _numbered(
    numbers: Sequence[CallNumber], library: Library, group: ShelvingGroup, *, fills_gaps: bool
) -> list[int | None]:
    highest: dict[str, int] = defaultdict(int)
    wanting: dict[str, int] = defaultdict(int)
    for number in numbers:
        if number.book_number:
            highest[number.clc] = max(highest[number.clc], number.book_number)
        elif number.needs_number:
            wanting[number.clc] += 1
    raise_book_numbers(library.pk, group.pk, highest)
    following: dict[str, Iterator[int]]
    if fills_gaps:
        promised = {(one.clc, one.book_number) for one in numbers if one.book_number is not None}
        following = {
            clc: iter(free)
            for clc, free in fill_book_numbers(library.pk, group.pk, wanting, promised).items()
        }
    else:
        following = {
            clc: count(first) for clc, first in take_book_numbers(library.pk, group.pk, wanting).items()
        }
    return [next(following[one.clc]) if one.needs_number else one.book_number for one in numbers]
