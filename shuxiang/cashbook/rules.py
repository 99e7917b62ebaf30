"""What the cash book lets happen: facts in, a Decision out. Sums in fen."""

from dataclasses import dataclass
from datetime import date

from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.common.yuan import capital_yuan

MOST_FEN = 100_000_000


def receipt_number(year: int, number: int) -> str:
    """As it is printed: 2026-0007."""
    return f"{year}-{number:04d}"


def in_capitals(fen: int) -> str:
    """The sum of a receipt in capital characters, whichever way the money went."""
    return capital_yuan(abs(fen))


@dataclass(frozen=True)
class EntryFacts:
    """One entry that somebody wants to write: what it is worth, and the day against the days that are closed."""

    amount_fen: int
    on: date
    today: date
    closed_to: date | None
    payer: str


def may_enter(f: EntryFacts) -> Decision:
    """A sum above zero, a name, a day that is here and not closed."""
    return Decision.of(
        [
            None if 0 < f.amount_fen <= MOST_FEN else Reason("bad_sum", Weight.REFUSE),
            None if f.payer.strip() else Reason("no_payer", Weight.REFUSE),
            Reason("day_to_come", Weight.REFUSE, {"on": f.on}) if f.on > f.today else None,
            Reason("day_closed", Weight.REFUSE, {"on": f.on})
            if f.closed_to is not None and f.on <= f.closed_to
            else None,
        ]
    )


@dataclass(frozen=True)
class RefundFacts:
    is_receipt: bool
    is_reversed: bool
    received_fen: int
    refunded_fen: int  # so far, a positive sum
    asked_fen: int


def may_refund(f: RefundFacts) -> Decision:
    """Only what was received, and not twice."""
    left = f.received_fen - f.refunded_fen
    return Decision.of(
        [
            None if f.is_receipt else Reason("no_receipt", Weight.REFUSE),
            Reason("reversed_already", Weight.REFUSE) if f.is_reversed else None,
            Reason("more_than_received", Weight.REFUSE, {"left": left}) if f.asked_fen > left else None,
        ]
    )


@dataclass(frozen=True)
class CloseFacts:
    on: date
    today: date
    closed_to: date | None
    book_fen: int
    counted_fen: int
    note: str
    signed_by: str


def may_close(f: CloseFacts) -> Decision:
    """Days are closed in their order, once; a difference wants its sentence, and a closing its signature."""
    return Decision.of(
        [
            Reason("day_to_come", Weight.REFUSE, {"on": f.on}) if f.on > f.today else None,
            Reason("closed_already", Weight.REFUSE, {"on": f.closed_to})
            if f.closed_to is not None and f.on <= f.closed_to
            else None,
            Reason("counted_below_zero", Weight.REFUSE) if f.counted_fen < 0 else None,
            Reason("difference_unexplained", Weight.REFUSE, {"fen": f.counted_fen - f.book_fen})
            if f.counted_fen != f.book_fen and not f.note.strip()
            else None,
            None if f.signed_by.strip() else Reason("not_signed", Weight.REFUSE),
        ]
    )
