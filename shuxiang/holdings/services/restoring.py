"""Take a withdrawal back (红冲): its volumes come back to the books by an entry of negative totals; nothing is erased."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import (
    Item,
    ItemAccount,
    ItemIdentifier,
    Movement,
    PropertyLine,
    Withdrawal,
    WithdrawalLine,
)
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.closed import hold_books, refuse_closed
from shuxiang.holdings.services.move import move_ids
from shuxiang.holdings.services.numbering import WITHDRAWALS, take_accession_numbers
from shuxiang.holdings.services.placing import account_in_place
from shuxiang.holdings.services.striking import CHUNK
from shuxiang.holdings.services.totals import totals_of

ACTION = "holdings.restore"
AS_BEFORE = frozenset({ItemAccount.MISSING, ItemAccount.MENDING, ItemAccount.BINDING, ItemAccount.DISPLAY})


@dataclass(frozen=True, slots=True)
class Restored:
    """How many volumes came back, and the entry that says so."""

    volumes: int
    entry: Withdrawal
    operation_id: UUID


def restore(
    withdrawal: Withdrawal,
    *,
    by: Actor,
    at: datetime,
    on: date,
    operation_id: UUID | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Restored:
    """Bring every volume of a withdrawal back to the books, a chunk a transaction, and let its barcode be scanned again.

    The same operation id goes on where an interrupted call stopped. Refuses a reversing entry, one that was taken back
    already, and a day before the withdrawal's.
    """
    operation, entry = _begin(withdrawal, by, at, on, operation_id)
    done, total = 0, WithdrawalLine.objects.filter(withdrawal=withdrawal).count()
    while lines := list(
        WithdrawalLine.objects.filter(withdrawal=withdrawal).select_related(
            "line__item__holding", "line__item__home", "line__item__current"
        )[:CHUNK]
    ):
        with transaction.atomic():
            _give_back(lines, withdrawal, entry, operation)
        done += len(lines)
        if progress is not None:
            progress(done, total)
    entry.refresh_from_db()
    result = {"withdrawal": withdrawal.pk, "entry": entry.pk, "restored": -entry.volumes}
    operations.finish(operation, subject=f"holdings.withdrawal:{withdrawal.pk}", result=result)
    return Restored(-entry.volumes, entry, operation.pk)


@transaction.atomic
def restore_items(
    withdrawal: Withdrawal,
    items: Sequence[Item],
    *,
    by: Actor,
    at: datetime,
    on: date,
    operation_id: UUID | None = None,
) -> Withdrawal:
    """Bring some volumes of a withdrawal back to the books by an entry of their own; gives the entry. All or none.

    Refuses what that withdrawal does not strike (any more), and a day before its own.
    """
    keys = sorted({item.pk for item in items})
    begun = operations.begin(
        "holdings.restore_items",
        by=by,
        at=at,
        library_code=withdrawal.library.code,
        operation_id=operation_id,
        request={"withdrawal": withdrawal.pk, "items": keys, "on": on},
    )
    if begun.repeated:
        return Withdrawal.objects.get(run_id=begun.operation.pk, restores=withdrawal)
    _refuse_day(withdrawal, on)
    lines = list(
        WithdrawalLine.objects.filter(withdrawal=withdrawal, line__item__in=keys).select_related(
            "line__item__holding", "line__item__home", "line__item__current"
        )
    )
    if not keys or len(lines) != len(keys):
        raise refuse("withdrawal_reversed", number=withdrawal.number)
    entry = _open(withdrawal, on, begun.operation)
    _give_back(lines, withdrawal, entry, begun.operation)
    result = {"withdrawal": withdrawal.pk, "entry": entry.pk, "restored": len(lines)}
    operations.finish(begun.operation, subject=f"holdings.withdrawal:{withdrawal.pk}", result=result)
    entry.refresh_from_db()
    return entry


def _refuse_day(withdrawal: Withdrawal, on: date) -> None:
    if on < withdrawal.withdrawn_on:
        raise refuse(
            "restored_before_withdrawn", number=withdrawal.number, withdrawn_on=withdrawal.withdrawn_on
        )


def _open(withdrawal: Withdrawal, on: date, operation: Operation) -> Withdrawal:
    """The reversing entry, with the next number; its totals come with the volumes."""
    number = take_accession_numbers(withdrawal.library_id, WITHDRAWALS)
    refuse_closed(withdrawal.library_id, on)
    return Withdrawal.objects.create(
        library_id=withdrawal.library_id,
        number=number,
        reason=Withdrawal.Reason.REVERSAL,
        restores=withdrawal,
        withdrawn_on=on,
        run_id=operation.pk,
        created_at=operation.at,
    )


@transaction.atomic
def _begin(
    withdrawal: Withdrawal, by: Actor, at: datetime, on: date, operation_id: UUID | None
) -> tuple[Operation, Withdrawal]:
    if withdrawal.restores_id is not None or withdrawal.reverses_id is not None:
        raise refuse("withdrawal_is_reversal", number=withdrawal.number)
    _refuse_day(withdrawal, on)
    begun = operations.begin(
        ACTION,
        by=by,
        at=at,
        library_code=withdrawal.library.code,
        operation_id=operation_id,
        request={"withdrawal": withdrawal.pk, "on": on},
    )
    if begun.repeated:
        return begun.operation, Withdrawal.objects.get(run_id=begun.operation.pk, restores=withdrawal)
    if not WithdrawalLine.objects.filter(withdrawal=withdrawal).exists():
        raise refuse("withdrawal_reversed", number=withdrawal.number)
    return begun.operation, _open(withdrawal, on, begun.operation)


def _give_back(
    lines: Sequence[WithdrawalLine], withdrawal: Withdrawal, entry: Withdrawal, operation: Operation
) -> None:
    hold_books(entry.library_id, WITHDRAWALS)
    refuse_closed(entry.library_id, entry.withdrawn_on)
    items = [line.line.item for line in lines]
    ways = defaultdict(list)
    for item, before in zip(items, _accounts_before(items), strict=True):
        ways[before if before in AS_BEFORE else account_in_place(item)].append(item.pk)
    for target, keys in sorted(ways.items()):
        move_ids(
            keys,
            ItemAccount.WITHDRAWN,
            target,
            cause="restored",
            at=operation.at,
            on=entry.withdrawn_on,
            operation=operation,
        )
    StrikeReversal.objects.bulk_create(
        StrikeReversal(
            library_id=withdrawal.library_id,
            line_id=line.line_id,
            withdrawal=withdrawal,
            reversal=entry,
            withdrawn_on=line.withdrawn_on,
            restored_on=entry.withdrawn_on,
        )
        for line in lines
    )
    WithdrawalLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    closed = ItemIdentifier.objects.filter(item__in=items, to_at=withdrawal.created_at)
    closed.update(to_at=None)
    totals = totals_of(PropertyLine.objects.filter(strikings_reversed__reversal=entry))
    negative = {name: -value for name, value in asdict(totals).items()}
    Withdrawal.objects.filter(pk=entry.pk).update(**negative)


def _accounts_before(items: Sequence[Item]) -> list[str]:
    """The account that each item stood in when it was withdrawn last."""
    struck = Movement.objects.filter(item__in=items, target=ItemAccount.WITHDRAWN).order_by("pk")
    before = dict(struck.values_list("item_id", "source"))
    return [before[item.pk] for item in items]
