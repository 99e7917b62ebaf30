"""Figures of stocktakes closed in a period, from their frozen lines."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuxiang.figures.registry import Drill, Figure, Rows, Scope, Value, register
from shuxiang.stocktaking.models import Line, Stocktake

Lines = Callable[[Scope], QuerySet[Line]]
_THERE = Q(heap__in=("present", "lost", "out")) | Q(heap="misplaced", item__isnull=False, is_expected=True)


def _lines(scope: Scope) -> QuerySet[Line]:
    """Lines of the stocktakes closed on the days of the period."""
    first, last = scope.days
    closed = Stocktake.objects.filter(library=scope.library, state=Stocktake.State.CLOSED)
    return Line.objects.filter(stocktake__in=closed.filter(closed_at__date__range=(first, last)))


def _there(scope: Scope) -> QuerySet[Line]:
    return _lines(scope).filter(_THERE)


def _missing(scope: Scope) -> QuerySet[Line]:
    return _lines(scope).filter(heap="missing")


def _drill(lines: Lines) -> Drill:
    def rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
        found = lines(scope)
        page = found.select_related("stocktake").order_by("stocktake_id", "call_number_sort", "pk")
        return Rows(
            (_("Stocktake"), _("Barcode"), _("Title"), _("Call number"), _("Place"), _("List price")),
            [
                (
                    line.stocktake.name,
                    line.code or line.number,
                    line.title,
                    line.call_number,
                    line.place,
                    None if line.price_fen is None else Decimal(line.price_fen) / 100,
                )
                for line in page[first : first + many]
            ],
            found.count(),
        )

    return rows


def register_all() -> None:
    register(
        Figure(
            "stocktaking.found",
            _("Volumes found in stocktakes"),
            _("volumes"),
            _("Volumes that stocktakes closed in the period were to count and found, wherever they stood."),
            lambda scope: Value.count(_there(scope).count()),
            rows=_drill(_there),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "stocktaking.missing",
            _("Volumes not found in stocktakes"),
            _("volumes"),
            _(
                "Volumes that by the books should have stood there when a stocktake was closed in the period, and did not."
            ),
            lambda scope: Value.count(_missing(scope).count()),
            rows=_drill(_missing),
            less_is_better=True,
        )
    )


register_all()
