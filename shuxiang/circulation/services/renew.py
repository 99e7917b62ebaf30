"""A longer loan, and a lost volume."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation import queue, selectors, terms
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.rules import RenewalFacts, may_renew
from shuxiang.circulation.services.closing import close_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.patrons import selectors as patrons


def renew(
    *,
    loan: Loan,
    at: datetime,
    by: Actor,
    confirmed: frozenset[str] = frozenset(),
    operation_id: UUID | None = None,
) -> Loan:
    """Lend on, counted from today. Raises Refused with every reason that still stands."""
    on = local_date(at)
    with transaction.atomic():
        begun = operations.begin(
            "circulation.renew",
            by=by,
            at=at,
            library_code=loan.library.code,
            operation_id=operation_id,
            request={"loan": loan.pk},
        )
        loan = Loan.objects.select_related("library", "patron", "item__home", "item__current").get(pk=loan.pk)
        if begun.repeated:
            return loan
        facts = _facts(loan, on)
        may_renew(facts).enforce(confirmed)
        due = facts.new_due_on
        Renewal.objects.create(
            loan=loan, at=at, due_before=loan.due_on, due_after=due, operation=begun.operation
        )
        changed = Loan.objects.filter(pk=loan.pk, in_at__isnull=True, renewals=loan.renewals).update(
            due_on=due, renewals=loan.renewals + 1, modified_at=at
        )
        if changed != 1:
            raise Refused(Decision((Reason("taken_meanwhile", Weight.REFUSE),)))
        operations.finish(
            begun.operation,
            subject=f"circulation.loan:{loan.pk}",
            result={"loan": loan.pk, "due_on": due.isoformat()},
        )
        loan.refresh_from_db()
        return loan


def _facts(loan: Loan, on: date) -> RenewalFacts:
    place = selectors.place_of(loan.item) if loan.item else None
    category_id = loan.patron.category_id if loan.patron else 0
    membership = patrons.membership_on(loan.patron, on) if loan.patron else None
    class_id = membership.school_class_id if membership else None
    held = terms.terms_on(loan.library, category_id, place.pk if place else None, class_id, on)
    policy = held.policy
    return RenewalFacts(
        is_open=loan.in_at is None,
        renewals_done=loan.renewals,
        renewals_allowed=policy.renewals,
        overdue=loan.due_on < on,
        due_on=loan.due_on,
        new_due_on=selectors.due_for(loan.library, on, policy.renewal_days, vacation=held.vacation).due_on,
        others_waiting=queue.waiting_for_loan(loan),
        recalled=Loan.objects.filter(selectors.recalled(), pk=loan.pk).exists(),
    )


def mark_lost(*, loan: Loan, at: datetime, by: Actor, operation_id: UUID | None = None) -> Loan:
    """The reader has lost it: the loan ends as lost, the volume goes to missing until it is paid, replaced or found."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.mark_lost",
            by=by,
            at=at,
            library_code=loan.library.code,
            operation_id=operation_id,
            request={"loan": loan.pk},
        )
        loan = Loan.objects.select_related("library", "item").get(pk=loan.pk)
        if begun.repeated:
            return loan
        if loan.in_at is not None:
            raise Refused(Decision((Reason("loan_closed", Weight.REFUSE),)))
        loan = close_loan(loan, loan.item, outcome=Loan.Outcome.LOST, at=at, operation=begun.operation)
        operations.finish(begun.operation, subject=f"circulation.loan:{loan.pk}", result={"loan": loan.pk})
        return loan
