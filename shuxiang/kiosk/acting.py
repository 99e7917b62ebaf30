"""What a scan at the machine does. It asks nobody: what a librarian could confirm is refused here, with the way to one."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from shuxiang.circulation import selectors, services
from shuxiang.circulation.services import Outcome, ScanResult
from shuxiang.common.codes import split_scans
from shuxiang.common.decisions import Decision, Refused
from shuxiang.kiosk.gate import actor
from shuxiang.kiosk.sitting import ME, START, Sitting
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.accounts.devicemodels import Kiosk
    from shuxiang.circulation.holdmodels import Hold
    from shuxiang.circulation.models import Loan
    from shuxiang.circulation.selectors import Identified
    from shuxiang.patrons.models import Card, Patron

LONGEST_SCAN, MOST_SCANS, LONGEST_TITLE = 200, 10, 80


def scan_all(
    kiosk: "Kiosk", sitting: Sitting, text: str, operation: UUID, at: datetime, *, alone: bool = False
) -> Sitting:
    """The scans of one line, one after another: a lost Enter glues two together. `alone`: take back, whoever is there."""
    for place, code in enumerate(split_scans(text[:LONGEST_SCAN])[:MOST_SCANS]):
        own = uuid5(operation, str(place)) if place else operation
        sitting = _scan(kiosk, sitting, code, own, at, alone=alone)
    return sitting


def _scan(
    kiosk: "Kiosk", sitting: Sitting, code: str, operation: UUID, at: datetime, *, alone: bool
) -> Sitting:
    found = selectors.identify(kiosk.library, code)
    if found.card is not None:
        return come(sitting, found.card)
    if found.is_unknown:  # a name typed here finds nobody: this machine stands in public
        return say(sitting, "unknown")
    reader = None if alone else reader_of(kiosk, sitting)
    takes_back = reader is None or _has(kiosk, reader, found)
    if takes_back and not kiosk.may_return:
        return say(sitting, "refused", codes=["kiosk_takes_nothing"])
    if not takes_back and not kiosk.may_lend:
        return say(sitting, "refused", codes=["kiosk_lends_nothing"])
    act = services.Sitting(
        library=kiosk.library, at=at, by=actor(kiosk), patron=reader, operation_id=operation
    )
    return _told(sitting, services.scan(act, code), is_named=reader is not None)


def reader_of(kiosk: "Kiosk", sitting: Sitting) -> "Patron | None":
    """Who is signed in."""
    return patrons.find_patron(kiosk.library, sitting.patron) if sitting.step == ME else None


def _has(kiosk: "Kiosk", reader: "Patron", found: "Identified") -> bool:
    """Whether what was scanned is out to this reader."""
    if found.item is not None:
        loan = selectors.open_loan_of(found.item)
        return loan is not None and loan.patron_id == reader.pk
    return any(
        loan.patron_id == reader.pk for loan in selectors.loans_to_return(kiosk.library, found.records)
    )


def come(sitting: Sitting, card: "Card") -> Sitting:
    """A card signs its reader in, and whoever stood there before is done."""
    if card.to_at is not None:
        return Sitting(said={"did": "refused", "codes": [f"card_{card.ended or 'replaced'}"]})
    if card.patron.left_on is not None:
        return Sitting(said={"did": "refused", "codes": ["reader_left"]})
    if sitting.step == ME and sitting.patron == card.patron_id:
        return replace(sitting, said={})
    return Sitting(step=ME, patron=card.patron_id, pinyin=sitting.pinyin)


def say(sitting: Sitting, did: str, **more: Any) -> Sitting:
    """The same turn with another last sentence; who only looked at names is back at the start after a scan."""
    step = sitting.step if sitting.step == ME else START
    kept = replace(sitting, said={"did": did, **more}, step=step)
    return kept if step == ME else replace(kept, patron=0, school_class=0)


_DID = {
    Outcome.LENT: "lent",
    Outcome.RETURNED: "returned",
    Outcome.ASKED: "refused",
    Outcome.REFUSED: "refused",
    Outcome.WHOSE: "whose",
    Outcome.TWICE: "twice",
}


def _told(sitting: Sitting, result: ScanResult, *, is_named: bool) -> Sitting:
    did = _DID.get(result.outcome, "unknown")
    more: dict[str, Any] = {"codes": _codes(result.decision)}
    if result.record is not None:
        more["title"] = result.record.title[:LONGEST_TITLE]
    if did == "lent" and result.loan is not None:
        more["due"] = result.loan.due_on.isoformat()
    if did == "returned" and is_named:
        more["days"] = next(
            (r.params.get("days", 0) for r in result.decision.reasons if r.code == "returned_late"), 0
        )
    if did == "refused":
        more["code"] = result.code
    return say(sitting, did, **more)


def _codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def give_up(kiosk: "Kiosk", sitting: Sitting, hold: "Hold", operation: UUID, at: datetime) -> Sitting:
    """The reader waits no more for a title."""
    title = hold.record.title[:LONGEST_TITLE]
    try:
        services.cancel_hold(hold=hold, reason="", at=at, by=actor(kiosk), operation_id=operation)
    except Refused as refusal:
        return say(sitting, "hold", codes=_codes(refusal.decision), title=title)
    return say(sitting, "hold_given_up", codes=[], title=title)


def renew(kiosk: "Kiosk", sitting: Sitting, loan: "Loan", operation: UUID, at: datetime) -> Sitting:
    """A longer loan of what the reader has out."""
    title = loan.record.title[:LONGEST_TITLE]
    if not kiosk.may_renew:
        return say(sitting, "not_renewed", codes=["kiosk_renews_nothing"], title=title)
    try:
        renewed = services.renew(loan=loan, at=at, by=actor(kiosk), operation_id=operation)
    except Refused as refusal:
        return say(sitting, "not_renewed", codes=_codes(refusal.decision), title=title)
    return say(sitting, "renewed", codes=[], title=title, due=renewed.due_on.isoformat())
