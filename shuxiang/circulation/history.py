"""What a reader borrowed before, for the one who borrowed it."""

from shuxiang.circulation.models import Loan
from shuxiang.patrons.models import Patron


def loans_before(patron: Patron, most: int) -> list[Loan]:
    """Loans that ended, the latest first; those that were undone at the desk are none."""
    ended = Loan.objects.filter(patron=patron, in_at__isnull=False).exclude(outcome=Loan.Outcome.CANCELLED)
    return list(ended.select_related("record").order_by("-in_at", "-pk")[:most])
