"""Readers come, change, move to another class, leave and come back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from shuxiang.accounts.models import Account
from shuxiang.accounts.services import end_grants
from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import rules
from shuxiang.patrons.models import Card, ClassMembership, Patron, PatronCategory
from shuxiang.patrons.selectors import pinyin_of
from shuxiang.patrons.services.cards import open_new

_DAY = timedelta(days=1)
_KEEP: Any = object()  # an argument that was not given, where None means "empty it"


def foreign(library: Library, *things: PatronCategory | SchoolClass | None) -> Reason | None:
    """A reader's category and class are of the reader's library."""
    if all(thing is None or thing.library_id == library.pk for thing in things):
        return None
    return Reason("patron_of_other_library", Weight.REFUSE)


@transaction.atomic
def add_patron(
    *,
    library: Library,
    name: str,
    category: PatronCategory,
    card_number: str,
    on: date,
    by: Actor,
    at: datetime,
    school_class: SchoolClass | None = None,
    class_number: int | None = None,
    entry_year: int | None = None,
    loan_limit: int | None = None,
    operation: UUID | None = None,
) -> Patron:
    """A new reader from `on`, with a card unless the number is empty, in a class when one is given. Two readers may have
    the same name. The same `operation` a second time returns the reader it made. Raises Refused."""
    request = {"library": library.code, "name": name, "category": category.pk, "card": card_number, "on": on}
    begun = operations.begin(
        "patrons.add_patron", by=by, at=at, library_code=library.code, operation_id=operation, request=request
    )
    if begun.repeated:
        return Patron.objects.get(pk=begun.operation.result["patron"])
    Decision.of([rules.judge_name(name), foreign(library, category, school_class)]).enforce()
    full, initials = pinyin_of(name)
    patron = Patron.objects.create(
        library=library,
        category=category,
        name=name.strip(),
        name_pinyin=full,
        name_initials=initials,
        loan_limit=loan_limit,
        joined_on=on,
        created_at=at,
        modified_at=at,
    )
    card = open_new(patron, card_number, at) if card_number else None
    if school_class is not None:
        ClassMembership.objects.create(
            patron=patron, school_class=school_class, number=class_number, entry_year=entry_year, from_on=on
        )
    detail = {"card": card.pk if card else None, "class": school_class.pk if school_class else None}
    operations.finish(
        begun.operation, subject=f"patrons.patron:{patron.pk}", result={"patron": patron.pk}, detail=detail
    )
    return patron


@transaction.atomic
def add_class_as_patron(
    *,
    school_class: SchoolClass,
    category: PatronCategory,
    card_number: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Patron:
    """The class itself as a reader, for collective loans (送书下班级); one a class. Its name is its label of that day, and
    pages show the label of their own day. Raises Refused."""
    library = school_class.library
    has_one = Patron.objects.filter(school_class=school_class, deleted_at=None).exists()
    is_class = category.kind == PatronCategory.Kind.CLASS
    Decision.of([
        Reason("class_is_patron", Weight.REFUSE) if has_one else None,
        None if is_class else Reason("category_not_for_class", Weight.REFUSE, {"category": category.name}),
    ]).enforce()  # fmt: skip
    patron = add_patron(
        library=library,
        name=ground.label_of(school_class, on),
        category=category,
        card_number=card_number,
        on=on,
        by=by,
        at=at,
    )
    patron.school_class = school_class
    patron.save(update_fields=["school_class"])
    return patron


@transaction.atomic
def change_patron(
    *,
    patron: Patron,
    by: Actor,
    at: datetime,
    name: str | None = None,
    category: PatronCategory | None = None,
    loan_limit: int | None = _KEEP,
) -> Patron:
    """Change what is given; `loan_limit=None` goes back to the policy's. Raises Refused."""
    patron = _fresh(patron)
    before = {"name": patron.name, "category": patron.category_id, "loan_limit": patron.loan_limit}
    Decision.of([
        rules.judge_name(name) if name is not None else None,
        foreign(patron.library, category),
    ]).enforce()  # fmt: skip
    if name is not None:
        patron.name = name.strip()
        patron.name_pinyin, patron.name_initials = pinyin_of(name)
    patron.category = category or patron.category
    if loan_limit is not _KEEP:
        patron.loan_limit = loan_limit
    after = {"name": patron.name, "category": patron.category_id, "loan_limit": patron.loan_limit}
    if after != before:
        patron.modified_at = at
        patron.save()
        # which columns, not what stood there: the audit trail names no reader
        changed = {"changed": [key for key in after if after[key] != before[key]]}
        _note("patrons.change_patron", patron, by, at, changed)
    return patron


