"""What must agree in the cash book: numbers without gaps, reversals and refunds with their entries, closings with lines."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Max, Q, Sum

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.cashbook.messages import speak
from shuxiang.cashbook.models import CashEntry, CashYear, DayClose


def _of(library_code: str | None) -> Q:
    return Q() if library_code is None else Q(library__code=library_code)


@check("cashbook.numbers")
def numbers_have_no_gap(library_code: str | None) -> Iterator[Difference]:
    """Entries of a year bear 1 to n, and n is the last number given."""
    entries = CashEntry.objects.filter(_of(library_code)).order_by()
    borne = {
        (code, year): (count, last)
        for code, year, count, last in entries.values_list("library__code", "year").annotate(
            count=Count("pk"), last=Max("number")
        )
    }
    years = CashYear.objects.filter(_of(library_code)).values_list("library__code", "year", "last")
    given = {(code, year): last for code, year, last in years if last}
    for key in sorted(borne.keys() | given.keys()):
        count, last = borne.get(key, (0, 0))
        if not count == last == given.get(key, 0):
            params = {"year": key[1], "count": count, "last": max(last, given.get(key, 0))}
            yield Difference("cashbook.numbers", key[0], f"cashbook.year:{key[1]}", "gap_in_receipts", params)


@check("cashbook.answers")
def answers_fit_what_they_answer(library_code: str | None) -> Iterator[Difference]:
    """A reversal is the opposite sum; refunds of a receipt are not more than it was."""
    entries = CashEntry.objects.filter(_of(library_code))
    wrong = entries.filter(act="reversal").exclude(amount_fen=-F("of__amount_fen"))
    strange = entries.filter(of__isnull=False).exclude(of__library=F("library"))
    for entry in (wrong | strange).select_related("library").order_by("pk"):
        yield Difference(
            "cashbook.answers",
            entry.library.code,
            f"cashbook.entry:{entry.pk}",
            "wrong_answer",
            {"number": str(entry)},
        )
    standing = Q(answers__act="refund") & Q(answers__answers__isnull=True)
    receipts = entries.filter(act="receipt").annotate(
        back=Sum("answers__amount_fen", filter=standing, default=0)
    )
    for entry in receipts.filter(amount_fen__lt=-F("back")).select_related("library").order_by("pk"):
        yield Difference(
            "cashbook.answers",
            entry.library.code,
            f"cashbook.entry:{entry.pk}",
            "refunded_too_much",
            {"number": str(entry)},
        )


@check("cashbook.days")
def closings_are_their_lines(library_code: str | None) -> Iterator[Difference]:
    """Each closing begins with what was counted before, follows on it, and adds up the entries of its days."""
    before: DayClose | None = None
    for close in (
        DayClose.objects.filter(_of(library_code)).select_related("library").order_by("library", "on")
    ):
        if before is not None and before.library_id != close.library_id:
            before = None
        sums = CashEntry.objects.filter(library=close.library, on__range=(close.from_on, close.on)).aggregate(
            entries=Count("pk"),
            came=Sum("amount_fen", filter=Q(amount_fen__gt=0), default=0),
            went=Sum("amount_fen", filter=Q(amount_fen__lt=0), default=0),
        )
        follows = before is None or (
            close.opening_fen == before.counted_fen and close.from_on == before.on + timedelta(days=1)
        )
        fits = (close.entries, close.in_fen, close.out_fen) == (sums["entries"], sums["came"], sums["went"])
        if not (follows and fits):
            subject = f"cashbook.close:{close.pk}"
            yield Difference("cashbook.days", close.library.code, subject, "close_differs", {"on": close.on})
        before = close


words("cashbook", speak)
