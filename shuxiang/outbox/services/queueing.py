"""Messages are written down first and sent by a job: no page ever waits for a network."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from shuxiang.audit import jobs, operations
from shuxiang.audit.models import Job
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library
from shuxiang.outbox import selectors
from shuxiang.outbox.models import Message
from shuxiang.outbox.refusals import refuse
from shuxiang.outbox.rules import JOB, one_line

TEST = "outbox.test"


def queue_message(
    *,
    library: Library,
    to_address: str,
    subject: str,
    body: str,
    at: datetime,
    by: Actor,
    to_name: str = "",
    about: str = "",
    operation_id: UUID | None = None,
) -> Message:
    """Write a message down for the next round of sending. Refuses what is no address, and a library that sends nothing."""
    if not selectors.sends(library):
        raise refuse("no_sender")
    try:
        validate_email(to_address)
    except ValidationError:
        raise refuse("bad_address", text=to_address[:60]) from None
    with transaction.atomic():
        begun = operations.begin(
            "outbox.queue",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"to": to_address, "subject": subject, "about": about},
        )
        if begun.repeated:
            return Message.objects.get(pk=begun.operation.result["message"])
        message = Message.objects.create(
            library=library,
            to_address=to_address,
            to_name=one_line(to_name)[:60],
            subject=one_line(subject)[:200],
            body=body,
            about=about[:80],
            next_try_at=at,
            created_at=at,
            created_by=by.name[:80],
        )
        operations.finish(
            begun.operation, subject=f"outbox.message:{message.pk}", result={"message": message.pk}
        )
        _queue_sending(by)
    return message


def _queue_sending(by: Actor) -> None:
    """Let the job run soon, unless it waits already."""
    if not Job.objects.filter(kind=JOB, state=Job.State.QUEUED).exists():
        jobs.queue(JOB, by=by)


def queue_test(
    *,
    library: Library,
    to_address: str,
    subject: str,
    body: str,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Message:
    """A message that only shows whether the way is open."""
    return queue_message(
        library=library,
        to_address=to_address,
        subject=subject,
        body=body,
        at=at,
        by=by,
        about=TEST,
        operation_id=operation_id,
    )


def cancel(message: Message, *, at: datetime, by: Actor, operation_id: UUID | None = None) -> Message:
    """A message that has not gone yet does not go. Refuses one that has."""
    return _turn(
        message, Message.State.QUEUED, "cancel", at=at, by=by, operation_id=operation_id,
        state=Message.State.CANCELLED, ended_at=at,
    )  # fmt: skip


def send_again(message: Message, *, at: datetime, by: Actor, operation_id: UUID | None = None) -> Message:
    """One that was given up is tried anew, from the beginning. Refuses any other."""
    return _turn(
        message, Message.State.FAILED, "send_again", at=at, by=by, operation_id=operation_id,
        state=Message.State.QUEUED, ended_at=None, tries=0, next_try_at=at, last_error="", error_text="",
    )  # fmt: skip


@transaction.atomic
def _turn(
    message: Message,
    before: str,
    act: str,
    *,
    at: datetime,
    by: Actor,
    operation_id: UUID | None,
    **values: object,
) -> Message:
    begun = operations.begin(
        f"outbox.{act}",
        by=by,
        at=at,
        library_code=message.library.code,
        operation_id=operation_id,
        request={"message": message.pk},
    )
    if not begun.repeated:
        if not Message.objects.filter(pk=message.pk, state=before).update(**values):
            raise refuse(f"cannot_{act}")
        operations.finish(
            begun.operation, subject=f"outbox.message:{message.pk}", result={"message": message.pk}
        )
        if values["state"] == Message.State.QUEUED:
            _queue_sending(by)
    message.refresh_from_db()
    return message
