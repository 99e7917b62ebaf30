"""What must agree in this room."""

from collections.abc import Iterator

from django.db.models import F, Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.urging.messages import speak
from shuxiang.urging.models import UrgedLoan


@check("urging.loans")
def rounds_name_their_own_loans(library_code: str | None) -> Iterator[Difference]:
    """A round urges loans of its library."""
    rows = UrgedLoan.objects.filter(Q() if library_code is None else Q(round__library__code=library_code))
    strange = rows.exclude(loan__library=F("round__library")).order_by("pk")
    for pk, library in strange.values_list("round_id", "round__library__code"):
        yield Difference("urging.loans", library, f"urging.round:{pk}", "urged_elsewhere")


words("urging", speak)
