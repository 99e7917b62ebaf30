"""shuxiang takeover FILE: this computer goes on from the last copy of one that is broken or out of reach."""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.who import operator
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.proof import BadBackup
from shuxiang.safekeeping.services import second_disk
from shuxiang.safekeeping.takeover import take_over

NAME = "takeover"
HELP = gettext_lazy("go on here from the last copy of another computer, which is then superseded")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the newest backup of that computer"))


def run(args: argparse.Namespace) -> int:
    """Restore and take over. Raises NotDone; then nothing was changed."""
    try:
        manifest, left = take_over(args.file.resolve(), by=operator(), second=second_disk())
    except BadBackup as problem:
        raise NotDone(speak(problem.code, problem.params)) from problem
    made_at = manifest.made_at[:16].replace("T", " ")
    print(
        _("This computer goes on from the copy of %(at)s (UTC), in %(home)s.")
        % {"at": made_at, "home": settings.HOME}
    )
    for path in left:
        print(_("The other computer will find a note of it here: %(path)s") % {"path": path})
    print(
        _(
            "What was done there after that copy: shuxiang handover FILE there, then shuxiang replay FILE here."
        )
    )
    return DONE
