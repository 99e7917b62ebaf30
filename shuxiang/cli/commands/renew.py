"""shuxiang renew: lend a volume on."""

import argparse
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import services
from shuxiang.circulation.answers import loan_answer
from shuxiang.circulation.services import Outcome, Sitting
from shuxiang.cli.counter import add_act_arguments, add_confirm_argument, card_named, mixed_up, refused
from shuxiang.cli.libraries import chosen
from shuxiang.cli.outcome import DONE
from shuxiang.cli.who import operator
from shuxiang.common import clock

NAME = "renew"
HELP = gettext_lazy("renew a loan")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is lent on, whose it is where an ISBN does not say, and which questions are answered."""
    add_act_arguments(parser)
    parser.add_argument(
        "--card", metavar="NUMBER", help=_("whose it is, when several readers have a copy of the title")
    )
    add_confirm_argument(parser, _("reasons to renew in spite of, by their codes"))


def run(args: argparse.Namespace) -> int:
    """Lend on; 1 with every reason when refused. Raises NotDone for a card or code that the library does not know."""
    library = chosen(args.library)
    card = card_named(library, args.card) if args.card else None
    sitting = Sitting(
        library=library,
        at=clock.now(),
        by=operator(),
        confirmed=frozenset(args.confirm),
        operation_id=args.operation,
    )
    try:
        result = services.renew_by_code(sitting, args.code, card=card)
    except OperationMismatch:
        raise mixed_up() from None
    if result.outcome is not Outcome.LENT or result.loan is None:
        again = _("To renew all the same: --confirm %(codes)s")
        return refused(result, as_json=args.json, confirm=again)
    if args.json:
        print(json.dumps(loan_answer(result.loan), ensure_ascii=False, indent=1))
    else:
        said = {
            "title": result.loan.record.title,
            "name": result.loan.patron.name if result.loan.patron else "",
            "on": result.loan.due_on.isoformat(),
        }
        print(_("Renewed: “%(title)s” of %(name)s, due %(on)s") % said)
    return DONE
