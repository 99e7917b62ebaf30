"""What the desk says of a volume in hand that was reported lost: it was made good, and where money goes back."""

from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from shuxiang.accounts.access import StaffRequest, may
from shuxiang.common import clock
from shuxiang.common.decisions import Decision
from shuxiang.compensation.selectors import cases_on
from shuxiang.desk.showing import Shown
from shuxiang.ui.numbers import yuan

# only a volume of which the desk says one of these can have a case of a loss: every other scan asks nothing more
TELLING = frozenset({"found_again", "item_was_missing", "withdrawn_came_back", "item_withdrawn"})


def said_of(request: StaffRequest, item: int, codes: Iterable[str]) -> tuple[str, str]:
    """A sentence and the address of the case; nothing for a pupil librarian, whom money does not concern."""
    if not item or TELLING.isdisjoint(codes):
        return "", ""
    if not may(request.user, "cash.keep", request.library, clock.local_date(clock.now())):
        return "", ""
    case = cases_on([item]).get(item)
    if case is None or case.severity != "lost":
        return "", ""
    if case.paid_fen:
        words = _("%(sum)s yuan were paid for this volume as lost. They can go back on its case.")
        return words % {"sum": yuan(case.paid_fen)}, reverse("desk:compensation_case", args=[case.pk])
    words = _("This volume was reported lost. Enter on its case that it has been found.")
    return words, reverse("desk:compensation_case", args=[case.pk])


def added(shown: Shown, request: StaffRequest, item: int, decision: Decision) -> Shown:
    """What the desk shows of a scan, with the case of the volume where there is one."""
    words, url = said_of(request, item, (reason.code for reason in decision.reasons))
    return replace(shown, case_words=words, case_url=url)
