"""Reads of circulation: facts for the rules, what a scanned code means, who has what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation.holdmodels import Hold, RecalledLoan
from shuxiang.circulation.models import Loan
from shuxiang.circulation.queue import Claims, asked_of, claims_on
from shuxiang.circulation.rules import CheckoutFacts, DueDate
from shuxiang.circulation.terms import Terms, terms_on
from shuxiang.circulation.terms import due_for as due_for  # the public name is here
from shuxiang.circulation.terms import limit_on as limit_on
from shuxiang.circulation.terms import policy_for as policy_for
from shuxiang.common.clock import local_date
from shuxiang.common.codes import readings
from shuxiang.common.isbn import parse_isbn
from shuxiang.holdings import brief
from shuxiang.holdings.models import Holding, Item, ItemAccount, ItemIdentifier, Movement, ShelvingLocation
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.libraries.rules.terms import SchoolCalendar
from shuxiang.libraries.rules.timetable import has_turn
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Card, ClassMembership, Patron


def open_loans(library: Library) -> QuerySet[Loan]:
    return Loan.objects.filter(library=library, in_at__isnull=True)


def loans_of(patron: Patron) -> Sequence[Loan]:
    """What a reader has out, nearest due date first; `is_recalled` says that it was called in."""
    return _LOANS.all(patron=patron.pk)


_LOANS = Question(
    lambda patron: (
        Loan.objects.filter(patron=patron, in_at__isnull=True)
        .select_related("record", "item__home")
        .defer(*brief.title("record"))
        .annotate(is_recalled=recalled())
        .order_by("due_on", "out_at")
    )
)


def open_loan_of(item: Item) -> Loan | None:
    """Who has a volume by the books, with the record; the volume itself is the one given."""
    loan = _OPEN_LOAN.first(item=item.pk)
    if loan is not None:
        loan.item = item
    return loan


_OPEN_LOAN = Question(
    lambda item: (
        Loan.objects.filter(item=item, in_at__isnull=True)
        .select_related("patron", "record")
        .defer(*brief.title("record"))
    )
)


def volume_now(pk: int) -> Item:
    """A volume as it stands, with all that an act looks at.

    `last_moved_at` is the instant of its last movement, `has_holds` whether somebody waits for its title.
    """
    found = _VOLUME.first(pk=pk)
    if found is None:
        raise Item.DoesNotExist
    return found


_VOLUME = Question(
    lambda pk: (
        Item.objects.filter(pk=pk)
        .select_related("holding__record", "home", "current", "property_line")
        .defer(*brief.volume())
        .annotate(
            last_moved_at=Subquery(Movement.objects.filter(item=pk).order_by("-id").values("at")[:1]),
            has_holds=Exists(
                Hold.objects.filter(
                    asked_of(), record=OuterRef("holding__record"), library=OuterRef("library")
                )
            ),
        )
    )
)


def place_of(item: Item) -> ShelvingLocation:
    return item.current or item.home


@dataclass(frozen=True)
class Standing:
    """What lending one volume to one reader asks of the database, each thing once."""

    facts: CheckoutFacts
    terms: Terms  # the due date was made with them
    current: Loan | None  # who has the volume by the books
    membership: ClassMembership | None
    calendar: SchoolCalendar
    claims: Claims


def standing(
    *, library: Library, patron: Patron, item: Item, at: datetime, kind: str, card: Card | None
) -> Standing:
    """Gather what the rules look at; `item` as volume_now() gives it."""
    on = local_date(at)
    place = place_of(item)
    membership = patrons.membership_on(patron, on)
    class_id = membership.school_class_id if membership else patron.school_class_id
    terms = terms_on(library, patron.category_id, place.pk, class_id, on)
    out = [row for row in _DUE_DATES.all(patron=patron.pk) if (row[1] == _CORNER) == (kind == _CORNER)]
    current = open_loan_of(item)
    lent_to_me = current is not None and current.patron_id == patron.pk
    calendar, opening = libraries.calendar_of(library), libraries.open_days(library)
    claims = claims_on(library, item, patron) if has_holds(item) else Claims()
    facts = CheckoutFacts(
        reader_left_on=patron.left_on if patron.left_on and patron.left_on <= on else None,
        card_ended=card.ended if card and card.to_at else "",
        block_reasons=tuple(block.reason for block in patrons.blocks_on(patron, on)),
        open_loans=len(out),
        overdue_loans=sum(due < on for due, _kind, _recalled in out),
        loan_limit=patron.loan_limit if patron.loan_limit is not None else terms.loan_limit,
        account=item.account,
        held_for_review=item.holding.review == Holding.Review.HELD,
        lending=place.lending,
        is_reference=item.holding.record.is_reference,
        in_room_only=terms.policy.in_room_only,
        kind=kind,
        lent_to_this_reader=lent_to_me,
        lent_to=current.patron.name if current and current.patron and not lent_to_me else "",
        library_open=opening.is_open(on),
        in_slot=_is_in_slot(library, membership, at, calendar),
        last_moved_at=getattr(item, "last_moved_at"),  # noqa: B009  an annotation
        at=at,
        due=DueDate(on) if kind == Loan.Kind.IN_ROOM else _due(library, on, terms, calendar, opening),
        ready_for=claims.ready.patron.name if claims.ready else "",
        others_first=claims.before,
        recalled_loans=sum(recalled for _due, _kind, recalled in out),
    )
    return Standing(facts, terms, current, membership, calendar, claims)


def _due(
    library: Library, on: date, terms: Terms, calendar: SchoolCalendar, opening: libraries.OpenDays
) -> DueDate:
    days = terms.policy.loan_days
    return due_for(library, on, days, calendar=calendar, opening=opening, vacation=terms.vacation)


def has_holds(item: Item) -> bool:
    """Whether somebody waits for the title of a volume that volume_now() gave."""
    return bool(getattr(item, "has_holds", True))


def recalled() -> Exists:
    """Whether the loan of a row was called in, and is due on that day still."""
    return Exists(
        RecalledLoan.objects.filter(
            loan=OuterRef("pk"), due_after=OuterRef("due_on"), recall__reversed_at__isnull=True
        )
    )


_CORNER = (
    Loan.Kind.CORNER
)  # a corner has a limit of its own: its loans and those of the library do not count in one
_DUE_DATES = Question(
    lambda patron: (
        Loan.objects.filter(patron=patron, in_at__isnull=True)
        .exclude(kind=Loan.Kind.IN_ROOM)
        .annotate(is_recalled=recalled())
        .values_list("due_on", "kind", "is_recalled")
    )
)


def _is_in_slot(
    library: Library, membership: ClassMembership | None, at: datetime, calendar: SchoolCalendar
) -> bool:
    """Whether it is not only other classes' turn: without a slot, or for teachers, it never is."""
    if membership is None:
        return True
    turns = libraries.turns_at(library, at, calendar)
    grade = patrons.grade_in(membership, calendar, local_date(at))
    return has_turn(turns, membership.school_class_id, grade)


