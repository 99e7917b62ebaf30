"""Reads of accounts."""

from shuxiang.accounts.models import Account
from shuxiang.accounts.services.people import plain_username


def find_account(username: str) -> Account | None:
    """The account with a sign-in name, however it is typed; closed ones too."""
    return Account.objects.filter(username=plain_username(username)).first()
