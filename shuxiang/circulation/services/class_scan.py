"""One scan while a class stands at the desk (课间十分钟): no cards, a pupil is picked by number, name or initials.

It decides only whom a scan is about; lending and taking back are scan()'s, the same as at every other desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shuxiang.circulation import selectors
from shuxiang.circulation.selectors import Identified
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting, scan
from shuxiang.common.clock import local_date
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import SchoolClass
from shuxiang.libraries.rules.timetable import judge_reader
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import ClassMembership, Patron

LONGEST_NUMBER = 2  # digits of a number in the class; a barcode has more


@dataclass(frozen=True)
class ClassScan:
    """What a scan did, and whether it was a loan out of turn: in another class's time, or by a reader of another class."""

    result: ScanResult
    is_guest: bool = False
    out_of_turn: bool = False


def scan_for_class(
    sitting: Sitting, school_class: SchoolClass, scanned: str, *, members: Sequence[ClassMembership]
) -> ClassScan:
    """Do what a scan means while a class is served; `members` are its readers on the day.

    A number of at most two digits that somebody in the class has is that reader; a name or initials mean the class before
    the school; a volume that somebody in the class has out comes back from them, whoever is picked. Never raises for a scan.
    """
    code = clean_scan(scanned)
    if (numbered := _by_number(members, code)) is not None:
        return ClassScan(ScanResult(Outcome.READER, code, patron=numbered))
    found = selectors.identify(sitting.library, code)
    if found.is_unknown:
        named = _by_name(members, code)
        if len(named) == 1:
            return ClassScan(ScanResult(Outcome.READER, code, patron=named[0]))
        if named:
            return ClassScan(ScanResult(Outcome.WHICH_READER, code, patrons=tuple(named)))
    inside = {member.patron_id for member in members}
    result = scan(_about(sitting, found, inside), code)
    is_guest = result.patron is not None and result.patron.pk not in inside
    is_late_turn = any(reason.code == "outside_slot" for reason in result.decision.reasons)
    return ClassScan(result, is_guest, result.outcome is Outcome.LENT and (is_guest or is_late_turn))


def _by_number(members: Sequence[ClassMembership], code: str) -> Patron | None:
    if not (code.isascii() and code.isdigit() and len(code) <= LONGEST_NUMBER):
        return None
    return next((member.patron for member in members if member.number == int(code)), None)


def _by_name(members: Sequence[ClassMembership], code: str) -> list[Patron]:
    """Readers of the class whose name holds what was typed, or whose pinyin or initials begin so; whole ones go first."""
    plain = code.lower().replace(" ", "").replace("'", "")
    if not plain:
        return []
    readers = [member.patron for member in members]
    if not (plain.isascii() and plain.isalpha()):
        return [reader for reader in readers if plain in reader.name]
    whole = [reader for reader in readers if plain in (reader.name_initials, reader.name_pinyin)]
    return whole or [
        reader
        for reader in readers
        if reader.name_initials.startswith(plain) or reader.name_pinyin.startswith(plain)
    ]


def _about(sitting: Sitting, found: Identified, inside: set[int]) -> Sitting:
    """The sitting with the reader whom a volume is about: who of the class has it out, else whoever is picked."""
    if found.item is not None:
        loan = selectors.open_loan_of(found.item)
        return replace(sitting, patron=None) if loan is not None and loan.patron_id in inside else sitting
    if not found.records:
        return sitting
    loans = selectors.loans_to_return(sitting.library, found.records)
    mine = sitting.patron is not None and any(loan.patron_id == sitting.patron.pk for loan in loans)
    having = {loan.patron_id: loan.patron for loan in loans if loan.patron_id in inside}
    wants_one = (
        sitting.patron is not None and selectors.copy_to_lend(sitting.library, found.records) is not None
    )
    if mine or wants_one or len(having) != 1:
        return sitting
    return replace(sitting, patron=next(iter(having.values())))


def about_now(sitting: Sitting, school_class: SchoolClass) -> Decision:
    """What is to be said of a class served now, whoever is next: another's turn, a day on which the library is closed."""
    on = local_date(sitting.at)
    judged = judge_reader(
        libraries.slot_now(sitting.library, sitting.at),
        class_id=school_class.pk,
        grade=libraries.grade_of(school_class, on),
        label=libraries.label_of(school_class, on),
        serving=school_class.pk,
    )
    closed = (
        None if libraries.is_open_day(sitting.library, on) else Reason("library_closed_today", Weight.NOTE)
    )
    return Decision.of([*judged.reasons, closed])


def about_guest(sitting: Sitting, school_class: SchoolClass, reader: Patron) -> Decision:
    """What is to be said of a reader of another class, or of none, who comes while a class is served."""
    on = local_date(sitting.at)
    membership = patrons.membership_on(reader, on)
    return judge_reader(
        libraries.slot_now(sitting.library, sitting.at) if membership else (),
        class_id=membership.school_class_id if membership else None,
        grade=patrons.grade_on(reader, on),
        label=patrons.class_label_on(reader, on),
        serving=school_class.pk,
    )
