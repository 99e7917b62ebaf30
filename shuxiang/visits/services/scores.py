"""What classes are scored by, and the points given by hand."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.figures import registry
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.visits.models import Criterion, PointsEntry
from shuxiang.visits.refusals import refuse
from shuxiang.visits.services.entries import own_class, past_day


def is_parted_by_class(code: str) -> bool:
    """Whether a figure of that code exists and is counted for every class."""
    try:
        return "class" in registry.get(code).parts
    except registry.UnknownFigure:
        return False


def add_criterion(
    *,
    library: Library,
    name: str,
    by: Actor,
    at: datetime,
    figure: str = "",
    base: Decimal = Decimal(0),
    per_unit: Decimal = Decimal(1),
    most: Decimal | None = None,
    operation_id: UUID | None = None,
) -> Criterion:
    """A new criterion: with a figure it is computed (base + value × per_unit, between 0 and most), without one points are
    given by hand. Raises Refused."""
    shown = name.strip()[:60]
    if not shown:
        raise refuse("name_needed")
    if figure and not is_parted_by_class(figure):
        raise refuse("criterion_figure", figure=figure)
    request = {
        "name": shown,
        "figure": figure,
        "base": str(base),
        "per_unit": str(per_unit),
        "most": str(most),
    }
    with transaction.atomic():
        begun = operations.begin(
            "visits.add_criterion",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return Criterion.objects.get(pk=begun.operation.result["criterion"])
        here = Criterion.objects.filter(library=library, ended_at=None)
        if here.filter(name=shown).exists():
            raise refuse("criterion_twice", name=shown)
        made = Criterion.objects.create(
            library=library,
            name=shown,
            figure=figure,
            base=base,
            per_unit=per_unit,
            most=most,
            position=here.count() + 1,
        )
        subject, result = f"visits.criterion:{made.pk}", {"criterion": made.pk}
        operations.finish(begun.operation, subject=subject, result=result, detail=request)
        return made


def default_criteria(*, library: Library, by: Actor, at: datetime) -> list[Criterion]:
    """Criteria to begin with; a school changes them as it likes. Nothing where there are any."""
    if Criterion.objects.filter(library=library).exists():
        return []
    ten, twenty = Decimal(10), Decimal(20)
    rows: tuple[tuple[str, str, Decimal, Decimal, Decimal | None], ...] = (
        (_("Loans per pupil"), "circulation.loans_per_pupil", Decimal(0), Decimal(4), Decimal(40)),
        (_("Pupils who borrow"), "circulation.participation", Decimal(0), Decimal("0.2"), twenty),
        (_("Nothing overdue"), "circulation.overdue", ten, Decimal(-1), ten),
        (_("Reading lessons held"), "visits.lessons_on_time", Decimal(0), Decimal("0.1"), ten),
        (_("Class corner kept"), "", Decimal(0), Decimal(1), ten),
    )
    return [
        add_criterion(
            library=library, name=name, figure=figure, base=base, per_unit=per_unit, most=most, by=by, at=at
        )
        for name, figure, base, per_unit, most in rows
    ]


def end_criterion(*, criterion: Criterion, by: Actor, at: datetime) -> None:
    """Score by it no more; what was given stays in the trail. Raises Refused when that was done before."""
    with transaction.atomic():
        row = Criterion.objects.select_for_update().get(pk=criterion.pk)
        if row.ended_at is not None:
            raise refuse("criterion_ended", name=row.name)
        begun = operations.begin("visits.end_criterion", by=by, at=at, library_code=row.library.code)
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        operations.finish(begun.operation, subject=f"visits.criterion:{row.pk}")


def give_points(
    *,
    criterion: Criterion,
    school_class: SchoolClass,
    points: Decimal,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> PointsEntry:
    """Points for a class, or taken from it, on a day with a reason. Raises Refused for a computed criterion."""
    _may_give(criterion, points, reason)
    own_class(criterion.library, school_class)
    past_day(on, at)
    request = {
        "criterion": criterion.pk,
        "class": school_class.pk,
        "points": str(points),
        "on": str(on),
        "reason": reason,
    }
    with transaction.atomic():
        begun = operations.begin(
            "visits.give_points",
            by=by,
            at=at,
            library_code=criterion.library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return PointsEntry.objects.get(pk=begun.operation.result["entry"])
        made = PointsEntry.objects.create(
            criterion=criterion,
            school_class=school_class,
            on=on,
            points=points,
            reason=reason.strip()[:120],
            by=by.name[:80],
            at=at,
        )
        operations.finish(
            begun.operation, subject=f"visits.points_entry:{made.pk}", result={"entry": made.pk}
        )
        return made


def _may_give(criterion: Criterion, points: Decimal, reason: str) -> None:
    """Only what is scored by hand and now, some points, and with a reason."""
    if criterion.figure:
        raise refuse("criterion_computed", name=criterion.name)
    if criterion.ended_at is not None:
        raise refuse("criterion_ended", name=criterion.name)
    if not points:
        raise refuse("points_bad", text="0")
    if not reason.strip():
        raise refuse("reason_needed")


def strike_points(*, entry: PointsEntry, by: Actor, at: datetime) -> None:
    """Strike an entry out: it stays to be read and counts no more."""
    with transaction.atomic():
        row = PointsEntry.objects.select_for_update().get(pk=entry.pk)
        if row.struck_at is not None:
            raise refuse("points_struck")
        begun = operations.begin(
            "visits.strike_points", by=by, at=at, library_code=row.criterion.library.code
        )
        row.struck_at = at
        row.save(update_fields=["struck_at"])
        operations.finish(begun.operation, subject=f"visits.points_entry:{row.pk}")
