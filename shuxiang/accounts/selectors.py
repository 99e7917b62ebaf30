"""Reads of accounts."""

from datetime import date

from shuxiang.accounts import keys
from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.accounts.models import Account
from shuxiang.accounts.services.people import plain_username
from shuxiang.audit.prepared import Question
from shuxiang.libraries.models import Library


def find_account(username: str) -> Account | None:
    """The account with a sign-in name, however it is typed; closed ones too."""
    return Account.objects.filter(username=plain_username(username)).first()


def kiosks_of(library: Library) -> list[Kiosk]:
    """The self-service machines of a library, those in use first."""
    rows = Kiosk.objects.filter(library=library).select_related("room", "library")
    return sorted(rows, key=lambda kiosk: (kiosk.revoked_at is not None, kiosk.name))


def find_kiosk(library: Library, pk: int) -> Kiosk | None:
    return Kiosk.objects.filter(library=library, pk=pk).select_related("room", "library").first()


def kiosk_with_key(key: str, today: date) -> Kiosk | None:
    """The machine that a key belongs to, unless it was taken out of use or its time is over."""
    kiosk = _KIOSK.first(digest=keys.token_digest(key)) if key else None
    if kiosk is None or (kiosk.expires_on is not None and kiosk.expires_on < today):
        return None
    return kiosk


_KIOSK = Question(
    lambda digest: Kiosk.objects.filter(key_digest=digest, revoked_at=None).select_related(
        "library__standard"
    )
)


def name_of(username: str) -> str:
    """What people call the account that signs in under this name; the name itself where there is none (any more)."""
    found = Account.objects.filter(username=username).values_list("display_name", flat=True).first()
    return found or username
