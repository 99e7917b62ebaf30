"""shuxiang hold: let the reader of a card wait for a title, list what they wait for, or give it up."""

import argparse
import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import queue, services
from shuxiang.circulation.answers import hold_answer, reason_answers
from shuxiang.circulation.services.holds_by_code import UnknownCode, place_hold_by_code
from shuxiang.cli.counter import add_confirm_argument, card_named, mixed_up, print_reasons
from shuxiang.cli.libraries import add_library_argument, chosen
from shuxiang.cli.outcome import DONE, DONE_WITH_REFUSALS, NotDone
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.common.decisions import Refused

if TYPE_CHECKING:
    from shuxiang.circulation.holdmodels import Hold
    from shuxiang.patrons.models import Card

NAME = "hold"
HELP = gettext_lazy("wait for a title")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, and what: a code to wait for, the key of a hold to give up, or neither to list."""
    add_library_argument(parser)
    parser.add_argument("--card", metavar="NUMBER", required=True, help=_("the reader's card"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--code", metavar="BARCODE|ISBN", help=_("a volume of the title, or its ISBN"))
    what.add_argument("--cancel", metavar="HOLD", type=int, help=_("the number of a hold to give up"))
    parser.add_argument("--this-volume", action="store_true", help=_("wait for this volume, no other copy"))
    add_confirm_argument(parser, _("reasons to wait in spite of, by their codes"))
    parser.add_argument(
        "--operation", metavar="UUID", type=UUID, help=_("the act's own id: sent twice, it is done once")
    )
    parser.add_argument("--json", action="store_true", help=_("print everything as JSON"))


def run(args: argparse.Namespace) -> int:
    """Place, give up or list; 1 with every reason when refused. Raises NotDone for what the library does not know."""
    library = chosen(args.library)
    card = card_named(library, args.card)
    try:
        if args.code is not None:
            found = [
                place_hold_by_code(
                    library=library,
                    patron=card.patron,
                    code=args.code,
                    only_this_volume=args.this_volume,
                    at=clock.now(),
                    by=operator(),
                    confirmed=frozenset(args.confirm),
                    card=card,
                    operation_id=args.operation,
                )
            ]
        elif args.cancel is not None:
            found = [_given_up(args, card)]
        else:
            found = queue.holds_of(card.patron)
    except OperationMismatch:
        raise mixed_up() from None
    except UnknownCode as unknown:
        raise NotDone(reason_answers(unknown.decision)[0]["text"]) from None
    except Refused as refusal:
        return _refused(refusal, as_json=args.json)
    _print(found, as_json=args.json)
    return DONE


def _given_up(args: argparse.Namespace, card: "Card") -> "Hold":
    """The hold of this reader, ended. Raises NotDone for a number that is none of theirs."""
    hold = queue.find_hold(card.patron.library, args.cancel)
    if hold is None or hold.patron_id != card.patron_id:
        raise NotDone(_("This reader has no hold %(hold)s.") % {"hold": args.cancel})
    return services.cancel_hold(
        hold=hold, reason="", at=clock.now(), by=operator(), operation_id=args.operation
    )


def _refused(refusal: Refused, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"reasons": reason_answers(refusal.decision)}, ensure_ascii=False, indent=1))
        return DONE_WITH_REFUSALS
    print(_("No hold was placed."))
    print_reasons(refusal.decision)
    if not refusal.decision.refused:
        codes = " ".join(reason.code for reason in refusal.decision.asks)
        print(_("To wait all the same: --confirm %(codes)s") % {"codes": codes})
    return DONE_WITH_REFUSALS


def _print(found: "list[Hold]", *, as_json: bool) -> None:
    places = queue.places_of(found)
    answers = [hold_answer(hold, places[hold.pk]) for hold in found]
    if as_json:
        print(json.dumps(answers, ensure_ascii=False, indent=1))
        return
    for answer in answers:
        told = {"id": answer["id"], "title": answer["title"], "place": answer["place"]}
        if answer["state"] == "waiting":
            print(_("%(id)s: “%(title)s”, number %(place)s in the queue") % told)
        elif answer["state"] == "ready":
            on = {"on": answer["kept_until"]}
            print(_("%(id)s: “%(title)s”, on the pick-up shelf until %(on)s") % (told | on))
        else:
            print(_("%(id)s: “%(title)s”, waits no more") % told)
