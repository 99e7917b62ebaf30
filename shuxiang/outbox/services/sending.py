"""Messages that are due go out, one after the other, each marked as it went. Nothing is held while the network answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from shuxiang.outbox import selectors
from shuxiang.outbox.models import Message
from shuxiang.outbox.rules import KEEP_BODY, wait_after
from shuxiang.outbox.senders import Letter, Sender, Unsent, sender_for

State = Message.State


@dataclass(slots=True)
class Tally:
    """The reconciling last line: due = sent + given up + to be tried again."""

    due: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0


def send_due(at: datetime, is_over: Callable[[], bool] = lambda: False) -> Tally:
    """Try everything that is due. A server that cannot be reached puts off the rest of that library's messages.

    A message is taken by compare-and-set, with the next try already set: of two that send, one gets it, and after a kill
    in the middle it is tried again later under the same Message-ID.
    """
    tally, senders, closed = Tally(), dict[int, Sender | None](), set[int]()
    for message in list(selectors.due(at)):
        if is_over():
            break
        tally.due += 1
        if message.library_id in closed or not _take(message, at):
            tally.waiting += 1
            continue
        if message.library_id not in senders:
            senders[message.library_id] = sender_for(selectors.settings_of(message.library))
        sender = senders[message.library_id]
        try:
            if sender is None:
                raise Unsent("no_sender", is_for_all=True)
            sender.send(_letter(message, at))
        except Unsent as reason:
            if reason.is_for_all:
                closed.add(message.library_id)
            if _put_off(message, reason, at):
                tally.waiting += 1
            else:
                tally.failed += 1
        else:
            sent = Message.objects.filter(pk=message.pk)
            sent.update(state=State.SENT, ended_at=at, last_error="", error_text="")
            tally.sent += 1
    forget_bodies(at)
    return tally


def _take(message: Message, at: datetime) -> bool:
    wait = wait_after(message.tries + 1) or KEEP_BODY
    free = Message.objects.filter(pk=message.pk, state=State.QUEUED, tries=message.tries)
    taken = free.update(tries=F("tries") + 1, next_try_at=at + wait)
    message.tries += 1
    return bool(taken)


def _put_off(message: Message, reason: Unsent, at: datetime) -> bool:
    """Whether it is tried again; when not, it has failed."""
    is_over = reason.is_final or wait_after(message.tries) is None
    values = {"state": State.FAILED, "ended_at": at} if is_over else {}
    waiting = Message.objects.filter(pk=message.pk, state=State.QUEUED)
    waiting.update(last_error=reason.code, error_text=reason.text, **values)
    return not is_over


def _letter(message: Message, at: datetime) -> Letter:
    return Letter(
        message.uuid,
        message.to_address,
        message.to_name,
        message.subject,
        message.body,
        message.library.name,
        at,
    )


def forget_bodies(at: datetime) -> int:
    """Empty what was said in messages that ended long ago: they name children. Gives how many."""
    old = Message.objects.filter(ended_at__lt=at - KEEP_BODY).exclude(body="")
    return old.update(body="")
