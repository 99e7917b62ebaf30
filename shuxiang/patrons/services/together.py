"""Readers leave, come back and move by the hundred: the rules of the single acts, a few statements, one operation each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from shuxiang.accounts.services import end_grants, give_back_grants
from shuxiang.audit import bulk, operations
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import rules
from shuxiang.patrons.models import Card, ClassMembership, Patron

_DAY = timedelta(days=1)


Granted = tuple[int, str | None]  # a grant and the last day it had, as JSON keeps it


@dataclass(frozen=True, slots=True)
class Left:
    """What an end of many wrote, so that it can be taken back: cards, memberships, grants by reader, and who stayed."""

    cards: Mapping[int, list[int]]
    memberships: Mapping[int, list[int]]
    kept: Mapping[int, str]  # reader → code of the reason why nothing was done
    grants: Mapping[int, list[Granted]] = field(default_factory=dict)

    def effects(self, key: int) -> dict[str, object]:
        """What to put back for one reader: kept as JSON by whoever can take the end back."""
        return {
            "cards": self.cards.get(key, []),
            "memberships": self.memberships.get(key, []),
            "grants": self.grants.get(key, []),
        }


@transaction.atomic
def leave_many(keys: Collection[int], *, library: Library, on: date, by: Actor, at: datetime) -> Left:
    """End these readers as leave() does one by one: `on` is the last day; who left already, or came later, is kept."""
    patrons = {
        one.pk: one
        for one in Patron.objects.filter(library=library, pk__in=keys, deleted_at=None).select_related(
            "account"
        )
    }
    kept = {}
    for one in patrons.values():
        reason = rules.judge_leaving(one.joined_on, one.left_on, on)
        if reason is not None:
            kept[one.pk] = reason.code
    going = [key for key in patrons if key not in kept]
    Patron.objects.filter(pk__in=going).update(left_on=on, modified_at=at)
    cards: dict[int, list[int]] = {}
    for pk, patron in Card.objects.filter(patron__in=going, to_at=None).values_list("pk", "patron_id"):
        cards.setdefault(patron, []).append(pk)
    Card.objects.filter(patron__in=going, to_at=None).update(to_at=at, ended=Card.Ended.LEFT)
    memberships: dict[int, list[int]] = {}
    open_ones = list(ClassMembership.objects.filter(patron__in=going, to_on=None))
    for row in open_ones:
        row.to_on = max(on, row.from_on)
        memberships.setdefault(row.patron_id, []).append(row.pk)
    bulk.update(ClassMembership, ("to_on",), open_ones)
    grants: dict[int, list[Granted]] = {}
    for key in going:
        account = patrons[key].account
        if account is not None:
            ended = end_grants(account=account, library=library, on=on, by=by, at=at)
            grants[key] = [(pk, day.isoformat() if day else None) for pk, day in ended]
    _note("patrons.leave_many", library, by, at, {"on": on.isoformat(), "count": len(going)})
    return Left(cards, memberships, kept, grants)


@dataclass(frozen=True, slots=True)
class WasLeft:
    """One reader's end as leave_many wrote it."""

    patron_id: int
    left_on: date
    modified_at: datetime
    cards: Sequence[int]
    memberships: Sequence[int]
    grants: Sequence[Granted] = ()  # ends written before these were kept have none


@transaction.atomic
def never_left(rows: Sequence[WasLeft], *, library: Library, by: Actor, at: datetime) -> set[int]:
    """Take ends back where nobody has touched the reader since, what the account was granted with them; gives the readers
    that are here again. It is unlike come_back(): there a new time begins, here the end never was."""
    found = Patron.objects.filter(library=library, pk__in=[row.patron_id for row in rows], deleted_at=None)
    now = {
        pk: (left_on, modified) for pk, left_on, modified in found.values_list("pk", "left_on", "modified_at")
    }
    back = [row for row in rows if now.get(row.patron_id) == (row.left_on, row.modified_at)]
    keys = [row.patron_id for row in back]
    Patron.objects.filter(pk__in=keys).update(left_on=None, modified_at=at)
    ours = Card.objects.filter(pk__in=[pk for row in back for pk in row.cards], ended=Card.Ended.LEFT)
    ours.update(to_at=None, ended="")
    memberships = [pk for row in back for pk in row.memberships]
    ClassMembership.objects.filter(pk__in=memberships, patron__in=keys).update(to_on=None)
    for row in back:
        ended = [(pk, date.fromisoformat(day) if day else None) for pk, day in row.grants]
        give_back_grants(ended, library=library, on=row.left_on, by=by, at=at)
    _note("patrons.never_left", library, by, at, {"count": len(back)})
    return set(keys)


