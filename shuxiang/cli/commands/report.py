"""shuxiang report CODE --library CODE --period P --out FILE: a report as a Word file, an account book as Excel or PDF."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import NotDone
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.figures import selectors as figures
from shuxiang.libraries import selectors as libraries
from shuxiang.reports import services
from shuxiang.reports.ledgers.registry import all_books
from shuxiang.reports.ledgers.services import write_ledger
from shuxiang.reports.messages import speak_all
from shuxiang.reports.registry import all_reports
from shuxiang.ui.numbers import grouped

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library

NAME = "report"
HELP = gettext_lazy(
    "write a report as a Word file (what people wrote into it before is kept), or an account book as Excel or PDF"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which report, of what, where to."""
    codes = [*(each.code for each in all_reports()), *(each.code for each in all_books())]
    parser.add_argument("report", choices=codes, help=_("which report or account book"))
    parser.add_argument("--library", required=True, metavar="CODE", help=_("the library's code"))
    parser.add_argument("--period", required=True, help=_("2026-spring, 2026, 2026-2027, 2026-10 …"))
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=_("the file to write"))


def run(args: argparse.Namespace) -> int:
    """Write it. Raises NotDone with what stood in the way."""
    library = libraries.find_library(args.library)
    if library is None:
        raise NotDone(_("There is no library with the code %(code)s.") % {"code": args.library})
    now = clock.now()
    if args.report in {each.code for each in all_books()}:
        return _ledger(library, args, now)
    try:
        scope = figures.scope_of(library, args.period, clock.local_date(now))
        if not figures.has_data(scope):
            raise NotDone(_("Nothing is recorded for %(period)s.") % {"period": args.period})
        services.write_report(
            library=library,
            report=args.report,
            period=scope.period.code,
            path=args.out.resolve(),
            by=operator(),
            at=now,
        )
    except BadPeriod as problem:
        raise NotDone(_not_a_period(problem.text)) from problem
    except Refused as problem:
        raise NotDone(speak_all(problem.decision)) from problem
    print(_("Written: %(path)s") % {"path": args.out})
    return 0


def _ledger(library: "Library", args: argparse.Namespace, now: datetime) -> int:
    """An account book; who sits at the command line has the whole database, so names are in it."""
    try:
        written = write_ledger(
            library=library,
            code=args.report,
            period=args.period,
            path=args.out.resolve(),
            with_names=True,
            by=operator(),
            at=now,
            progress=_progress if sys.stderr.isatty() else None,
        )
    except BadPeriod as problem:
        raise NotDone(_not_a_period(problem.text)) from problem
    except Refused as problem:
        raise NotDone(speak_all(problem.decision)) from problem
    print(
        _("Written: %(path)s (%(title)s, %(entries)s entries)")
        % {"path": args.out, "title": written.title, "entries": grouped(written.entries)}
    )
    return 0


def _not_a_period(text: str) -> str:
    return _("“%(text)s” is no period; write 2026-spring, 2026-2027, 2026 or 2026-10.") % {"text": text}


def _progress(done: int, total: int | None) -> None:
    print(f"\r{done}/{total}" if total else f"\r{done}", end="", file=sys.stderr, flush=True)
