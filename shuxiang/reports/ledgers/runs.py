"""Which accession numbers a period gave: every posted batch has a run of them in each series (reconcile says so)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from shuxiang.holdings.models import AccessionBatch, AccessionSeries, PropertyLine
from shuxiang.holdings.services.numbering import BARCODES, BATCHES, WITHDRAWALS
from shuxiang.libraries.models import Library

POSTED = (AccessionBatch.State.POSTED, AccessionBatch.State.POSTING)


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers `first` to `last` of a series, of one batch or of several that follow each other."""

    series: str
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def series_of(library: Library) -> list[str]:
    """The series in which the library has given accession numbers."""
    others = (BATCHES, WITHDRAWALS, BARCODES)
    rows = AccessionSeries.objects.filter(library=library, last__gt=0).exclude(series__in=others)
    return sorted(rows.values_list("series", flat=True))


def runs_of(library: Library, batches: Iterable[int]) -> dict[int, list[Run]]:
    """The runs of some batches, by the batch's key: two seeks in an index each."""
    found: dict[int, list[Run]] = {}
    keys = list(batches)
    for series in series_of(library):
        lines = PropertyLine.objects.filter(batch=OuterRef("pk"), series=series, number__isnull=False)
        ends = AccessionBatch.objects.filter(pk__in=keys).annotate(
            first=Subquery(lines.order_by("number").values("number")[:1]),
            last=Subquery(lines.order_by("-number").values("number")[:1]),
        )
        rows = ends.filter(first__isnull=False).values_list("pk", "first", "last")
        for key, first, last in rows:
            found.setdefault(key, []).append(Run(series, first, last))
    return found


def batches_in(library: Library, first: date, last: date) -> list[int]:
    """Keys of the batches posted in a period, in the order of their numbers."""
    rows = AccessionBatch.objects.filter(library=library, state__in=POSTED, posted_on__range=(first, last))
    return list(rows.order_by("number").values_list("pk", flat=True))


def runs_in(library: Library, first: date, last: date) -> list[Run]:
    """The runs of a period in the order of series and number; those that touch are one."""
    by_batch = runs_of(library, batches_in(library, first, last))
    found: list[Run] = []
    for run in sorted((run for runs in by_batch.values() for run in runs), key=lambda r: (r.series, r.first)):
        if found and (found[-1].series, found[-1].last + 1) == (run.series, run.first):
            found[-1] = Run(run.series, found[-1].first, run.last)
        else:
            found.append(run)
    return found


def shown(runs: Iterable[Run]) -> str:
    """B1–B420; P1–P3."""
    return "; ".join(
        f"{r.series}{r.first}" if r.first == r.last else f"{r.series}{r.first}–{r.series}{r.last}"
        for r in runs
    )


class Places:
    """Numbers as places in a book from 0 on, and back."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        self._starts = [0]
        for run in runs:
            self._starts.append(self._starts[-1] + run.length)

    @property
    def count(self) -> int:
        return self._starts[-1]

    def stretches(self, first: int, last: int) -> list[tuple[Run, int]]:
        """The numbers at the places `first` to `last`, as runs, each with the place where it begins."""
        found = []
        index = max(0, bisect_right(self._starts, first) - 1)
        while index < len(self.runs) and self._starts[index] <= last:
            run, start = self.runs[index], self._starts[index]
            low, high = max(first, start), min(last, start + run.length - 1)
            if low <= high:
                found.append((Run(run.series, run.first + low - start, run.first + high - start), low))
            index += 1
        return found


def within(runs: Iterable[Run], path: str = "") -> Q:
    """Lines whose numbers are in one of the runs; nothing for no run."""
    found = Q(pk__in=[])
    for run in runs:
        found |= Q(**{f"{path}series": run.series, f"{path}number__range": (run.first, run.last)})
    return found
