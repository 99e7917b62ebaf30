"""What lending, renewing and returning at the command line share: arguments, the card, how a refusal is printed."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from shuxiang.circulation.answers import loan_answers, reason_answers
from shuxiang.circulation.services import Outcome, ScanResult
from shuxiang.cli.libraries import add_library_argument
from shuxiang.cli.outcome import DONE_WITH_REFUSALS, NotDone
from shuxiang.common.decisions import Decision
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library
    from shuxiang.patrons.models import Card


def add_act_arguments(parser: argparse.ArgumentParser) -> None:
    """What each of the acts asks for."""
    add_library_argument(parser)
    parser.add_argument(
        "--code", metavar="BARCODE|ISBN", required=True, help=_("the volume, or any copy of the title")
    )
    parser.add_argument(
        "--operation", metavar="UUID", type=UUID, help=_("the act's own id: sent twice, it is done once")
    )
    parser.add_argument("--json", action="store_true", help=_("print everything as JSON"))


def add_confirm_argument(parser: argparse.ArgumentParser, words: str) -> None:
    """Which questions are answered with yes."""
    parser.add_argument("--confirm", metavar="REASON", nargs="+", default=[], help=words)


def card_named(library: Library, number: str) -> Card:
    """The card with this number, closed ones too. Raises NotDone."""
    card = patrons.find_card(library, number)
    if card is None:
        raise NotDone(
            _("%(library)s has no reader with the card %(number)s.")
            % {"library": library.name, "number": number}
        )
    return card


def mixed_up() -> NotDone:
    """The sentence for an operation id used for something else."""
    return NotDone(_("This operation id was used for another act already."))


def refused(result: ScanResult, *, as_json: bool, confirm: str = "") -> int:
    """Print every reason, and the codes that would confirm. Raises NotDone when the code is nothing of this library's."""
    if result.outcome is Outcome.UNKNOWN:
        raise NotDone(reason_answers(result.decision)[0]["text"])
    if as_json:
        answer = {"reasons": reason_answers(result.decision), "loans": loan_answers(result)}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return DONE_WITH_REFUSALS
    title = result.record.title if result.record else result.code
    print(_("Not done: “%(title)s”") % {"title": title})
    print_reasons(result.decision)
    for loan in result.loans:
        name = loan.patron.name if loan.patron else ""
        print(f"  {name} {loan.class_label} {loan.due_on.isoformat()}")
    if result.outcome is Outcome.ASKED:
        codes = " ".join(reason.code for reason in result.decision.asks)
        print((confirm or _("To lend all the same: --confirm %(codes)s")) % {"codes": codes})
    return DONE_WITH_REFUSALS


def print_reasons(decision: Decision) -> None:
    """A line for each."""
    for reason in reason_answers(decision):
        print(f"  {reason['code']}: {reason['text']}")
