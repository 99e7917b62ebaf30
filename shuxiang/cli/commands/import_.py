"""shuxiang import books|patrons|loans FILE: preview or carry out, with a line that reconciles."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.libraries import add_library_argument, chosen
from shuxiang.cli.outcome import DONE, DONE_WITH_REFUSALS, NotDone
from shuxiang.cli.recovery import take_up
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.imports import registry, reports, services
from shuxiang.imports.messages import sentence

NAME = "import"
HELP = gettext_lazy("bring in books, readers or loans from a file")
_ROWS_PRINTED = 200
_REMARKS_PRINTED = 20
_UNCHANGED = frozenset({"already_here", "already_held", "reader_unchanged"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, from where, for whom."""
    parser.add_argument("kind", choices=registry.kinds(), help=_("what the file holds"))
    parser.add_argument("file", type=Path, metavar="FILE", help=_("xlsx, xls, ods, csv, ISO 2709 or MARCXML"))
    add_library_argument(parser)
    parser.add_argument(
        "--profile", metavar="NAME", default="", help=_("use the mapping saved under this name, or save it")
    )
    parser.add_argument(
        "--school-year", metavar="2016-2017", default="", help=_("the school year the list describes")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    parser.add_argument("--json", action="store_true", help=_("print everything as JSON"))


def run(args: argparse.Namespace) -> int:
    """Preview or carry out; 1 when rows were refused. Raises NotDone when nothing was imported."""
    library = chosen(args.library)
    if args.school_year:
        _check_year(args.school_year)
    options = {"profile": args.profile, "school_year": args.school_year}
    options = {name: value for name, value in options.items() if value}
    progress = _silent if args.json or not sys.stderr.isatty() else _progress
    asked = {
        "library": library,
        "name": args.file.name,
        "by": operator(),
        "at": clock.now(),
        "options": options,
        "progress": progress,
    }
    try:
        if args.dry_run:
            seen = services.preview(args.kind, args.file, **asked)
            report = reports.of_preview(seen, args.kind, args.file.name)
        else:
            take_up(lambda sentence: print(sentence, file=sys.stderr))
            report = reports.of_run(services.import_file(args.kind, args.file, **asked))
    except services.NotImported as problem:
        raise NotDone(sentence(problem.note)) from problem
    if args.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return DONE_WITH_REFUSALS if report.counts["refused"] else DONE


def _check_year(text: str) -> None:
    if not services.is_school_year(text, clock.now()):
        raise NotDone(_("“%(text)s” is no school year; write it like 2016-2017.") % {"text": text})


def _print(report: reports.Report) -> None:
    for line in report.head():
        print(line)
    refused = [row for row in report.rows if row.verdict == "refused"]
    skipped = [row for row in report.rows if row.verdict == "skipped" and not _is_unchanged(row)]
    remarked = [row for row in report.rows if row.verdict in ("made", "changed") and row.reasons]
    for rows, limit in ((refused + skipped, _ROWS_PRINTED), (remarked, _REMARKS_PRINTED)):
        for line in _lines(rows[:limit]):
            print(line)
        if len(rows) > limit:
            print(_("… and %(count)s more rows; --json lists them all.") % {"count": len(rows) - limit})
    if unchanged := sum(map(_is_unchanged, report.rows)):
        print(_("%(count)s rows are here already and have not changed.") % {"count": unchanged})
    for line in report.tail():
        print(line)


def _is_unchanged(row: reports.RowReport) -> bool:
    return row.verdict == "skipped" and any(reason["code"] in _UNCHANGED for reason in row.reasons)


def _lines(rows: Iterable[reports.RowReport]) -> Iterable[str]:
    for row in rows:
        yield row.line()


def _progress(done: int, total: int | None) -> None:
    print(f"\r{done}" + (f"/{total}" if total else ""), end="", file=sys.stderr, flush=True)


def _silent(done: int, total: int | None) -> None:
    del done, total
