"""Reading closed years, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuxiang.holdings.services.balance import Account, accounts
from shuxiang.holdings.services.closing import STEPS
from shuxiang.holdings.years import ALL, YearBalance, YearClosing
from shuxiang.libraries.models import Library
from shuxiang.reports.ledgers.books import total
from shuxiang.reports.ledgers.rows import Row

__all__ = ["STEPS", "Balance", "balance_of", "closing_of", "closings_of"]


@dataclass(frozen=True, slots=True)
class Balance:
    """The 22 class accounts of a year, and the whole."""

    rows: Sequence[Row]
    whole: Row
    account: Account


def closings_of(library: Library) -> list[YearClosing]:
    """Closed years, the last one first, each with `volumes` and `amount_fen` it was closed with."""
    found = list(YearClosing.objects.filter(library=library).order_by("-year"))
    rows = YearBalance.objects.filter(closing__in=found, clc_main=ALL)
    by_closing = {row.closing_id: row for row in rows}
    for closing in found:
        closing.balance = by_closing.get(closing.pk)  # type: ignore[attr-defined]  # for the page only
    return found


def closing_of(library: Library, year: int) -> YearClosing | None:
    return YearClosing.objects.filter(library=library, year=year).first()


def balance_of(library: Library, year: int) -> Balance:
    """The accounts of a calendar year, as they are now; of a closed year that is as they were."""
    found = accounts(library, date(year, 1, 1), date(year, 12, 31))
    rows, whole = total.balance_rows(found)
    return Balance(rows, whole, found[ALL])
