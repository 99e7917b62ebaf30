"""shuxiang setup: found a library, and print the code with which its owner signs in the first time."""

import argparse
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.accounts.services import create_account, grant, issue_sign_in_code
from shuxiang.circulation.services import default_policies
from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.server import prepare_database
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.holdings.services import default_places
from shuxiang.libraries.messages import words
from shuxiang.libraries.services import create_library
from shuxiang.patrons.services import default_categories

NAME = "setup"
HELP = gettext_lazy("found a library and print the code of its owner's first sign-in")
KINDS = ("primary", "junior", "senior", "nine-year", "complete", "public")
OWNER = "owner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What kind of library, and what it is called."""
    parser.add_argument("--library", required=True, metavar="CODE", help=_("short code, letters and digits"))
    parser.add_argument("--name", required=True, help=_("name of the library"))
    parser.add_argument("--kind", required=True, choices=KINDS, help=_("kind of school, or public"))


def run(args: argparse.Namespace) -> int:
    """Found it with all that a library starts with. Raises NotDone; then nothing was founded."""
    prepare_database()
    try:
        with transaction.atomic():
            username, code = found(args.library, args.name, args.kind, clock.now())
    except Refused as refused:
        raise NotDone("\n".join(words(reason) for reason in refused.decision.reasons)) from None
    print(_("The library %(name)s (%(code)s) is founded.") % {"name": args.name, "code": args.library})
    print(_("Start it with: shuxiang start, and open /desk/welcome in the browser."))
    print(_("Sign-in name: %(name)s   one-time code: %(code)s") % {"name": username, "code": code})
    return DONE


def found(code: str, name: str, kind: str, at: datetime) -> tuple[str, str]:
    """The owner's sign-in name and one-time code. Raises Refused."""
    by = operator()
    library = create_library(code=code, name=name, kind=kind, by=by, at=at)
    default_categories(library)
    default_places(library)
    default_policies(library=library, at=at, by=by)
    try:
        owner = create_account(username=OWNER, display_name=_("Owner"), by=by, at=at)
    except Refused:  # another library of this installation has its owner already
        owner = create_account(username=f"{OWNER}-{code}", display_name=_("Owner"), by=by, at=at)
    grant(account=owner, role=OWNER, library=library, from_on=clock.local_date(at), by=by, at=at)
    return owner.username, issue_sign_in_code(account=owner, by=by, at=at)
