"""Ways in: one-time codes, passwords, keys for programs. Nothing here is kept in clear."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from shuxiang.accounts import keys, rules
from shuxiang.accounts.models import Account, ApiToken, SignInCode
from shuxiang.accounts.services.people import refuse
from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision

CODE_LIFETIME = timedelta(days=7)


@transaction.atomic
def issue_sign_in_code(
    *,
    account: Account,
    by: Actor,
    at: datetime,
    lifetime: timedelta = CODE_LIFETIME,
    is_reusable: bool = False,
) -> str:
    """A code with which the account's owner signs in once and sets a password. Unused one-time codes from before end with
    it. `is_reusable` is for demonstrations only: such a code signs in again and again and sets nothing."""
    if not is_reusable:
        SignInCode.objects.filter(account=account, used_at=None, is_reusable=False).update(expires_at=at)
    code = keys.new_code()
    row = SignInCode.objects.create(
        account=account,
        digest=keys.code_digest(code),
        created_at=at,
        expires_at=at + lifetime,
        is_reusable=is_reusable,
    )
    begun = operations.begin("accounts.issue_sign_in_code", by=by, at=at)
    operations.finish(begun.operation, subject=f"accounts.account:{account.pk}", detail={"code": row.pk})
    return code


def _open_code(code: str, at: datetime, *, is_reusable: bool) -> SignInCode:
    """The row of a code that opens now. Raises Refused."""
    rows = SignInCode.objects.select_related("account")
    row = rows.filter(digest=keys.code_digest(code), is_reusable=is_reusable).first()
    if row is None or not row.account.is_active:
        refuse("code_unknown")
    Decision.of([rules.judge_code(row.used_at, row.expires_at, at, reusable=is_reusable)]).enforce()
    return row


def account_of_code(code: str, at: datetime, *, is_reusable: bool = False) -> Account:
    """Whose code this is, if it opens now; nothing is used up. Raises Refused."""
    return _open_code(code, at, is_reusable=is_reusable).account


@transaction.atomic
def redeem_sign_in_code(*, code: str, at: datetime, password: str | None = None) -> Account:
    """Use a one-time code up: its account gets `password`; of two at the same moment one is refused. Without a password
    only a reusable (demonstration) code opens. Raises Refused."""
    row = _open_code(code, at, is_reusable=password is None)
    account = row.account
    used = (
        SignInCode.objects.filter(pk=row.pk).filter(Q(used_at=None) | Q(is_reusable=True)).update(used_at=at)
    )
    if not used:
        refuse("code_used")
    if password is not None:
        change_password(account=account, password=password, by=_self(account), at=at)
    return account


def _self(account: Account) -> Actor:
    return Actor(name=account.username, door="desk", account_id=account.pk)


@transaction.atomic
def change_password(*, account: Account, password: str, by: Actor, at: datetime) -> None:
    """Set a password that passes the rules of strength; every other session of the account ends. Raises Refused."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        refuse("password_weak", sentences=tuple(error.messages))
    account.set_password(password)
    account.save(update_fields=["password"])
    begun = operations.begin("accounts.change_password", by=by, at=at)
    operations.finish(begun.operation, subject=f"accounts.account:{account.pk}")


@transaction.atomic
def issue_api_token(*, account: Account, name: str, by: Actor, at: datetime) -> str:
    """A key for a program, shown this once."""
    token = keys.new_token()
    row = ApiToken.objects.create(
        account=account, name=name.strip()[:60], digest=keys.token_digest(token), created_at=at
    )
    begun = operations.begin("accounts.issue_api_token", by=by, at=at)
    operations.finish(begun.operation, subject=f"accounts.account:{account.pk}", detail={"token": row.pk})
    return token


@transaction.atomic
def revoke_api_token(*, token: ApiToken, by: Actor, at: datetime) -> None:
    """End a key; one ended before keeps its date."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    begun = operations.begin("accounts.revoke_api_token", by=by, at=at)
    operations.finish(
        begun.operation, subject=f"accounts.account:{token.account_id}", detail={"token": token.pk}
    )


def account_for_token(token: str) -> Account | None:
    """The active account a key belongs to; None for an unknown or revoked one. What it may do, its grants say."""
    row = (
        ApiToken.objects.select_related("account")
        .filter(digest=keys.token_digest(token), revoked_at=None)
        .first()
    )
    return row.account if row and row.account.is_active else None
