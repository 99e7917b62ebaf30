"""Loan policies are rows; the whole policy of a library fits on one page."""

from datetime import datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation.models import LoanPolicy
from shuxiang.circulation.rules import PolicyRow
from shuxiang.common.actors import Actor
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
    """Write the row of one scope (library, category, place or both); earlier loans keep their due dates."""
    with transaction.atomic():
        begun = operations.begin("circulation.set_policy", by=by, at=at, library_code=library.code)
        policy, _ = LoanPolicy.objects.update_or_create(
            library=library,
            category_id=row.category_id,
            location_id=row.location_id,
            defaults={
                "loan_limit": row.loan_limit,
                "loan_days": row.loan_days,
                "renewals": row.renewals,
                "renewal_days": row.renewal_days,
                "in_room_only": row.in_room_only,
            },
        )
        operations.finish(begun.operation, subject=f"circulation.policy:{policy.pk}")
        return policy


def default_policies(*, library: Library, at: datetime, by: Actor) -> None:
    """Give each category of a new library its ordinary limits."""
    for category in PatronCategory.objects.filter(library=library):
        limit, days, renewals = SCHOOL_DEFAULTS[category.kind]
        row = PolicyRow(category.pk, None, limit, days, renewals, days)
        set_policy(library=library, row=row, at=at, by=by)
