"""shuxiang export books|patrons|loans|marc FILE: what it writes, import reads back."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.libraries import add_library_argument, chosen
from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.common import clock
from shuxiang.imports import registry
from shuxiang.imports.messages import sentence
from shuxiang.imports.shapes import Note
from shuxiang.imports.tables import TableError

NAME = "export"
HELP = gettext_lazy("write books, readers or loans to a file that import reads back")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, and where to."""
    parser.add_argument("kind", choices=registry.export_kinds(), help=_("what to write"))
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=_(".xlsx or .csv; for marc .mrc, .iso or .xml")
    )
    add_library_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file. Raises NotDone with what stood in the way."""
    library = chosen(args.library)
    try:
        count = registry.exporter(args.kind)(library, args.file, clock.now())
    except TableError as problem:
        raise NotDone(sentence(Note(problem.code, problem.params))) from problem
    print(_("%(count)s rows written to %(file)s.") % {"count": count, "file": args.file})
    return DONE
