"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.decisions import Decision, Reason
from shuxiang.libraries import messages as ground

WAYS = {
    "card": pgettext_lazy("visits", "Card"),
    "class": pgettext_lazy("visits", "Head-count of a class"),
    "lesson": pgettext_lazy("visits", "Reading lesson"),
    "key": pgettext_lazy("visits", "Counter key"),
    "gate": pgettext_lazy("visits", "Gate counter"),
    "register": pgettext_lazy("visits", "Teachers' register"),
    "correction": pgettext_lazy("visits", "Correction"),
}
ACTIVITIES = {
    "lend": pgettext_lazy("rotation", "Lend and return"),
    "return": pgettext_lazy("rotation", "Return only"),
    "read": pgettext_lazy("rotation", "Reading"),
    "lesson": pgettext_lazy("rotation", "Reading lesson"),
    "closed": pgettext_lazy("rotation", "Closed"),
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
REFUSALS = {
    "room_elsewhere": _("There is no such room in this library."),
    "class_elsewhere": _("There is no such class in this library."),
    "count_bad": _("“%(count)s” cannot be counted: write a whole number from 1 to %(most)s."),
    "day_to_come": _("%(on)s has not come yet: only what has been is entered."),
    "day_before_library": _("%(on)s is too long ago: check the year."),
    "below_zero": _("Only %(count)s visits are counted there on %(on)s: they cannot become fewer than none."),
    "corrected_below": _(
        "Visits of %(on)s were corrected since: fewer than none would be left. Take the correction back first."
    ),
    "reason_needed": _("Say why: a correction needs a reason."),
    "card_unknown": _("No reader of this library has the card “%(code)s”."),
    "pause_bad": _("Write a number of minutes from 0 to %(most)s."),
    "gate_again": _(
        "This file has been taken over already, on %(at)s. Take that back first if it was wrong."
    ),
    "gate_nothing": _("The file has no line with a day, an hour and a count."),
    "gate_undone": _("This file was taken back already."),
    "lesson_order": _("The lesson ends (%(ends)s) before it begins (%(starts)s)."),
    "lesson_heads": _("“%(count)s” pupils: a lesson that was held has between 0 and %(most)s."),
    "lesson_reason": _("Say why the lesson was not held."),
    "lesson_pupil_elsewhere": _("Only pupils of the class can be ticked."),
    "name_needed": _("Give it a name."),
    "organisation_needed": _("Write who came."),
    "reading_removed": _("This line was taken out already."),
    "points_bad": _("“%(text)s” cannot be points: write a number like 2, −1 or 0.5."),
    "criterion_twice": _("There is a criterion “%(name)s” already."),
    "criterion_figure": _("There is no figure “%(figure)s” that is counted for every class."),
    "criterion_computed": _("“%(name)s” is computed: its points cannot be given by hand."),
    "criterion_ended": _("“%(name)s” is not scored any more."),
    "points_struck": _("This entry was struck out already."),
    # lines of a gate counter's file
    "gate_no_day": _("no day"),
    "gate_no_time": _("no hour"),
    "gate_bad_count": _("no count"),
    "gate_to_come": _("a day to come"),
}
DIFFERENCES = {
    "visit_elsewhere": _("A visit of %(on)s is counted in a room or for a class of another library."),
    "lesson_not_counted": _(
        "The lesson of %(on)s had %(heads)s pupils, but %(counted)s visits are counted for it."
    ),
    "visits_below_zero": _("On %(on)s fewer than no visits are counted in a room."),
}


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; one of the ground in its words."""
    table = {**REFUSALS, **DIFFERENCES}
    return str(table[code] % params) if code in table else ground.speak(code, params)


def say(reason: Reason) -> str:
    return speak(reason.code, dict(reason.params))


def say_all(decision: Decision) -> str:
    return " ".join(dict.fromkeys(say(reason) for reason in decision.reasons))
