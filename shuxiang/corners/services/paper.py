"""A page of a class's paper register is typed in: tried row by row, entered as acts of their days, undone together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import identify
from shuxiang.circulation.services import cancel_loan, preview_check_out
from shuxiang.circulation.services.backdated import lend_on_day, return_on_day, strike_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Reason, Refused
from shuxiang.corners import selectors
from shuxiang.corners.besides import OwnBook, OwnLoan
from shuxiang.corners.models import PaperRow, PaperSheet
from shuxiang.corners.refusals import refuse
from shuxiang.corners.rules import read_day
from shuxiang.corners.services.own import lend_own, return_own
from shuxiang.corners.services.places import corner_for
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.search import search
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import ClassMembership, Patron

Row, State = PaperRow.State, PaperSheet.State
MOST_ROWS = 40
# what happened on paper happened: these are said beside the row and do not stop it
FACTS = frozenset({"loan_limit_reached", "has_overdue", "reader_blocked", "item_elsewhere", "others_wait"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of the grid as it was typed."""

    on: str = ""
    reader: str = ""
    book: str = ""
    back: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.reader.strip() or self.book.strip() or self.back.strip())


def begin_sheet(school_class: SchoolClass, reason: str, *, by: Actor, at: datetime) -> PaperSheet:
    """An empty grid for a class. Refuses one without the reason why it is entered afterwards."""
    if not reason.strip():
        raise refuse("sheet_without_reason")
    return PaperSheet.objects.create(
        library=school_class.library,
        school_class=school_class,
        label=ground.label_of(school_class, local_date(at))[:60],
        reason=reason.strip()[:200],
        created_at=at,
        created_by=by.name[:80],
    )


def keep_rows(sheet: PaperSheet, typed: Sequence[Typed]) -> PaperSheet:
    """Keep what was typed, whatever it is; empty lines are left out. Refuses a sheet that was entered."""
    lines = [one for one in typed if not one.is_empty][:MOST_ROWS]
    with transaction.atomic():
        if not PaperSheet.objects.filter(pk=sheet.pk, state=State.DRAFT).update(state=State.DRAFT):
            raise refuse("sheet_entered")
        sheet.rows.all().delete()
        PaperRow.objects.bulk_create(
            PaperRow(
                sheet=sheet,
                position=position,
                on_text=one.on.strip()[:20],
                reader_text=one.reader.strip()[:60],
                book_text=one.book.strip()[:200],
                back_text=one.back.strip()[:20],
            )
            for position, one in enumerate(lines, 1)
        )
    return sheet


class _TriedOut(Exception):
    """Raised to leave the trial without a trace."""


def try_out(sheet: PaperSheet, *, by: Actor, at: datetime) -> list[PaperRow]:
    """What would become of every row, tried for good and taken back: so a volume that goes out twice is judged rightly."""
    rows = _rows(sheet)
    try:
        with transaction.atomic():
            _read_all(sheet, rows, at)
            for row in _in_order(rows):
                _enter_row(sheet, row, by=by, at=at, tries=True)
            raise _TriedOut
    except _TriedOut:
        pass
    for row in rows:
        row.loan = row.own_loan = None
        row.state = Row.DRAFT
        row.save()
    return rows


def enter(sheet: PaperSheet, *, by: Actor, at: datetime) -> PaperSheet:
    """Enter every row that may be, each by itself; begun again after a stop, it goes on. What is refused says why."""
    rows = _rows(sheet)
    if not rows:
        raise refuse("sheet_empty")
    _read_all(sheet, rows, at)
    PaperSheet.objects.filter(pk=sheet.pk, state=State.DRAFT).update(state=State.ENTERED)
    sheet.refresh_from_db()
    if sheet.state != State.ENTERED:
        raise refuse("sheet_entered")
    for row in _in_order(rows):
        if row.state == Row.DRAFT:
            _enter_row(sheet, row, by=by, at=at)
            row.save()
    return sheet


def _rows(sheet: PaperSheet) -> list[PaperRow]:
    return list(sheet.rows.select_related("patron", "item__holding__record", "loan").order_by("position"))


