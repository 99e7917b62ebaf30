"""What a desk remembers between two scans, kept in the session.

Who stands there, what was just shown, what may be undone.
"""

from typing import Any, TypedDict

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.circulation.messages import words
from shuxiang.circulation.services import Outcome, ScanResult
from shuxiang.common.decisions import Decision, Weight
from shuxiang.ui.numbers import short_day

KEY = "desk"
KINDS = {Weight.REFUSE: "refuse", Weight.ASK: "ask", Weight.NOTE: "noted"}


class Shown(TypedDict, total=False):
    """The last act or the pending question, in words, ready for the page."""

    kind: str  # done | ask | refuse | noted | undone
    heading: str
    reasons: list[dict[str, str]]
    codes: list[str]  # to confirm
    code: str  # the scan that a confirmation repeats
    title: str
    clc: str
    call_number: str
    place: str
    undo: list[Any]  # ["lent" | "returned", loan]
    loans: list[list[Any]]  # [loan, reader, class, due]
    patrons: list[int]
    may_read_here: bool


def remembered(request: HttpRequest) -> dict[str, Any]:
    """The sitting of this session at the current library."""
    library = getattr(request, "library", None)
    kept = request.session.get(KEY, {})
    return kept if library is not None and kept.get("library") == library.pk else {}


def remember(request: HttpRequest, *, patron: int | None, shown: Shown | None) -> None:
    library = request.library  # type: ignore[attr-defined]
    request.session[KEY] = {"library": library.pk, "patron": patron, "shown": shown}


def reasons(decision: Decision) -> list[dict[str, str]]:
    return [{"kind": KINDS[reason.weight], "text": words(reason)} for reason in decision.reasons]


def show(result: ScanResult) -> Shown:
    """A scan's result in words."""
    shown = Shown(code=result.code, reasons=reasons(result.decision), **_book(result))
    title = result.record.title if result.record else result.code
    match result.outcome:
        case Outcome.READER:
            return Shown()
        case Outcome.LENT:
            shown |= _lent(result, title)
        case Outcome.RETURNED:
            shown["kind"] = "done" if result.loan else "noted"
            name = result.patron.name if result.patron else ""
            template = _("Returned: “%(title)s” from %(name)s") if name else _("Taken in: “%(title)s”")
            shown["heading"] = template % {"title": title, "name": name}
            if result.loan is not None:
                shown["undo"] = ["returned", result.loan.pk]
        case Outcome.ASKED:
            shown["kind"] = "ask"
            shown["heading"] = _("Lend “%(title)s” all the same?") % {"title": title}
            shown["codes"] = [reason.code for reason in result.decision.asks]
        case Outcome.WHOSE:
            shown["kind"] = "ask"
            shown["heading"] = _("Whose “%(title)s” is this?") % {"title": title}
            shown["loans"] = [
                [loan.pk, loan.patron.name if loan.patron else "", loan.class_label, short_day(loan.due_on)]
                for loan in result.loans
            ]
        case Outcome.WHICH_READER:
            shown["kind"] = "ask"
            shown["heading"] = _("Which reader?")
            shown["patrons"] = [patron.pk for patron in result.patrons]
        case _:
            shown["kind"] = "refuse"
            lent = _("Not lent: “%(title)s”") if result.record else pgettext("scan", "Not found: %(title)s")
            shown["heading"] = lent % {"title": title}
            shown["may_read_here"] = any(reason.code == "in_room_only" for reason in result.decision.reasons)
    return shown


def _lent(result: ScanResult, title: str) -> Shown:
    if result.loan is None or result.patron is None:
        return Shown()
    told = {"title": title, "name": result.patron.name, "on": short_day(result.loan.due_on)}
    heading = _("Lent: “%(title)s” to %(name)s, due %(on)s") % told
    return Shown(kind="done", heading=heading, undo=["lent", result.loan.pk])


def _book(result: ScanResult) -> Shown:
    if result.record is None:
        return Shown()
    item = result.item
    return Shown(
        title=result.record.title,
        clc=result.record.clc,
        call_number=item.holding.call_number if item else "",
        place=(item.current or item.home).name if item else "",
    )
