"""Reads of recalls: what would be called in, what was, who still has it; slips by class."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation.holdmodels import Recall, RecalledLoan
from shuxiang.circulation.models import Loan
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron

Scope = Recall.Scope


def foreseen_loans(
    library: Library,
    *,
    scope: str,
    on: date,
    loan: Loan | None = None,
    record: BibliographicRecord | None = None,
    school_class: SchoolClass | None = None,
) -> list[Loan]:
    """The open loans that a recall is about; what is read in the room is never called in."""
    found = (
        Loan.objects.filter(library=library, in_at__isnull=True)
        .exclude(kind=Loan.Kind.IN_ROOM)
        .select_related("library", "patron__category", "record", "item__holding")
    )
    if scope == Scope.LOAN:
        found = found.filter(pk=loan.pk if loan else 0)
    elif scope == Scope.TITLE:
        found = found.filter(record=record)
    elif scope == Scope.CLASS and school_class is not None:
        members = [row.patron_id for row in patrons.members_of(school_class, on)]
        found = found.filter(Q(patron__in=members) | Q(patron__school_class=school_class))
    return list(found.order_by("due_on", "pk"))


def recalls_of(library: Library) -> QuerySet[Recall]:
    """All recalls, the latest first; `loans` is how many were called in, `still_out` how many of these are out."""
    return (
        Recall.objects.filter(library=library)
        .annotate(loans=Count("rows"), still_out=Count("rows", filter=Q(rows__loan__in_at__isnull=True)))
        .order_by("-made_at", "-pk")
    )


def find_recall(library: Library, pk: int) -> Recall | None:
    return recalls_of(library).select_related("library", "operation").filter(pk=pk).first()


@dataclass(frozen=True)
class Line:
    """One loan that was called in."""

    row: RecalledLoan
    loan: Loan
    is_back: bool
    moved_on: bool  # renewed since


@dataclass(frozen=True)
class Slip:
    """What one class, or who is in none, has been asked for; for its teacher."""

    label: str
    lines: list[Line] = field(default_factory=list)


def slips_of(recall: Recall, on: date, *, only_out: bool = False) -> list[Slip]:
    """The loans of a recall by the class the readers are in on a day, classes first; readers of no class by category."""
    rows = (
        RecalledLoan.objects.filter(recall=recall)
        .select_related("loan__patron__category", "loan__patron__school_class", "loan__record", "loan__item")
        .order_by("loan__patron__name_pinyin", "loan_id")
    )
    lines = [
        Line(row, row.loan, row.loan.in_at is not None, row.loan.due_on != row.due_after)
        for row in rows
        if not (only_out and row.loan.in_at is not None)
    ]
    readers = {line.loan.patron.pk: line.loan.patron for line in lines if line.loan.patron is not None}
    labels = patrons.labels_on(recall.library, list(readers.values()), on)
    slips: dict[tuple[bool, str], Slip] = {}
    for line in lines:
        key = _belongs(line.loan.patron, labels, line.loan.class_label, on)
        slips.setdefault(key, Slip(key[1])).lines.append(line)
    return [slips[key] for key in sorted(slips)]


def _belongs(patron: Patron | None, labels: dict[int, str], then: str, on: date) -> tuple[bool, str]:
    """Whether it is no class, and what it is called."""
    if patron is None:
        return (not then, then)
    label = labels.get(patron.pk) or (patrons.class_label_on(patron, on) if patron.school_class_id else "")
    return (not label, label or patron.category.name)
