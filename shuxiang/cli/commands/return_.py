"""shuxiang return: take a volume back."""

import argparse
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import services
from shuxiang.circulation.answers import loan_answer, reason_answers
from shuxiang.circulation.services import Outcome, ScanResult, Sitting
from shuxiang.cli.counter import add_act_arguments, card_named, mixed_up, print_reasons, refused
from shuxiang.cli.libraries import chosen
from shuxiang.cli.outcome import DONE
from shuxiang.cli.who import operator
from shuxiang.common import clock

NAME = "return"
HELP = gettext_lazy("take a volume back")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes back, and from whom where an ISBN does not say."""
    add_act_arguments(parser)
    parser.add_argument(
        "--card", metavar="NUMBER", help=_("whose it is, when several readers have a copy of the title")
    )


def run(args: argparse.Namespace) -> int:
    """Take back; 1 when somebody must say whose it is. Raises NotDone for a card or code that the library does not know."""
    library = chosen(args.library)
    patron = card_named(library, args.card).patron if args.card else None
    sitting = Sitting(library=library, at=clock.now(), by=operator(), operation_id=args.operation)
    try:
        result = services.take_back(sitting, args.code, patron=patron)
    except OperationMismatch:
        raise mixed_up() from None
    if result.outcome is not Outcome.RETURNED:
        return refused(result, as_json=args.json)
    if args.json:
        loan = loan_answer(result.loan) if result.loan else None
        answer = {"loan": loan, "reasons": reason_answers(result.decision)}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(_heading(result))
        print_reasons(result.decision)
    return DONE


def _heading(result: ScanResult) -> str:
    title = result.record.title if result.record else result.code
    if result.patron is None:
        return _("Taken in: “%(title)s”") % {"title": title}
    return _("Returned: “%(title)s” from %(name)s") % {"title": title, "name": result.patron.name}
