"""Acts entered afterwards (补登): what a paper says happened on a day that has passed, with the reason kept."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.circulation import selectors
from shuxiang.circulation.models import Loan
from shuxiang.circulation.rules import may_back_date
from shuxiang.circulation.services.check_in import CheckInResult, check_in
from shuxiang.circulation.services.check_out import check_out
from shuxiang.common.actors import Actor
from shuxiang.common.clock import DEFAULT_TIMEZONE, local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Item
from shuxiang.holdings.services.closed import refuse_closed
from shuxiang.holdings.services.move import AccountChanged
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

NOON = time(12)


def lend_on_day(
    *,
    library: Library,
    patron: Patron,
    item: Item,
    on: date,
    reason: str,
    at: datetime,
    by: Actor,
    kind: str = "",
    confirmed: frozenset[str] = frozenset(),
    operation_id: UUID | None = None,
) -> Loan:
    """Enter a loan of a day that has passed; `at` is now, when it is entered. The loan is as if it had been lent then.

    Raises Refused as check_out does, without a reason, for a day to come, before the volume's last movement and in a
    year whose books are closed.
    """
    may_back_date(on, local_date(at), reason).enforce()
    request = {"patron": patron.pk, "item": item.pk, "on": on, "kind": kind}
    with transaction.atomic():
        begun = operations.begin(
            "circulation.lend_on_day",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return Loan.objects.get(pk=begun.operation.result["loan"])
        refuse_closed(library.pk, on)
        loan = check_out(
            library=library,
            patron=patron,
            item=item,
            at=_moment(item, on, at),
            by=by,
            confirmed=confirmed,
            kind=kind,
        )
        operations.finish(
            begun.operation,
            subject=f"holdings.item:{item.pk}",
            result={"loan": loan.pk},
            detail={"reason": reason.strip()[:200], "on": on.isoformat(), "act": str(loan.out_operation_id)},
        )
        return loan


def return_on_day(
    *,
    library: Library,
    item: Item,
    on: date,
    reason: str,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> CheckInResult:
    """Enter that a volume came back on a day that has passed. Raises Refused likewise, and for one that is not lent."""
    may_back_date(on, local_date(at), reason).enforce()
    try:
        with transaction.atomic():
            begun = operations.begin(
                "circulation.return_on_day",
                by=by,
                at=at,
                library_code=library.code,
                operation_id=operation_id,
                request={"item": item.pk, "on": on},
            )
            if begun.repeated:
                loan = Loan.objects.select_related("record", "patron").get(pk=begun.operation.result["loan"])
                return CheckInResult(item, loan)
            refuse_closed(library.pk, on)
            done = check_in(library=library, item=item, at=_moment(item, on, at), by=by)
            if done.loan is None:
                raise Refused(Decision((Reason("was_not_lent", Weight.REFUSE),)))
            operations.finish(
                begun.operation,
                subject=f"holdings.item:{item.pk}",
                result={"loan": done.loan.pk},
                detail={
                    "reason": reason.strip()[:200],
                    "on": on.isoformat(),
                    "act": str(done.loan.in_operation_id),
                },
            )
            return done
    except AccountChanged as race:
        raise Refused(Decision((Reason("taken_meanwhile", Weight.REFUSE),))) from race


def strike_loan(*, loan: Loan, at: datetime, by: Actor, operation_id: UUID | None = None) -> Loan:
    """A loan that was entered afterwards with its return never was: it does not count, and the volume stays where it is.

    Its movements stay too, so nothing that happened to the volume since is touched. Raises Refused for an open loan
    (circulation.cancel_loan is for that) and for one that was struck already.
    """
    with transaction.atomic():
        begun = operations.begin(
            "circulation.strike_loan",
            by=by,
            at=at,
            library_code=loan.library.code,
            operation_id=operation_id,
            request={"loan": loan.pk},
        )
        if not begun.repeated:
            returned = Loan.objects.filter(pk=loan.pk, outcome=Loan.Outcome.RETURNED)
            if not returned.update(outcome=Loan.Outcome.CANCELLED, modified_at=at):
                raise Refused(Decision((Reason("loan_not_returned", Weight.REFUSE),)))
            operations.finish(
                begun.operation, subject=f"circulation.loan:{loan.pk}", result={"loan": loan.pk}
            )
        loan.refresh_from_db()
        return loan


def _moment(item: Item, on: date, at: datetime) -> datetime:
    """Noon of the day; later where the volume moved that very day after noon, never after now.

    Paper knows days only. A day before the last movement stays one, and the rules refuse it.
    """
    noon = datetime.combine(on, NOON, ZoneInfo(DEFAULT_TIMEZONE)).astimezone(at.tzinfo)
    last: datetime | None = getattr(selectors.volume_now(item.pk), "last_moved_at")  # noqa: B009  an annotation
    if last is not None and noon < last <= at and local_date(last) == on:
        return last
    return min(noon, at)
