"""shuxiang restore FILE: all data replaced by a backup's, or nothing at all."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.who import operator
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.proof import BadBackup
from shuxiang.safekeeping.restoring import restore_here

NAME = "restore"
HELP = gettext_lazy("replace all data by those of a backup; stop the server first")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the backup to read"))


def run(args: argparse.Namespace) -> int:
    """Prove the file, make the tables, load, reconcile. Raises NotDone; then nothing was changed."""
    try:
        manifest = restore_here(args.file.resolve(), by=operator())
    except BadBackup as problem:
        raise NotDone(speak(problem.code, problem.params)) from problem
    print(
        _("Restored %(rows)s rows and %(files)s files, as of %(at)s; the books agree.")
        % {"rows": manifest.rows, "files": len(manifest.files), "at": manifest.made_at[:16].replace("T", " ")}
    )
    return DONE
