"""shuxiang undo RUN: take back an import within 30 days."""

import argparse
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import DONE, DONE_WITH_REFUSALS, NotDone
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.imports import reports, services
from shuxiang.imports.messages import sentence
from shuxiang.imports.selectors import find_run

NAME = "undo"
HELP = gettext_lazy("take back an import")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("reference", metavar="RUN", help=_("the number that the import printed"))
    parser.add_argument("--json", action="store_true", help=_("print everything as JSON"))


def run(args: argparse.Namespace) -> int:
    """Undo; 1 when something had been used since and stays. Raises NotDone when nothing was undone."""
    found = find_run(args.reference)
    if found is None:
        raise NotDone(_("There is no import %(run)s.") % {"run": args.reference})
    try:
        undone = services.undo(found.pk, by=operator(), at=clock.now())
    except services.CannotUndo as problem:
        raise NotDone(sentence(problem.note)) from problem
    if args.json:
        kept = [{**note.to_json(), "sentence": sentence(note)} for note in undone.kept]
        print(json.dumps({"undone": dict(undone.reversed), "kept": kept}, ensure_ascii=False, indent=1))
    else:
        for line in reports.undone_lines(undone):
            print(line)
    return DONE_WITH_REFUSALS if undone.kept else DONE
