"""Lend, lend on or take back what a code stands for, as a caller says which it means: programs and the command line.

The desk's scan() finds out by itself what is meant; here lending a volume that the reader has already never takes it back.
"""

from shuxiang.audit.models import Operation
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import selectors
from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import Identified
from shuxiang.circulation.services.check_in import (
    CheckInResult,
    WhichReader,
    check_in,
    check_in_record,
    told_before,
)
from shuxiang.circulation.services.check_out import check_out, check_out_record
from shuxiang.circulation.services.renew import renew
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting, reader_by_card
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item
from shuxiang.patrons.models import Card, Patron


def lend(sitting: Sitting, patron: Patron, scanned: str, *, card: Card | None = None) -> ScanResult:
    """Lend the volume with this barcode, or any copy that is in of the title with this ISBN.

    Raises OperationMismatch when the sitting's operation id was used for something else.
    """
    found = selectors.identify(sitting.library, scanned)
    if found.item is None and not found.records:
        return _unknown(found.code)
    repeated = _done_before(sitting, "circulation.check_out")
    if repeated is not None:
        loan = _loan(repeated)
        if loan is None or loan.patron_id != patron.pk or not _is_about(loan, found):
            raise OperationMismatch(str(repeated.pk))
        return _lent(found.code, loan)
    try:
        loan = _lend(sitting, patron, found, card)
    except Refused as refusal:
        outcome = Outcome.REFUSED if refusal.decision.refused else Outcome.ASKED
        record = found.item.holding.record if found.item else found.records[0]
        return ScanResult(
            outcome, found.code, refusal.decision, patron=patron, card=card, item=found.item, record=record
        )
    return _lent(found.code, loan)


def _lend(sitting: Sitting, patron: Patron, found: Identified, card: Card | None) -> Loan:
    if found.item is not None:
        return check_out(
            library=sitting.library,
            patron=patron,
            item=found.item,
            at=sitting.at,
            by=sitting.by,
            confirmed=sitting.confirmed,
            kind=sitting.kind,
            card=card,
            operation_id=sitting.operation_id,
        )
    return check_out_record(
        library=sitting.library,
        patron=patron,
        records=found.records,
        at=sitting.at,
        by=sitting.by,
        confirmed=sitting.confirmed,
        card=card,
        operation_id=sitting.operation_id,
    )


def take_back(sitting: Sitting, scanned: str, *, patron: Patron | None = None) -> ScanResult:
    """Take back a volume, or by ISBN the copy that this reader (or the only reader who has one) brings.

    Raises OperationMismatch when the sitting's operation id was used for something else.
    """
    found = selectors.identify(sitting.library, scanned)
    if found.item is None and not found.records:
        return _unknown(found.code)
    repeated = _done_before(sitting, "circulation.check_in")
    if repeated is not None:
        return _returned_before(repeated, found, patron)
    try:
        done = _take_back(sitting, found, patron)
    except WhichReader as several:
        reason = Reason("which_reader", Weight.ASK)
        record = found.records[0]
        return ScanResult(Outcome.WHOSE, found.code, Decision((reason,)), record=record, loans=several.loans)
    except Refused as refusal:
        return ScanResult(Outcome.REFUSED, found.code, refusal.decision, item=found.item)
    return _returned(found, done)


def _take_back(sitting: Sitting, found: Identified, patron: Patron | None) -> CheckInResult:
    if found.item is not None:
        return check_in(
            library=sitting.library,
            item=found.item,
            at=sitting.at,
            by=sitting.by,
            operation_id=sitting.operation_id,
        )
    return check_in_record(
        library=sitting.library,
        records=found.records,
        at=sitting.at,
        by=sitting.by,
        patron_id=patron.pk if patron else None,
        operation_id=sitting.operation_id,
    )


