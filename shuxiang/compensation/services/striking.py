"""What was paid for leaves the books: all settled cases in one go, under one number a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.compensation import selectors
from shuxiang.compensation.models import Case, Severity
from shuxiang.compensation.refusals import refuse
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.holdings.services import withdraw
from shuxiang.libraries.models import Library

Reason = Withdrawal.Reason


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The reconciling last line: chosen = struck + left, with the entries made."""

    struck: tuple[int, ...]
    left: tuple[int, ...]  # not settled, or struck by somebody else meanwhile
    withdrawals: tuple[int, ...]


def reason_for(case: Case) -> str:
    """Lost and made good, lost and forgiven, or worn by damage: three entries, since the books tell them apart."""
    if case.severity != Severity.LOST:
        return Reason.WORN
    return Reason.LOST if case.way == Case.Way.WAIVER else Reason.LOST_PAID


@transaction.atomic
def withdraw_settled(
    cases: Sequence[int],
    *,
    library: Library,
    approved_by: str,
    document: str,
    on: date,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Withdrawn:
    """Strike the volumes of settled cases from the books: all of it or nothing. Cases that do not fit are left, by key.

    Refuses when none is left, when nobody approves, and what the books refuse: a closed year, a day before a volume came.
    """
    begun = operations.begin(
        "compensation.withdraw_settled",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"cases": sorted(cases), "on": on, "document": document},
    )
    if begun.repeated:
        result = begun.operation.result
        return Withdrawn(tuple(result["struck"]), tuple(result["left"]), tuple(result["withdrawals"]))
    Case.objects.filter(pk__in=cases, library=library).update(modified_at=at)  # holds them until we are done
    fit = list(selectors.to_withdraw(library).filter(pk__in=cases))
    if not fit:
        raise refuse("nothing_to_withdraw")
    if not approved_by.strip():
        raise refuse("not_approved")
    entries = []
    for reason in sorted({reason_for(case) for case in fit}):
        ours = [case for case in fit if reason_for(case) == reason]
        items = Item.objects.select_related("library").filter(pk__in=[case.item_id for case in ours])
        entry = withdraw(
            list(items.order_by("pk")),
            reason=reason,
            by=by,
            at=at,
            on=on,
            document=document,
            approved_by=approved_by.strip(),
            operation_id=uuid5(begun.operation.pk, reason),
        )
        Case.objects.filter(pk__in=[case.pk for case in ours]).update(withdrawal=entry)
        entries.append(entry.pk)
    struck = tuple(case.pk for case in fit)
    left = tuple(sorted(set(cases) - set(struck)))
    result = {"struck": struck, "left": left, "withdrawals": entries}
    operations.finish(begun.operation, subject=f"holdings.withdrawal:{entries[0]}", result=result)
    return Withdrawn(struck, left, tuple(entries))
