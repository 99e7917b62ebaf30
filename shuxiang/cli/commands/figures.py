"""shuxiang figures --library CODE --period P [--by class|grade|month|clc] [--json]: every number with its name."""

import argparse
import json
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import NotDone
from shuxiang.common import clock
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.figures import selectors
from shuxiang.figures.registry import Figure, Scope, Value
from shuxiang.libraries import selectors as libraries
from shuxiang.ui.numbers import grouped

NAME = "figures"
HELP = gettext_lazy("print the figures of a period")
WAYS = ("class", "grade", "month", "clc", "division", "location")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of what, in which parts, in what form."""
    parser.add_argument("--library", required=True, metavar="CODE", help=_("the library's code"))
    parser.add_argument("--period", required=True, help=_("2026-spring, 2026, 2026-2027, 2026-10 …"))
    parser.add_argument("--by", choices=WAYS, help=_("the figures that have such parts, part by part"))
    parser.add_argument("--json", action="store_true", help=_("for programs to read"))


def run(args: argparse.Namespace) -> int:
    """Print a table or JSON. Raises NotDone for an unknown library or period, or one with nothing recorded."""
    scope = _scope(args.library, args.period)
    found = selectors.values(scope)
    if not selectors.has_data(scope):
        raise NotDone(_("Nothing is recorded for %(period)s.") % {"period": args.period})
    if args.json:
        print(json.dumps(_as_json(scope, found, args.by), ensure_ascii=False, indent=2))
    elif args.by:
        _print_parts(scope, found, args.by)
    else:
        _print([(str(f.title), _words(f, v), _sides(v), f.code) for f, v in found])
    return 0


def _scope(code: str, period: str) -> Scope:
    library = libraries.find_library(code)
    if library is None:
        raise NotDone(_("There is no library with the code %(code)s.") % {"code": code})
    try:
        return selectors.scope_of(library, period, clock.local_date(clock.now()))
    except BadPeriod as problem:
        raise NotDone(_("“%(text)s” is no period; write 2026-spring, 2026-2027, 2026 or 2026-10.") % {
            "text": problem.text
        }) from problem  # fmt: skip


def _print_parts(scope: Scope, found: list[tuple[Figure, Value]], by: str) -> None:
    for figure, value in found:
        if by not in figure.parts:
            continue
        print(f"\n{figure.title}  {_words(figure, value)}  {figure.code}")
        parts = figure.parts[by](scope)
        _print([(part.label, _words(figure, part.value), _sides(part.value), "") for part in parts])


def _print(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their widest entry; a Chinese sign is as wide as two letters."""
    widths = [max((_width(row[n]) for row in rows), default=0) for n in range(4)]
    for row in rows:
        cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _words(figure: Figure, value: Value) -> str:
    number = grouped(value.rounded(figure.decimals), figure.decimals)
    return number if value.number is None else f"{number} {figure.unit}"


def _sides(value: Value) -> str:
    """3,208 ÷ 346 behind a quotient."""
    if value.numerator is None or value.denominator is None:
        return ""
    return " ÷ ".join(
        grouped(side, 0 if side == int(side) else 2) for side in (value.numerator, value.denominator)
    )


def _as_json(scope: Scope, found: list[tuple[Figure, Value]], by: str | None) -> dict[str, object]:
    return {
        "library": scope.library.code,
        "period": scope.period.code,
        "from": scope.period.starts_on.isoformat(),
        "to": scope.last_day.isoformat(),
        "figures": [
            {
                "code": figure.code,
                "title": str(figure.title),
                "unit": str(figure.unit),
                "formula": str(figure.formula),
                "loan_kinds": list(figure.loan_kinds),
                **_value_as_json(figure, value),
                **(
                    {
                        "parts": [
                            {"key": part.key, "label": part.label, **_value_as_json(figure, part.value)}
                            for part in figure.parts[by](scope)
                        ]
                    }
                    if by
                    else {}
                ),
            }
            for figure, value in found
            if not by or by in figure.parts
        ],
    }


def _value_as_json(figure: Figure, value: Value) -> dict[str, object]:
    """The rounded value, and both sides of a quotient; null where nothing can be said."""
    return {
        "value": _plain(value.rounded(figure.decimals)),
        "numerator": _plain(value.numerator),
        "denominator": _plain(value.denominator),
    }


def _plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
