"""Chosen: proposed by the class, appointed with an account and a narrow grant, ended with both."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuxiang.accounts.models import Account, Grant
from shuxiang.accounts.services import create_account, end_grant, grant, issue_sign_in_code, set_active
from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision
from shuxiang.helpers import rules
from shuxiang.helpers.models import Helper
from shuxiang.helpers.refusals import refuse
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron, PatronCategory
from shuxiang.patrons.selectors import membership_on
from shuxiang.patrons.services import link_account

ROLE = "pupil_librarian"
MOST_VOTES = 500
State = Helper.State


@transaction.atomic
def propose(
    patron: Patron, *, library: Library, on: date, by: Actor, at: datetime, votes: int | None = None,
    operation_id: UUID | None = None,
) -> Helper:  # fmt: skip
    """A class proposes one of its pupils, with the votes where there was an election. Raises Refused."""
    begun = operations.begin(
        "helpers.propose", by=by, at=at, library_code=library.code, operation_id=operation_id,
        request={"reader": patron.pk, "votes": votes},
    )  # fmt: skip
    if begun.repeated:
        return Helper.objects.get(pk=begun.operation.result["helper"])
    if patron.library_id != library.pk or (votes is not None and not 0 <= votes <= MOST_VOTES):
        raise refuse("bad_proposal")
    now = (
        Patron.objects.select_for_update(of=("self",)).select_related("category", "library").get(pk=patron.pk)
    )
    has_one = Helper.objects.filter(patron=now, state__in=[State.PROPOSED, State.APPOINTED]).exists()
    is_pupil = now.category.kind == PatronCategory.Kind.PUPIL
    rules.judge_proposal(is_pupil=is_pupil, left_on=now.left_on, name=now.name, has_one=has_one).enforce()
    member = membership_on(now, on)
    helper = Helper.objects.create(
        library=library, patron=now, votes=votes, proposed_on=on, modified_at=at,
        school_class=member.school_class if member else None,
    )  # fmt: skip
    operations.finish(begun.operation, subject=f"helpers.helper:{helper.pk}", result={"helper": helper.pk})
    return helper


def _fresh(helper: Helper) -> Helper:
    rows = Helper.objects.select_for_update(of=("self",))
    return rows.select_related(
        "patron__account", "patron__library", "library", "school_class", "account"
    ).get(pk=helper.pk)


@transaction.atomic
def decline(helper: Helper, *, by: Actor, at: datetime) -> Helper:
    """A proposal that is not followed. Raises Refused when it was decided already."""
    now = _fresh(helper)
    if now.state != State.PROPOSED:
        raise refuse("decided_already", name=now.patron.name)
    now.state, now.modified_at = State.DECLINED, at
    now.save(update_fields=["state", "modified_at"])
    _note("helpers.decline", now, by, at)
    return now


@transaction.atomic
def appoint(helper: Helper, *, from_on: date, to_on: date, for_all: bool, by: Actor, at: datetime) -> Helper:
    """Appoint from a day to a day: an account of the child's own, with the narrow role for the own class, or for shifts
    that serve everybody. Who has been one before keeps the account. Raises Refused."""
    now = _fresh(helper)
    if now.state != State.PROPOSED:
        raise refuse("decided_already", name=now.patron.name)
    if now.patron.left_on is not None:
        raise refuse("gone", name=now.patron.name)
    Decision.of([rules.judge_time(from_on, to_on)]).enforce()
    if not for_all and now.school_class is None:
        raise refuse("no_class", name=now.patron.name)
    account = _account(now.patron, by, at)
    grant(
        account=account, role=ROLE, library=now.library, school_class=None if for_all else now.school_class,
        from_on=from_on, to_on=to_on, by=by, at=at,
    )  # fmt: skip
    now.school_class = None if for_all else now.school_class
    now.account, now.state, now.from_on, now.to_on = account, State.APPOINTED, from_on, to_on
    now.modified_at = at
    now.save()
    _note("helpers.appoint", now, by, at)
    return now


def _account(patron: Patron, by: Actor, at: datetime) -> Account:
    """The child's account: that of an earlier appointment, else a new one named after the reader's own key."""
    if patron.account is not None:
        if not patron.account.is_active:
            set_active(account=patron.account, is_active=True, by=by, at=at)
        return patron.account
    account = create_account(
        username=f"xg-{patron.library.code}-{patron.pk}", display_name=patron.name, by=by, at=at
    )
    link_account(patron=patron, account=account, by=by, at=at)
    return account


@transaction.atomic
def new_card(helper: Helper, *, by: Actor, at: datetime) -> str:
    """A fresh one-time code for the child's card, to choose a password with; earlier codes end. Raises Refused."""
    now = _fresh(helper)
    if now.state != State.APPOINTED or now.account is None:
        raise refuse("not_appointed", name=now.patron.name)
    code = issue_sign_in_code(account=now.account, by=by, at=at, lifetime=timedelta(days=30))
    _note("helpers.new_card", now, by, at)
    return code


@transaction.atomic
def end(helper: Helper, *, on: date, by: Actor, at: datetime) -> Helper:
    """The last day: the grant ends with it, and the account is closed where it opens nothing else. Raises Refused."""
    now = _fresh(helper)
    if now.state != State.APPOINTED:
        raise refuse("not_appointed", name=now.patron.name)
    last = max(on, now.from_on or on)
    if now.account is not None:
        mine = Grant.objects.filter(account=now.account, library=now.library, role__code=ROLE)
        for row in mine.exclude(to_on__lt=on).select_related("library"):
            end_grant(
                grant=row, on=max(on - timedelta(days=1), row.from_on - timedelta(days=1)), by=by, at=at
            )
        others = Grant.objects.filter(account=now.account).exclude(pk__in=mine.values("pk"))
        if not others.exclude(to_on__lt=on).exists():
            set_active(account=now.account, is_active=False, by=by, at=at)
    now.state, now.modified_at = State.ENDED, at
    now.to_on = min(now.to_on or last, last)
    now.save(update_fields=["state", "to_on", "modified_at"])
    _note("helpers.end", now, by, at)
    return now


def _note(action: str, helper: Helper, by: Actor, at: datetime) -> None:
    begun = operations.begin(action, by=by, at=at, library_code=helper.library.code)
    operations.finish(begun.operation, subject=f"helpers.helper:{helper.pk}")
