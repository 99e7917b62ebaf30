"""Place a hold on what a code stands for: a barcode or an ISBN; programs and the command line."""

from datetime import datetime
from uuid import UUID

from shuxiang.circulation import selectors
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.services.holds import place_hold
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card, Patron


class UnknownCode(Refused):
    """The code is neither a volume nor a title of the library."""


def place_hold_by_code(
    *,
    library: Library,
    patron: Patron,
    code: str,
    only_this_volume: bool = False,
    at: datetime,
    by: Actor,
    confirmed: frozenset[str] = frozenset(),
    card: Card | None = None,
    operation_id: UUID | None = None,
) -> Hold:
    """Wait for the title of a barcode or an ISBN, or for that very volume. Raises UnknownCode, or Refused as place_hold."""
    found = selectors.identify(library, code)
    if found.item is None and len(found.records) != 1:
        reason = Reason("unknown_code", Weight.REFUSE, {"code": found.code})
        raise UnknownCode(Decision((reason,)))
    return place_hold(
        library=library,
        patron=patron,
        record=found.item.holding.record if found.item is not None else found.records[0],
        item=found.item if only_this_volume else None,
        at=at,
        by=by,
        confirmed=confirmed,
        card=card,
        operation_id=operation_id,
    )
