"""Figures of the stock: titles, volumes, value, additions, withdrawals, per pupil, the five divisions.

Only property counts (decision 0003), at the end of the period's last day or of today while it runs.
"""

from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from shuxiang.catalogue import clc
from shuxiang.figures.registry import Figure, Part, Rows, Scope, Value, register
from shuxiang.holdings.models import PropertyLine
from shuxiang.libraries import selectors as libraries


def on_books(scope: Scope, day: date | None = None) -> QuerySet[PropertyLine]:
    """Property lines on the books at the end of a day: posted by then and not withdrawn by then."""
    day = day or scope.last_day
    lines = PropertyLine.objects.filter(library=scope.library, posted_on__lte=day).filter(
        Q(withdrawal_line__isnull=True) | Q(withdrawal_line__withdrawn_on__gt=day)
    )
    return lines.exclude(item__in=scope.without_items) if scope.without_items else lines


def _added(scope: Scope) -> QuerySet[PropertyLine]:
    days = (scope.period.starts_on, scope.period.ends_on)
    return PropertyLine.objects.filter(library=scope.library, posted_on__range=days)


def _withdrawn(scope: Scope) -> QuerySet[PropertyLine]:
    days = (scope.period.starts_on, scope.period.ends_on)
    return PropertyLine.objects.filter(library=scope.library, withdrawal_line__withdrawn_on__range=days)


def _yuan(lines: QuerySet[PropertyLine]) -> Value:
    return Value(Decimal(lines.aggregate(fen=Sum("list_price_fen"))["fen"] or 0) / 100)


def _titles(lines: QuerySet[PropertyLine]) -> Value:
    return Value.count(lines.aggregate(n=Count("item__holding__record", distinct=True))["n"])


def _by_class(lines: QuerySet[PropertyLine]) -> dict[str, int]:
    rows = lines.values_list("clc_main").annotate(n=Count("pk")).order_by("clc_main")
    return {str(main): int(n) for main, n in rows}


def main_label(main: str) -> str:
    """I 文学; the unclassified have no letter."""
    names = {each.letter: each.short_name for each in clc.MAIN_CLASSES}
    return f"{main} {names.get(main, '')}".strip() if main else str(_("unclassified"))


def _clc_parts(scope: Scope) -> list[Part]:
    counts = _by_class(on_books(scope))
    parts = [Part(main, main_label(main), Value.count(n)) for main, n in counts.items() if main]
    return parts + ([Part("-", main_label(""), Value.count(counts[""]))] if counts.get("") else [])


def _division_parts(scope: Scope) -> list[Part]:
    """Share of each of the five divisions in per cent of the classified volumes (规程 annex 1)."""
    counts = {main: n for main, n in _by_class(on_books(scope)).items() if main}
    total = sum(counts.values())
    per_division = dict.fromkeys(range(1, 6), 0)
    for main, n in counts.items():
        per_division[clc.division_of(main) or 5] += n
    names = {division.number: division.name for division in clc.DIVISIONS}
    return [Part(str(d), names[d], Value.quotient(n, total, 100)) for d, n in per_division.items()]


def _lines_rows(lines: QuerySet[PropertyLine], first: int, many: int) -> Rows:
    page = lines.select_related("item__holding__record").order_by("series", "number")[first : first + many]
    return Rows(
        (_("Accession number"), _("Title"), _("Call number"), _("List price"), _("Entered on")),
        [
            (
                f"{line.series}{line.number}",
                line.item.holding.record.title,
                line.item.holding.call_number,
                None if line.list_price_fen is None else Decimal(line.list_price_fen) / 100,
                line.posted_on,
            )
            for line in page
        ],
        lines.count(),
    )


def _narrow(lines: QuerySet[PropertyLine], part: str) -> QuerySet[PropertyLine]:
    by, _colon, key = part.partition(":")
    if by == "clc":
        return lines.filter(clc_main="" if key == "-" else key)
    if by == "division":
        return lines.filter(
            clc_main__in=[main.letter for main in clc.MAIN_CLASSES if main.division == int(key)]
        )
    return lines


