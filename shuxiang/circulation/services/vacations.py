"""Periods of the holidays with rules of their own: entered, changed, removed. Earlier loans keep their due dates."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation.holdmodels import Vacation
from shuxiang.circulation.holdrules import VacationFacts, judge_vacation
from shuxiang.circulation.terms import vacation_facts
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import PatronCategory


def save_vacation(
    *,
    library: Library,
    row: Vacation | None,
    name: str,
    from_on: date,
    to_on: date,
    due_on: date | None = None,
    loan_days: int | None = None,
    loan_limit: int | None = None,
    categories: Sequence[PatronCategory] = (),
    classes: Sequence[SchoolClass] = (),
    at: datetime,
    by: Actor,
) -> Vacation:
    """Enter or change a period; no category or class stands for all. Raises Refused with every reason."""
    facts = VacationFacts(
        name.strip()[:40],
        from_on,
        to_on,
        due_on,
        loan_days,
        loan_limit,
        frozenset(one.pk for one in categories if one.library_id == library.pk),
        frozenset(one.pk for one in classes if one.library_id == library.pk),
        row.pk if row else 0,
    )
    with transaction.atomic():
        begun = operations.begin("circulation.save_vacation", by=by, at=at, library_code=library.code)
        others = Vacation.objects.filter(library=library, to_on__gte=from_on, from_on__lte=to_on)
        judge_vacation(facts, vacation_facts(others)).enforce()
        before = _as_text(row) if row else {}
        row = row or Vacation(library=library)
        row.name, row.from_on, row.to_on = facts.name, from_on, to_on
        row.due_on, row.loan_days, row.loan_limit = due_on, loan_days, loan_limit
        row.save()
        row.categories.set(facts.category_ids)
        row.classes.set(facts.class_ids)
        operations.finish(
            begun.operation,
            subject=f"circulation.vacation:{row.pk}",
            detail={"before": before, "after": _as_text(row)},
        )
        return row


def remove_vacation(*, row: Vacation, at: datetime, by: Actor) -> None:
    """The period is no more; what was lent in it stays due as it is."""
    with transaction.atomic():
        begun = operations.begin("circulation.remove_vacation", by=by, at=at, library_code=row.library.code)
        operations.finish(
            begun.operation, subject=f"circulation.vacation:{row.pk}", detail={"before": _as_text(row)}
        )
        row.delete()


def _as_text(row: Vacation) -> dict[str, object]:
    """What the log keeps."""
    return {
        "name": row.name,
        "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat(),
        "due": row.due_on.isoformat() if row.due_on else None,
        "days": row.loan_days,
        "limit": row.loan_limit,
    }
