"""Entries: money received, paid back, handed over; and what was entered wrongly, reversed. Nothing is changed or erased."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Sum

from shuxiang.audit import operations
from shuxiang.cashbook.models import CashEntry, CashYear, Till
from shuxiang.cashbook.rules import EntryFacts, RefundFacts, may_enter, may_refund
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library

if TYPE_CHECKING:
    from django.db.models import QuerySet

Act, Kind = CashEntry.Act, CashEntry.Kind


@dataclass(frozen=True, slots=True)
class _Line:
    """What an entry says, its sum with its sign."""

    act: str
    kind: str
    amount_fen: int
    payer: str
    words: str
    subject: str
    of: CashEntry | None = None


def refuse(code: str, **params: object) -> Refused:
    """The exception for one refusal."""
    return Refused(Decision.of([Reason(code, Weight.REFUSE, params)]))


def receive(
    *,
    library: Library,
    kind: str,
    amount_fen: int,
    payer: str,
    words: str,
    at: datetime,
    by: Actor,
    subject: str = "",
    on: date | None = None,
    operation_id: UUID | None = None,
) -> CashEntry:
    """Money came in: a numbered receipt. Refuses a sum of nothing, no name, a day that is closed or to come."""
    line = _Line(Act.RECEIPT, Kind(kind), amount_fen, payer, words, subject)
    return _enter(library, line, at=at, by=by, on=on, operation_id=operation_id)


def refund(
    entry: CashEntry,
    *,
    amount_fen: int,
    words: str,
    at: datetime,
    by: Actor,
    on: date | None = None,
    operation_id: UUID | None = None,
) -> CashEntry:
    """Pay back a receipt or a part of it, with a number of its own. Refuses more than is left of it."""
    line = _Line(Act.REFUND, entry.kind, -amount_fen, entry.payer, words, entry.subject, entry)
    return _enter(entry.library, line, at=at, by=by, on=on, operation_id=operation_id)


def reverse(
    entry: CashEntry, *, words: str, at: datetime, by: Actor, operation_id: UUID | None = None
) -> CashEntry:
    """Take an entry back, whole, by one of the opposite sum (红冲). Refuses a reversal, and what was paid back in part."""
    line = _Line(Act.REVERSAL, entry.kind, -entry.amount_fen, entry.payer, words, entry.subject, entry)
    return _enter(entry.library, line, at=at, by=by, on=None, operation_id=operation_id)


def hand_over(
    *,
    library: Library,
    amount_fen: int,
    to: str,
    at: datetime,
    by: Actor,
    words: str = "",
    operation_id: UUID | None = None,
) -> CashEntry:
    """Money goes to the school's accounts (上交). Refuses more than the book says is there."""
    line = _Line(Act.HANDOVER, Kind.OTHER, -amount_fen, to, words, "")
    return _enter(library, line, at=at, by=by, on=None, operation_id=operation_id)


@transaction.atomic
def _enter(
    library: Library,
    line: _Line,
    *,
    at: datetime,
    by: Actor,
    on: date | None,
    operation_id: UUID | None,
) -> CashEntry:
    day = on or local_date(at)
    begun = operations.begin(
        f"cashbook.{line.act}",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request=_asked(line, day),
    )
    if begun.repeated:
        return CashEntry.objects.get(pk=begun.operation.result["entry"])
    till, _made = Till.objects.get_or_create(library=library)
    worth = line.amount_fen if line.act == Act.RECEIPT else _turned(line)
    may_enter(EntryFacts(worth, day, local_date(at), till.closed_to, line.payer)).enforce()
    # whoever closes the day meanwhile has written this row first, and then it does not fit any more
    still = Till.objects.filter(Q(closed_to=None) | Q(closed_to__lt=day), pk=till.pk)
    if not still.update(entries=F("entries") + 1):
        raise refuse("day_closed", on=day)
    _fits(library, line)
    entry = CashEntry.objects.create(
        library=library,
        year=day.year,
        number=_next_number(library, day.year),
        act=line.act,
        kind=line.kind,
        amount_fen=line.amount_fen,
        payer=line.payer.strip()[:60],
        words=line.words.strip()[:200],
        subject=line.subject[:80],
        of=line.of,
        on=day,
        at=at,
        by=by.name[:80],
        operation=begun.operation,
    )
    operations.finish(begun.operation, subject=f"cashbook.entry:{entry.pk}", result={"entry": entry.pk})
    return entry


def _asked(line: _Line, day: date) -> dict[str, object]:
    """What the act was asked to do, so that a repeat can be told from another."""
    words = [line.act, line.kind, line.amount_fen, line.payer, line.words, line.subject]
    return {"line": words, "of": line.of.pk if line.of else None, "on": day}


def _turned(line: _Line) -> int:
    """The sum that somebody asked for, above zero when it is one: what goes out stands in the book below zero."""
    return abs(line.amount_fen) if line.act == Act.REVERSAL else -line.amount_fen


def _next_number(library: Library, year: int) -> int:
    """The next of the year; the till's row is held, so nobody else takes one. A rolled-back act gives it back."""
    row, _made = CashYear.objects.get_or_create(library=library, year=year)
    CashYear.objects.filter(pk=row.pk).update(last=row.last + 1)
    return row.last + 1


def _fits(library: Library, line: _Line) -> None:
    """What the entry answers must be there still; the till's row is held."""
    if line.act == Act.HANDOVER:
        held = CashEntry.objects.filter(library=library).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        if held + line.amount_fen < 0:
            raise refuse("more_than_there_is", fen=held)
    if line.of is None:
        return
    answers = CashEntry.objects.filter(of=line.of)
    is_reversed = answers.filter(act=Act.REVERSAL).exists()
    gone = _standing(answers.filter(act=Act.REFUND))
    if line.act == Act.REFUND:
        is_receipt = line.of.act == Act.RECEIPT
        may_refund(RefundFacts(is_receipt, is_reversed, line.of.amount_fen, gone, -line.amount_fen)).enforce()
    elif line.of.act == Act.REVERSAL:
        raise refuse("reversal_stands")
    elif is_reversed:
        raise refuse("reversed_already")
    elif gone:
        raise refuse("paid_back_in_part", fen=gone)


def _standing(refunds: "QuerySet[CashEntry]") -> int:
    """What was paid back and not taken back again, as a positive sum."""
    rows = refunds.filter(~Q(answers__act=Act.REVERSAL)).aggregate(fen=Sum("amount_fen"))
    return -(rows["fen"] or 0)
