"""shuxiang report term-summary --library CODE --period P --out FILE.docx: a report as a Word file."""

import argparse
from pathlib import Path

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
from shuxiang.reports.messages import speak_all
from shuxiang.reports.registry import all_reports

NAME = "report"
HELP = gettext_lazy("write a report as a Word file; what people wrote into it before is kept")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which report, of what, where to."""
    parser.add_argument("report", choices=[each.code for each in all_reports()], help=_("which report"))
    parser.add_argument("--library", required=True, metavar="CODE", help=_("the library's code"))
    parser.add_argument("--period", required=True, help=_("2026-spring, 2026, 2026-2027, 2026-10 …"))
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=_("the file to write"))


def run(args: argparse.Namespace) -> int:
    """Write it. Raises NotDone with what stood in the way."""
    library = libraries.find_library(args.library)
    if library is None:
        raise NotDone(_("There is no library with the code %(code)s.") % {"code": args.library})
    now = clock.now()
    try:
        scope = figures.scope_of(library, args.period, clock.local_date(now))
        if not figures.has_data(scope, figures.values(scope)):
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
        raise NotDone(_("“%(text)s” is no period; write 2026-spring, 2026-2027, 2026 or 2026-10.") % {
            "text": problem.text
        }) from problem  # fmt: skip
    except Refused as problem:
        raise NotDone(speak_all(problem.decision)) from problem
    print(_("Written: %(path)s") % {"path": args.out})
    return 0
