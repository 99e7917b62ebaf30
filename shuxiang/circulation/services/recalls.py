"""Loans called in before they were due: foreseen, done with a reason, reversed. Each keeps the day it had been due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation.holdmodels import Recall, RecalledLoan
from shuxiang.circulation.holdrules import LONGEST_REASON, may_recall
from shuxiang.circulation.models import Loan
from shuxiang.circulation.recalled import foreseen_loans
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library, SchoolClass

CHUNK = 500  # keys in one statement
Scope = Recall.Scope


@dataclass(frozen=True)
class Wanted:
    """What is called in, and the day it is due then."""

    scope: str
    due_on: date
    loan: Loan | None = None
    record: BibliographicRecord | None = None
    school_class: SchoolClass | None = None


@dataclass(frozen=True)
class Foreseen:
    """What a recall would do: loans whose day would move, and how many are due by then anyhow."""

    wanted: Wanted
    loans: list[Loan] = field(default_factory=list)
    due_anyhow: int = 0


@dataclass(frozen=True)
class Sums:
    """What was read, changed and left alone, with the reason's code."""

    read: int
    changed: int
    left: dict[str, int]


def foresee_recall(library: Library, wanted: Wanted, at: datetime) -> Foreseen:
    """Whose loans would be due when; nothing is written."""
    found = foreseen_loans(
        library,
        scope=wanted.scope,
        on=local_date(at),
        loan=wanted.loan,
        record=wanted.record,
        school_class=wanted.school_class,
    )
    moving = [loan for loan in found if loan.due_on > wanted.due_on]
    return Foreseen(wanted, moving, len(found) - len(moving))


def recall(
    *,
    library: Library,
    wanted: Wanted,
    reason: str,
    at: datetime,
    by: Actor,
    operation_id: UUID | None = None,
) -> Recall:
    """Call in: each loan is due on the day named, unless it was due earlier. Raises Refused with every reason."""
    request = {"scope": wanted.scope, "due_on": wanted.due_on, "subject": _key(wanted)}
    with transaction.atomic():
        begun = operations.begin(
            "circulation.recall",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=request,
        )
        if begun.repeated:
            return Recall.objects.get(pk=begun.operation.result["recall"])
        seen = foresee_recall(library, wanted, at)
        loans = len(seen.loans)
        may_recall(due_on=wanted.due_on, today=local_date(at), reason=reason, loans=loans).enforce()
        made = Recall.objects.create(
            library=library,
            scope=wanted.scope,
            record=wanted.record or (wanted.loan.record if wanted.loan else None),
            school_class=wanted.school_class,
            subject=_subject(wanted, local_date(at)),
            reason=reason.strip()[:LONGEST_REASON],
            due_on=wanted.due_on,
            made_at=at,
            made_by=by.name[:80],
            operation=begun.operation,
        )
        changed = _call_in(made, seen.loans, at)
        operations.finish(
            begun.operation,
            subject=f"circulation.recall:{made.pk}",
            result={"recall": made.pk, "read": loans + seen.due_anyhow, "changed": changed},
        )
        return made


def _key(wanted: Wanted) -> int | None:
    row = wanted.loan or wanted.record or wanted.school_class
    return row.pk if row is not None else None


def _subject(wanted: Wanted, on: date) -> str:
    record = wanted.record or (wanted.loan.record if wanted.loan else None)
    if record is not None:
        return record.title[:200]
    return libraries.label_of(wanted.school_class, on) if wanted.school_class else ""


def _call_in(made: Recall, loans: Sequence[Loan], at: datetime) -> int:
    """Move the days; a loan that was returned or renewed in this very moment is left alone. Gives how many moved."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for loan in loans:
        by_day[loan.due_on].append(loan.pk)
    rows = []
    for before, keys in by_day.items():
        for start in range(0, len(keys), CHUNK):
            some = keys[start : start + CHUNK]
            open_ones = Loan.objects.filter(pk__in=some, in_at=None)
            changed = open_ones.filter(due_on=before).update(due_on=made.due_on, modified_at=at)
            if changed != len(some):
                some = list(open_ones.filter(due_on=made.due_on).values_list("pk", flat=True))
            rows += [
                RecalledLoan(recall=made, loan_id=pk, due_before=before, due_after=made.due_on) for pk in some
            ]
    RecalledLoan.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)


def reverse_recall(
    *, recall: Recall, at: datetime, by: Actor, operation_id: UUID | None = None
) -> tuple[Recall, Sums]:
    """Due as before, where the loan is still out and nothing moved its day since. Raises Refused when reversed already."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.reverse_recall",
            by=by,
            at=at,
            library_code=recall.library.code,
            operation_id=operation_id,
            request={"recall": recall.pk},
        )
        if begun.repeated:
            done = begun.operation.result
            recall.refresh_from_db()
            return recall, Sums(done["read"], done["changed"], done["left"])
        if not Recall.objects.filter(pk=recall.pk, reversed_at=None).update(reversed_at=at):
            raise Refused(Decision((Reason("recall_reversed", Weight.REFUSE),)))
        sums = _give_days_back(recall, at)
        undone = recall.operation
        undone.undone_by = begun.operation
        undone.save(update_fields=["undone_by"])
        operations.finish(
            begun.operation,
            subject=f"circulation.recall:{recall.pk}",
            result={"read": sums.read, "changed": sums.changed, "left": sums.left},
        )
        recall.refresh_from_db()
        return recall, sums


def _give_days_back(recall: Recall, at: datetime) -> Sums:
    rows = list(RecalledLoan.objects.filter(recall=recall).values_list("loan_id", "due_before", "due_after"))
    returned = set(
        RecalledLoan.objects.filter(recall=recall, loan__in_at__isnull=False).values_list(
            "loan_id", flat=True
        )
    )
    by_day: dict[date, list[int]] = defaultdict(list)
    for loan, before, _after in rows:
        if loan not in returned:
            by_day[before].append(loan)
    changed = 0
    for before, keys in by_day.items():
        for start in range(0, len(keys), CHUNK):
            still = Loan.objects.filter(pk__in=keys[start : start + CHUNK], in_at=None, due_on=recall.due_on)
            changed += still.update(due_on=before, modified_at=at)
    left = {"returned": len(returned), "moved_on": len(rows) - len(returned) - changed}
    return Sums(len(rows), changed, {code: n for code, n in left.items() if n})
