"""Loan policies are rows; the whole policy of a library fits on one page."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation.models import LoanPolicy
from shuxiang.circulation.rules import QUESTIONS, PolicyRow, judge_policy
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import PatronCategory

# What schools ordinarily allow (our reading of the rules collected from schools): kind → limit, days, renewals.
SCHOOL_DEFAULTS: dict[str, tuple[int, int, int]] = {
    PatronCategory.Kind.PUPIL: (2, 14, 1),
    PatronCategory.Kind.TEACHER: (5, 30, 1),
    PatronCategory.Kind.STAFF: (5, 30, 1),
    PatronCategory.Kind.CITIZEN: (5, 30, 1),
    PatronCategory.Kind.CLASS: (60, 150, 0),
    PatronCategory.Kind.GROUP: (20, 150, 0),
    PatronCategory.Kind.LIBRARY: (100, 60, 1),
}


def set_policy(*, library: Library, row: PolicyRow, at: datetime, by: Actor) -> LoanPolicy:
    """Write the row of one scope (library, category, place or both); earlier loans keep their due dates.

    Raises Refused for a number out of bounds, or a category or place of another library.
    """
    judge_policy(row).enforce()
    _same_library(library, row)
    with transaction.atomic():
        begun = operations.begin("circulation.set_policy", by=by, at=at, library_code=library.code)
        scope: dict[str, Any] = {"category_id": row.category_id, "location_id": row.location_id}
        found = LoanPolicy.objects.filter(library=library, **scope)
        before = found.values(*QUESTIONS).first()
        after = {name: getattr(row, name) for name in QUESTIONS}
        policy, _ = LoanPolicy.objects.update_or_create(library=library, **scope, defaults=after)
        operations.finish(
            begun.operation,
            subject=f"circulation.policy:{policy.pk}",
            detail={"before": before, "after": after, **scope},
        )
        return policy


def remove_policy(*, library: Library, row: PolicyRow, at: datetime, by: Actor) -> None:
    """Take a row out of the table: less specific rows answer from then on. The library's own row stays."""
    if row.category_id is None and row.location_id is None:
        raise Refused(Decision((Reason("policy_of_all", Weight.REFUSE),)))
    with transaction.atomic():
        begun = operations.begin("circulation.remove_policy", by=by, at=at, library_code=library.code)
        scope: dict[str, Any] = {"category_id": row.category_id, "location_id": row.location_id}
        found = LoanPolicy.objects.filter(library=library, **scope)
        before = found.values(*QUESTIONS).first()
        found.delete()
        operations.finish(begun.operation, detail={"before": before, **scope})


def _same_library(library: Library, row: PolicyRow) -> None:
    categories = PatronCategory.objects.filter(library=library, pk=row.category_id or 0)
    places = ShelvingLocation.objects.filter(library=library, pk=row.location_id or 0)
    if (row.category_id and not categories.exists()) or (row.location_id and not places.exists()):
        raise Refused(Decision((Reason("policy_of_other_library", Weight.REFUSE),)))


def default_policies(*, library: Library, at: datetime, by: Actor) -> None:
    """Give each category of a new library its ordinary limits."""
    for category in PatronCategory.objects.filter(library=library):
        limit, days, renewals = SCHOOL_DEFAULTS[category.kind]
        row = PolicyRow(category.pk, None, limit, days, renewals, days)
        set_policy(library=library, row=row, at=at, by=by)
