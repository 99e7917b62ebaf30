"""shuxiang handover FILE: what was done on this computer since the copy from which another one goes on."""

import argparse
import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.circulation.handover import lines_since
from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.server import prepare_database
from shuxiang.common import clock
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.services import second_disk
from shuxiang.safekeeping.sole import InUse, sole_use
from shuxiang.safekeeping.takeover import Note, retire, superseded

NAME = "handover"
HELP = gettext_lazy(
    "write what was done here since the copy from which another computer goes on; replay reads it there"
)
DAYS = 31  # without a note: more than is needed does no harm, what is in the copy already is not done twice


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and from when."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the file to write"))
    parser.add_argument(
        "--since",
        type=datetime.fromisoformat,
        metavar="2026-10-15",
        help=_("from when on, unless a note says it"),
    )


def run(args: argparse.Namespace) -> int:
    """Write the file; from then on this computer does not open the library any more. Raises NotDone."""
    home, now = Path(settings.HOME), clock.now()
    try:
        with sole_use(home):
            prepare_database()
            note = superseded(second_disk(), home) or Note(
                "", "", now.isoformat(), (now - timedelta(DAYS)).isoformat()
            )
            since = args.since.astimezone() if args.since else note.since
            count = -1
            with args.file.open("w", encoding="utf-8", newline="\n") as out:
                for line in lines_since(since, socket.gethostname()):
                    out.write(line + "\n")
                    count += 1
            retire(home, note)
    except InUse:
        raise NotDone(speak("in_use", {"path": home})) from None
    print(_("%(count)s acts written to %(file)s.") % {"count": count, "file": args.file})
    print(_("Do not lend on this computer any more; its server does not start again."))
    return DONE