@dataclass(frozen=True)
class Identified:
    """What a scanned or typed code stands for in a library: at most one of card and item; records for an ISBN."""

    code: str
    card: Card | None = None
    item: Item | None = None
    records: tuple[BibliographicRecord, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return self.card is None and self.item is None and not self.records


def identify(library: Library, scanned: str) -> Identified:
    """A card first, then a volume's barcode, then an ISBN (or the local number of an unlabelled book).

    Of the readings of a scan (common.codes) the likeliest that is known counts: one statement each for cards and volumes.
    """
    codes = readings(scanned)
    if not codes:
        return Identified("")
    cards = _CARDS.all(library=library.pk, codes=codes)
    card = _likeliest(codes, {card.number: card for card in cards})
    if card is not None:
        card.patron.library = library
        return Identified(codes[0], card=card)
    labels = _LABELS.all(library=library.pk, codes=codes)
    label = _likeliest(codes, {label.value: label for label in labels})
    if label is not None:
        label.item.library = library
        return Identified(codes[0], item=label.item)
    isbns = {isbn for isbn in (parse_isbn(code).isbn13 for code in codes) if isbn}
    numbered = Q(isbn13__in=isbns) if isbns else Q(isbn__in=codes)
    held = BibliographicRecord.objects.filter(numbered, holdings__library=library, deleted_at__isnull=True)
    return Identified(codes[0], records=tuple(held.order_by("id").distinct()))


_CARDS = Question(
    lambda library, codes: Card.objects.filter(
        library=library, number__in=codes, patron__deleted_at=None
    ).select_related("patron__category")
)
_LABELS = Question(
    lambda library, codes: (
        ItemIdentifier.objects.filter(library=library, value__in=codes)
        .select_related("item__holding__record", "item__home", "item__current")
        .defer(*brief.volume("item"))
    )
)
T = TypeVar("T")


def _likeliest(codes: Sequence[str], known: Mapping[str, T]) -> T | None:
    return next((known[code] for code in codes if code in known), None)


def copy_to_lend(
    library: Library, records: Sequence[BibliographicRecord], patron: Patron | None = None
) -> Item | None:
    """Any copy that is in: the one kept for this reader, then those kept for nobody; one without a barcode first.

    Without a barcode, since somebody scanned the ISBN; in copy order.
    """
    kept = Hold.objects.filter(ready_item=OuterRef("pk"), state=Hold.State.READY)
    return (
        Item.objects.filter(
            library=library,
            holding__record__in=records,
            account=ItemAccount.SHELF,
            home__lending=ShelvingLocation.Lending.OUT,
        )
        .select_related("holding__record", "home", "current")
        .annotate(is_kept=Exists(kept), is_mine=Exists(kept.filter(patron=patron)))
        .order_by("-is_mine", "is_kept", "identifiers", "copy_number", "id")
        .first()
    )


def loans_to_return(library: Library, records: Sequence[BibliographicRecord]) -> list[Loan]:
    """Open loans a book scanned by ISBN could close, oldest first; several readers mean somebody must be asked."""
    return list(
        open_loans(library)
        .filter(record__in=records)
        .select_related("patron", "record", "item__holding__record")
        .order_by("out_at")
    )


def find_loan(library: Library, pk: int) -> Loan | None:
    found = Loan.objects.filter(library=library, pk=pk)
    return found.select_related("record", "patron", "item", "library").first()


def lent_this_term(patron: Patron, at: datetime) -> int:
    """Loans of the running term, for the reader's card."""
    term = libraries.term_on(patron.library, local_date(at))
    return len(_LENT_IN.all(patron=patron.pk, first=term.starts_on, last=term.ends_on))


_LENT_IN = Question(
    lambda patron, first, last: (
        Loan.objects.filter(patron=patron, out_on__gte=first, out_on__lte=last)
        .exclude(outcome=Loan.Outcome.CANCELLED)
        .values_list("pk", flat=True)
    )
)


def first_loan_on(library: Library) -> date | None:
    """The day of the oldest loan, those imported too."""
    first = Loan.objects.filter(library=library).aggregate(first=Min("out_at"))["first"]
    return local_date(first) if first else None
