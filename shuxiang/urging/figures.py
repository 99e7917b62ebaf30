"""Figures of urging: how many loans were urged, and how many of these came back."""

from collections.abc import Callable

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation.models import Loan
from shuxiang.figures.registry import Drill, Figure, Rows, Scope, Value, register

Loans = Callable[[Scope], QuerySet[Loan]]


def _urged(scope: Scope) -> QuerySet[Loan]:
    """Each loan once, however often it was urged in the period."""
    rounds = {"urged__round__on__range": scope.days, "urged__round__taken_back_at": None}
    return Loan.objects.filter(library=scope.library, **rounds).distinct()


def _returned(scope: Scope) -> QuerySet[Loan]:
    return _urged(scope).filter(outcome=Loan.Outcome.RETURNED, in_on__lte=scope.last_day)


def _drill(loans: Loans) -> Drill:
    """Without readers' names."""

    def rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
        found = Loan.objects.filter(pk__in=loans(scope).values("pk")).select_related("record")
        page = found.annotate(times=Count("urged"), last=Max("urged__round__on")).order_by("due_on", "pk")
        return Rows(
            (_("Class"), _("Title"), _("Due on"), _("Urged"), _("Urged last on"), _("Back on")),
            [
                (loan.class_label, loan.record.title, loan.due_on, loan.times, loan.last, loan.in_on)
                for loan in page[first : first + many]
            ],
            found.count(),
        )

    return rows


def register_all() -> None:
    register(
        Figure(
            "urging.urged",
            _("Loans urged"),
            pgettext_lazy("unit", "loans"),
            _("Different loans whose reader, class or parents were reminded in the period, by whatever way."),
            lambda scope: Value.count(_urged(scope).count()),
            rows=_drill(_urged),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "urging.returned",
            _("Urged and returned"),
            "%",
            _("Of the loans urged in the period those that were returned by its last day ÷ all of them."),
            lambda scope: Value.quotient(_returned(scope).count(), _urged(scope).count(), 100),
            decimals=1,
            rows=_drill(_returned),
        )
    )


register_all()
