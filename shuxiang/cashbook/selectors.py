"""Reads of the cash book: entries, what is in the box, what a day is closed with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from shuxiang.cashbook.models import CashEntry, DayClose
from shuxiang.libraries.models import Library

Act, Kind = CashEntry.Act, CashEntry.Kind


@dataclass(frozen=True, slots=True)
class Book:
    """The open days up to a day, added up; sums in fen, `out_fen` below zero or nothing."""

    from_on: date
    entries: int
    opening_fen: int
    in_fen: int
    out_fen: int

    @property
    def book_fen(self) -> int:
        return self.opening_fen + self.in_fen + self.out_fen


@dataclass(frozen=True, slots=True)
class Totals:
    """What came in and what went, by what it was for; reversals stand with what they take back."""

    kinds: dict[str, int]
    handed_fen: int
    sum_fen: int


def entries_of(library: Library) -> QuerySet[CashEntry]:
    """All lines, the latest first, each saying whether it was reversed."""
    reversals = CashEntry.objects.filter(of=OuterRef("pk"), act=Act.REVERSAL)
    entries = CashEntry.objects.filter(library=library).select_related("of", "library")
    return entries.annotate(is_reversed=Exists(reversals)).order_by("-year", "-number")


def entry_of(library: Library, pk: int) -> CashEntry | None:
    return entries_of(library).filter(pk=pk).first()


def entries_between(library: Library, first: date, last: date) -> QuerySet[CashEntry]:
    """The lines of some days in the order of their numbers."""
    return entries_of(library).filter(on__range=(first, last)).order_by("year", "number")


def entries_about(library: Library, subject: str) -> list[CashEntry]:
    """What came and went for one thing, in the order in which it did."""
    return list(entries_of(library).filter(subject=subject).order_by("year", "number"))


def totals(entries: QuerySet[CashEntry]) -> Totals:
    """Some lines added up."""
    handed = Q(act=Act.HANDOVER) | Q(of__act=Act.HANDOVER)
    kinds = entries.exclude(handed).order_by("kind").values_list("kind").annotate(fen=Sum("amount_fen"))
    handed_fen = entries.filter(handed).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    by_kind = dict(kinds)
    return Totals(by_kind, handed_fen, sum(by_kind.values()) + handed_fen)


def last_close(library: Library) -> DayClose | None:
    return DayClose.objects.filter(library=library).order_by("-on").first()


def closes_of(library: Library) -> QuerySet[DayClose]:
    """Closings, the latest first."""
    return DayClose.objects.filter(library=library).order_by("-on")


def book_to(library: Library, on: date) -> Book:
    """What the book says of the days since the last closing up to a day."""
    last = last_close(library)
    entries = CashEntry.objects.filter(library=library, on__lte=on)
    if last is not None:
        entries = entries.filter(on__gt=last.on)
    sums = entries.aggregate(
        entries=Count("pk"),
        came=Sum("amount_fen", filter=Q(amount_fen__gt=0)),
        went=Sum("amount_fen", filter=Q(amount_fen__lt=0)),
    )
    first = entries.order_by("on").values_list("on", flat=True).first()
    begins = last.on + timedelta(days=1) if last is not None else first or on
    opening = last.counted_fen if last is not None else 0
    return Book(begins, sums["entries"], opening, sums["came"] or 0, sums["went"] or 0)


def months_of(library: Library) -> Sequence[date]:
    """The first days of the months in which something was entered, the latest first."""
    return list(CashEntry.objects.filter(library=library).dates("on", "month", order="DESC"))
