"""Words for the codes of this room."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.accounts import messages as accounts
from shuxiang.common.decisions import Decision, Reason

TOPICS = {
    "tasks": pgettext_lazy("training", "What a pupil librarian does"),
    "collection": pgettext_lazy("training", "How the stock is made up"),
    "layout": pgettext_lazy("training", "Where the classes stand"),
    "cards": pgettext_lazy("training", "Making readers' cards"),
    "labels": pgettext_lazy("training", "Sticking labels"),
    "notices": pgettext_lazy("training", "The notice board"),
    "register": pgettext_lazy("training", "Entering books"),
    "claims": pgettext_lazy("training", "Claiming what is missing"),
    "twins": pgettext_lazy("training", "Looking for duplicates"),
    "catalogue": pgettext_lazy("training", "Finding books in the catalogue"),
    "mending": pgettext_lazy("training", "Mending books"),
    "meeting": pgettext_lazy("training", "Meeting"),
}
STATES = {
    "proposed": pgettext_lazy("helper", "Proposed"),
    "appointed": pgettext_lazy("helper", "Appointed"),
    "declined": pgettext_lazy("helper", "Not chosen"),
    "ended": pgettext_lazy("helper", "Ended"),
}
WEEKDAYS = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    7: _("Sunday"),
}
WEEKS = {
    "every": pgettext_lazy("week", "every week"),
    "A": pgettext_lazy("week", "week A"),
    "B": pgettext_lazy("week", "week B"),
}
REFUSALS = {
    "not_a_pupil": _("%(name)s is no pupil: only pupils can be proposed."),
    "gone": _("%(name)s has left the school."),
    "proposed_already": _("%(name)s is proposed or appointed already."),
    "bad_proposal": _("This cannot be proposed: the reader is of another library, or the votes are no number up to 500."),
    "decided_already": _("It has been decided about %(name)s already."),
    "not_appointed": _("%(name)s is not appointed for that day."),
    "no_class": _("%(name)s is in no class: appoint for shifts instead."),
    "time_bad": _("From %(from)s to %(to)s will not do: the last day comes after the first, a school year later at most."),
    "topic_unknown": _("Choose what was trained."),
    "nobody_present": _("Tick who was there."),
    "turn_bad": _("This is no turn of the roster. Choose one from the table."),
    "turn_twice": _("This helper is on duty elsewhere at that time."),
    "minutes_bad": _("A turn lasts from 1 to 600 minutes."),
    "helper_outlasts": _("Pupil librarian %(helper)s is appointed, but the account can no longer sign in for it."),
}  # fmt: skip


def speak(code: str, params: Mapping[str, object]) -> str:
    """A code of this room in words; one of the accounts' in theirs."""
    if code in REFUSALS:
        return str(REFUSALS[code] % dict(params))
    return accounts.speak(code, params)


def say(reason: Reason) -> str:
    return speak(reason.code, reason.params)


def say_all(decision: Decision) -> str:
    return " ".join(say(reason) for reason in decision.reasons)
