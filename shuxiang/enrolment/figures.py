"""Figures of clearance: how many readers were cleared in a period."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.enrolment.messages import REASONS
from shuxiang.enrolment.models import Clearance
from shuxiang.figures.registry import Figure, Rows, Scope, Value, register


def _cleared(scope: Scope) -> QuerySet[Clearance]:
    return Clearance.objects.filter(library=scope.library, undone_at=None, cleared_on__range=scope.days)


def _rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _cleared(scope).select_related("patron").order_by("cleared_on", "number")
    rows = [
        (one.number, one.class_label, one.patron.name, str(REASONS[one.reason]), one.cleared_on)
        for one in found[first : first + many]
    ]
    return Rows(
        (_("Number"), _("Class"), _("Reader"), _("Reason"), _("Day")), rows, found.count(), personal=(2,)
    )


def register_all() -> None:
    register(
        Figure(
            "enrolment.cleared",
            _("Readers cleared"),
            pgettext_lazy("unit", "readers"),
            _(
                "Readers who gave everything back and were written off the list in the period, without what was taken back."
            ),
            lambda scope: Value.count(_cleared(scope).count()),
            rows=_rows,
            is_evidence=True,
        )
    )


register_all()
