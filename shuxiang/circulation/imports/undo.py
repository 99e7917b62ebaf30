"""Take back an import of loans: open ones by a reversing movement, ended ones stop counting (decision 0008)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services.closing import close_loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import ItemAccount
from shuxiang.holdings.services.move import AccountChanged, move
from shuxiang.imports import tally
from shuxiang.imports.models import Run
from shuxiang.imports.shapes import Note, Progress, Undone

_CHUNK = 100


def undo_loans(run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
    """See imports.shapes.Importer.undo. What the run began is cancelled; what it ended or renewed of others' is put back."""
    del by
    kept: list[Note] = []
    ours = set(Operation.objects.filter(subject=f"imports.run:{run.pk}").values_list("pk", flat=True))
    loans = list(
        Loan.objects.filter(library=run.library, run_id=run.pk)
        .exclude(outcome=Loan.Outcome.CANCELLED)
        .order_by("-out_at", "-pk")
        .select_related("item", "record")
    )
    for start in range(0, len(loans), _CHUNK):
        with transaction.atomic():
            some = loans[start : start + _CHUNK]
            gone = _cancel_ended(some, ours, at, kept)
            for loan in (one for one in some if one.in_at is None):
                gone += _cancel_open(loan, at, operation, kept)
            tally.add(run, loans=gone)
        progress(min(start + _CHUNK, len(loans)), len(loans))
    _restore(run, ours, at, operation, kept)
    return Undone({"loans": tally.taken_back(run).get("loans", 0)}, tuple(kept))


def loans_rest_on(earlier: Run, later: Run) -> bool:
    """Whether loans of a later import name volumes or readers that an earlier one brought."""
    if later.kind != "loans":
        return False
    loans = Loan.objects.filter(library=later.library_id, run_id=later.pk).exclude(
        outcome=Loan.Outcome.CANCELLED
    )
    if earlier.kind == "books":
        return loans.filter(item__property_line__batch__run_id=earlier.pk).exists()
    if earlier.kind == "patrons":
        made = earlier.rows.filter(effects__has_key="made").values_list("effects", flat=True)
        borrowers = loans.filter(patron__isnull=False).values_list("patron_id", flat=True).distinct()
        return not {effects["made"] for effects in made}.isdisjoint(borrowers)
    return False


def _cancel_ended(loans: list[Loan], ours: set[UUID], at: datetime, kept: list[Note]) -> int:
    """Their movements out and in cancel each other already; the loan no longer counts."""
    ended = [loan for loan in loans if loan.in_at is not None]
    elsewhere = [loan for loan in ended if loan.in_operation_id not in ours]
    kept += [Note("loan_kept", {"title": loan.record.title}) for loan in elsewhere]
    lost = [loan for loan in ended if loan.outcome == Loan.Outcome.LOST and loan not in elsewhere]
    kept += [Note("lost_kept", {"title": loan.record.title}) for loan in lost]
    keys = [loan.pk for loan in ended if loan not in elsewhere and loan not in lost]
    return Loan.objects.filter(pk__in=keys).update(outcome=Loan.Outcome.CANCELLED, modified_at=at)


def _cancel_open(loan: Loan, at: datetime, operation: Operation, kept: list[Note]) -> int:
    try:
        with transaction.atomic():
            close_loan(loan, loan.item, outcome=Loan.Outcome.CANCELLED, at=at, operation=operation)
    except (Refused, AccountChanged):
        kept.append(Note("loan_kept", {"title": loan.record.title}))
        return 0
    return 1


def _restore(run: Run, ours: set[UUID], at: datetime, operation: Operation, kept: list[Note]) -> None:
    """Loans from before the run that it ended are open again; those it renewed are due as before."""
    on = local_date(at, timezone.get_default_timezone_name())
    with transaction.atomic():
        renewals = Renewal.objects.filter(operation__in=ours).exclude(loan__run_id=run.pk)
        for renewal in renewals.order_by("-pk"):
            Loan.objects.filter(pk=renewal.loan_id, due_on=renewal.due_after).update(
                due_on=renewal.due_before, renewals=F("renewals") - 1, modified_at=at
            )
            renewal.delete()
    others = Loan.objects.filter(library=run.library, in_operation__in=ours).exclude(run_id=run.pk)
    for loan in others.select_related("item", "record"):
        with transaction.atomic():
            tally.add(run, loans=_reopen(loan, at, on, operation, kept))


def _reopen(loan: Loan, at: datetime, on: date, operation: Operation, kept: list[Note]) -> int:
    if loan.item is not None:
        lent_on = Loan.objects.filter(item=loan.item, out_at__gte=loan.in_at or at)
        if loan.item.account != ItemAccount.SHELF or lent_on.exclude(outcome=Loan.Outcome.CANCELLED).exists():
            kept.append(Note("loan_kept", {"title": loan.record.title}))
            return 0
        move(loan.item, ItemAccount.LOAN, cause="reversal", at=at, on=on, operation=operation)
    Loan.objects.filter(pk=loan.pk).update(
        in_at=None, in_on=None, outcome="", in_movement=None, in_operation=None, modified_at=at
    )
    return 1
