"""shuxiang simulate: a library of any size to measure on."""

import argparse
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.cli.commands.setup import OWNER
from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.server import prepare_database
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.libraries.messages import words
from shuxiang.libraries.selectors import find_library
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.sole import InUse, sole_use
from shuxiang.simulation.fill import Made, NotEmpty, fill
from shuxiang.simulation.plan import Impossible, Size

NAME = "simulate"
HELP = gettext_lazy("make a library of any size to measure on; never in a folder that is in use")
PROBLEMS = {
    "fewer_items_than_titles": gettext_noop(
        "Every title needs a volume: give at least one title, and as many items."
    ),
    "loans_without_patrons": gettext_noop("Nobody can borrow: give patrons, or no loans."),
    "too_many_loans": gettext_noop(
        "So few readers and volumes cannot come to so many loans in three school years."
    ),
}
WHAT = {
    "titles": gettext_noop("titles made"),
    "items": gettext_noop("volumes made"),
    "patrons": gettext_noop("readers made"),
    "loans": gettext_noop("loans made"),
}
EVERY = 5.0  # seconds between two lines of progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large, and what it is called."""
    for name, word in WHAT.items():
        parser.add_argument(f"--{name}", type=int, required=True, metavar="N", help=_(word))
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help=_("the same seed makes the same library")
    )
    parser.add_argument("--library", default="city", metavar="CODE", help=_("short code, letters and digits"))
    parser.add_argument("--name", default=_("Simulated library"), help=_("name of the library"))
    parser.add_argument(
        "--real-titles",
        type=Path,
        metavar="FILE",
        help=_("table (CSV, UTF-8) of real titles to begin with; headings such as 书名, 作者, ISBN, 分类号"),
    )


def run(args: argparse.Namespace) -> int:
    """Make it with nothing else in the folder. Raises NotDone; then nothing was made."""
    size = Size(args.titles, args.items, args.patrons, args.loans, args.seed, args.real_titles)
    began = time.monotonic()
    try:
        with sole_use(settings.HOME):
            prepare_database()
            made = fill(
                size, code=args.library, name=args.name, by=operator(), at=clock.now(), say=Progress()
            )
            print(_owner(args.library))
    except InUse:
        raise NotDone(speak("in_use", {"path": settings.HOME})) from None
    except Impossible as problem:
        raise NotDone(_(PROBLEMS[problem.code])) from None
    except NotEmpty as others:
        raise NotDone(_there_are(str(others))) from None
    except Refused as refused:
        raise NotDone("\n".join(words(reason) for reason in refused.decision.reasons)) from None
    print(_summary(made, time.monotonic() - began))
    return DONE


class Progress:
    """A line now and then, and one at the end of each kind."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        if not of:
            print("  " + _("building the indexes …"), flush=True)
            return
        if done < of and time.monotonic() - self._said < EVERY:
            return
        self._said = time.monotonic()
        print(f"  {_(WHAT[what])}: {done:,} / {of:,}", flush=True)


def _there_are(codes: str) -> str:
    said = _(
        "There are libraries already (%(codes)s) in %(folder)s. Delete it or choose another SHUXIANG_HOME."
    )
    return said % {"codes": codes, "folder": settings.HOME}


def _owner(code: str) -> str:
    at, by, library = clock.now(), operator(), find_library(code)
    owner = create_account(username=OWNER, display_name=_("Owner"), by=by, at=at)
    grant(account=owner, role=OWNER, library=library, from_on=clock.local_date(at), by=by, at=at)
    sign_in = {"name": owner.username, "code": issue_sign_in_code(account=owner, by=by, at=at)}
    return _("Sign-in name: %(name)s   one-time code: %(code)s") % sign_in


def _summary(made: Made, seconds: float) -> str:
    """Everything adds up: volumes by account, loans returned and out."""
    counts = {
        "titles": f"{made.titles:,}",
        "items": f"{sum(made.volumes.values()):,}",
        "shelf": f"{made.volumes.get('shelf', 0):,}",
        "lent": f"{made.volumes.get('loan', 0):,}",
        "missing": f"{made.volumes.get('missing', 0):,}",
        "withdrawn": f"{made.volumes.get('withdrawn', 0):,}",
        "patrons": f"{made.patrons:,}",
        "loans": f"{made.loans:,}",
        "returned": f"{made.loans - made.out:,}",
        "out": f"{made.out:,}",
        "overdue": f"{made.overdue:,}",
        "seconds": f"{seconds:.0f}",
    }
    return (
        _(
            "%(titles)s titles; %(items)s volumes = %(shelf)s on the shelf + %(lent)s lent + %(missing)s missing"
            " + %(withdrawn)s withdrawn; %(patrons)s readers; %(loans)s loans = %(returned)s returned + %(out)s out,"
            " %(overdue)s of them overdue. %(seconds)s s."
        )
        % counts
    )
