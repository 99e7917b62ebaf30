"""One slip per class for its teacher: what is overdue, what was lost, who has borrowed nothing this term."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shuxiang.circulation.models import Loan
from shuxiang.common.schoolyear import Period
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import ClassMembership, PatronCategory


@dataclass(frozen=True)
class Owed:
    """A volume that a pupil has too long, or has lost: whose, which, since when."""

    number: int | None
    name: str
    title: str
    on: date  # due, or lost
    days: int  # late; 0 for a lost one
    price_fen: int | None


@dataclass(frozen=True)
class Slip:
    """What a class teacher is told of the own class on a day, for the term so far."""

    class_id: int
    label: str
    pupils: int
    borrowed: int  # pupils who borrowed in the term
    loans: int
    overdue: tuple[Owed, ...]
    lost: tuple[Owed, ...]
    never: tuple[tuple[int | None, str], ...]  # number in the class and name

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.lost or self.never)


def slips_of(library: Library, classes: list[SchoolClass], term: Period, today: date) -> list[Slip]:
    """A slip for each class, in few questions a class. Pupils only: a class's own box and its teacher stand elsewhere."""
    labels = libraries.class_labels(library, classes, today)
    return [_slip(each, labels[each.pk], term, today) for each in classes]


def _slip(school_class: SchoolClass, label: str, term: Period, today: date) -> Slip:
    members = [
        row
        for row in patrons.members_of(school_class, today)
        if row.patron.category.kind == PatronCategory.Kind.PUPIL and row.patron.left_on is None
    ]
    by_patron = {row.patron_id: row for row in members}
    loans = Loan.objects.filter(patron__in=list(by_patron)).exclude(outcome=Loan.Outcome.CANCELLED)
    late = loans.filter(in_at=None, due_on__lt=today).select_related("record")
    gone = loans.filter(outcome=Loan.Outcome.LOST, in_on__range=(term.starts_on, term.ends_on))
    in_term = loans.filter(out_on__range=(term.starts_on, term.ends_on)).values_list("patron_id", flat=True)
    lent = list(in_term)
    borrowed = set(lent)
    return Slip(
        class_id=school_class.pk,
        label=label,
        pupils=len(members),
        borrowed=len(borrowed),
        loans=len(lent),
        overdue=_owed(late.order_by("due_on", "pk"), by_patron, today),
        lost=_owed(gone.select_related("record").order_by("in_on", "pk"), by_patron, None),
        never=tuple((row.number, row.patron.name) for row in members if row.patron_id not in borrowed),
    )


def _owed(loans: Iterable[Loan], members: dict[int, ClassMembership], today: date | None) -> tuple[Owed, ...]:
    rows = []
    for loan in loans:
        member = members[loan.patron_id or 0]
        on = loan.due_on if today else loan.in_on or loan.due_on
        rows.append(
            Owed(
                member.number,
                member.patron.name,
                loan.record.title,
                on,
                (today - loan.due_on).days if today else 0,
                loan.price_fen,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.number is None, row.number or 0, row.name, row.on)))
