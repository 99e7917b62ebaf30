"""What an undo of an import of loans would do as things stand."""

from __future__ import annotations

from django.db.models import Q

from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import ItemAccount
from shuxiang.imports import registry
from shuxiang.imports.models import Run
from shuxiang.imports.shapes import Foreseen, Note

_NAMED = 200


def foresee_loans(run: Run) -> Foreseen:
    """Loans that the run began stop counting, but for those that the desk has ended since, and lost volumes."""
    loans = Loan.objects.filter(library=run.library, run_id=run.pk).exclude(outcome=Loan.Outcome.CANCELLED)
    ours = Q(in_operation__subject=f"imports.run:{run.pk}")
    ended = loans.exclude(in_at=None)
    elsewhere = ended.exclude(ours)
    lost = ended.filter(ours, outcome=Loan.Outcome.LOST)
    gone = loans.filter(in_at=None, item__isnull=False).exclude(item__account=ItemAccount.LOAN)
    notes = [
        Note(code, {"title": title})
        for code, some in (("loan_kept", elsewhere), ("lost_kept", lost), ("loan_kept", gone))
        for title in some.order_by("pk").values_list("record__title", flat=True)[:_NAMED]
    ]
    stays = elsewhere.count() + lost.count() + gone.count()
    return Foreseen({"loans": loans.count() - stays}, stays, tuple(notes))


registry.register_foresight("loans", foresee_loans)
