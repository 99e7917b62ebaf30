"""Figures of readers: cards issued against pupils enrolled."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuxiang.figures.registry import Figure, Rows, Scope, Value, register
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons.models import Card, PatronCategory


def _cards(scope: Scope) -> QuerySet[Card]:
    """Cards of pupils, valid on the period's last day."""
    day = scope.period.ends_on
    return (
        Card.objects.filter(library=scope.library, patron__category__kind=PatronCategory.Kind.PUPIL)
        .filter(from_at__date__lte=day)
        .filter(Q(to_at__isnull=True) | Q(to_at__date__gt=day))
    )


def _rate(scope: Scope) -> Value:
    issued = _cards(scope).values("patron_id").distinct().count()
    return Value.quotient(issued, libraries.pupils_in(scope.library, scope.period), 100)


def _rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    cards = _cards(scope).select_related("patron").order_by("number")
    return Rows(
        (_("Card"), _("Reader"), _("Issued on")),
        [(card.number, card.patron.name, card.from_at.date()) for card in cards[first : first + many]],
        cards.count(),
        is_personal=True,
    )


def register_all() -> None:
    register(
        Figure(
            "patrons.card_rate",
            _("Cards issued"),
            "%",
            _("Pupils with a valid card on the period's last day ÷ pupils enrolled."),
            _rate,
            decimals=1,
            rows=_rows,
        )
    )
