"""shuxiang reconcile: do movements, accounts, loans and registers agree?"""

import argparse
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.audit import reconcile
from shuxiang.cli.libraries import add_library_argument, chosen
from shuxiang.cli.outcome import DONE, DONE_WITH_REFUSALS

NAME = "reconcile"
HELP = gettext_lazy("check that the books agree with each other, row by row")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One library, or all of them."""
    add_library_argument(parser)
    parser.add_argument("--json", action="store_true", help=_("print everything as JSON"))


def run(args: argparse.Namespace) -> int:
    """Name every difference; 1 when there is one."""
    outcome = reconcile.run(chosen(args.library).code if args.library else None)
    if args.json:
        print(json.dumps(_as_json(outcome), ensure_ascii=False, indent=1, default=str))
    else:
        for difference in outcome.differences:
            print(_("Difference: %(what)s") % {"what": reconcile.describe(difference)})
        for exception in outcome.exceptions:
            print(_("Known exception: %(what)s") % {"what": reconcile.describe(exception)})
        print(
            _("%(checks)s checks, %(differences)s differences, %(exceptions)s known exceptions.")
            % {
                "checks": len(outcome.checks),
                "differences": len(outcome.differences),
                "exceptions": len(outcome.exceptions),
            }
        )
    return DONE if outcome.is_clean else DONE_WITH_REFUSALS


def _as_json(outcome: reconcile.Outcome) -> dict[str, object]:
    return {
        "clean": outcome.is_clean,
        "checks": list(outcome.checks),
        "differences": [_row(difference) for difference in outcome.differences],
        "exceptions": [_row(difference) for difference in outcome.exceptions],
    }


def _row(difference: reconcile.Difference) -> dict[str, object]:
    return {
        "check": difference.check,
        "library": difference.library_code,
        "subject": difference.subject,
        "code": difference.code,
        "params": difference.params,
        "sentence": reconcile.describe(difference),
    }
