"""What became of an act that a replay kept: done after all, or dismissed with a reason. Nothing else makes it go away.

Who stood there is forgotten as soon as nobody can want it any more: when it is done (the loan says it), and once a
dismissal can no longer be taken back.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shuxiang.audit import operations
from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.services.by_code import lend, take_back
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.patrons.models import Patron

REOPENED_WITHIN: Final = timedelta(days=30)


def settle_kept(
    kept: KeptAct,
    *,
    patron: Patron | None,
    code: str,
    at: datetime,
    now: datetime,
    by: Actor,
    confirmed: frozenset[str] = frozenset(),
    operation_id: UUID,
) -> ScanResult:
    """Do it after all: lend the volume to that reader, or without one take it back. What is still refused stays kept.

    Raises Refused when somebody has settled it already.
    """
    sitting = Sitting(kept.library, at, by, patron, confirmed, operation_id=operation_id)
    with transaction.atomic():
        _claim(kept, KeptAct.State.DONE, now, by, "")
        result = lend(sitting, patron, code) if patron is not None else take_back(sitting, code)
        if result.outcome in (Outcome.LENT, Outcome.RETURNED):
            _forget(KeptAct.objects.filter(pk=kept.pk))
        else:
            transaction.set_rollback(True)
    kept.refresh_from_db()
    return result


def dismiss_kept(
    kept: KeptAct, *, reason: str, at: datetime, by: Actor, operation_id: UUID | None = None
) -> KeptAct:
    """It shall not be done; the reason stays with it. Raises Refused without a reason, or when it is settled already."""
    reason = reason.strip()
    if not reason:
        raise _refused("dismissed_without_reason")
    with transaction.atomic():
        begun = operations.begin(
            "circulation.dismiss_kept",
            by=by,
            at=at,
            library_code=kept.library.code,
            operation_id=operation_id,
            request={"act": str(kept.pk)},
        )
        if not begun.repeated:
            _claim(kept, KeptAct.State.DISMISSED, at, by, reason[:200])
            operations.finish(
                begun.operation, subject=f"circulation.keptact:{kept.pk}", detail={"reason": reason[:200]}
            )
    kept.refresh_from_db()
    return kept


def reopen_kept(kept: KeptAct, *, at: datetime, by: Actor, operation_id: UUID | None = None) -> KeptAct:
    """The dismissal never was. Raises Refused when it is not dismissed, or was so long ago that the reader is forgotten."""
    with transaction.atomic():
        begun = operations.begin(
            "circulation.reopen_kept",
            by=by,
            at=at,
            library_code=kept.library.code,
            operation_id=operation_id,
            request={"act": str(kept.pk)},
        )
        if not begun.repeated:
            dismissed = KeptAct.objects.filter(pk=kept.pk, state=KeptAct.State.DISMISSED)
            if dismissed.filter(settled_at__lte=at - REOPENED_WITHIN):
                raise _refused("kept_dismissed_long_ago")
            if not dismissed.update(state=KeptAct.State.OPEN, settled_at=None, settled_by="", remark=""):
                raise _refused("kept_settled_already")
            operations.finish(begun.operation, subject=f"circulation.keptact:{kept.pk}")
    kept.refresh_from_db()
    return kept


def forget_dismissed(at: datetime) -> int:
    """Forget who stood there in acts that can no longer be looked at again; gives how many."""
    return _forget(overdue(at))


def overdue(at: datetime) -> QuerySet[KeptAct]:
    """Acts dismissed long ago that still say who stood there; a kept act has its reasons as long as it is known."""
    old = KeptAct.objects.filter(state=KeptAct.State.DISMISSED, settled_at__lte=at - REOPENED_WITHIN)
    return old.exclude(reasons=[])


def _forget(acts: QuerySet[KeptAct]) -> int:
    """The reasons may name another reader, and the code of a card is as good as a name."""
    acts.filter(outcome="card").update(code="")
    return acts.update(patron=None, reasons=[])


def _claim(kept: KeptAct, state: str, at: datetime, by: Actor, remark: str) -> None:
    still = KeptAct.objects.filter(pk=kept.pk, state=KeptAct.State.OPEN)
    if not still.update(state=state, settled_at=at, settled_by=by.name[:80], remark=remark):
        raise _refused("kept_settled_already")


def _refused(code: str) -> Refused:
    return Refused(Decision((Reason(code, Weight.REFUSE),)))
