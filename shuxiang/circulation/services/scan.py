"""One scan at a desk: what the code is, and so what to do. Every desk-like door calls this.

A card (or a name) brings a reader forward. With a reader there, a volume is lent to them, or taken back if they have it;
without one, a volume is taken back, whatever is odd about it. What is no number is a name, a class, or words of a title.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shuxiang.audit.models import Operation
from shuxiang.audit.operations import OperationMismatch
from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import selectors
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services.check_in import WhichReader, check_in, check_in_record, told_before
from shuxiang.circulation.services.check_out import check_out
from shuxiang.circulation.today import last_return_of
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item
from shuxiang.holdings.search import Hit, search
from shuxiang.holdings.services.move import AccountChanged
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.classes import class_and_readers, class_called
from shuxiang.patrons.models import Card, Patron


class Outcome(StrEnum):
    READER = "reader"  # a reader stands at the desk now
    LENT = "lent"
    RETURNED = "returned"
    ASKED = "asked"  # may be confirmed
    REFUSED = "refused"
    WHOSE = "whose"  # several readers have this title
    WHICH_READER = "which-reader"  # several readers fit what was typed
    WHICH_TITLE = "which-title"  # words of titles were typed
    TWICE = "twice"  # the scanner fired twice: what the first scan did stands
    UNKNOWN = "unknown"


TWICE = timedelta(seconds=1)  # the same volume again within this time was not meant
NUMBER = re.compile(r"[A-Za-z]{0,3}[0-9]{5,}[0-9Xx-]*")  # nobody is called so, and no title is
MOST_TITLES = 9


@dataclass(frozen=True)
class ScanResult:
    outcome: Outcome
    code: str
    decision: Decision = field(default_factory=Decision)
    patron: Patron | None = None
    card: Card | None = None
    loan: Loan | None = None
    item: Item | None = None
    record: BibliographicRecord | None = None
    loans: tuple[Loan, ...] = ()
    patrons: tuple[Patron, ...] = ()
    school_class: SchoolClass | None = None  # whose readers `patrons` are, by their numbers
    titles: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Sitting:
    """Who stands at which library's desk, who serves, when; and the act's id, so that a repeated request acts once."""

    library: Library
    at: datetime
    by: Actor
    patron: Patron | None = None
    confirmed: frozenset[str] = frozenset()
    kind: str = ""
    operation_id: UUID | None = None


def scan(sitting: Sitting, scanned: str) -> ScanResult:
    """Do what a scan means. Never raises for what a reader or a book may be; the result says everything."""
    try:
        return _scan(sitting, scanned)
    except OperationMismatch:  # another request with this id was quicker: it can be seen now
        return _scan(sitting, scanned)


def _scan(sitting: Sitting, scanned: str) -> ScanResult:
    found = selectors.identify(sitting.library, scanned)
    if (done := _operation(sitting)) is not None:
        if (again := _done_before(sitting, done, found)) is not None:
            return again
        # The browser's back button shows an old page with its old id: another scan from it is another act.
        sitting = replace(sitting, operation_id=None)
    if found.card is not None:
        return reader_by_card(found.code, found.card.patron, found.card)
    if found.item is not None:
        return _volume(sitting, found.code, found.item)
    if found.records:
        return _title(sitting, found.code, found.records)
    return called(sitting, found.code)


def reader_by_card(code: str, patron: Patron, card: Card | None) -> ScanResult:
    """The reader comes forward, unless the card is closed; without a card the reader was named."""
    if card is not None and card.to_at is not None:
        decision = Decision((Reason(f"card_{card.ended or 'replaced'}", Weight.REFUSE),))
        return ScanResult(Outcome.REFUSED, code, decision, patron=patron, card=card)
    return ScanResult(Outcome.READER, code, patron=patron, card=card)


def called(sitting: Sitting, code: str) -> ScanResult:
    """Readers called so, else the readers of the class called so, else titles; both to choose from where both fit."""
    if not code or NUMBER.fullmatch(code):
        return _unknown(code)
    on = local_date(sitting.at)
    readers = tuple(p for p in patrons.search(sitting.library, code) if p.left_on is None)
    if len(readers) == 1 and (sitting.patron is None or readers[0].name == code):
        return reader_by_card(code, readers[0], None)
    school_class = None if readers else class_called(sitting.library, code, on)
    if school_class is not None:
        in_class = tuple(class_and_readers(school_class, on))
        return ScanResult(Outcome.WHICH_READER, code, patrons=in_class, school_class=school_class)
    titles = search(code, library=sitting.library, page_size=MOST_TITLES).hits
    if len(readers) == 1 and not titles:
        return reader_by_card(code, readers[0], None)
    if readers or titles:
        outcome = Outcome.WHICH_READER if readers else Outcome.WHICH_TITLE
        return ScanResult(outcome, code, patron=sitting.patron, patrons=readers, titles=titles)
    return _unknown(code)


def _unknown(code: str) -> ScanResult:
    reason = Reason("unknown_code", Weight.REFUSE, {"code": code})
    return ScanResult(Outcome.UNKNOWN, code, Decision((reason,)))


def scan_record(sitting: Sitting, record: BibliographicRecord) -> ScanResult:
    """The same for a title that was pointed at: lent to the reader who is there, or taken back if they have it."""
    try:
        return _scan_record(sitting, record)
    except OperationMismatch:
        return _scan_record(sitting, record)


def _scan_record(sitting: Sitting, record: BibliographicRecord) -> ScanResult:
    if (done := _operation(sitting)) is not None:
        if (again := _done_before(sitting, done, selectors.Identified("", records=(record,)))) is not None:
            return again
        sitting = replace(sitting, operation_id=None)
    return _title(sitting, "", (record,))


def _volume(sitting: Sitting, code: str, item: Item) -> ScanResult:
    current = selectors.open_loan_of(item)
    is_mine = current is not None and sitting.patron is not None and current.patron_id == sitting.patron.pk
    if sitting.patron is not None and not is_mine:
        return _lend(sitting, code, item, sitting.patron)
    last = current if is_mine else None if current else last_return_of(item)
    if last is not None and _is_twice(sitting, last):
        return ScanResult(
            Outcome.TWICE, code, patron=last.patron, loan=last, item=item, record=item.holding.record
        )
    try:
        done = check_in(
            library=sitting.library,
            item=item,
            at=sitting.at,
            by=sitting.by,
            operation_id=sitting.operation_id,
        )
    except Refused as refusal:  # by the clock only: the loan began later than now
        return ScanResult(Outcome.REFUSED, code, refusal.decision, item=item, record=item.holding.record)
    except AccountChanged:
        decision = Decision((Reason("taken_meanwhile", Weight.REFUSE),))
        return ScanResult(Outcome.REFUSED, code, decision, item=item, record=item.holding.record)
    return _returned(code, done.loan, done.item or item, done.decision)


def _is_twice(sitting: Sitting, loan: Loan) -> bool:
    """Whether this very act was just done here: a scanner that fires twice must not lend and take back in one breath."""
    return timedelta(0) <= sitting.at - (loan.in_at or loan.out_at) < TWICE


def _lend(sitting: Sitting, code: str, item: Item, patron: Patron) -> ScanResult:
    record = item.holding.record
    told: list[Decision] = []
    try:
        loan = check_out(
            library=sitting.library,
            patron=patron,
            item=item,
            at=sitting.at,
            by=sitting.by,
            confirmed=sitting.confirmed,
            kind=sitting.kind,
            operation_id=sitting.operation_id,
            tell=told.append,
        )
    except Refused as refusal:
        outcome = Outcome.REFUSED if refusal.decision.refused else Outcome.ASKED
        return ScanResult(outcome, code, refusal.decision, patron=patron, item=item, record=record)
    notes = told[0] if told else Decision()
    return ScanResult(Outcome.LENT, code, notes, patron=patron, loan=loan, item=item, record=record)


def _title(sitting: Sitting, code: str, records: tuple[BibliographicRecord, ...]) -> ScanResult:
    patron = sitting.patron
    has_it = patron is not None and any(
        loan.patron_id == patron.pk for loan in selectors.loans_to_return(sitting.library, records)
    )
    if patron is not None and not has_it:
        item = selectors.copy_to_lend(sitting.library, records, patron)
        if item is None:
            decision = Decision((Reason("no_copy_in", Weight.REFUSE),))
            return ScanResult(Outcome.REFUSED, code, decision, patron=patron, record=records[0])
        return _lend(sitting, code, item, patron)
    try:
        done = check_in_record(
            library=sitting.library,
            records=records,
            at=sitting.at,
            by=sitting.by,
            patron_id=patron.pk if patron else None,
            operation_id=sitting.operation_id,
        )
    except WhichReader as several:
        return ScanResult(Outcome.WHOSE, code, record=records[0], loans=several.loans)
    result = _returned(code, done.loan, done.item, done.decision)
    return result if result.record else ScanResult(Outcome.RETURNED, code, done.decision, record=records[0])


def _returned(code: str, loan: Loan | None, item: Item | None, decision: Decision) -> ScanResult:
    record = loan.record if loan else item.holding.record if item else None
    patron = loan.patron if loan else None
    return ScanResult(Outcome.RETURNED, code, decision, patron=patron, loan=loan, item=item, record=record)


def _operation(sitting: Sitting) -> Operation | None:
    if sitting.operation_id is None:
        return None
    return _DONE.first(pk=sitting.operation_id)


_DONE = Question(lambda pk: Operation.objects.filter(pk=pk))


def _done_before(sitting: Sitting, done: Operation, found: selectors.Identified) -> ScanResult | None:
    """The result of this very scan, had it been answered before the answer was lost; None when it is another one."""
    if done.library_code != sitting.library.code:
        return None
    if done.action not in ("circulation.check_out", "circulation.check_in"):
        return None
    loans = Loan.objects.select_related("record", "patron", "item__holding__record")
    loan = loans.filter(pk=done.result.get("loan") or 0).first()
    items = Item.objects.select_related("holding__record")
    item = loan.item if loan else items.filter(pk=done.result.get("item") or 0).first()
    record = loan.record if loan else item.holding.record if item else None
    if not ((item is not None and found.item == item) or record in found.records):
        return None
    if done.action == "circulation.check_out" and loan is not None:
        return ScanResult(Outcome.LENT, found.code, patron=loan.patron, loan=loan, item=item, record=record)
    return _returned(found.code, loan, item, told_before(done))
