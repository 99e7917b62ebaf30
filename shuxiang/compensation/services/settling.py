"""A case is settled: in cash, perhaps in parts; by the same edition; by a waiver that somebody approved; by repairing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.cashbook.models import CashEntry
from shuxiang.cashbook.services import receive
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.compensation import selectors
from shuxiang.compensation.models import Case, Payment
from shuxiang.compensation.refusals import refuse
from shuxiang.holdings.models import AccessionBatch, Item
from shuxiang.holdings.selectors import item_label
from shuxiang.holdings.services import add_items, draft_batch, post_batch

State, Way = Case.State, Case.Way


def subject_of(case: Case) -> str:
    """By what the cash book knows a case."""
    return f"compensation.case:{case.pk}"


@contextmanager
def acting(
    name: str, case: Case, *, at: datetime, by: Actor, operation_id: UUID | None, **request: object
) -> Iterator[tuple[Case, Operation | None]]:
    """One act on a case in one transaction; the case read afresh and locked. No operation when it had been done before.

    The case's row is written first, so that two acts on one case come one after the other on either engine.
    """
    with transaction.atomic():
        begun = operations.begin(
            f"compensation.{name}",
            by=by,
            at=at,
            library_code=case.library.code,
            operation_id=operation_id,
            request={"case": case.pk, **request},
        )
        if not begun.repeated:
            Case.objects.filter(pk=case.pk).update(modified_at=at)
        fresh = Case.objects.select_related("library", "patron", "loan", "item__holding", "withdrawal").get(
            pk=case.pk
        )
        yield fresh, None if begun.repeated else begun.operation
        if not begun.repeated:
            fresh.modified_at = at
            fresh.save()
            operations.finish(begun.operation, subject=subject_of(case), result={"case": case.pk})


def settle_if_paid(case: Case, at: datetime) -> None:
    """Nothing left to pay: it is settled."""
    if case.left_fen == 0:
        case.state, case.settled_on = State.SETTLED, local_date(at)


def _refuse_ended(case: Case) -> None:
    if case.state != State.OPEN:
        raise refuse("case_ended")


def pay(
    case: Case,
    *,
    amount_fen: int,
    payer: str,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> CashEntry:
    """Money for a case: a receipt in the cash book, and settled when nothing is left. Refuses more than is due."""
    with acting("pay", case, at=at, by=by, operation_id=operation_id, fen=amount_fen) as (now, operation):
        if operation is None:
            done = CashEntry.objects.filter(case_payment__case=now, amount_fen=amount_fen)
            return done.get(operation=uuid5(operation_id, "receipt") if operation_id else None)
        _refuse_ended(now)
        if amount_fen > now.left_fen:
            raise refuse("more_than_due", fen=now.left_fen)
        entry = receive(
            library=now.library,
            kind=CashEntry.Kind.COMPENSATION,
            amount_fen=amount_fen,
            payer=payer,
            words=now.title,
            subject=subject_of(now),
            at=at,
            by=by,
            operation_id=uuid5(operation.pk, "receipt"),
        )
        Payment.objects.create(case=now, entry=entry)
        now.paid_fen += amount_fen
        now.way = now.way or Way.CASH
        settle_if_paid(now, at)
    return entry


def waive(
    case: Case,
    *,
    approved_by: str,
    reason: str,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Case:
    """What is left is not asked for. Refuses without the name of who approved it, and without a reason."""
    with acting("waive", case, at=at, by=by, operation_id=operation_id, approver=approved_by) as (
        now,
        operation,
    ):
        if operation is None:
            return now
        _refuse_ended(now)
        if not approved_by.strip() or not reason.strip():
            raise refuse("waiver_unsigned")
        now.approved_by, now.reason = approved_by.strip()[:60], reason.strip()[:200]
        now.waived_fen = now.left_fen
        now.way = now.way or Way.WAIVER
        settle_if_paid(now, at)
    return now


def repaired(case: Case, *, what: str, at: datetime, by: Actor, operation_id: UUID | None = None) -> Case:
    """The pupil has repaired it: nothing is to be paid. Refuses a lost volume, and one of which something was paid."""
    with acting("repaired", case, at=at, by=by, operation_id=operation_id, what=what) as (now, operation):
        if operation is None:
            return now
        _refuse_ended(now)
        if now.severity == "lost":
            raise refuse("cannot_repair_lost")
        _refuse_paid(now)
        now.way, now.reason, now.due_fen = Way.REPAIR, what.strip()[:200], 0
        settle_if_paid(now, at)
    return now


def _refuse_paid(case: Case) -> None:
    if case.paid_fen or case.way:
        raise refuse("begun_otherwise")


@dataclass(frozen=True, slots=True)
class NewVolume:
    """The same edition that the reader brought: its barcode, if it has one yet, and its price if it is another."""

    barcode: str = ""
    price_fen: int | None = None


def replace(
    case: Case,
    new: NewVolume,
    *,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Case:
    """The reader brought the same edition: it is entered with a number of its own, linked to the old one.

    Then only the library's fee for making it ready is due, if it asks one. Refuses a case of which something was paid,
    one without a volume, and a barcode that is taken.
    """
    with acting("replace", case, at=at, by=by, operation_id=operation_id, barcode=new.barcode) as (
        now,
        operation,
    ):
        if operation is None:
            return now
        _refuse_ended(now)
        _refuse_paid(now)
        if now.item is None:
            raise refuse("no_volume")
        now.replacement = _enter(now, now.item, new, operation=operation, at=at, by=by)
        now.way = Way.EDITION
        now.due_fen = selectors.terms_of(now.library).replacement_fee_fen
        settle_if_paid(now, at)
    return now


def _enter(case: Case, old: Item, new: NewVolume, *, operation: Operation, at: datetime, by: Actor) -> Item:
    on = local_date(at)
    batch = draft_batch(
        library=case.library,
        source=AccessionBatch.Source.COMPENSATION,
        received_on=on,
        document=item_label(old),
        by=by,
        at=at,
        operation_id=uuid5(operation.pk, "batch"),
    )
    try:
        [item] = add_items(
            batch=batch,
            holding=old.holding,
            copies=1,
            home=old.home,
            list_price_fen=new.price_fen if new.price_fen is not None else case.price_fen,
            volume_mark=old.volume_mark,
            barcodes=[new.barcode] if new.barcode else [],
            by=by,
            at=at,
            operation_id=uuid5(operation.pk, "items"),
        )
    except Refused as refused:
        if "barcode_taken" in refused.codes:
            raise refuse("barcode_taken", barcode=new.barcode) from refused
        raise
    post_batch(batch, by=by, at=at, on=on, operation_id=uuid5(operation.pk, "post"))
    item.refresh_from_db()
    return item
