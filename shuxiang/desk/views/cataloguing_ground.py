"""What the pages of the cataloguing desk share: how far a grant reaches, what a refusal says, how an act is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _

from shuxiang.accounts.access import StaffRequest, libraries_of, scope
from shuxiang.catalogue.messages import say as say_catalogue
from shuxiang.common import clock
from shuxiang.common.decisions import Reason, Refused
from shuxiang.holdings.cataloguing import find_record
from shuxiang.holdings.messages import REFUSALS
from shuxiang.holdings.messages import say as say_holdings

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord

EDIT = "catalogue.edit"
POST = "holdings.post"


def the_record(pk: int) -> BibliographicRecord:
    """A living record, or 404."""
    found = find_record(pk)
    if found is None:
        raise Http404
    return found


def reach_of(request: StaffRequest) -> frozenset[int] | None:
    """The libraries whose records may be changed: those with a grant to catalogue; None for the whole installation."""
    today = clock.local_date(clock.now())
    if scope(request.user, EDIT, None, today).everywhere:
        return None
    mine = libraries_of(request.user, today)
    return frozenset(one.pk for one in mine if scope(request.user, EDIT, one, today).everywhere)


def may_post(request: StaffRequest) -> bool:
    """Whether the account may enter batches in the books."""
    return scope(request.user, POST, request.library, clock.local_date(clock.now())).everywhere


def may_print(request: StaffRequest) -> bool:
    """Whether the account may print the labels of volumes."""
    return scope(request.user, EDIT, request.library, clock.local_date(clock.now())).everywhere


def words(reason: Reason) -> str:
    """A refusal of the catalogue or of the stack room in words."""
    return say_holdings(reason) if reason.code in REFUSALS else say_catalogue(reason)


def sentences(refused: Refused) -> list[str]:
    """Every reason in words."""
    return [words(reason) for reason in refused.decision.reasons]


def tell_refused(request: StaffRequest, refused: Refused) -> None:
    """Say on the next page why nothing was done."""
    for sentence in sentences(refused):
        messages.error(request, sentence)


def tell_done(request: StaffRequest, sentence: str, operation: UUID | None = None) -> None:
    """Say on the next page what was done, with the way back."""
    messages.success(request, sentence, extra_tags=str(operation or ""))


def uuid_of(text: str) -> UUID | None:
    """An operation id as a form sends it."""
    try:
        return UUID(text)
    except ValueError:
        return None


def place_words(is_held: bool, copies: int, elsewhere: int) -> str:
    """Where a title is known, in a few words."""
    if copies:
        return _("%(copies)s copies here") % {"copies": copies}
    if is_held:
        return _("catalogued here, no copy")
    if elsewhere:
        return _("in %(count)s other libraries") % {"count": elsewhere}
    return _("held by no library")
