"""shuxiang lend: lend a volume to the reader of a card."""

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

NAME = "lend"
HELP = gettext_lazy("lend a volume")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """To whom, what, and which questions are answered."""
    add_act_arguments(parser)
    parser.add_argument("--card", metavar="NUMBER", required=True, help=_("the reader's card"))
    add_confirm_argument(parser, _("reasons to lend in spite of, by their codes"))
    parser.add_argument(
        "--in-room", action="store_true", help=_("to be read in the room and given back today")
    )


def run(args: argparse.Namespace) -> int:
    """Lend; 1 with every reason when refused. Raises NotDone for a card or code that the library does not know."""
    library = chosen(args.library)
    card = card_named(library, args.card)
    sitting = Sitting(
        library=library,
        at=clock.now(),
        by=operator(),
        patron=card.patron,
        confirmed=frozenset(args.confirm),
        kind="in-room" if args.in_room else "",
        operation_id=args.operation,
    )
    try:
        result = services.lend(sitting, card.patron, args.code, card=card)
    except OperationMismatch:
        raise mixed_up() from None
    if result.outcome is not Outcome.LENT or result.loan is None:
        return refused(result, as_json=args.json)
    if args.json:
        print(json.dumps(loan_answer(result.loan), ensure_ascii=False, indent=1))
    else:
        print(
            _("Lent: “%(title)s” to %(name)s, due %(on)s")
            % {
                "title": result.loan.record.title,
                "name": card.patron.name,
                "on": result.loan.due_on.isoformat(),
            }
        )
    return DONE
