"""Withdraw items (注销): numbered, with reason and approval; each property line is struck once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.holdings.refusals import refuse, refuse_all
from shuxiang.holdings.rules import may
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services.numbering import WITHDRAWALS, take_accession_numbers
from shuxiang.holdings.services.striking import CHUNK, strike
from shuxiang.libraries.models import Library


@dataclass(frozen=True, slots=True)
class Papers:
    """What a withdrawal is written down with: `reason` of Withdrawal.Reason, `disposition` of Withdrawal.Disposition."""

    reason: str
    on: date
    document: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class Struck:
    """What a chunk came to: its entry (None while nothing was struck), the items struck, why the others were not."""

    withdrawal: Withdrawal | None
    items: frozenset[int]
    skipped: dict[int, Reason]


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
    papers = Papers(reason, on, document, approved_by)
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
        withdrawal = _strike_all(items[0].library, keys, papers, run_id, begun.operation)
    withdrawal.refresh_from_db()
    for item in items:
        item.refresh_from_db(fields=["account", "modified_at"])
    return withdrawal


def _strike_all(
    library: Library, keys: Sequence[int], papers: Papers, run_id: UUID | None, operation: Operation
) -> Withdrawal:
    fresh = [item for start in range(0, len(keys), CHUNK) for item in _read(keys[start : start + CHUNK])]
    refuse_all(reason for item in fresh if (reason := unfit(item, papers.on)))
    withdrawal = _open(library, papers, run_id, operation)
    for start in range(0, len(fresh), CHUNK):
        strike(
            fresh[start : start + CHUNK], withdrawal, cause="withdraw", at=operation.at, operation=operation
        )
    _finish(operation, withdrawal, keys)
    return withdrawal


def withdraw_chunk(
    keys: Sequence[int], papers: Papers, *, library: Library, by: Actor, at: datetime, run_id: UUID
) -> Struck:
    """Strike what may be struck of these items, in the caller's transaction; the rest is left, each with its reason.

    For bulk acts: every chunk of a run goes under one number, taken when the first volume is struck, and under one
    operation, whose id is the run's.
    """
    items = {item.pk: item for item in _read(keys) if item.library_id == library.pk}
    gone = Reason("no_such_item", Weight.REFUSE)
    skipped = {key: gone for key in keys if key not in items}
    skipped |= {key: reason for key, item in items.items() if (reason := unfit(item, papers.on))}
    fit = [item for key, item in items.items() if key not in skipped]
    withdrawal = Withdrawal.objects.filter(library=library, run_id=run_id).first()
    if fit:
        begun = operations.begin(
            "holdings.withdraw",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=run_id,
            request={"run": run_id},
        )
        if withdrawal is None:
            withdrawal = _open(library, papers, run_id, begun.operation)
            _finish(begun.operation, withdrawal, [])
        strike(fit, withdrawal, cause="withdraw", at=begun.operation.at, operation=begun.operation)
        withdrawal.refresh_from_db()
    return Struck(withdrawal, frozenset(item.pk for item in fit), skipped)


def _open(library: Library, papers: Papers, run_id: UUID | None, operation: Operation) -> Withdrawal:
    return Withdrawal.objects.create(
        library=library,
        number=take_accession_numbers(library.pk, WITHDRAWALS),
        reason=Withdrawal.Reason(papers.reason),
        document=papers.document[:100],
        approved_by=papers.approved_by[:60],
        approved_on=papers.approved_on,
        disposition=papers.disposition and Withdrawal.Disposition(papers.disposition),
        withdrawn_on=papers.on,
        run_id=run_id,
        created_at=operation.at,
    )


def _finish(operation: Operation, withdrawal: Withdrawal, keys: Sequence[int]) -> None:
    operations.finish(
        operation,
        subject=f"holdings.withdrawal:{withdrawal.pk}",
        result={"withdrawal": withdrawal.pk, "items": list(keys)},
    )


def _read(keys: Sequence[int]) -> list[Item]:
    return list(Item.objects.filter(pk__in=keys).select_related("property_line").order_by("pk"))


def unfit(item: Item, on: date) -> Reason | None:
    """Why an item cannot be withdrawn on a day, if anything stands in the way."""
    if not may("withdraw", item.account):
        return Reason(f"cannot_withdraw_{item.account}", Weight.REFUSE, {"item": item_label(item)})
    line = getattr(item, "property_line", None)
    if line is not None and line.posted_on is not None and line.posted_on > on:
        params = {"item": item_label(item), "posted_on": line.posted_on}
        return Reason("withdrawn_before_posted", Weight.REFUSE, params)
    return None
