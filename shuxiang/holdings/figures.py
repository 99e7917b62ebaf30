"""Figures of the stock: titles, volumes, value, additions, withdrawals, per pupil, the five divisions.

Only property counts (decision 0003), at the end of the period's last day or of today while it runs.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from shuxiang.catalogue import clc
from shuxiang.figures.registry import (
    REST,
    Drill,
    Figure,
    Part,
    Rows,
    Scope,
    Split,
    Value,
    number_of,
    register,
)
from shuxiang.holdings.models import AccessionBatch, PropertyLine, Withdrawal
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.selectors import struck_meanwhile

Lines = Callable[[Scope], QuerySet[PropertyLine]]


def on_books(scope: Scope, day: date | None = None) -> QuerySet[PropertyLine]:
    """Property lines on the books at the end of a day: posted by then and not withdrawn by then."""
    day = day or scope.last_day
    lines = PropertyLine.objects.filter(library=scope.library, posted_on__lte=day).filter(
        Q(withdrawal_line__isnull=True) | Q(withdrawal_line__withdrawn_on__gt=day)
    )
    return scope.think_away(lines.exclude(pk__in=struck_meanwhile(scope.library, day)), "item")


def _added(scope: Scope) -> QuerySet[PropertyLine]:
    """Entered in the period; opening stock is not new, and what was reversed in the same period never came."""
    lines = PropertyLine.objects.filter(library=scope.library, posted_on__range=scope.days)
    return lines.exclude(batch__source=AccessionBatch.Source.OPENING).exclude(
        withdrawal_line__withdrawal__reason=Withdrawal.Reason.REVERSAL,
        withdrawal_line__withdrawn_on__lte=scope.last_day,
    )


def _withdrawn(scope: Scope) -> QuerySet[PropertyLine]:
    """Struck in the period; not what was taken back in it, nor an entry and its reversal that fall into one period."""
    reversed_later = StrikeReversal.objects.filter(
        library=scope.library, withdrawn_on__range=scope.days, restored_on__gt=scope.last_day
    )
    lines = PropertyLine.objects.filter(
        Q(withdrawal_line__withdrawn_on__range=scope.days)
        | Q(pk__in=reversed_later.values_list("line_id", flat=True)),
        library=scope.library,
    )
    return lines.exclude(
        withdrawal_line__withdrawal__reason=Withdrawal.Reason.REVERSAL,
        posted_on__gte=scope.period.starts_on,
    )


def _restored(scope: Scope) -> QuerySet[PropertyLine]:
    """Struck before the period and given back to the books in it."""
    given_back = StrikeReversal.objects.filter(
        library=scope.library, restored_on__range=scope.days, withdrawn_on__lt=scope.period.starts_on
    )
    return PropertyLine.objects.filter(pk__in=given_back.values_list("line_id", flat=True))


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


def _by_clc(lines: Lines) -> Split:
    def parts(scope: Scope) -> list[Part]:
        counts = _by_class(lines(scope))
        named = [Part(main, main_label(main), Value.count(n)) for main, n in counts.items() if main]
        return named + ([Part(REST, main_label(""), Value.count(counts[""]))] if counts.get("") else [])

    return parts


def _division_parts(scope: Scope) -> list[Part]:
    """Share of each of the five divisions in per cent of the classified volumes (规程 annex 1)."""
    counts = {main: n for main, n in _by_class(on_books(scope)).items() if main}
    total = sum(counts.values())
    return [
        Part(
            str(division.number),
            division.name,
            Value.quotient(sum(counts.get(letter, 0) for letter in division.letters), total, 100),
        )
        for division in clc.DIVISIONS
    ]


def _classified(scope: Scope) -> QuerySet[PropertyLine]:
    return on_books(scope).exclude(clc_main="")


def _unpriced(scope: Scope) -> QuerySet[PropertyLine]:
    return on_books(scope).filter(list_price_fen__isnull=True)


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
        return lines.filter(clc_main="" if key == REST else key)
    if by == "division":
        return lines.filter(clc_main__in=list(clc.DIVISIONS[int(key) - 1].letters))
    return lines


def _drill(lines: Lines) -> Drill:
    return lambda scope, part, first, many: _lines_rows(_narrow(lines(scope), part), first, many)


def _titles_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = (
        on_books(scope)
        .values_list("item__holding__record__title", "item__holding__record_id")
        .annotate(n=Count("pk"))
        .order_by("item__holding__record__title", "item__holding__record_id")
    )
    rows = [(title, n) for title, _pk, n in found[first : first + many]]
    return Rows((_("Title"), _("Volumes")), rows, found.count())


def _per_pupil(scope: Scope) -> Value:
    pupils = scope.ground.pupils_in(scope.period)
    return Value.quotient(number_of("holdings.volumes", scope), pupils)


def _added_per_pupil(scope: Scope) -> Value:
    return Value.quotient(number_of("holdings.additions", scope), scope.ground.pupils_in(scope.period))


def _gap(scope: Scope) -> Value:
    """max(0, standard × pupils − volumes); nothing to say without a standard."""
    standard = scope.library.standard
    if standard is None or standard.volumes_per_pupil is None:
        return Value(None)
    wanted = standard.volumes_per_pupil * scope.ground.pupils_in(scope.period)
    return Value(max(Decimal(0), wanted - number_of("holdings.volumes", scope)))


def register_all() -> None:
    register(
        Figure(
            "holdings.titles",
            _("Titles held"),
            _("titles"),
            _("Different records with at least one volume on the books on the period's last day."),
            lambda s: _titles(on_books(s)),
            rows=_titles_rows,
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
            parts={"clc": _by_clc(on_books)},
            rows=_drill(on_books),
            is_evidence=True,
        )
    )
    _register_value()
    _register_per_pupil()
    _register_changes()


def _register_value() -> None:
    register(
        Figure(
            "holdings.value",
            _("Value of the stock"),
            _("yuan"),
            _("Sum of the known list prices of the volumes held."),
            lambda s: _yuan(on_books(s)),
            decimals=2,
            rows=_drill(on_books),
        )
    )
    register(
        Figure(
            "holdings.unknown_prices",
            _("Volumes of unknown price"),
            _("volumes"),
            _("Volumes held whose list price is not known; they are not in the value."),
            lambda s: Value.count(_unpriced(s).count()),
            rows=_drill(_unpriced),
        )
    )


def _register_per_pupil() -> None:
    register(
        Figure(
            "holdings.volumes_per_pupil",
            _("Volumes per pupil"),
            _("volumes"),
            _("Volumes held ÷ pupils enrolled."),
            _per_pupil,
            decimals=2,
            rows=_drill(on_books),
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
            _("Share of classified volumes"),
            "%",
            _(
                "Classified volumes ÷ volumes held; its parts are the five divisions: volumes of each ÷ classified volumes."
            ),
            lambda s: Value.quotient(_classified(s).count(), on_books(s).count(), 100),
            decimals=2,
            parts={"division": _division_parts},
            rows=_drill(_classified),
        )
    )


def _register_changes() -> None:
    register(
        Figure(
            "holdings.additions",
            _("Volumes added"),
            _("volumes"),
            _("Property lines entered in the period, without the opening stock and what was reversed in it."),
            lambda s: Value.count(_added(s).count()),
            parts={"clc": _by_clc(_added)},
            rows=_drill(_added),
        )
    )
    register(
        Figure(
            "holdings.additions_value",
            _("Value added"),
            _("yuan"),
            _("Sum of the known list prices of the volumes added."),
            lambda s: _yuan(_added(s)),
            decimals=2,
            rows=_drill(_added),
        )
    )
    register(
        Figure(
            "holdings.additions_per_pupil",
            _("Volumes added per pupil"),
            _("volumes"),
            _("Volumes added ÷ pupils enrolled."),
            _added_per_pupil,
            decimals=2,
            rows=_drill(_added),
        )
    )
    _register_withdrawals()


def _register_withdrawals() -> None:
    register(
        Figure(
            "holdings.withdrawals",
            _("Volumes withdrawn"),
            _("volumes"),
            _("Property lines struck off in the period; entries reversed in the same period are none."),
            lambda s: Value.count(_withdrawn(s).count()),
            parts={"clc": _by_clc(_withdrawn)},
            rows=_drill(_withdrawn),
        )
    )
    register(
        Figure(
            "holdings.restored",
            _("Volumes given back to the books"),
            _("volumes"),
            _("Property lines struck off before the period whose withdrawal was taken back in it."),
            lambda s: Value.count(_restored(s).count()),
            parts={"clc": _by_clc(_restored)},
            rows=_drill(_restored),
        )
    )


register_all()
