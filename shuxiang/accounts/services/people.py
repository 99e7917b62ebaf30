"""Accounts and what they are granted."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NoReturn

from django.db import transaction
from django.db.models import Q

from shuxiang.accounts.models import Account, Grant, Role
from shuxiang.accounts.permissions import PERMISSIONS
from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library, Room, SchoolClass


def refuse(code: str, **params: object) -> NoReturn:
    raise Refused(Decision((Reason(code, Weight.REFUSE, params),)))


def plain_username(username: str) -> str:
    """The one spelling of a sign-in name: no full-width signs, no capitals, no spaces around."""
    return unicodedata.normalize("NFKC", username).strip().lower()


@transaction.atomic
def create_account(
    *, username: str, display_name: str, by: Actor, at: datetime, language: str = ""
) -> Account:
    """An account without a password: its owner sets one with a sign-in code. Raises Refused for a name taken or unfit."""
    username = plain_username(username)
    if not username or len(username) > 60 or any(sign.isspace() for sign in username):
        refuse("username_bad", username=username)
    if Account.objects.filter(username=username).exists():
        refuse("username_taken", username=username)
    account = Account(
        username=username, display_name=display_name.strip() or username, language=language, created_at=at
    )
    account.set_unusable_password()
    account.save()
    begun = operations.begin("accounts.create_account", by=by, at=at)
    operations.finish(
        begun.operation, subject=f"accounts.account:{account.pk}", detail={"username": username}
    )
    return account


@transaction.atomic
def set_active(*, account: Account, is_active: bool, by: Actor, at: datetime) -> Account:
    """Close an account or open it again; a closed one is out at its next click and by every door."""
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    begun = operations.begin("accounts.set_active", by=by, at=at)
    operations.finish(
        begun.operation, subject=f"accounts.account:{account.pk}", detail={"is_active": is_active}
    )
    return account


@transaction.atomic
def grant(
    *,
    account: Account,
    role: str,
    library: Library | None,
    from_on: date,
    by: Actor,
    at: datetime,
    to_on: date | None = None,
    school_class: SchoolClass | None = None,
    room: Room | None = None,
) -> Grant:
    """Give an account a role (by its code) in a library, in all of them when None, perhaps for one class or room only, from
    a day to a day, both included. The same grant still open is returned as it is. Raises Refused."""
    found = Role.objects.filter(code=role).first()
    if found is None:
        refuse("role_unknown", role=role)
    for place in (school_class, room):
        if place is not None and (library is None or place.library_id != library.pk):
            refuse("grant_place_elsewhere")
    if to_on is not None and to_on < from_on:
        refuse("grant_order")
    same = Grant.objects.filter(
        account=account,
        role=found,
        library=library,
        school_class=school_class,
        room=room,
        from_on__lte=from_on,
    )
    row = same.filter(to_on=None).first()
    if row is None:
        row = Grant.objects.create(
            account=account,
            role=found,
            library=library,
            school_class=school_class,
            room=room,
            from_on=from_on,
            to_on=to_on,
        )
        begun = operations.begin("accounts.grant", by=by, at=at, library_code=library.code if library else "")
        detail = {"role": role, "from_on": from_on.isoformat(), "grant": row.pk}
        operations.finish(begun.operation, subject=f"accounts.account:{account.pk}", detail=detail)
    return row


@transaction.atomic
def end_grant(*, grant: Grant, on: date, by: Actor, at: datetime) -> Grant:
    """End a grant: `on` is its last day."""
    grant.to_on = on
    grant.save(update_fields=["to_on"])
    begun = operations.begin(
        "accounts.end_grant", by=by, at=at, library_code=grant.library.code if grant.library else ""
    )
    detail = {"grant": grant.pk, "on": on.isoformat()}
    operations.finish(begun.operation, subject=f"accounts.account:{grant.account_id}", detail=detail)
    return grant


@transaction.atomic
def end_grants(
    *, account: Account, library: Library, on: date, by: Actor, at: datetime
) -> list[tuple[int, date | None]]:
    """End everything an account holds in a library: `on` is the last day. Grants ended before, and those in other libraries
    or in all of them, stay. Gives which ended, with the last day each had: what give_back_grants() wants."""
    rows = Grant.objects.filter(account=account, library=library).filter(Q(to_on=None) | Q(to_on__gt=on))
    ended = []
    for row in rows.select_related("library"):
        ended.append((row.pk, row.to_on))
        end_grant(grant=row, on=on, by=by, at=at)
    return ended


@transaction.atomic
def give_back_grants(
    ended: Sequence[tuple[int, date | None]], *, library: Library, on: date, by: Actor, at: datetime
) -> int:
    """Take end_grants() back: each grant runs to the day it had. One that was changed since keeps its change. How many."""
    untouched = (
        Grant.objects.select_for_update()
        .filter(library=library, to_on=on)
        .in_bulk([pk for pk, _day in ended])
    )
    for pk, day in ended:
        row = untouched.get(pk)
        if row is None:
            continue
        row.to_on = day
        row.save(update_fields=["to_on"])
        begun = operations.begin("accounts.give_back_grant", by=by, at=at, library_code=library.code)
        detail = {"grant": pk, "to_on": day.isoformat() if day else ""}
        operations.finish(begun.operation, subject=f"accounts.account:{row.account_id}", detail=detail)
    return len(untouched)


@transaction.atomic
def copy_role(
    *, role: Role, code: str, name: str, permissions: Collection[str], by: Actor, at: datetime
) -> Role:
    """A school's own role after a shipped one, with the permissions given. Raises Refused for a code taken or a permission
    that does not exist."""
    unknown = sorted(set(permissions) - PERMISSIONS.keys())
    if unknown:
        refuse("permission_unknown", permission=unknown[0])
    if Role.objects.filter(code=code).exists():
        refuse("role_taken", role=code)
    copied = Role.objects.create(code=code, name=name, permissions=sorted(permissions))
    begun = operations.begin("accounts.copy_role", by=by, at=at)
    operations.finish(begun.operation, subject=f"accounts.role:{copied.pk}", detail={"after": role.code})
    return copied
