"""Import and export of loans. Django finds this module at start; it registers with the rooms below."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shuxiang.audit.models import Operation
from shuxiang.circulation import selectors
from shuxiang.circulation.imports.exporting import export_loans
from shuxiang.circulation.imports.session import LoanSession
from shuxiang.circulation.imports.undo import loans_rest_on, undo_loans
from shuxiang.circulation.imports.words import WORDS
from shuxiang.circulation.models import Loan
from shuxiang.common.actors import Actor
from shuxiang.imports import registry
from shuxiang.imports.models import Run
from shuxiang.imports.shapes import Ahead, Context, Progress, Undone
from shuxiang.imports.tables import LOAN_FIELDS, FieldSpec
from shuxiang.libraries.models import Library
from shuxiang.patrons.imports import register_default_limit, register_use
from shuxiang.patrons.models import PatronCategory


class LoanImporter:
    """See imports.shapes.Importer."""

    kind = "loans"
    fields: Sequence[FieldSpec] = LOAN_FIELDS
    left_out: frozenset[str] = frozenset()
    reads_marc = False
    ahead: Ahead | None = None
    keeps_file = False

    def begin(self, context: Context) -> LoanSession:
        return LoanSession(context)

    def undo(self, run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
        return undo_loans(run, by=by, at=at, operation=operation, progress=progress)


def _limit(library: Library, category: PatronCategory) -> int | None:
    return selectors.policy_for(library, category.pk, None).loan_limit


def _borrowers(patrons: Iterable[int]) -> set[int]:
    """Readers with loans that count: they are not taken back with their import."""
    loans = Loan.objects.filter(patron__in=list(patrons)).exclude(outcome=Loan.Outcome.CANCELLED)
    return {key for key in loans.values_list("patron_id", flat=True) if key is not None}


registry.register(LoanImporter(), WORDS)
registry.register_exporter("loans", export_loans)
register_default_limit(_limit)
register_use(_borrowers)
registry.register_rest(loans_rest_on)