def _books_rows(scope: Scope, part: str, first: int, many: int) -> Rows:
    return _lines_rows(_narrow(on_books(scope), part), first, many)


def _per_pupil(scope: Scope) -> Value:
    pupils = libraries.pupils_in(scope.library, scope.period)
    return Value.quotient(on_books(scope).count(), pupils)


def _gap(scope: Scope) -> Value:
    """max(0, standard × pupils − volumes); nothing to say without a standard."""
    standard = scope.library.standard
    if standard is None or standard.volumes_per_pupil is None:
        return Value(None)
    wanted = standard.volumes_per_pupil * libraries.pupils_in(scope.library, scope.period)
    return Value(max(Decimal(0), wanted - on_books(scope).count()))


def register_all() -> None:
    clc_parts = {"clc": _clc_parts}
    register(
        Figure(
            "holdings.titles",
            _("Titles held"),
            _("titles"),
            _("Different records with at least one volume on the books on the period's last day."),
            lambda s: _titles(on_books(s)),
            rows=_books_rows,
        )
    )
    register(
        Figure(
            "holdings.volumes",
            _("Volumes held"),
            _("volumes"),
            _(
                "Property lines entered and not withdrawn by the period's last day; no textbooks, issues or pupils' own."
            ),
            lambda s: Value.count(on_books(s).count()),
            parts=clc_parts,
            rows=_books_rows,
        )
    )
    register(
        Figure(
            "holdings.value",
            _("Value of the stock"),
            _("yuan"),
            _("Sum of the known list prices of the volumes held."),
            lambda s: _yuan(on_books(s)),
            decimals=2,
            rows=_books_rows,
        )
    )
    register(
        Figure(
            "holdings.unknown_prices",
            _("Volumes of unknown price"),
            _("volumes"),
            _("Volumes held whose list price is not known; they are not in the value."),
            lambda s: Value.count(on_books(s).filter(list_price_fen__isnull=True).count()),
            rows=lambda s, _p, first, many: _lines_rows(
                on_books(s).filter(list_price_fen__isnull=True), first, many
            ),
        )
    )
    _register_per_pupil()
    _register_changes()


def _register_per_pupil() -> None:
    register(
        Figure(
            "holdings.volumes_per_pupil",
            _("Volumes per pupil"),
            _("volumes"),
            _("Volumes held ÷ pupils enrolled."),
            _per_pupil,
            decimals=2,
            rows=_books_rows,
        )
    )
    register(
        Figure(
            "holdings.gap",
            _("Volumes short of the standard"),
            _("volumes"),
            _("Standard volumes per pupil × pupils enrolled − volumes held, if positive."),
            _gap,
        )
    )
    register(
        Figure(
            "holdings.divisions",
            _("Shares of the five divisions"),
            "%",
            _(
                "Classified volumes of each division ÷ all classified volumes; the value is the share that is classified."
            ),
            lambda s: Value.quotient(on_books(s).exclude(clc_main="").count(), on_books(s).count(), 100),
            decimals=2,
            parts={"division": _division_parts},
            rows=_books_rows,
        )
    )


def _register_changes() -> None:
    register(
        Figure(
            "holdings.additions",
            _("Volumes added"),
            _("volumes"),
            _("Property lines entered in the period."),
            lambda s: Value.count(_added(s).count()),
            rows=lambda s, part, first, many: _lines_rows(_narrow(_added(s), part), first, many),
        )
    )
    register(
        Figure(
            "holdings.additions_value",
            _("Value added"),
            _("yuan"),
            _("Sum of the known list prices of the volumes entered in the period."),
            lambda s: _yuan(_added(s)),
            decimals=2,
            rows=lambda s, part, first, many: _lines_rows(_narrow(_added(s), part), first, many),
        )
    )
    register(
        Figure(
            "holdings.withdrawals",
            _("Volumes withdrawn"),
            _("volumes"),
            _("Property lines struck off in the period, reversals among them."),
            lambda s: Value.count(_withdrawn(s).count()),
            rows=lambda s, part, first, many: _lines_rows(_narrow(_withdrawn(s), part), first, many),
        )
    )
