"""What must agree: a case with its receipts and its sums, a withdrawal with the case's volume (rule 6)."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.cashbook.models import CashEntry
from shuxiang.compensation.messages import speak
from shuxiang.compensation.models import Case
from shuxiang.holdings.models import WithdrawalLine

SUBJECT = "compensation.case:"


def _of(library_code: str | None) -> Q:
    return Q() if library_code is None else Q(library__code=library_code)


def _differs(case: Case, code: str, **params: object) -> Difference:
    subject = f"{SUBJECT}{case.pk}"
    return Difference("compensation.money", case.library.code, subject, code, {"case": case.pk, **params})


@check("compensation.money")
def cases_are_their_receipts(library_code: str | None) -> Iterator[Difference]:
    """What a case says was paid is what the cash book says of it, line by line and in all; settled cases owe nothing."""
    cases = Case.objects.filter(_of(library_code)).select_related("library")
    summed = cases.annotate(book=Sum("payments__entry__amount_fen", default=0))
    for wrong in summed.exclude(paid_fen=F("book")).order_by("pk"):
        yield _differs(wrong, "paid_differs", fen=wrong.paid_fen, book=wrong.book)
    for case in cases.filter(state=Case.State.SETTLED, due_fen__gt=F("paid_fen") + F("waived_fen")).order_by(
        "pk"
    ):
        yield _differs(case, "settled_half")
    stray = CashEntry.objects.filter(_of(library_code), subject__startswith=SUBJECT, case_payment=None)
    for entry in stray.select_related("library").order_by("pk"):
        subject = f"cashbook.entry:{entry.pk}"
        params: dict[str, object] = {"number": str(entry)}
        yield Difference("compensation.money", entry.library.code, subject, "stray_receipt", params)


@check("compensation.books")
def withdrawals_strike_their_volumes(library_code: str | None) -> Iterator[Difference]:
    """A case that names a withdrawal has its volume struck by it, unless it was found or taken back since."""
    struck = Case.objects.filter(_of(library_code), withdrawal__isnull=False, was_restored=False)
    lines = WithdrawalLine.objects.filter(withdrawal__cases__isnull=False)
    known = set(lines.values_list("withdrawal_id", "line__item_id"))
    for case in struck.select_related("library").order_by("pk"):
        if (case.withdrawal_id, case.item_id) not in known:
            params: dict[str, object] = {"case": case.pk}
            subject = f"{SUBJECT}{case.pk}"
            yield Difference(
                "compensation.books", case.library.code, subject, "not_struck", params, allowed=True
            )


words("compensation", speak)
