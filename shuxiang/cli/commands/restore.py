"""shuxiang restore FILE: all data replaced by a backup's, or nothing at all."""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import NotDone
from shuxiang.safekeeping.load import BadBackup
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.services import restore
from shuxiang.safekeeping.upgrade import upgrade

NAME = "restore"
HELP = gettext_lazy("replace all data by those of a backup; stop the server first")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the backup to read"))


def run(args: argparse.Namespace) -> int:
    """Prove the file, make the tables, load, reconcile. Raises NotDone; then nothing was changed."""
    try:
        upgrade(Path(settings.HOME))
        manifest = restore(args.file.resolve())
    except BadBackup as problem:
        raise NotDone(speak(problem.code, problem.params)) from problem
    print(
        _("Restored %(rows)s rows and %(files)s files, as of %(at)s; the books agree.")
        % {"rows": manifest.rows, "files": len(manifest.files), "at": manifest.made_at[:16].replace("T", " ")}
    )
    return 0
