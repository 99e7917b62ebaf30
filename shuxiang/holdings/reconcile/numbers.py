"""Numbers are given in order, once, without gaps."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, F, IntegerField, Max, Min, Q, QuerySet, Value, Window
from django.db.models.functions import Lag

from shuxiang.audit.reconcile import Difference, check
from shuxiang.holdings.models import (
    AccessionBatch,
    AccessionSeries,
    BookNumberSeries,
    Holding,
    PropertyLine,
    Withdrawal,
)
from shuxiang.holdings.reconcile.accounts import scope
from shuxiang.holdings.rules import shown, sort_key
from shuxiang.holdings.services.numbering import BARCODES, BATCHES, WITHDRAWALS

CHECK = "holdings.numbers"
POSTING = AccessionBatch.State.POSTING


def _given(library_code: str | None) -> dict[tuple[str, str], int]:
    """(library, series) → how many numbers were given, those reserved by an unfinished posting among them."""
    mine = scope(library_code)
    given: dict[tuple[str, str], int] = defaultdict(int)
    lines = PropertyLine.objects.filter(mine).filter(Q(number__isnull=False) | Q(batch__state=POSTING))
    for library, series, count in (
        lines.values_list("library__code", "series").annotate(n=Count("pk")).order_by()
    ):
        given[library, series] += count
    numbered: tuple[tuple[str, QuerySet[AccessionBatch] | QuerySet[Withdrawal]], ...] = (
        (BATCHES, AccessionBatch.objects.filter(mine, number__isnull=False)),
        (WITHDRAWALS, Withdrawal.objects.filter(mine)),
    )
    for series, rows in numbered:
        for library, count in rows.values_list("library__code").annotate(n=Count("pk")).order_by():
            given[library, series] += count
    return given


@check(CHECK)
def series_are_gapless(library_code: str | None) -> Iterator[Difference]:
    """As many numbers as the series says; where they differ, each gap is named."""
    given = _given(library_code)
    series = AccessionSeries.objects.filter(scope(library_code)).exclude(series=BARCODES)
    last = {
        (library, name): number
        for library, name, number in series.values_list("library__code", "series", "last")
    }
    for key in sorted(given.keys() | last.keys()):
        library, name = key
        if given.get(key, 0) != last.get(key, 0):
            params: dict[str, object] = {"series": name, "given": given.get(key, 0), "last": last.get(key, 0)}
            subject = f"holdings.series:{library}:{name}"
            yield Difference(CHECK, library, subject, "series_disagrees", params)
            yield from _gaps(library, name)


def _rows(
    library: str, series: str
) -> QuerySet[AccessionBatch] | QuerySet[Withdrawal] | QuerySet[PropertyLine]:
    if series == BATCHES:
        return AccessionBatch.objects.filter(library__code=library, number__isnull=False)
    if series == WITHDRAWALS:
        return Withdrawal.objects.filter(library__code=library)
    return PropertyLine.objects.filter(library__code=library, series=series, number__isnull=False)


def _gaps(library: str, series: str) -> Iterator[Difference]:
    before = Window(Lag("number", default=Value(0)), order_by="number", output_field=IntegerField())
    rows = _rows(library, series).annotate(before=before).filter(number__gt=F("before") + 1)
    for row in rows.order_by("number").values("before", "number"):
        params = {"series": series, "first": int(row["before"]) + 1, "last": int(row["number"] or 0) - 1}
        yield Difference(CHECK, library, f"holdings.series:{library}:{series}", "numbers_missing", params)


@check("holdings.batch_numbers")
def numbers_of_a_batch_are_a_run(library_code: str | None) -> Iterator[Difference]:
    """A posted batch's lines of one series bear a run of numbers and its day; a draft's bear none."""
    lines = PropertyLine.objects.filter(scope(library_code))
    posted = lines.filter(batch__state=AccessionBatch.State.POSTED)
    runs = posted.values("batch_id", "batch__number", "library__code", "series").annotate(
        low=Min("number"), high=Max("number"), count=Count("number"), lines=Count("pk")
    )
    broken = runs.exclude(count=F("high") - F("low") + 1, lines=F("count")).order_by("batch_id", "series")
    for row in broken:
        params = {"batch": row["batch__number"], "series": row["series"], "lines": row["lines"]}
        params |= {"first": row["low"], "last": row["high"]}
        subject = f"holdings.batch:{row['batch_id']}"
        yield Difference("holdings.batch_numbers", row["library__code"], subject, "batch_not_a_run", params)
    unposted = lines.filter(batch__state__in=[AccessionBatch.State.DRAFT, AccessionBatch.State.VOID])
    other_day = lines.filter(number__isnull=False).exclude(posted_on=F("batch__posted_on"))
    for code, wrong in (
        ("number_in_draft", unposted.filter(number__isnull=False)),
        ("posted_on_other_day", other_day),
    ):
        for pk, library, series, number in wrong.order_by("pk").values_list(
            "pk", "library__code", "series", "number"
        ):
            params = {"item": f"{series}{number}"}
            yield Difference("holdings.batch_numbers", library, f"holdings.line:{pk}", code, params)


@check("holdings.book_numbers")
def book_numbers_stay_below_their_series(library_code: str | None) -> Iterator[Difference]:
    """No holding bears a 种次号 above the last one given in its class: the next would be given twice."""
    numbered = Holding.objects.filter(scope(library_code), book_number__isnull=False)
    highest = numbered.values("library_id", "library__code", "group_id", "clc").annotate(
        high=Max("book_number")
    )
    series = BookNumberSeries.objects.filter(scope(library_code)).values_list(
        "library_id", "group_id", "clc", "last"
    )
    last = {(library, group, clc): number for library, group, clc, number in series}
    for row in highest.order_by("library_id", "group_id", "clc"):
        reached = last.get((row["library_id"], row["group_id"], row["clc"]), 0)
        if row["high"] > reached:
            params = {"clc": row["clc"], "number": row["high"], "last": reached}
            subject = f"holdings.book_numbers:{row['group_id']}:{row['clc']}"
            yield Difference(
                "holdings.book_numbers", row["library__code"], subject, "book_number_ahead", params
            )


@check("holdings.call_numbers")
def call_numbers_say_and_sort_what_they_are_made_of(library_code: str | None) -> Iterator[Difference]:
    """A numbered holding shows class, number and auxiliary; every holding stands where its call number sorts."""
    rows = Holding.objects.filter(scope(library_code)).order_by("pk")
    columns = (
        "pk",
        "library__code",
        "record__title",
        "clc",
        "book_number",
        "auxiliary",
        "call_number",
        "call_number_sort",
    )
    for pk, library, title, clc, number, auxiliary, text, order in rows.values_list(*columns).iterator(
        chunk_size=2000
    ):
        parts = text if number is None else shown(clc, number, auxiliary)
        params: dict[str, object] = {"title": title, "call_number": text, "parts": parts}
        subject = f"holdings.holding:{pk}"
        if parts != text:
            yield Difference("holdings.call_numbers", library, subject, "call_number_not_its_parts", params)
        if order != (sort_key(text) if text else ""):
            yield Difference("holdings.call_numbers", library, subject, "call_number_misplaced", params)
