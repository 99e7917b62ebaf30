"""The acts of the service desk; every door calls these."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.cashbook.models import CashEntry
from shuxiang.cashbook.services import receive, reverse
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.inquiries.models import Inquiry
from shuxiang.inquiries.refusals import refuse
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

State = Inquiry.State
MOST_MINUTES = 6000
_CASH = {Inquiry.Kind.COPY: CashEntry.Kind.COPY}


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, from which sources, in how many minutes, and what is asked for it in fen."""

    answer: str
    sources: str = ""
    minutes: int | None = None
    fee_fen: int = 0


@transaction.atomic
def ask(
    *,
    library: Library,
    kind: str,
    question: str,
    at: datetime,
    by: Actor,
    patron: Patron | None = None,
    asker: str = "",
    on: date | None = None,
    operation_id: UUID | None = None,
) -> Inquiry:
    """Write a request down. Refuses one without a question, without who asks, of another library's reader, or to come."""
    day = on or local_date(at)
    begun = operations.begin(
        "inquiries.ask",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"kind": kind, "question": question, "patron": patron.pk if patron else None, "on": day},
    )
    if begun.repeated:
        return Inquiry.objects.get(pk=begun.operation.result["inquiry"])
    if not question.strip():
        raise refuse("no_question")
    if patron is None and not asker.strip():
        raise refuse("nobody_asks")
    if patron is not None and patron.library_id != library.pk:
        raise refuse("reader_elsewhere")
    if day > local_date(at):
        raise refuse("day_to_come", on=day)
    made = Inquiry.objects.create(
        library=library,
        kind=Inquiry.Kind(kind),
        patron=patron,
        asker="" if patron else asker.strip()[:60],
        question=question.strip()[:1000],
        asked_on=day,
        asked_by=by.name[:80],
        modified_at=at,
    )
    operations.finish(begun.operation, subject=f"inquiries.inquiry:{made.pk}", result={"inquiry": made.pk})
    return made


@transaction.atomic
def answer(
    inquiry: Inquiry, given: Answered, *, at: datetime, by: Actor, operation_id: UUID | None = None
) -> Inquiry:
    """It is answered; a fee is received at once, with a receipt. Refuses an empty answer and what was answered already."""
    begun = operations.begin(
        "inquiries.answer",
        by=by,
        at=at,
        library_code=inquiry.library.code,
        operation_id=operation_id,
        request={"inquiry": inquiry.pk, "answer": given.answer, "fee": given.fee_fen},
    )
    if begun.repeated:
        inquiry.refresh_from_db()
        return inquiry
    if not given.answer.strip():
        raise refuse("no_answer")
    if given.minutes is not None and not 0 <= given.minutes <= MOST_MINUTES:
        raise refuse("bad_minutes")
    waiting = Inquiry.objects.filter(pk=inquiry.pk, state=State.OPEN)
    if not waiting.update(
        state=State.ANSWERED,
        answer=given.answer.strip()[:2000],
        sources=given.sources.strip()[:500],
        minutes=given.minutes,
        fee_fen=given.fee_fen,
        answered_on=local_date(at),
        answered_by=by.name[:80],
        modified_at=at,
    ):
        raise refuse("answered_already")
    inquiry.refresh_from_db()
    if given.fee_fen:
        inquiry.receipt = _receive(inquiry, given, uuid5(begun.operation.pk, "receipt"), at=at, by=by)
        inquiry.save(update_fields=["receipt"])
    operations.finish(
        begun.operation, subject=f"inquiries.inquiry:{inquiry.pk}", result={"inquiry": inquiry.pk}
    )
    return inquiry


def _receive(inquiry: Inquiry, given: Answered, key: UUID, *, at: datetime, by: Actor) -> CashEntry:
    """The fee, with its receipt."""
    return receive(
        library=inquiry.library,
        kind=_CASH.get(Inquiry.Kind(inquiry.kind), CashEntry.Kind.SERVICE),
        amount_fen=given.fee_fen,
        payer=inquiry.patron.name if inquiry.patron else inquiry.asker,
        words=inquiry.question,
        subject=f"inquiries.inquiry:{inquiry.pk}",
        at=at,
        by=by,
        operation_id=key,
    )


@transaction.atomic
def drop(inquiry: Inquiry, *, at: datetime, by: Actor, operation_id: UUID | None = None) -> Inquiry:
    """Nobody wants the answer any more, or it was written down by mistake. Refuses one that was answered."""
    begun = operations.begin(
        "inquiries.drop",
        by=by,
        at=at,
        library_code=inquiry.library.code,
        operation_id=operation_id,
        request={"inquiry": inquiry.pk},
    )
    if not begun.repeated:
        waiting = Inquiry.objects.filter(pk=inquiry.pk, state=State.OPEN)
        if not waiting.update(state=State.DROPPED, modified_at=at):
            raise refuse("answered_already")
        operations.finish(
            begun.operation, subject=f"inquiries.inquiry:{inquiry.pk}", result={"inquiry": inquiry.pk}
        )
    inquiry.refresh_from_db()
    return inquiry


@transaction.atomic
def reopen(
    inquiry: Inquiry, *, words: str, at: datetime, by: Actor, operation_id: UUID | None = None
) -> Inquiry:
    """Take the answer (or the dropping) back; its fee is reversed by an entry of its own. The words stay, to be bettered."""
    begun = operations.begin(
        "inquiries.reopen",
        by=by,
        at=at,
        library_code=inquiry.library.code,
        operation_id=operation_id,
        request={"inquiry": inquiry.pk},
    )
    if not begun.repeated:
        ended = Inquiry.objects.filter(pk=inquiry.pk).exclude(state=State.OPEN)
        values = {"answered_on": None, "answered_by": "", "fee_fen": 0, "receipt": None, "modified_at": at}
        receipt = CashEntry.objects.filter(inquiries=inquiry).first()
        if not ended.update(state=State.OPEN, **values):
            raise refuse("open_already")
        if receipt is not None:
            key = uuid5(begun.operation.pk, "reverse")
            reverse(receipt, words=words, at=at, by=by, operation_id=key)
        operations.finish(
            begun.operation, subject=f"inquiries.inquiry:{inquiry.pk}", result={"inquiry": inquiry.pk}
        )
    inquiry.refresh_from_db()
    return inquiry
