"""One scan at a class corner: its volumes are lent with the corner's own terms, pupils' own books by its register."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import identify, place_of
from shuxiang.circulation.services import Sitting
from shuxiang.circulation.services.class_scan import scan_for_class
from shuxiang.circulation.services.scan import Outcome, ScanResult
from shuxiang.common.clock import local_date
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.corners import selectors
from shuxiang.corners.besides import OwnBook, OwnLoan
from shuxiang.corners.services.own import lend_own, return_own
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.patrons.models import ClassMembership


@dataclass(frozen=True)
class CornerScanned:
    """What a scan did: as at the desk, or to a pupil's own book."""

    result: ScanResult
    own: OwnBook | None = None
    own_loan: OwnLoan | None = None


def corner_scan(
    sitting: Sitting, place: ShelvingLocation, scanned: str, *, members: Sequence[ClassMembership]
) -> CornerScanned:
    """A pupil of the class by number, name or initials comes forward; a volume of the corner is lent to them or comes back.

    A volume that does not belong to the corner is refused and named. Never raises for a scan.
    """
    code = clean_scan(scanned)
    own = selectors.own_by_code(sitting.library, code)
    if own is not None:
        return _own(sitting, place, code, own)
    found = identify(sitting.library, code)
    if found.item is not None and place_of(found.item).pk != place.pk:
        where = place_of(found.item).name
        reason = Reason("not_of_corner", Weight.REFUSE, {"location": where})
        result = ScanResult(
            Outcome.REFUSED, code, Decision((reason,)), item=found.item, record=found.item.holding.record
        )
        return CornerScanned(result)
    school_class = place.school_class
    if school_class is None:
        raise ValueError("a corner is a place with a class")
    here = replace(sitting, kind=Loan.Kind.CORNER)
    return CornerScanned(scan_for_class(here, school_class, code, members=members).result)


def _own(sitting: Sitting, place: ShelvingLocation, code: str, own: OwnBook) -> CornerScanned:
    try:
        if own.location_id != place.pk:
            where = Reason("not_of_corner", Weight.REFUSE, {"location": own.location.name})
            raise Refused(Decision((where,)))
        return _own_moved(sitting, code, own)
    except Refused as refusal:
        return CornerScanned(
            ScanResult(Outcome.REFUSED, code, refusal.decision, patron=sitting.patron), own=own
        )


def _own_moved(sitting: Sitting, code: str, own: OwnBook) -> CornerScanned:
    """Back when it is out; out to the pupil who is there; else somebody has to say who."""
    on, by, at = local_date(sitting.at), sitting.by, sitting.at
    is_out = OwnLoan.objects.filter(book=own, in_on=None).exists()
    if is_out:
        loan = return_own(own, on=on, by=by, at=at, operation_id=sitting.operation_id)
        result = ScanResult(Outcome.RETURNED, code, patron=loan.patron if loan else None)
        return CornerScanned(result, own, loan)
    if sitting.patron is None:
        raise Refused(Decision((Reason("own_for_whom", Weight.REFUSE, {"title": own.title}),)))
    loan = lend_own(own, sitting.patron, on=on, by=by, at=at, operation_id=sitting.operation_id)
    return CornerScanned(ScanResult(Outcome.LENT, code, patron=sitting.patron), own, loan)
