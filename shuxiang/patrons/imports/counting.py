"""Enrolment after an import of readers: pupils a class and teachers, dated at the school year's start."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.shapes import Context
from shuxiang.libraries.models import EnrolmentCount, SchoolClass
from shuxiang.libraries.services import count_enrolment
from shuxiang.patrons.models import ClassMembership, Patron

COUNTED = "patrons.count_after_import"


def classes_touched(run_id: UUID | None) -> list[tuple[int, date]]:
    """Classes into which the run put readers, each with the first day of the school year it was named for."""
    rows = RunRow.objects.filter(run=run_id, effects__has_key="class").values_list("effects", flat=True)
    return sorted({(row["class"], date.fromisoformat(row["on"])) for row in rows if row["class"]})


@transaction.atomic
def count_after(context: Context, on: date) -> None:
    """Count once; what was counted for that day before is kept, so that undo can put it back."""
    subject = f"imports.run:{context.run_id}"
    if Operation.objects.filter(action=COUNTED, subject=subject).exists():
        return
    begun = operations.begin(COUNTED, by=context.by, at=context.at, library_code=context.library.code)
    before: list[list[object]] = []
    for key, day in classes_touched(context.run_id):
        members = ClassMembership.objects.filter(
            school_class=key, from_on__lte=day, patron__deleted_at=None
        ).exclude(to_on__lt=day)
        before += _count(context, day, "pupil", members.count(), key)
    teachers = Patron.objects.filter(
        library=context.library, category__kind="teacher", deleted_at=None, joined_on__lte=on, left_on=None
    ).count()
    if teachers:
        before += _count(context, on, "teacher", teachers, None)
    operations.finish(begun.operation, subject=subject, detail={"before": before})


def _count(context: Context, on: date, kind: str, count: int, key: int | None) -> list[list[object]]:
    """Write one count when it differs; gives what was there before."""
    rows = EnrolmentCount.objects.filter(library=context.library, kind=kind, school_class=key, counted_on=on)
    old = rows.values_list("count", flat=True).first()
    if old == count:
        return []
    count_enrolment(
        library=context.library,
        school_class=SchoolClass.objects.get(pk=key) if key else None,
        kind=kind,
        count=count,
        on=on,
        by=context.by,
        at=context.at,
    )
    return [[key, kind, on.isoformat(), old, count]]


@transaction.atomic
def uncount(run: Run) -> None:
    """Put the counts back where nobody has counted anew since."""
    done = Operation.objects.filter(action=COUNTED, subject=f"imports.run:{run.pk}").first()
    if done is None:
        return
    for key, kind, on, old, new in done.detail["before"]:
        rows = EnrolmentCount.objects.filter(
            library=run.library, kind=kind, school_class=key, counted_on=on, count=new
        )
        if old is None:
            rows.delete()
        else:
            rows.update(count=old)
