"""Urging: loans are marked as urged by some way; a message to a class's teacher or to parents is marked as it is queued."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.outbox import selectors as outbox
from shuxiang.outbox.services import cancel, queue_message
from shuxiang.urging import selectors
from shuxiang.urging.models import Contact, Round, UrgedLoan
from shuxiang.urging.refusals import refuse


@dataclass(frozen=True, slots=True)
class Paper:
    """What a message says: made by the door, which knows the words."""

    subject: str
    body: str


@transaction.atomic
def mark_urged(
    loans: Collection[int],
    *,
    library: Library,
    way: str,
    at: datetime,
    by: Actor,
    school_class: SchoolClass | None = None,
    note: str = "",
    operation_id: UUID | None = None,
) -> Round:
    """These overdue loans were urged; what came back meanwhile, or is not overdue, is left out.

    Refuses when nothing is left, and another library's class.
    """
    if school_class is not None and school_class.library_id != library.pk:
        raise refuse("of_other_library")
    begun = operations.begin(
        "urging.mark",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"loans": sorted(loans), "way": way},
    )
    if begun.repeated:
        return Round.objects.get(pk=begun.operation.result["round"])
    today = local_date(at)
    late = list(selectors.overdue_loans(library, today).filter(pk__in=list(loans)).order_by("pk"))
    if not late:
        raise refuse("nothing_overdue")
    made = Round.objects.create(
        library=library,
        way=Round.Way(way),
        school_class=school_class,
        note=note.strip()[:200],
        on=today,
        at=at,
        by=by.name[:80],
    )
    UrgedLoan.objects.bulk_create(
        UrgedLoan(round=made, loan=loan, days_late=min((today - loan.due_on).days, 32767)) for loan in late
    )
    result = {"round": made.pk, "urged": len(late), "left": len(set(loans)) - len(late)}
    operations.finish(begun.operation, subject=about(made), result=result)
    return made


def about(made: Round) -> str:
    """By what the outbox knows a round."""
    return f"urging.round:{made.pk}"


def send_to_class(
    loans: Collection[int],
    contact: Contact,
    paper: Paper,
    *,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Round:
    """One message to the teacher of a class about all its overdue loans. Refuses when the library sends nothing."""
    return _send(loans, contact, paper, at=at, by=by, operation_id=operation_id)


def send_to_reader(
    loans: Collection[int],
    contact: Contact,
    paper: Paper,
    *,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Round:
    """One message to parents about their child's loans. Refuses loans of another reader."""
    mine = selectors.overdue_loans(contact.library, local_date(at)).filter(patron=contact.patron_id)
    if not set(loans) <= set(mine.values_list("pk", flat=True)):
        raise refuse("loan_of_other")
    return _send(loans, contact, paper, at=at, by=by, operation_id=operation_id)


@transaction.atomic
def _send(
    loans: Collection[int],
    contact: Contact,
    paper: Paper,
    *,
    at: datetime,
    by: Actor,
    operation_id: UUID | None,
) -> Round:
    made = mark_urged(
        loans,
        library=contact.library,
        way=Round.Way.MESSAGE,
        school_class=contact.school_class,
        at=at,
        by=by,
        operation_id=operation_id,
    )
    queue_message(
        library=contact.library,
        to_address=contact.address,
        to_name=contact.name,
        subject=paper.subject,
        body=paper.body,
        about=about(made),
        at=at,
        by=by,
        operation_id=uuid5(operation_id, "message") if operation_id else None,
    )
    return made


@transaction.atomic
def take_back(made: Round, *, at: datetime, by: Actor, operation_id: UUID | None = None) -> Round:
    """It was marked by mistake: it counts no more, and its message does not go if it has not gone."""
    begun = operations.begin(
        "urging.take_back",
        by=by,
        at=at,
        library_code=made.library.code,
        operation_id=operation_id,
        request={"round": made.pk},
    )
    if not begun.repeated:
        if not Round.objects.filter(pk=made.pk, taken_back_at=None).update(taken_back_at=at):
            raise refuse("taken_back_already")
        for message in outbox.about(made.library, about(made)):
            if message.state == outbox.State.QUEUED:
                cancel(message, at=at, by=by, operation_id=uuid5(begun.operation.pk, f"message{message.pk}"))
        operations.finish(begun.operation, subject=about(made), result={"round": made.pk})
    made.refresh_from_db()
    return made
