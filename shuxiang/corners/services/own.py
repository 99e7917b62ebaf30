"""Pupils' own books: lent to the corner, lent on to others by its register, given back to who owns them."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.corners.besides import OwnBook, OwnLoan
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services.numbering import next_number
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.patrons.models import Patron

Ended = OwnBook.Ended


def receive(
    place: ShelvingLocation,
    *,
    owner: Patron,
    title: str,
    on: date,
    by: Actor,
    at: datetime,
    author: str = "",
    operation_id: UUID | None = None,
) -> OwnBook:
    """A pupil lends a book to the corner: it gets a number for its slip and is in no book of the school.

    Refuses a title that is empty, an owner of another library, and a place that is no corner.
    """
    if not title.strip():
        raise refuse("own_without_title")
    if owner.library_id != place.library_id:
        raise refuse("reader_elsewhere")
    if place.school_class_id is None:
        raise refuse("no_corner", location=place.name)
    with transaction.atomic():
        begun = operations.begin(
            "corners.receive_own",
            by=by,
            at=at,
            library_code=place.library.code,
            operation_id=operation_id,
            request={"place": place.pk, "owner": owner.pk, "title": title},
        )
        if begun.repeated:
            return OwnBook.objects.get(pk=begun.operation.result["book"])
        book = OwnBook.objects.create(
            library=place.library,
            number=next_number(place.library, OwnBook),
            location=place,
            owner=owner,
            title=title.strip()[:200],
            author=author.strip()[:100],
            received_on=on,
            created_at=at,
        )
        operations.finish(begun.operation, subject=f"corners.own:{book.pk}", result={"book": book.pk})
        return book


def lend_own(
    book: OwnBook, patron: Patron, *, on: date, by: Actor, at: datetime, operation_id: UUID | None = None
) -> OwnLoan:
    """Another pupil takes it home. Refuses one that is out, its own owner, and a day before it came."""
    with transaction.atomic():
        begun = _begin("lend_own", book, by, at, operation_id, patron=patron.pk, on=on)
        if begun is None:
            return OwnLoan.objects.filter(book=book).latest("pk")
        book = _locked(book)
        if patron.library_id != book.library_id:
            raise refuse("reader_elsewhere")
        if patron.pk == book.owner_id:
            raise refuse("own_to_owner", title=book.title)
        if book.ended_on is not None or OwnLoan.objects.filter(book=book, in_on=None).exists():
            raise refuse("own_not_there", title=book.title)
        last = OwnLoan.objects.filter(book=book).order_by("-in_on").first()
        earliest = max(book.received_on, last.in_on) if last and last.in_on else book.received_on
        if on < earliest:
            raise refuse("own_too_early", title=book.title, on=earliest)
        loan = OwnLoan.objects.create(book=book, patron=patron, out_on=on)
        operations.finish(begun, subject=f"corners.own:{book.pk}", result={"loan": loan.pk})
        return loan


def return_own(
    book: OwnBook, *, on: date, by: Actor, at: datetime, operation_id: UUID | None = None
) -> OwnLoan | None:
    """It is back in the corner; None when the register did not have it out. Refuses a day before it went."""
    with transaction.atomic():
        begun = _begin("return_own", book, by, at, operation_id, on=on)
        loan = OwnLoan.objects.filter(book=book, in_on=None).select_related("patron").first()
        if begun is None:
            return OwnLoan.objects.filter(book=book).order_by("-pk").first()
        if loan is not None and on < loan.out_on:
            raise refuse("own_too_early", title=book.title, on=loan.out_on)
        if loan is not None:
            loan.in_on = on
            loan.save(update_fields=["in_on"])
        operations.finish(begun, subject=f"corners.own:{book.pk}", result={"loan": loan.pk if loan else None})
        return loan


def end_own(
    book: OwnBook, *, ended: str, by: Actor, at: datetime, operation_id: UUID | None = None
) -> OwnBook:
    """It goes back to its owner, or is lost; whoever had it by the register has it no more."""
    on = local_date(at)
    with transaction.atomic():
        begun = _begin("end_own", book, by, at, operation_id, ended=ended)
        book = _locked(book)
        if begun is None:
            return book
        if book.ended_on is not None:
            raise refuse("own_ended", title=book.title)
        OwnLoan.objects.filter(book=book, in_on=None).update(in_on=on)
        book.ended, book.ended_on = Ended(ended), on
        book.save(update_fields=["ended", "ended_on"])
        operations.finish(begun, subject=f"corners.own:{book.pk}", result={"book": book.pk})
        return book


def reopen_own(book: OwnBook, *, by: Actor, at: datetime) -> OwnBook:
    """It is in the corner after all: undo of giving it back."""
    with transaction.atomic():
        begun = _begin("reopen_own", book, by, at, None)
        book = _locked(book)
        if begun is not None and book.ended_on is not None:
            book.ended, book.ended_on = "", None
            book.save(update_fields=["ended", "ended_on"])
            operations.finish(begun, subject=f"corners.own:{book.pk}")
        return book


def _locked(book: OwnBook) -> OwnBook:
    return OwnBook.objects.select_for_update(of=("self",)).select_related("library", "owner").get(pk=book.pk)


def _begin(
    act: str, book: OwnBook, by: Actor, at: datetime, operation_id: UUID | None, **request: object
) -> Operation | None:
    """The operation of an act on one book; None when it had been done before."""
    begun = operations.begin(
        f"corners.{act}",
        by=by,
        at=at,
        library_code=book.library.code,
        operation_id=operation_id,
        request={"book": book.pk, **request},
    )
    return None if begun.repeated else begun.operation
