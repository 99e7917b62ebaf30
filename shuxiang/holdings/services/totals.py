"""What a batch or a withdrawal comes to: titles, volumes, known value, volumes of unknown price."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from shuxiang.holdings.models import PropertyLine

# Titles as they were entered: merging or dividing records later changes no book.
TITLES = Count(Coalesce("entered_under", "item__holding__record_id"), distinct=True)


@dataclass(frozen=True, slots=True)
class Totals:
    """`amount_fen` sums the known list prices; `unknown_prices` counts the volumes that have none."""

    titles: int
    volumes: int
    amount_fen: int
    unknown_prices: int


def totals_of(lines: QuerySet[PropertyLine]) -> Totals:
    """Add up property lines."""
    sums = lines.aggregate(
        titles=TITLES,
        volumes=Count("pk"),
        amount_fen=Sum("list_price_fen"),
        unknown_prices=Count("pk", filter=Q(list_price_fen__isnull=True)),
    )
    return Totals(**{name: value or 0 for name, value in sums.items()})
