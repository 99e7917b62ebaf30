"""What the rooms below know that readers owe: volumes out, and titles that wait for them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.models import Loan
from shuxiang.libraries.models import Library
from shuxiang.patrons import dues
from shuxiang.patrons.dues import Due

LOAN, HOLD = "loan", "hold"


def _loans(library: Library, patrons: Collection[int]) -> list[Due]:
    open_ones = Loan.objects.filter(library=library, in_at=None, patron__in=_some(patrons))
    rows = open_ones.order_by("due_on", "pk").values_list(
        "patron_id", "record__title", "out_on", "due_on", "price_fen"
    )
    return [
        Due(patron, LOAN, title, out_on, due_on, fen)
        for patron, title, out_on, due_on, fen in rows
        if patron in patrons
    ]


def _holds(library: Library, patrons: Collection[int]) -> list[Due]:
    waiting = Hold.objects.filter(
        library=library, state__in=(Hold.State.WAITING, Hold.State.READY), patron__in=_some(patrons)
    )
    rows = waiting.order_by("placed_at", "pk").values_list("patron_id", "record__title")
    return [Due(patron, HOLD, title) for patron, title in rows if patron in patrons]


def _some(patrons: Collection[int]) -> list[int]:
    """As many keys as one statement takes on every engine; a school has fewer readers who leave at once."""
    return sorted(patrons)[:30_000]


def register_all() -> None:
    dues.register(dues.Source(LOAN, _("Volume not returned"), _loans))
    dues.register(dues.Source(HOLD, _("Title waited for"), _holds, binds=False))
