"""A library takes a record into one of its shelving groups; the call number is given here (decision 0002)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Holding, ShelvingGroup
from shuxiang.holdings.rules import CallNumber, read_call_number, shown, sort_key
from shuxiang.holdings.services.numbering import raise_book_numbers, take_book_numbers
from shuxiang.holdings.services.places import default_places
from shuxiang.libraries.models import Library

CHUNK = 500


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

    A holding that is there keeps its call number. Racing desks never get one number twice.
    """
    values = HoldingValues(record_id=record.pk, clc=clc or record.clc, call_number=call_number, note=note)
    return hold_many([values], library=library, group=group, by=by, at=at)[0]


def hold_many(
    wanted: Sequence[HoldingValues],
    *,
    library: Library,
    by: Actor,
    at: datetime,
    group: ShelvingGroup | None = None,
) -> list[Holding]:
    """Hold many records, numbered in their order; the list that comes back has the same order.

    One operation and one transaction for every chunk, unless the caller holds one. Nothing is written for what is
    held already.
    """
    place = group or default_places(library).group
    held: list[Holding] = []
    for start in range(0, len(wanted), CHUNK):
        with transaction.atomic():
            held += _hold_chunk(wanted[start : start + CHUNK], library, place, by, at)
    return held


def _held(wanted: Sequence[HoldingValues], library: Library, group: ShelvingGroup) -> dict[int, Holding]:
    keys = {one.record_id for one in wanted}
    there = Holding.objects.filter(library=library, group=group, record_id__in=keys)
    return {holding.record_id: holding for holding in there}


def _hold_chunk(
    wanted: Sequence[HoldingValues], library: Library, group: ShelvingGroup, by: Actor, at: datetime
) -> list[Holding]:
    there = _held(wanted, library, group)
    new: dict[int, HoldingValues] = {}
    for one in wanted:
        if one.record_id not in there:
            new.setdefault(one.record_id, one)
    if new:
        begun = operations.begin("holdings.hold", by=by, at=at, library_code=library.code)
        made = _made(list(new.values()), library, group, at)
        Holding.objects.bulk_create(made)
        operations.finish(
            begun.operation,
            subject=f"holdings.holding:{made[0].pk}",
            result={"holdings": [holding.pk for holding in made]},
        )
        there |= {holding.record_id: holding for holding in made}
    return [there[one.record_id] for one in wanted]


def _made(
    wanted: Sequence[HoldingValues], library: Library, group: ShelvingGroup, at: datetime
) -> list[Holding]:
    numbers = [read_call_number(one.clc, one.call_number) for one in wanted]
    numbers = _without_taken(numbers, library, group)
    given = _numbered(numbers, library, group)
    holdings = []
    for one, number, book_number in zip(wanted, numbers, given, strict=True):
        text = number.text if book_number is None else shown(number.clc, book_number)
        holdings.append(
            Holding(
                library=library,
                group=group,
                record_id=one.record_id,
                clc=number.clc,
                book_number=book_number,
                call_number=text,
                call_number_sort=sort_key(text) if text else "",
                note=one.note[:500],
                created_at=at,
                modified_at=at,
            )
        )
    return holdings


def _without_taken(numbers: Sequence[CallNumber], library: Library, group: ShelvingGroup) -> list[CallNumber]:
    """A book number that the source gives to two titles stays with the first; the second is numbered anew."""
    classes = {number.clc for number in numbers if number.book_number is not None}
    rows = Holding.objects.filter(library=library, group=group, clc__in=classes, book_number__isnull=False)
    taken = set(rows.values_list("clc", "book_number"))
    result = []
    for number in numbers:
        key = (number.clc, number.book_number)
        result.append(
            CallNumber(number.clc, None, "") if number.book_number is not None and key in taken else number
        )
        taken.add(key)
    return result


def _numbered(numbers: Sequence[CallNumber], library: Library, group: ShelvingGroup) -> list[int | None]:
    highest: dict[str, int] = defaultdict(int)
    wanting: dict[str, int] = defaultdict(int)
    for number in numbers:
        highest[number.clc] = max(highest[number.clc], number.book_number or 0)
        wanting[number.clc] += number.needs_number
    following = {}
    for clc in sorted(wanting):  # always in one order: two takers of several classes cannot block each other
        if highest[clc]:
            raise_book_numbers(library.pk, group.pk, clc, highest[clc])
        if wanting[clc]:
            following[clc] = take_book_numbers(library.pk, group.pk, clc, wanting[clc])
    given: list[int | None] = []
    for number in numbers:
        if number.needs_number:
            given.append(following[number.clc])
            following[number.clc] += 1
        else:
            given.append(number.book_number)
    return given
