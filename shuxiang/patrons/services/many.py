"""Readers by the hundred, as a list brings them: one act, the same rules, a few statements (decision 0027)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import transaction

from shuxiang.audit import bulk, operations
from shuxiang.common.actors import Actor
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Decision
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import rules
from shuxiang.patrons.models import Card, ClassMembership, Patron, PatronCategory
from shuxiang.patrons.selectors import pinyin_of
from shuxiang.patrons.services.people import foreign

_PATRON = ("id", "uuid", "category_id", "name", "name_pinyin", "name_initials", "loan_limit", "joined_on")
_HELD = (
    "SELECT c.number, p.name, c.to_at IS NULL FROM patrons_card c JOIN patrons_patron p ON p.id = c.patron_id"
    " WHERE c.library_id = %s AND c.number IN ({keys})"
)


@dataclass(slots=True, kw_only=True)
class NewPatron:
    """A reader to come, from the day `on`; the card is theirs from `card_from`, without it from the act."""

    name: str
    category: PatronCategory
    card_number: str
    on: date
    school_class: SchoolClass | None = None
    class_number: int | None = None
    loan_limit: int | None = None
    card_from: datetime | None = None


@transaction.atomic
def add_patrons(wanted: Sequence[NewPatron], *, library: Library, by: Actor, at: datetime) -> list[int]:
    """Add readers, all or none, as add_patron does one by one; gives their keys, in order. Raises Refused."""
    if not wanted:
        return []
    begun = operations.begin("patrons.add_patrons", by=by, at=at, library_code=library.code)
    numbers = [clean_scan(one.card_number) if one.card_number else "" for one in wanted]
    _judge(wanted, numbers, library)
    keys = list(bulk.take_keys(Patron, len(wanted)))
    _write(keys, wanted, library, at)
    day = cache(lambda on: bulk.stored(ClassMembership, "from_on", on))
    instant = cache(lambda when: bulk.stored(Card, "from_at", when))
    cards = [
        (key, number, instant(one.card_from or at))
        for key, number, one in zip(keys, numbers, wanted, strict=True)
        if number
    ]
    bulk.insert(Card, ("patron_id", "number", "from_at"), cards, constants={"library": library.pk})
    members = [
        (key, one.school_class.pk, one.class_number, day(one.on))
        for key, one in zip(keys, wanted, strict=True)
        if one.school_class is not None
    ]
    bulk.insert(ClassMembership, ("patron_id", "school_class_id", "number", "from_on"), members)
    operations.finish(begun.operation, subject=f"patrons.patron:{keys[0]}", result={"patrons": keys})
    return keys


def _judge(wanted: Sequence[NewPatron], numbers: Sequence[str], library: Library) -> None:
    """The rules of add_patron for each; a number that two of them shall have is taken by the first."""
    taken = {number: (name, bool(is_open)) for number, name, is_open in _held(numbers, library)}
    for one, number in zip(wanted, numbers, strict=True):
        reasons = [rules.judge_name(one.name), foreign(library, one.category, one.school_class)]
        if number:
            name, is_open = taken.get(number, (None, False))
            reasons += [rules.judge_number(number), rules.judge_taken(number, name, is_open)]
            taken[number] = (one.name, True)
        Decision.of(reasons).enforce()


def _held(numbers: Sequence[str], library: Library) -> list[tuple[str, str, bool]]:
    return [(number, name, is_open) for number, name, is_open in bulk.rows_in(_HELD, numbers, library.pk)]


def _write(keys: Sequence[int], wanted: Sequence[NewPatron], library: Library, at: datetime) -> None:
    day = cache(lambda on: bulk.stored(Patron, "joined_on", on))
    rows = [
        (key, uuid, one.category.pk, one.name.strip(), *pinyin_of(one.name), one.loan_limit, day(one.on))
        for key, uuid, one in zip(keys, bulk.new_uuids(len(wanted)), wanted, strict=True)
    ]
    bulk.insert(Patron, _PATRON, rows, constants={"library": library.pk, "created_at": at, "modified_at": at})