def renew_by_code(sitting: Sitting, scanned: str, *, card: Card | None = None) -> ScanResult:
    """Lend on the volume with this barcode, or by ISBN the copy that the card's reader (or the only reader) has.

    A renewal is no act of scanning: its outcome says LENT. Raises OperationMismatch as lend does.
    """
    found = selectors.identify(sitting.library, scanned)
    if found.item is None and not found.records:
        return _unknown(found.code)
    patron = card.patron if card is not None else None
    repeated = _done_before(sitting, "circulation.renew")
    if repeated is not None:
        before = _loan(repeated)
        if before is None or not _is_about(before, found) or (patron and before.patron_id != patron.pk):
            raise OperationMismatch(str(repeated.pk))
        return _lent(found.code, before)
    if card is not None and (brought := reader_by_card(found.code, card.patron, card)).decision.refused:
        return brought
    loans = _out(sitting, found, patron)
    record = found.item.holding.record if found.item else found.records[0]
    if len({loan.patron_id for loan in loans}) != 1:
        several = Decision((Reason("which_reader", Weight.ASK),))
        nobody = Decision((Reason("not_lent_to_reader" if patron else "nothing_to_renew", Weight.REFUSE),))
        outcome, why = (Outcome.WHOSE, several) if loans else (Outcome.REFUSED, nobody)
        return ScanResult(outcome, found.code, why, item=found.item, record=record, loans=tuple(loans))
    try:
        done = _renewed(sitting, min(loans, key=lambda loan: loan.due_on))
    except Refused as refusal:
        outcome = Outcome.REFUSED if refusal.decision.refused else Outcome.ASKED
        return ScanResult(
            outcome, found.code, refusal.decision, patron=patron, card=card, item=found.item, record=record
        )
    return _lent(found.code, done)


def _renewed(sitting: Sitting, loan: Loan) -> Loan:
    return renew(
        loan=loan,
        at=sitting.at,
        by=sitting.by,
        confirmed=sitting.confirmed,
        operation_id=sitting.operation_id,
    )


def _out(sitting: Sitting, found: Identified, patron: Patron | None) -> list[Loan]:
    """What is out of a code: to this reader, or to anybody."""
    if found.item is None:
        loans = selectors.loans_to_return(sitting.library, found.records)
    else:
        loan = selectors.open_loan_of(found.item)
        loans = [loan] if loan is not None else []
    return [loan for loan in loans if patron is None or loan.patron_id == patron.pk]


def _unknown(code: str) -> ScanResult:
    reason = Reason("unknown_code", Weight.REFUSE, {"code": code})
    return ScanResult(Outcome.UNKNOWN, code, Decision((reason,)))


def _lent(code: str, loan: Loan) -> ScanResult:
    return ScanResult(Outcome.LENT, code, patron=loan.patron, loan=loan, item=loan.item, record=loan.record)


def _returned(found: Identified, done: CheckInResult) -> ScanResult:
    loan, item = done.loan, done.item
    record = loan.record if loan else item.holding.record if item else found.records[0]
    return ScanResult(
        Outcome.RETURNED,
        found.code,
        done.decision,
        patron=loan.patron if loan else None,
        loan=loan,
        item=item,
        record=record,
    )


def _returned_before(repeated: Operation, found: Identified, patron: Patron | None) -> ScanResult:
    loan = _loan(repeated)
    item = Item.objects.select_related("holding__record").filter(pk=repeated.result.get("item") or 0).first()
    other_reader = patron is not None and loan is not None and loan.patron_id != patron.pk
    is_same = _is_about(loan, found) if loan else item is not None and found.item == item
    if other_reader or not is_same:
        raise OperationMismatch(str(repeated.pk))
    return _returned(found, CheckInResult(item, loan, told_before(repeated)))


def _done_before(sitting: Sitting, action: str) -> Operation | None:
    """The operation with the sitting's id, if this act was done under it; another act under it is a mismatch."""
    if sitting.operation_id is None:
        return None
    done = Operation.objects.filter(pk=sitting.operation_id).first()
    if done is not None and (done.action != action or done.library_code != sitting.library.code):
        raise OperationMismatch(str(done.pk))
    return done


def _loan(operation: Operation) -> Loan | None:
    loans = Loan.objects.select_related("record", "patron", "item__holding__record")
    return loans.filter(pk=operation.result.get("loan") or 0).first()


def _is_about(loan: Loan, found: Identified) -> bool:
    """Whether a loan is of what the code stands for."""
    if found.item is not None:
        return loan.item_id == found.item.pk
    return loan.record_id in {record.pk for record in found.records}