def _in_order(rows: Iterable[PaperRow]) -> list[PaperRow]:
    """By day, as it happened: what went out and came back may go out again further down the sheet."""
    return sorted(rows, key=lambda row: (row.on or date.min, row.position))


def _read_all(sheet: PaperSheet, rows: Sequence[PaperRow], at: datetime) -> None:
    """Days and readers of all rows; an empty day is that of the row above."""
    today, above = local_date(at), ""
    members: dict[date, list[ClassMembership]] = {}
    for row in rows:
        above = row.on_text or above
        row.on, row.back_on = (
            read_day(above, today),
            read_day(row.back_text, today) if row.back_text else None,
        )
        if row.on is None:
            continue
        if row.on not in members:
            members[row.on] = patrons.members_of(sheet.school_class, row.on)
        row.patron = _reader(members[row.on], row.reader_text)


def _reader(members: Sequence[ClassMembership], text: str) -> Patron | None:
    """A pupil of the class by number, name, card, pinyin or initials; None when nobody or several fit."""
    plain = clean_scan(text).lower().replace(" ", "")
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) <= 3:
        numbered = [one.patron for one in members if one.number == int(plain)]
        if len(numbered) == 1:
            return numbered[0]
    readers = [one.patron for one in members]
    for fits in (
        [one for one in readers if one.name == text.strip()],
        [one for one in readers if plain in (one.name_initials, one.name_pinyin)],
        [one for one in readers if text.strip() in one.name],
    ):
        if fits:
            return fits[0] if len(fits) == 1 else None
    card = patrons.find_card(readers[0].library, plain) if readers else None
    return next((one for one in readers if card is not None and one.pk == card.patron_id), None)


def _enter_row(sheet: PaperSheet, row: PaperRow, *, by: Actor, at: datetime, tries: bool = False) -> None:
    """Lend on its day and, where a day of return stands, take back; the row says what became of it."""
    try:
        with transaction.atomic():
            row.reasons = _do(sheet, row, by=by, at=at, tries=tries)
        row.state = Row.DONE
    except Refused as refusal:
        row.reasons = [_kept(reason) for reason in refusal.decision.reasons]
        row.state, row.loan, row.own_loan = Row.REFUSED, None, None


def _kept(reason: Reason) -> list[object]:
    params = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in reason.params.items()
    }
    return [reason.code, int(reason.weight), params]


def _do(sheet: PaperSheet, row: PaperRow, *, by: Actor, at: datetime, tries: bool) -> list[list[object]]:
    """What was worth saying. Raises Refused."""
    on = _checked(row)
    own = selectors.own_by_code(sheet.library, row.book_text)
    if own is not None:
        return _do_own(row, own, on, by, at)
    patron, item = row.patron, row.item or _volume(sheet, row)
    if patron is None:
        raise refuse("row_reader", text=row.reader_text)
    row.item = item
    kind = Loan.Kind.CORNER if item.account == ItemAccount.CORNER else ""
    said: list[list[object]] = []
    if tries:
        judged = preview_check_out(library=sheet.library, patron=patron, item=item, at=at, kind=kind)
        said = [_kept(reason) for reason in judged.asks if reason.code in FACTS]
    row.loan = lend_on_day(
        library=sheet.library,
        patron=patron,
        item=item,
        on=on,
        reason=sheet.reason,
        at=at,
        by=by,
        kind=kind,
        confirmed=FACTS,
        operation_id=uuid5(sheet.pk, f"out {row.pk}"),
    )
    if row.back_on is not None:
        return_on_day(
            library=sheet.library,
            item=item,
            on=row.back_on,
            reason=sheet.reason,
            at=at,
            by=by,
            operation_id=uuid5(sheet.pk, f"in {row.pk}"),
        )
    return said


def _checked(row: PaperRow) -> date:
    """The day of the row. Raises Refused for what cannot be read, with what was typed."""
    if row.on is None:
        raise refuse("row_day", text=row.on_text)
    if row.back_text and row.back_on is None:
        raise refuse("row_day", text=row.back_text)
    if row.back_on is not None and row.back_on < row.on:
        back, row.back_on = row.back_on, None  # kept as text: the table holds no day before the loan
        raise refuse("row_back_before", on=row.on, back=back)
    if row.patron is None:
        raise refuse("row_reader", text=row.reader_text)
    return row.on


