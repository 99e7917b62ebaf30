"""Close the cash book of a day (日结): the money in the box is counted and held against the book; there is no way back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuxiang.audit import operations
from shuxiang.cashbook.models import DayClose, Till
from shuxiang.cashbook.rules import CloseFacts, may_close
from shuxiang.cashbook.selectors import book_to
from shuxiang.cashbook.services.entering import refuse
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.libraries.models import Library


@transaction.atomic
def close_day(
    *,
    library: Library,
    on: date,
    counted_fen: int,
    signed_by: str,
    at: datetime,
    by: Actor,
    note: str = "",
    operation_id: UUID | None = None,
) -> DayClose:
    """Close every day up to `on` that is still open. What was counted is what the next day begins with.

    Refuses a day that is closed or to come, a difference without a note, nobody's signature.
    """
    request = {"on": on, "counted": counted_fen, "signed": signed_by, "note": note}
    begun = operations.begin(
        "cashbook.close_day",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request=request,
    )
    if begun.repeated:
        return DayClose.objects.get(pk=begun.operation.result["close"])
    till, _made = Till.objects.get_or_create(library=library)
    open_still = Q(closed_to=None) | Q(closed_to__lt=on)
    # from here on nobody writes an entry of these days; without this the sums below could grow old
    is_ours = Till.objects.filter(open_still, pk=till.pk).update(closed_to=on)
    book = book_to(library, on)
    facts = CloseFacts(on, local_date(at), till.closed_to, book.book_fen, counted_fen, note, signed_by)
    may_close(facts).enforce()
    if not is_ours:
        raise refuse("closed_already", on=on)
    close = DayClose.objects.create(
        library=library,
        from_on=min(book.from_on, on),
        on=on,
        entries=book.entries,
        opening_fen=book.opening_fen,
        in_fen=book.in_fen,
        out_fen=book.out_fen,
        book_fen=book.book_fen,
        counted_fen=counted_fen,
        note=note.strip()[:200],
        signed_by=signed_by.strip()[:60],
        at=at,
        by=by.name[:80],
        operation=begun.operation,
    )
    operations.finish(begun.operation, subject=f"cashbook.close:{close.pk}", result={"close": close.pk})
    return close
