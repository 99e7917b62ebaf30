"""shuxiang replay FILE: do here what another computer did, each act once and at its own time."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.circulation.handover import NotActs, read_lines
from shuxiang.cli.outcome import DONE, DONE_WITH_REFUSALS, NotDone
from shuxiang.common import clock

NAME = "replay"
HELP = gettext_lazy("do here what handover wrote on another computer; what is done already is not done again")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the file that handover wrote"))


def run(args: argparse.Namespace) -> int:
    """Read and do; 1 when something was kept to be looked at, or was not carried. Raises NotDone."""
    try:
        tally = read_lines(args.file.read_text(encoding="utf-8").splitlines(), clock.now())
    except (NotActs, UnicodeDecodeError) as problem:
        raise NotDone(
            _("This is no file that handover wrote, or it is damaged (%(problem)s); send it again.")
            % {"problem": problem}
        ) from problem
    print(
        _("%(read)s acts read: %(done)s done, %(before)s were there already, %(kept)s to be looked at.")
        % {"read": tally.read, "done": tally.done, "before": tally.before, "kept": tally.kept}
    )
    for action, count in sorted(tally.not_carried.items()):
        print(
            _("Not carried, do it again by hand: %(action)s × %(count)s") % {"action": action, "count": count}
        )
    return DONE_WITH_REFUSALS if tally.kept or tally.not_carried else DONE
