"""shuxiang backup FILE: everything in one file that any engine can read back."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import NotDone
from shuxiang.cli.who import operator
from shuxiang.safekeeping import services
from shuxiang.safekeeping.messages import speak

NAME = "backup"
HELP = gettext_lazy("write everything into one file, and read it back")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the file to write"))


def run(args: argparse.Namespace) -> int:
    """Write, prove, say how many rows. Raises NotDone with what stood in the way."""
    target: Path = args.file.resolve()
    if not target.parent.is_dir():
        raise NotDone(_("There is no folder %(folder)s.") % {"folder": target.parent})
    if target.exists() and not target.is_file():
        raise NotDone(_("%(path)s is not a file.") % {"path": target})
    made = services.make_backup(args.file.resolve(), by=operator())
    if made.problem:
        raise NotDone(speak("backup_failed", {"problem": made.problem}))
    print(speak("backup_made", {"path": made.path, "rows": made.rows}))
    return 0
