"""Withdraw items (注销): numbered, with reason and approval; each property line is struck once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.holdings.refusals import refuse, refuse_all
from shuxiang.holdings.rules import may
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services.numbering import WITHDRAWALS, take_accession_numbers
from shuxiang.holdings.services.striking import CHUNK, strike


def withdraw(
    items: Sequence[Item],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    on: date,
    document: str = "",
    approved_by: str = "",
    run_id: UUID | None = None,
    operation_id: UUID | None = None,
) -> Withdrawal:
    """Strike items of one library from the books under one number; all or none.

    `reason` is one of Withdrawal.Reason. Refuses, naming each, items that are lent, withdrawn or not yet posted.
    """
    if not items:
        raise refuse("nothing_to_withdraw")
    if len({item.library_id for item in items}) != 1:
        raise refuse("several_libraries")
    keys = list(dict.fromkeys(item.pk for item in items))
    with transaction.atomic():
        begun = operations.begin(
            "holdings.withdraw",
            by=by,
            at=at,
            library_code=items[0].library.code,
            operation_id=operation_id,
            request={"items": keys, "reason": reason, "on": on},
        )
        if begun.repeated:
            return Withdrawal.objects.get(pk=str(begun.operation.result["withdrawal"]))
        fresh = [item for start in range(0, len(keys), CHUNK) for item in _read(keys[start : start + CHUNK])]
        _refuse_unfit(fresh, on)
        withdrawal = Withdrawal.objects.create(
            library_id=fresh[0].library_id,
            number=take_accession_numbers(fresh[0].library_id, WITHDRAWALS),
            reason=Withdrawal.Reason(reason),
            document=document[:100],
            approved_by=approved_by[:60],
            withdrawn_on=on,
            run_id=run_id,
            created_at=at,
        )
        for start in range(0, len(fresh), CHUNK):
            chunk = fresh[start : start + CHUNK]
            strike(chunk, withdrawal, cause="withdraw", at=at, operation=begun.operation)
        operations.finish(
            begun.operation,
            subject=f"holdings.withdrawal:{withdrawal.pk}",
            result={"withdrawal": withdrawal.pk, "items": keys},
        )
    withdrawal.refresh_from_db()
    for item in items:
        item.refresh_from_db(fields=["account", "modified_at"])
    return withdrawal


def _read(keys: Sequence[int]) -> list[Item]:
    return list(Item.objects.filter(pk__in=keys).select_related("property_line").order_by("pk"))


def _refuse_unfit(items: Sequence[Item], on: date) -> None:
    refuse_all(
        Reason(f"cannot_withdraw_{item.account}", Weight.REFUSE, {"item": item_label(item)})
        for item in items
        if not may("withdraw", item.account)
    )
    lines = [getattr(item, "property_line", None) for item in items]
    refuse_all(
        Reason(
            "withdrawn_before_posted",
            Weight.REFUSE,
            {"item": item_label(line.item), "posted_on": line.posted_on},
        )
        for line in lines
        if line is not None and line.posted_on is not None and line.posted_on > on
    )
