"""Figures of the cash book: what was received and what was paid back."""

from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from shuxiang.cashbook.messages import ACTS, KINDS
from shuxiang.cashbook.models import CashEntry
from shuxiang.figures.registry import Figure, Part, Rows, Scope, Value, register


def _entries(scope: Scope) -> QuerySet[CashEntry]:
    """Without what was handed over: that money did not leave the school."""
    entries = CashEntry.objects.filter(library=scope.library, on__range=scope.days)
    return entries.exclude(Q(act="handover") | Q(of__act="handover"))


def _yuan(entries: QuerySet[CashEntry]) -> Value:
    return Value(Decimal(entries.aggregate(fen=Sum("amount_fen"))["fen"] or 0) / 100)


def _by_kind(scope: Scope) -> list[Part]:
    entries = _entries(scope)
    used = set(entries.order_by().values_list("kind", flat=True).distinct())
    return [
        Part(kind, str(words), _yuan(entries.filter(kind=kind)))
        for kind, words in KINDS.items()
        if kind in used
    ]


def _rows(scope: Scope, part: str, first: int, many: int) -> Rows:
    by, _colon, key = part.partition(":")
    entries = _entries(scope)
    found = entries.filter(kind=key) if by == "kind" else entries
    return Rows(
        (_("Number"), _("Day"), _("What"), _("What for"), _("Yuan")),
        [
            (str(e), e.on, f"{ACTS[e.act]} · {KINDS[e.kind]}", e.words, Decimal(e.amount_fen) / 100)
            for e in found.order_by("year", "number")[first : first + many]
        ],
        found.count(),
    )


def register_all() -> None:
    register(
        Figure(
            "cashbook.received",
            _("Money received, less what was paid back"),
            _("yuan"),
            _(
                "Entries of the cash book in the period added up, refunds and reversals taken off; not what was handed over."
            ),
            lambda scope: _yuan(_entries(scope)),
            decimals=2,
            parts={"kind": _by_kind},
            rows=_rows,
        )
    )


register_all()
