"""The books add up: batches and withdrawals are their lines, additions less withdrawals are what is there."""

from collections.abc import Iterator
from dataclasses import asdict

from django.db.models import Count, F, Q, QuerySet, Sum

from shuxiang.audit.reconcile import Difference, check
from shuxiang.catalogue.clc import MAIN_CLASSES
from shuxiang.holdings.models import AccessionBatch, PropertyLine, Withdrawal, WithdrawalLine
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.reconcile.accounts import scope
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.services.totals import TITLES, totals_of

State = AccessionBatch.State
TOTALS = ("titles", "volumes", "amount_fen", "unknown_prices")
Sums = dict[str, int]


def _sums(lines: QuerySet[PropertyLine], *by: str) -> dict[tuple[object, ...], Sums]:
    """Titles, volumes, known value and volumes of unknown price, for each group of `by`."""
    rows = lines.values(*by).annotate(
        titles=TITLES,
        volumes=Count("pk"),
        amount_fen=Sum("list_price_fen"),
        unknown_prices=Count("pk", filter=Q(list_price_fen__isnull=True)),
    )
    return {
        tuple(row[name] for name in by): {name: row[name] or 0 for name in TOTALS} for row in rows.order_by()
    }


_NOTHING: Sums = dict.fromkeys(TOTALS, 0)


def _compare(
    check_code: str, code: str, subject: str, library: str, number: object, *, pair: tuple[Sums, Sums]
) -> Iterator[Difference]:
    written, counted = pair
    for name in TOTALS:
        if written[name] != counted[name]:
            params = {"number": number, "what": name, "written": written[name], "counted": counted[name]}
            yield Difference(check_code, library, subject, code, params)


@check("holdings.batches")
def batches_are_their_lines(library_code: str | None) -> Iterator[Difference]:
    """Titles, volumes, value and unknown prices of a posted batch are those of its lines."""
    batches = AccessionBatch.objects.filter(scope(library_code), state__in=[State.POSTED, State.POSTING])
    counted = _sums(PropertyLine.objects.filter(scope(library_code)), "batch_id")
    for row in batches.order_by("pk").values("pk", "number", "library__code", *TOTALS):
        subject, written = f"holdings.batch:{row['pk']}", {name: row[name] for name in TOTALS}
        pair = (written, counted.get((row["pk"],), _NOTHING))
        yield from _compare(
            "holdings.batches", "batch_disagrees", subject, row["library__code"], row["number"], pair=pair
        )


@check("holdings.withdrawals")
def withdrawals_are_their_lines(library_code: str | None) -> Iterator[Difference]:
    """The same for withdrawals; and a line is struck on its withdrawal's day, not before it was posted."""
    struck = PropertyLine.objects.filter(scope(library_code), withdrawal_line__isnull=False)
    counted = _sums(struck, "withdrawal_line__withdrawal_id") | _taken_back(library_code)
    for row in (
        Withdrawal.objects.filter(scope(library_code))
        .order_by("pk")
        .values("pk", "number", "library__code", *TOTALS)
    ):
        subject, written = f"holdings.withdrawal:{row['pk']}", {name: row[name] for name in TOTALS}
        pair = (written, counted.get((row["pk"],), _NOTHING))
        yield from _compare(
            "holdings.withdrawals",
            "withdrawal_disagrees",
            subject,
            row["library__code"],
            row["number"],
            pair=pair,
        )
    same_day = Q(withdrawn_on=F("withdrawal__withdrawn_on"), withdrawn_on__gte=F("line__posted_on"))
    one_library = Q(library=F("line__library"), withdrawal__library=F("library"))
    wrong = WithdrawalLine.objects.filter(scope(library_code)).exclude(same_day & one_library)
    for pk, library, series, number in wrong.order_by("pk").values_list(
        "pk", "library__code", "line__series", "line__number"
    ):
        params: dict[str, object] = {"item": f"{series}{number}"}
        yield Difference(
            "holdings.withdrawals", library, f"holdings.withdrawal_line:{pk}", "struck_wrongly", params
        )


def _taken_back(library_code: str | None) -> dict[tuple[object, ...], Sums]:
    """Of every withdrawal that was taken back, in part or whole, what it struck; of the reversing entry, the same less."""
    rows = StrikeReversal.objects.filter(scope(library_code)).values_list("withdrawal_id", "reversal_id")
    counted: dict[tuple[object, ...], Sums] = {}
    for first, reversal in rows.distinct().order_by():
        back = Q(pk__in=StrikeReversal.objects.filter(withdrawal=first).values("line_id"))
        still = Q(pk__in=WithdrawalLine.objects.filter(withdrawal=first).values("line_id"))
        counted[(first,)] = asdict(totals_of(PropertyLine.objects.filter(back | still)))
        less = asdict(totals_of(PropertyLine.objects.filter(strikings_reversed__reversal=reversal)))
        counted[(reversal,)] = {name: -value for name, value in less.items()}
    return counted


@check("holdings.books")
def additions_less_withdrawals_are_there(library_code: str | None) -> Iterator[Difference]:
    """Σ additions − Σ withdrawals = volumes and value in all accounts of the books."""
    mine = scope(library_code)
    posted = AccessionBatch.objects.filter(mine, state__in=[State.POSTED, State.POSTING])
    columns = ("volumes", "amount_fen", "unknown_prices")
    books: dict[str, Sums] = {}
    for sign, rows in ((1, posted), (-1, Withdrawal.objects.filter(mine))):
        sums = rows.values_list("library__code").annotate(*(Sum(name) for name in columns)).order_by()
        for library, *amounts in sums:
            book = books.setdefault(library, dict(_NOTHING))
            for name, amount in zip(columns, amounts, strict=True):
                book[name] += sign * amount
    waiting = _sums(
        PropertyLine.objects.filter(mine, number__isnull=True, batch__state=State.POSTING), "library__code"
    )
    there = _sums(PropertyLine.objects.filter(mine, item__account__in=ON_BOOKS), "library__code")
    for library in sorted(books.keys() | {str(key[0]) for key in there}):
        written, left = books.get(library, _NOTHING), waiting.get((library,), _NOTHING)
        expected = {name: written[name] - left[name] for name in TOTALS} | {"titles": 0}
        counted = there.get((library,), _NOTHING) | {"titles": 0}
        yield from _compare(
            "holdings.books", "books_disagree", f"library:{library}", library, "", pair=(expected, counted)
        )


@check("holdings.classes")
def class_accounts_add_up(library_code: str | None) -> Iterator[Difference]:
    """Σ over the 22 class accounts and the unclassified = Σ of the batches: every line is in one of them."""
    letters = ["", *(one.letter for one in MAIN_CLASSES)]
    strays = PropertyLine.objects.filter(scope(library_code)).exclude(clc_main__in=letters)
    for row in strays.order_by("pk").values("pk", "library__code", "series", "number", "clc_main"):
        params: dict[str, object] = {
            "item": f"{row['series']}{row['number'] or '#' + str(row['pk'])}",
            "clc": row["clc_main"],
        }
        yield Difference(
            "holdings.classes", row["library__code"], f"holdings.line:{row['pk']}", "no_such_class", params
        )
