"""What must agree in this room: a request's fee and its receipt."""

from collections.abc import Iterator

from django.db.models import F, Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.inquiries.messages import speak
from shuxiang.inquiries.models import Inquiry


@check("inquiries.fees")
def fees_are_their_receipts(library_code: str | None) -> Iterator[Difference]:
    """A request with a fee has a receipt of that sum in its own library; one without a fee has none."""
    found = Inquiry.objects.filter(Q() if library_code is None else Q(library__code=library_code))
    wrong = found.filter(receipt=None, fee_fen__gt=0) | found.filter(receipt__isnull=False).exclude(
        receipt__amount_fen=F("fee_fen"), receipt__library=F("library")
    )
    for pk, library in wrong.order_by("pk").values_list("pk", "library__code"):
        yield Difference("inquiries.fees", library, f"inquiries.inquiry:{pk}", "fee_differs", {"inquiry": pk})


words("inquiries", speak)
