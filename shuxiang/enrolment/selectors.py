"""Reads for the pages of this room: openings, their steps, clearances, who is to be cleared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shuxiang.enrolment.models import Clearance, Step, YearOpening
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import dues
from shuxiang.patrons.listing import Line, lines
from shuxiang.patrons.models import ClassMembership, Patron

DRAFT, RUNNING, UNDOING = YearOpening.State.DRAFT, YearOpening.State.RUNNING, YearOpening.State.UNDOING
DONE = YearOpening.State.DONE
PASSED_OVER = (Step.State.KEPT, Step.State.STAYS)
OWING_SHOWN = 300


def openings_of(library: Library) -> QuerySet[YearOpening]:
    return (
        YearOpening.objects.filter(library=library).select_related("job", "library").order_by("-created_at")
    )


def opening_of(library: Library, pk: int) -> YearOpening | None:
    return openings_of(library).filter(pk=pk).first()


def passed_over(opening: YearOpening) -> QuerySet[Step]:
    """Steps that were not done, or that undo left: each with its reader or class."""
    rows = opening.steps.filter(state__in=PASSED_OVER).select_related("patron", "school_class__stage")
    return rows.order_by("pk")


def class_of(library: Library, pk: int) -> SchoolClass | None:
    return SchoolClass.objects.filter(library=library, pk=pk).select_related("stage", "library").first()


@dataclass(frozen=True, slots=True)
class ToClear:
    """A reader with what is owed, and the clearance where there is one."""

    line: Line
    owed: Sequence[dues.Due]
    clearance: Clearance | None

    @property
    def may_be_cleared(self) -> bool:
        return self.clearance is None and not any(dues.binds(due) for due in self.owed)


def to_clear(library: Library, patrons: Sequence[Patron], day: date) -> list[ToClear]:
    """These readers as a clearance shows them."""
    keys = [one.pk for one in patrons]
    owed = dues.owed(library, keys)
    standing = {
        row.patron_id: row
        for row in Clearance.objects.filter(library=library, patron__in=keys, undone_at=None)
    }
    return [
        ToClear(line, owed.get(line.patron.pk, ()), standing.get(line.patron.pk))
        for line in lines(library, patrons, day)
    ]


def readers_in(school_class: SchoolClass) -> list[Patron]:
    """Who is in a class now, and who was to its end: a class that graduated is cleared afterwards, too."""
    rows = ClassMembership.objects.filter(school_class=school_class, patron__deleted_at=None)
    ends = Q(to_on=None)
    if school_class.graduated_on is not None:
        ends |= Q(to_on__gte=school_class.graduated_on)
    ends |= Q(patron__clearances__undone_at=None, patron__clearances__isnull=False)
    found = (
        rows.filter(ends)
        .select_related("patron__category")
        .order_by("number", "patron__name_pinyin", "patron_id")
    )
    return list({row.patron_id: row.patron for row in found}.values())


def left_owing(library: Library, day: date) -> list[ToClear]:
    """Readers who left and still owe something: nobody else asks them any more."""
    gone = Patron.objects.filter(library=library, deleted_at=None, left_on__isnull=False)
    with_loans = gone.filter(loans__in_at=None, loans__isnull=False).distinct().select_related("category")
    some = list(with_loans.order_by("-left_on", "name_pinyin", "pk")[:OWING_SHOWN])
    return to_clear(library, some, day) if some else []


def clearances_of(library: Library) -> QuerySet[Clearance]:
    rows = Clearance.objects.filter(library=library).select_related("patron", "library")
    return rows.order_by("-at", "-pk")


def clearance_of(library: Library, pk: int) -> Clearance | None:
    return clearances_of(library).filter(pk=pk).first()


def batch_of(library: Library, batch: UUID) -> list[Clearance]:
    """What one act cleared, by class and number."""
    return list(clearances_of(library).filter(batch=batch).order_by("number"))


def steps_by_kind(opening: YearOpening) -> dict[str, int]:
    """How many steps of each kind are done."""
    rows = opening.steps.filter(state__in=[Step.State.DONE, Step.State.UNDONE])
    return dict(rows.values_list("kind").annotate(n=Count("pk")).order_by("kind"))
