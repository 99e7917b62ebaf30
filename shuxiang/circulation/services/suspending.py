"""Lending stopped for as many days as a policy sets for each day of delay; children's policies set none."""

from datetime import datetime

from django.utils.translation import gettext as _

from shuxiang.circulation import terms
from shuxiang.circulation.holdrules import late_days, suspended_until
from shuxiang.circulation.models import Loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import Item
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons.models import Block
from shuxiang.patrons.services import block


def suspend_for_delay(loan: Loan, item: Item | None, *, at: datetime, by: Actor) -> Block | None:
    """Stop lending to who brought a volume back late, through the last day that the policy gives; None for no delay.

    Days on which the library was closed are no delay: nobody could have brought it back then. Several late volumes are
    several blocks side by side; the longest decides.
    """
    on = local_date(at)
    if loan.patron is None or loan.kind != Loan.Kind.PERSONAL or on <= loan.due_on:
        return None
    place = (item.current or item.home) if item is not None else None
    policy = terms.policy_for(loan.library, loan.patron.category_id, place.pk if place else None)
    if not policy.suspension_per_day_late:
        return None
    days = late_days(loan.due_on, on, libraries.open_days(loan.library).is_open)
    until = suspended_until(on, days, policy.suspension_per_day_late)
    if until is None:
        return None
    reason = _("“%(title)s” came back %(days)s open days late") % {
        "title": loan.record.title[:60],
        "days": days,
    }
    return block(patron=loan.patron, reason=reason, until_on=until, by=by, at=at)


def suspended(row: Block) -> Reason:
    """What is said of it at the desk."""
    return Reason("suspended", Weight.NOTE, {"on": row.until_on})