@transaction.atomic
def move_class(
    *,
    patron: Patron,
    school_class: SchoolClass | None,
    on: date,
    by: Actor,
    at: datetime,
    number: int | None = None,
    entry_year: int | None = None,
) -> ClassMembership | None:
    """Put a reader into a class from a day on (None: into none); the class until then ends the day before. In the same
    class only the number changes. Raises Refused for a day not after the last move."""
    patron = _fresh(patron)
    now = patron.memberships.filter(to_on=None).first()
    if now and school_class and now.school_class_id == school_class.pk and now.entry_year == entry_year:
        now.number = number if number is not None else now.number
        now.save(update_fields=["number"])
        return now
    Decision.of([
        foreign(patron.library, school_class),
        rules.judge_move(now.from_on if now else None, on),
    ]).enforce()  # fmt: skip
    if now:
        now.to_on = on - _DAY
        now.save(update_fields=["to_on"])
    opened = None
    if school_class is not None:
        opened = ClassMembership.objects.create(
            patron=patron, school_class=school_class, number=number, entry_year=entry_year, from_on=on
        )
    patron.modified_at = at
    patron.save(update_fields=["modified_at"])
    detail = {"from": now.school_class_id if now else None, "to": school_class.pk if school_class else None}
    _note("patrons.move_class", patron, by, at, {**detail, "on": on.isoformat()})
    return opened


@transaction.atomic
def leave(*, patron: Patron, on: date, by: Actor, at: datetime) -> Patron:
    """A reader leaves the school: `on` is the last day. Cards close, the class ends; what is still out stays the reader's,
    and circulation says so. Raises Refused."""
    patron = _fresh(patron)
    Decision.of([rules.judge_leaving(patron.joined_on, patron.left_on, on)]).enforce()
    close(patron, on, by, at)
    _note("patrons.leave", patron, by, at, {"on": on.isoformat()})
    return patron


def close(patron: Patron, on: date, by: Actor, at: datetime) -> None:
    """Write a reader's end inside the caller's act: last day, open cards, open membership, and what the linked account
    was granted in this library, so that who left the school signs in no more."""
    patron.left_on, patron.modified_at = on, at
    patron.save(update_fields=["left_on", "modified_at"])
    patron.cards.filter(to_at=None).update(to_at=at, ended=Card.Ended.LEFT)
    for membership in patron.memberships.filter(to_on=None):
        membership.to_on = max(on, membership.from_on)
        membership.save(update_fields=["to_on"])
    if patron.account is not None:
        end_grants(account=patron.account, library=patron.library, on=on, by=by, at=at)


@transaction.atomic
def come_back(
    *,
    patron: Patron,
    on: date,
    by: Actor,
    at: datetime,
    card_number: str = "",
    school_class: SchoolClass | None = None,
) -> Patron:
    """A reader who left is here again. Without a new number the card closed at leaving opens again: it was, and stays, the
    reader's own. Grants of the account do not come back by themselves. Raises Refused for one who never left."""
    patron = _fresh(patron)
    left_on = patron.left_on
    if left_on is None:
        Decision((Reason("patron_never_left", Weight.REFUSE),)).enforce()
    patron.left_on, patron.modified_at = None, at
    patron.save(update_fields=["left_on", "modified_at"])
    if card_number:
        open_new(patron, card_number, at)
    else:
        last = patron.cards.filter(ended=Card.Ended.LEFT).order_by("-to_at", "-pk").first()
        if last:
            last.to_at, last.ended = None, ""
            last.save(update_fields=["to_at", "ended"])
    if school_class is not None:
        move_class(patron=patron, school_class=school_class, on=on, by=by, at=at)
    _note("patrons.come_back", patron, by, at, {"on": on.isoformat(), "left_on": str(left_on)})
    return patron


@transaction.atomic
def link_account(*, patron: Patron, account: Account | None, by: Actor, at: datetime) -> Patron:
    """Join a reader to the account that the same person signs in with, or part them. Raises Refused when it is another's."""
    patron = _fresh(patron)
    others = Patron.objects.filter(account=account).exclude(pk=patron.pk)
    if account is not None and others.exists():
        Decision((Reason("account_linked_already", Weight.REFUSE, {"account": account.username}),)).enforce()
    patron.account, patron.modified_at = account, at
    patron.save(update_fields=["account", "modified_at"])
    _note("patrons.link_account", patron, by, at, {"account": account.username if account else ""})
    return patron


@transaction.atomic
def remove_patron(*, patron: Patron, by: Actor, at: datetime) -> None:
    """Undo the making of a reader: a tombstone without name stays, cards are closed as undone and their numbers stay taken.
    Whoever calls this has made sure that nothing refers to the reader."""
    patron = _fresh(patron)
    patron.cards.filter(to_at=None).update(to_at=at, ended=Card.Ended.UNDONE)
    patron.memberships.all().delete()
    patron.name = patron.name_pinyin = patron.name_initials = ""
    patron.left_on = patron.left_on or patron.joined_on
    patron.deleted_at = patron.modified_at = at
    patron.save()
    _note("patrons.remove_patron", patron, by, at, {})


def _fresh(patron: Patron) -> Patron:
    return Patron.objects.select_related("library", "category").get(pk=patron.pk)


def _note(action: str, patron: Patron, by: Actor, at: datetime, detail: Mapping[str, object]) -> None:
    begun = operations.begin(action, by=by, at=at, library_code=patron.library.code)
    operations.finish(begun.operation, subject=f"patrons.patron:{patron.pk}", detail=detail)