@dataclass(frozen=True, slots=True)
class Move:
    """A reader who goes into a class."""

    patron_id: int
    school_class: SchoolClass
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A move as it was written: the membership that began and the one that ended with it."""

    patron_id: int
    membership: int
    before: int | None


@transaction.atomic
def move_many(
    moves: Sequence[Move], *, library: Library, on: date, by: Actor, at: datetime
) -> tuple[list[Moved], dict[int, str]]:
    """Put readers into classes from a day on as move_class() does one by one; who cannot go is kept, with the reason."""
    present = Patron.objects.filter(
        library=library, pk__in=[m.patron_id for m in moves], left_on=None, deleted_at=None
    )
    here = set(present.values_list("pk", flat=True))
    open_ones = {row.patron_id: row for row in ClassMembership.objects.filter(patron__in=here, to_on=None)}
    kept: dict[int, str] = {}
    ending, made = [], []
    for move in moves:
        now = open_ones.get(move.patron_id)
        if move.patron_id not in here or move.school_class.library_id != library.pk:
            kept[move.patron_id] = "patron_gone"
        elif now is not None and now.school_class_id == move.school_class.pk:
            kept[move.patron_id] = "in_class_already"
        elif rules.judge_move(now.from_on if now else None, on) is not None:
            kept[move.patron_id] = "move_too_early"
        else:
            if now is not None:
                now.to_on = on - _DAY
                ending.append(now)
            row = ClassMembership(
                patron_id=move.patron_id, school_class=move.school_class, number=move.number, from_on=on
            )
            made.append((row, now.pk if now else None))
    bulk.update(ClassMembership, ("to_on",), ending)
    ClassMembership.objects.bulk_create([row for row, _before in made])
    Patron.objects.filter(pk__in=[row.patron_id for row, _before in made]).update(modified_at=at)
    _note("patrons.move_many", library, by, at, {"on": on.isoformat(), "count": len(made)})
    return [Moved(row.patron_id, row.pk, before) for row, before in made], kept


@transaction.atomic
def never_moved(rows: Sequence[Moved], *, library: Library, by: Actor, at: datetime) -> set[int]:
    """Take moves back where the reader is still in the class of the move; gives those who are back in the one before."""
    open_ones = ClassMembership.objects.filter(pk__in=[row.membership for row in rows], to_on=None)
    still = set(open_ones.filter(patron__library=library).values_list("pk", flat=True))
    back = [row for row in rows if row.membership in still]
    ClassMembership.objects.filter(pk__in=[row.membership for row in back]).delete()
    before = [row.before for row in back if row.before is not None]
    ClassMembership.objects.filter(pk__in=before).update(to_on=None)
    keys = {row.patron_id for row in back}
    Patron.objects.filter(pk__in=keys).update(modified_at=at)
    _note("patrons.never_moved", library, by, at, {"count": len(back)})
    return keys


@transaction.atomic
def remove_many(keys: Collection[int], *, library: Library, by: Actor, at: datetime) -> None:
    """Undo the making of readers as remove_patron() does one by one; whoever calls has made sure that nobody uses them."""
    found = Patron.objects.filter(library=library, pk__in=keys, deleted_at=None)
    some = list(found.values_list("pk", flat=True))
    Card.objects.filter(patron__in=some, to_at=None).update(to_at=at, ended=Card.Ended.UNDONE)
    ClassMembership.objects.filter(patron__in=some).delete()
    Patron.objects.filter(pk__in=some).update(
        name="",
        name_pinyin="",
        name_initials="",
        left_on=Coalesce("left_on", "joined_on"),
        deleted_at=at,
        modified_at=at,
    )
    _note("patrons.remove_many", library, by, at, {"count": len(some)})


def _note(action: str, library: Library, by: Actor, at: datetime, detail: dict[str, object]) -> None:
    begun = operations.begin(action, by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=f"libraries.library:{library.pk}", detail=detail)
