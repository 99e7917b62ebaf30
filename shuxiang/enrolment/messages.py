"""Words for the codes of this room."""

from collections.abc import Mapping

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Decision, Reason
from shuxiang.enrolment.models import YearOpening
from shuxiang.libraries import messages as libraries
from shuxiang.patrons import messages as patrons

REASONS = {
    "graduated": pgettext_lazy("clearance", "Graduated"),
    "transferred": pgettext_lazy("clearance", "Transferred to another school"),
    "suspended": pgettext_lazy("clearance", "Study suspended"),
    "retired": pgettext_lazy("clearance", "Transferred or retired (staff)"),
    "other": pgettext_lazy("clearance", "Other"),
}
STATES = {
    "draft": pgettext_lazy("opening", "Being prepared"),
    "running": pgettext_lazy("opening", "Being carried out"),
    "done": pgettext_lazy("opening", "Done"),
    "undoing": pgettext_lazy("opening", "Being taken back"),
    "undone": pgettext_lazy("opening", "Taken back"),
}
KINDS = {
    "rename": pgettext_lazy("step", "Class renamed"),
    "open": pgettext_lazy("step", "Class opened"),
    "return": pgettext_lazy("step", "Came back or got a class"),
    "move": pgettext_lazy("step", "Moved to another class"),
    "leave": pgettext_lazy("step", "Left"),
    "enter": pgettext_lazy("step", "New reader"),
    "close": pgettext_lazy("step", "Class ended"),
    "count": pgettext_lazy("step", "Enrolment counted"),
}
REFUSALS = {
    "year_bad": _("“%(text)s” is no school year. Write it like 2026-2027."),
    "opening_at_work": _("The opening of %(year)s is not finished. Carry it out or throw it away first."),
    "opened_already": _("The school year %(year)s has been opened. Take that back first, or change single readers."),
    "no_draft": _("This opening is no draft any more."),
    "list_unreadable": _("The list cannot be read: %(problem)s"),
    "list_empty": _("The list holds no pupil. Is it the right sheet, with a line of titles?"),
    "list_long": _("The list has more than %(most)s rows. Bring it in parts."),
    "class_unknown": _("There is no such class in this opening. Load the page again."),
    "merge_into_none": _("%(label)s cannot go into that class: choose one that goes on and is not merged itself."),
    "label_taken": _("Two classes would be called “%(label)s”. Give %(of)s another name."),
    "into_closed": _("Somebody would go into %(label)s, which ends. Choose another class for them."),
    "questions_open": _("%(count)s rows of the list are still in question. Answer them first."),
    "plan_impossible": _("Something in the plan cannot be done. Mend what is marked first."),
    "plan_changed": _("Something has changed since the page was shown. Look at the numbers again, then carry it out."),
    "not_done": _("Only an opening that is done can be taken back."),
    "undo_late": _("It is more than %(days)s days ago: it cannot be taken back as a whole. Change single readers."),
    "undo_later_first": _("A later opening stands on this one. Take that back first."),
    "nobody_chosen": _("Nobody was chosen."),
    "too_many": _("At most %(most)s readers at once: clear class by class."),
    "nothing_to_undo": _("There is nothing left of this to take back."),
    # rows of the list
    "name_missing": _("The name is missing. Write it and bring the list again."),
    "class_unclear": _("The class is missing or cannot be read. Write it like 一（1）班, or add a column with the grade."),
    "card_twice": _("The card %(card)s stands further up already. Correct one of the two."),
    "card_taken": _("The card %(card)s was given to somebody else. Take another number, or leave it empty."),
    "card_is_identity": _("The card number is an identity number, which is not kept. Leave it empty."),
    "card_or_name_too_long": _("A card number has at most 40 signs and a name 60. Are the columns the right ones?"),
    "person_twice": _("Another row means the same reader already. Correct the answer or the list."),
    # what was kept
    "patron_gone": _("left meanwhile"),
    "in_class_already": _("is in that class already"),
    "class_missing": _("the class could not be opened"),
    "touched_since": _("was used or changed since"),
    "counted_since": _("was counted anew since"),
    "class_in_use": _("the class is in use"),
    "owes": _("still owes something"),
    "cleared_already": _("was cleared before"),
    "came_later": _("came only after that day"),
    "clearance_of_present": _("Reader %(patron)s was cleared (certificate %(number)s) but is here."),
    "opening_left_over": _("The opening of %(year)s says it is done, but steps still wait."),
}  # fmt: skip


def speak(code: str, params: Mapping[str, object]) -> str:
    """A code of this room in words; one of the rooms below in theirs."""
    if code in REFUSALS:
        return str(REFUSALS[code] % dict(params))
    for table, word in ((patrons.MESSAGES, patrons.speak), (libraries.MESSAGES, libraries.speak)):
        if code in table:
            return word(code, params)
    return code


def short(code: str) -> str:
    """A code that stands without what it was about: for lists of who was passed over."""
    if code in REFUSALS:
        return str(REFUSALS[code])
    return gettext("was refused by the rules")


def say(reason: Reason) -> str:
    return speak(reason.code, reason.params)


def say_all(decision: Decision) -> str:
    return " ".join(say(reason) for reason in decision.reasons)


def last_line(opening: YearOpening) -> str:
    """The line with which an opening or its undo ends; what was read is the sum of the rest."""
    told = {
        name: int(opening.totals.get(name, 0))
        for name in ("made", "changed", "skipped", "refused", "undone", "stays")
    }
    if opening.state == YearOpening.State.UNDONE:
        return gettext("%(undone)s steps taken back, %(stays)s left as they are.") % told
    told["read"] = told["made"] + told["changed"] + told["skipped"] + told["refused"]
    return (
        gettext(
            "Read %(read)s: %(made)s new, %(changed)s changed, %(skipped)s passed over, %(refused)s refused."
        )
        % told
    )
