"""What a class's desk says after an act: one sentence, the reasons, and what may be done about it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.circulation import messages as lending
from shuxiang.circulation.services import Outcome
from shuxiang.circulation.services.class_scan import ClassScan
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.desk.class_sitting import Said
from shuxiang.libraries import messages as ground
from shuxiang.ui.numbers import short_day

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan

STANDING = {
    "outside_slot",
    "library_closed_today",
}  # true of the whole class: the page says it once, above the wall
KINDS = {Weight.REFUSE: "refuse", Weight.ASK: "ask", Weight.NOTE: "noted"}


def sentence(reason: Reason) -> str:
    """Reasons of the rotation table are the ground's, all others circulation's."""
    return ground.words(reason) if reason.code in ground.MESSAGES else lending.words(reason)


def spoken(decision: Decision) -> list[dict[str, str]]:
    return [{"kind": KINDS[reason.weight], "text": sentence(reason)} for reason in decision.reasons]


def who(name: str, number: int | None, class_label: str = "") -> str:
    """12 号林知夏; a reader of another class with the class."""
    if class_label:
        return f"{class_label} {name}"
    return _("No. %(number)s %(name)s") % {"number": number, "name": name} if number else name


def of_scan(done: ClassScan, name: str) -> Said:
    """A scan's result in words; `name` is how the reader it was about is called at this desk, empty for nobody."""
    result = done.result
    told_once = frozenset() if done.is_guest else STANDING
    kept = [reason for reason in result.decision.reasons if reason.code not in told_once]
    said = Said(code=result.code, reasons=spoken(Decision(tuple(kept))))
    title = result.record.title if result.record else result.code
    told: dict[str, object] = {"title": title, "who": name}
    match result.outcome:
        case Outcome.READER:
            return Said()
        case Outcome.LENT if result.loan is not None:
            told["on"] = short_day(result.loan.due_on)
            said |= Said(kind="done", heading=_("%(who)s borrowed “%(title)s”, due %(on)s") % told)
            said["undo"] = ["lent", result.loan.pk, result.loan.patron_id, int(done.out_of_turn)]
        case Outcome.RETURNED if result.loan is not None:
            said["kind"] = "done"
            said["heading"] = (
                _("%(who)s gave back “%(title)s”") if name else _("Taken in: “%(title)s”")
            ) % told
            said["undo"] = ["returned", result.loan.pk, result.loan.patron_id, 0]
        case Outcome.RETURNED:
            said |= Said(kind="noted", heading=_("Taken in: “%(title)s”") % told)
        case Outcome.ASKED:
            said["kind"] = "ask"
            said["heading"] = _("Lend “%(title)s” to %(who)s all the same?") % told
            said["codes"] = [reason.code for reason in result.decision.asks]
        case Outcome.WHOSE:
            said |= Said(kind="ask", heading=_("Whose “%(title)s” is this?") % told)
            said["loans"] = [
                [loan.pk, loan.patron.name if loan.patron else "", short_day(loan.due_on)]
                for loan in result.loans
            ]
        case Outcome.WHICH_READER:
            said |= Said(kind="ask", heading=_("Which reader?"))
            said["patrons"] = [reader.pk for reader in result.patrons]
        case _:
            said["kind"] = "refuse"
            lent = _("Not lent: “%(title)s”") if result.record else pgettext("scan", "Not found: %(title)s")
            said["heading"] = lent % told
    return said


def of_guest(name: str, notes: Decision) -> Said:
    """A reader who is not of the class was picked."""
    return Said(
        kind="noted", heading=_("%(who)s is served as a guest") % {"who": name}, reasons=spoken(notes)
    )


def out_of_reach() -> Said:
    return Said(kind="refuse", heading=_("This reader is not in your class."), reasons=[])


def of_renewal(loan: "Loan", name: str) -> Said:
    told = {"title": loan.record.title, "who": name, "on": short_day(loan.due_on)}
    return Said(kind="done", heading=_("%(who)s keeps “%(title)s” until %(on)s") % told, reasons=[])


def not_renewed(loan: "Loan", decision: Decision) -> Said:
    heading = _("Not renewed: “%(title)s”") % {"title": loan.record.title}
    reasons = spoken(decision)
    if not decision.refused:  # here nobody is asked: a class waits
        here = _("At the desk, by the reader's card, it can be renewed all the same.")
        reasons.append({"kind": KINDS[Weight.NOTE], "text": here})
    return Said(kind="refuse", heading=heading, reasons=reasons)


def undone(loan: "Loan") -> Said:
    return Said(kind="undone", heading=_("Undone: “%(title)s”") % {"title": loan.record.title}, reasons=[])


def not_undone(loan: "Loan", decision: Decision) -> Said:
    heading = _("Not undone: “%(title)s”") % {"title": loan.record.title}
    return Said(kind="refuse", heading=heading, reasons=spoken(decision))
