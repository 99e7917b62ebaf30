"""Who may pass: a key in the Authorization header, its grants in the library named. Cookies open nothing here."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from shuxiang.accounts.access import scope
from shuxiang.accounts.rules import Scope
from shuxiang.accounts.services import account_for_token
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.accounts.models import Account
    from shuxiang.libraries.models import Library
    from shuxiang.patrons.models import Patron


class Stopped(Exception):
    """The request ends here, with a status, a code and a sentence."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text


class Key(HttpBearer):
    """`Authorization: Bearer sx_…`: a key that an account was given; it can do what the account may."""

    def authenticate(self, request: HttpRequest, token: str) -> "Account | None":
        return account_for_token(token)


@dataclass(frozen=True)
class Pass:
    """Whom a request comes from, for which library, how far the permission to lend reaches, and when it came."""

    account: "Account"
    library: "Library"
    reach: Scope
    at: datetime

    @property
    def by(self) -> Actor:
        return Actor(name=self.account.username, door="api", account_id=self.account.pk)

    def confirmed(self, codes: list[str]) -> frozenset[str]:
        """The answers that count: those of an account that may lend although the program asks."""
        on = clock.local_date(self.at)
        may = scope(self.account, "desk.override", self.library, on).everywhere
        return frozenset(codes) if may else frozenset()

    def sees(self, patron: "Patron") -> bool:
        """Whether the reader is within reach; a helper with a grant for one class serves that class only."""
        if self.reach.everywhere:
            return True
        membership = patrons.membership_on(patron, clock.local_date(self.at))
        return membership is not None and self.reach.has_class(membership.school_class_id)


def named_library(code: str) -> "Library":
    """The library with a code. Raises Stopped."""
    found = libraries.find_library(code)
    if found is None:
        raise Stopped(404, "library_unknown", _("There is no library with this code."))
    return found


def let_in(request: HttpRequest, library_code: str) -> Pass:
    """The pass of a request that lends or takes back in a library. Raises Stopped."""
    library, at = named_library(library_code), clock.now()
    account = cast("Account", request.auth)  # type: ignore[attr-defined]
    reach = scope(account, "desk.lend", library, clock.local_date(at))
    if not reach:
        raise Stopped(403, "not_allowed", _("This key may not lend or take back in this library."))
    return Pass(account, library, reach, at)


def operation_of(request: HttpRequest, in_body: UUID | None) -> UUID | None:
    """The operation id: of the body, or of the header Idempotency-Key. Raises Stopped for one that is no UUID."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return in_body
    try:
        in_header = UUID(given)
    except ValueError:
        raise Stopped(422, "operation_invalid", _("The Idempotency-Key must be a UUID.")) from None
    if in_body not in (None, in_header):
        raise Stopped(422, "operation_invalid", _("Header and body name different operations."))
    return in_header
