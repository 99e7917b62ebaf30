"""Drifting books (图书漂流): let go with a card, passed from hand to hand, commented, ended or found."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.corners.besides import DriftBook, DriftComment, DriftHop
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services.numbering import next_number
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron

Ended, State = DriftBook.Ended, DriftComment.State


def release(
    *,
    library: Library,
    title: str,
    on: date,
    by: Actor,
    at: datetime,
    author: str = "",
    words: str = "",
    giver: str = "",
    class_label: str = "",
    operation_id: UUID | None = None,
) -> DriftBook:
    """A book sets out, with a number for its card. Refuses a title that is empty, and a day to come."""
    if not title.strip():
        raise refuse("own_without_title")
    if on > local_date(at):
        raise refuse("day_to_come", on=on)
    with transaction.atomic():
        begun = operations.begin(
            "corners.release_drift",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"title": title, "on": on, "giver": giver},
        )
        if begun.repeated:
            return DriftBook.objects.get(pk=begun.operation.result["book"])
        book = DriftBook.objects.create(
            library=library,
            number=next_number(library, DriftBook),
            title=title.strip()[:200],
            author=author.strip()[:100],
            words=words.strip()[:300],
            giver=giver.strip()[:60],
            class_label=class_label.strip()[:30],
            released_on=on,
            created_at=at,
        )
        operations.finish(begun.operation, subject=f"corners.drift:{book.pk}", result={"book": book.pk})
        return book


def hop(
    book: DriftBook,
    *,
    on: date,
    by: Actor,
    at: datetime,
    patron: Patron | None = None,
    who: str = "",
    class_label: str = "",
    place: str = "",
    operation_id: UUID | None = None,
) -> DriftHop:
    """It came into another hand. Refuses a book that ended, a day before it set out or to come, and nobody at all.

    Hops may be written down later than they were made: they are told in the order of their days.
    """
    if patron is None and not who.strip() and not place.strip():
        raise refuse("hop_by_nobody")
    if patron is not None and patron.library_id != book.library_id:
        raise refuse("reader_elsewhere")
    if on > local_date(at):
        raise refuse("day_to_come", on=on)
    if on < book.released_on:
        raise refuse("hop_too_early", on=book.released_on)
    with transaction.atomic():
        begun = operations.begin(
            "corners.hop",
            by=by,
            at=at,
            library_code=book.library.code,
            operation_id=operation_id,
            request={"book": book.pk, "on": on, "patron": patron.pk if patron else None, "who": who},
        )
        if begun.repeated:
            return DriftHop.objects.get(pk=begun.operation.result["hop"])
        if DriftBook.objects.select_for_update().get(pk=book.pk).ended_on is not None:
            raise refuse("drift_ended", title=book.title)
        label = patrons.class_label_on(patron, on) if patron else class_label.strip()
        made = DriftHop.objects.create(
            book=book,
            on=on,
            patron=patron,
            who="" if patron else who.strip()[:60],
            class_label=label[:30],
            place=place.strip()[:60],
            created_at=at,
        )
        operations.finish(begun.operation, subject=f"corners.drift:{book.pk}", result={"hop": made.pk})
        return made


def unhop(book: DriftBook, hop_id: int, *, by: Actor, at: datetime) -> None:
    """A hop was written down by mistake."""
    with transaction.atomic():
        begun = operations.begin("corners.unhop", by=by, at=at, library_code=book.library.code)
        if not book.hops.filter(pk=hop_id).delete()[0]:
            raise refuse("undone_already")
        operations.finish(begun.operation, subject=f"corners.drift:{book.pk}")


def comment(
    book: DriftBook,
    text: str,
    *,
    by: Actor,
    at: datetime,
    signed: str = "",
    class_label: str = "",
    is_shown: bool = False,
) -> DriftComment:
    """What a reader wrote on the card; it waits until somebody lets the public see it. Refuses an empty one."""
    if not text.strip():
        raise refuse("comment_empty")
    with transaction.atomic():
        begun = operations.begin("corners.comment", by=by, at=at, library_code=book.library.code)
        made = DriftComment.objects.create(
            book=book,
            text=text.strip()[:300],
            signed=signed.strip()[:60],
            class_label=class_label.strip()[:30],
            state=State.SHOWN if is_shown else State.WAITING,
            at=at,
        )
        operations.finish(begun.operation, subject=f"corners.drift:{book.pk}")
        return made


def judge_comment(book: DriftBook, comment_id: int, state: str, *, by: Actor, at: datetime) -> None:
    """Let the public see a comment, hide it, or have it wait again."""
    with transaction.atomic():
        begun = operations.begin("corners.judge_comment", by=by, at=at, library_code=book.library.code)
        if not book.comments.filter(pk=comment_id).update(state=State(state)):
            raise refuse("undone_already")
        detail = {"comment": comment_id, "state": state}
        operations.finish(begun.operation, subject=f"corners.drift:{book.pk}", detail=detail)


def end(book: DriftBook, ended: str, *, by: Actor, at: datetime) -> DriftBook:
    """The journey ends: back with its giver, kept by somebody, or lost."""
    return _set(book, Ended(ended), "corners.end_drift", by, at)


def find(book: DriftBook, *, by: Actor, at: datetime) -> DriftBook:
    """It was found again, or drifts on: the end is taken back."""
    return _set(book, "", "corners.find_drift", by, at)


def _set(book: DriftBook, ended: str, action: str, by: Actor, at: datetime) -> DriftBook:
    with transaction.atomic():
        begun = operations.begin(action, by=by, at=at, library_code=book.library.code)
        book = DriftBook.objects.select_for_update().get(pk=book.pk)
        if ended and book.ended_on is not None:
            raise refuse("drift_ended", title=book.title)
        book.ended, book.ended_on = ended, local_date(at) if ended else None
        book.save(update_fields=["ended", "ended_on"])
        operations.finish(begun.operation, subject=f"corners.drift:{book.pk}", detail={"ended": ended})
        return book
