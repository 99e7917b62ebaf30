"""shuxiang account add | token: people and programs that may sign in, until pages do it."""

import argparse

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.accounts import selectors, services
from shuxiang.accounts.messages import words
from shuxiang.cli.libraries import add_library_argument, chosen
from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.who import operator
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import school_year_of
from shuxiang.libraries import selectors as libraries

NAME = "account"
HELP = gettext_lazy("let somebody sign in, or give a program a key")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two acts, each with arguments of its own."""
    acts = parser.add_subparsers(title=_("acts"), metavar=_("ACT"), required=True)
    add = acts.add_parser("add", help=_("a new account with a role in a library; prints a one-time code"))
    add_library_argument(add)
    add.add_argument("--role", metavar="ROLE", required=True, help=_("librarian, class_teacher, head …"))
    add.add_argument("--name", metavar="NAME", default="", help=_("how the person is called on the pages"))
    add.add_argument(
        "--class", dest="school_class", metavar="CLASS", help=_("the class a class teacher sees")
    )
    add.add_argument("username", metavar="USERNAME", help=_("the name to sign in with"))
    add.set_defaults(act=_add)
    token = acts.add_parser("token", help=_("a key for a program; it may do what the account may"))
    token.add_argument("username", metavar="USERNAME", help=_("the account"))
    token.add_argument("name", metavar="NAME", help=_("what the key is for"))
    token.set_defaults(act=_token)


def run(args: argparse.Namespace) -> int:
    """Do one of the two. Raises NotDone with every reason."""
    try:
        args.act(args)
    except Refused as refusal:
        raise NotDone("\n".join(words(reason) for reason in refusal.decision.reasons)) from None
    return DONE


def _add(args: argparse.Namespace) -> None:
    library, by, at = chosen(args.library), operator(), clock.now()
    on = clock.local_date(at)
    school_class = None
    if args.school_class:
        school_class = libraries.find_class(library, args.school_class, school_year_of(on))
        if school_class is None:
            raise NotDone(_("There is no class %(name)s this school year.") % {"name": args.school_class})
    elif args.role == "class_teacher":
        raise NotDone(_("A class teacher sees one class: name it with --class."))
    with transaction.atomic():  # a wrong role leaves no account behind
        account = services.create_account(username=args.username, display_name=args.name, by=by, at=at)
        services.grant(
            account=account,
            role=args.role,
            library=library,
            school_class=school_class,
            from_on=on,
            by=by,
            at=at,
        )
        code = services.issue_sign_in_code(account=account, by=by, at=at)
    print(_("%(name)s may sign in at %(library)s.") % {"name": account.username, "library": library.name})
    print(_("One-time code for the first sign-in, valid for seven days: %(code)s") % {"code": code})


def _token(args: argparse.Namespace) -> None:
    account = selectors.find_account(args.username)
    if account is None or not account.is_active:
        raise NotDone(_("There is no account %(name)s.") % {"name": args.username})
    key = services.issue_api_token(account=account, name=args.name, by=operator(), at=clock.now())
    print(_("The key, shown this once: %(key)s") % {"key": key})
