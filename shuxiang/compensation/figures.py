"""Figures of compensation: volumes lost and damaged by readers, and what was paid for them."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from shuxiang.compensation.messages import SEVERITIES, STATES, WAYS
from shuxiang.compensation.models import Case
from shuxiang.figures.registry import Drill, Figure, Part, Rows, Scope, Value, register

Cases = Callable[[Scope], QuerySet[Case]]


def _cases(scope: Scope) -> QuerySet[Case]:
    cases = Case.objects.filter(library=scope.library, opened_on__range=scope.days)
    return cases.exclude(state=Case.State.CANCELLED)


def _settled(scope: Scope) -> QuerySet[Case]:
    cases = Case.objects.filter(library=scope.library, settled_on__range=scope.days)
    return cases.filter(state=Case.State.SETTLED)


def _by_severity(scope: Scope) -> list[Part]:
    counted = dict(_cases(scope).order_by().values_list("severity").annotate(n=Count("pk")))
    return [
        Part(code, str(words), Value.count(counted[code]))
        for code, words in SEVERITIES.items()
        if code in counted
    ]


def _drill(cases: Cases) -> Drill:
    """Without readers' names: figures are read by more people than cases."""

    def rows(scope: Scope, part: str, first: int, many: int) -> Rows:
        by, _colon, key = part.partition(":")
        found = cases(scope).filter(severity=key) if by == "severity" else cases(scope)
        return Rows(
            (_("Day"), _("Title"), _("Reason"), _("State"), _("Way"), _("Due"), _("Paid")),
            [
                (
                    case.opened_on, case.title, str(SEVERITIES[case.severity]), str(STATES[case.state]),
                    str(WAYS[case.way]), Decimal(case.due_fen) / 100, Decimal(case.paid_fen) / 100,
                )
                for case in found.order_by("opened_on", "pk")[first : first + many]
            ],
            found.count(),
        )  # fmt: skip

    return rows


def register_all() -> None:
    register(
        Figure(
            "compensation.cases",
            _("Volumes lost or damaged by readers"),
            _("volumes"),
            _("Cases of compensation opened in the period, without those opened by mistake."),
            lambda scope: Value.count(_cases(scope).count()),
            less_is_better=True,
            parts={"severity": _by_severity},
            rows=_drill(_cases),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "compensation.settled",
            _("Cases of compensation settled"),
            _("volumes"),
            _("Cases settled in the period, in whatever way, whose volume was not found again."),
            lambda scope: Value.count(_settled(scope).count()),
            rows=_drill(_settled),
        )
    )
    register(
        Figure(
            "compensation.paid",
            _("Compensation paid"),
            _("yuan"),
            _("What was received, less what was paid back, for cases settled in the period."),
            lambda scope: Value(Decimal(_settled(scope).aggregate(fen=Sum("paid_fen"))["fen"] or 0) / 100),
            decimals=2,
            rows=_drill(_settled),
        )
    )


register_all()