def _do_own(row: PaperRow, own: OwnBook, on: date, by: Actor, at: datetime) -> list[list[object]]:
    if row.patron is None:
        raise refuse("row_reader", text=row.reader_text)
    row.own_loan = lend_own(
        own, row.patron, on=on, by=by, at=at, operation_id=uuid5(row.sheet_id, f"out {row.pk}")
    )
    if row.back_on is not None:
        return_own(own, on=row.back_on, by=by, at=at, operation_id=uuid5(row.sheet_id, f"in {row.pk}"))
    return []


def _volume(sheet: PaperSheet, row: PaperRow) -> Item:
    """The volume by barcode, ISBN or title; of a title the one of the class's corner, then any that is in."""
    text = row.book_text.strip()
    if not text:
        raise refuse("row_book", text="")
    found = identify(sheet.library, text)
    if found.item is not None:
        return found.item
    records = [record.pk for record in found.records]
    if not records:
        hits = search(text, library=sheet.library, page_size=9).hits
        exact = [hit.record.pk for hit in hits if hit.record.title == text]
        records = exact or [hit.record.pk for hit in hits]
        if len(records) > 1:
            raise refuse("row_titles", text=text, count=len(records))
    copies = Item.objects.filter(library=sheet.library, holding__record__in=records)
    copies = copies.select_related("holding__record", "home", "current").order_by("copy_number", "pk")
    place = corner_for(sheet.library, sheet.school_class)
    mine = [one for one in copies if place is not None and (one.current_id or one.home_id) == place.pk]
    for some in (mine, list(copies)):
        ready = [one for one in some if one.account in (ItemAccount.CORNER, ItemAccount.SHELF)]
        if ready:
            return ready[0]
    if not copies:
        raise refuse("row_book", text=text)
    raise refuse("row_all_out", text=text)


def undo(sheet: PaperSheet, *, by: Actor, at: datetime) -> tuple[int, int]:
    """Take the sheet back, the last act first: rows undone, and rows left because the desk took the volume back."""
    if sheet.state != State.ENTERED:
        raise refuse("sheet_not_entered")
    undone = left = 0
    for row in reversed(_in_order(_rows(sheet))):
        if row.state != Row.DONE:
            continue
        try:
            with transaction.atomic():
                _undo_row(row, by, at)
                row.state = Row.UNDONE
                row.save(update_fields=["state", "own_loan"])
            undone += 1
        except Refused:
            left += 1
    if not left:
        with transaction.atomic():
            begun = operations.begin("corners.undo_sheet", by=by, at=at, library_code=sheet.library.code)
            PaperSheet.objects.filter(pk=sheet.pk).update(state=State.UNDONE)
            operations.finish(begun.operation, subject=f"corners.sheet:{sheet.pk}", result={"rows": undone})
    sheet.refresh_from_db()
    return undone, left


def _undo_row(row: PaperRow, by: Actor, at: datetime) -> None:
    if row.own_loan_id is not None:
        OwnLoan.objects.filter(pk=row.own_loan_id).delete()
        row.own_loan = None
        return
    loan = row.loan
    if loan is None or (row.back_on is None and loan.in_at is not None):
        raise refuse(
            "undone_already"
        )  # it came back at the desk since: that return stays, and so does the loan
    if row.back_on is not None:
        strike_loan(loan=loan, at=at, by=by, operation_id=uuid5(row.sheet_id, f"strike {row.pk}"))
    else:
        cancel_loan(loan=loan, at=at, by=by, operation_id=uuid5(row.sheet_id, f"cancel {row.pk}"))


def rest_of(sheet: PaperSheet, *, by: Actor, at: datetime) -> PaperSheet:
    """What was refused, on a new sheet to be put right."""
    rows = [row for row in _rows(sheet) if row.state == Row.REFUSED]
    if not rows:
        raise refuse("sheet_without_rest")
    made = begin_sheet(sheet.school_class, sheet.reason, by=by, at=at)
    days = {row.pk: row.on_text or (row.on.isoformat() if row.on else "") for row in rows}
    typed = [Typed(days[row.pk], row.reader_text, row.book_text, row.back_text) for row in rows]
    return keep_rows(made, typed)
