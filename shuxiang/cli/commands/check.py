"""shuxiang check FILE: is this backup whole, and can it be restored? Nothing of the library is touched."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import NotDone
from shuxiang.common import clock
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.proof import BadBackup, read_manifest
from shuxiang.safekeeping.restoring import try_restore

NAME = "check"
HELP = gettext_lazy("prove a backup by restoring it into a library of its own")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the backup to prove"))


def run(args: argparse.Namespace) -> int:
    """Read every row, restore elsewhere, reconcile. Raises NotDone with the first thing that is wrong."""
    started = clock.now()
    try:
        manifest = read_manifest(args.file.resolve())
        if problem_found := try_restore(args.file.resolve()):
            raise NotDone(problem_found)
    except BadBackup as problem:
        raise NotDone(speak(problem.code, problem.params)) from problem
    seconds = (clock.now() - started).total_seconds()
    print(
        _("This backup is whole: %(rows)s rows of %(at)s, restored and reconciled in %(seconds)s s.")
        % {"rows": manifest.rows, "at": manifest.made_at[:16].replace("T", " "), "seconds": round(seconds)}
    )
    return 0
