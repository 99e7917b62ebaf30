"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.cashbook import messages as cash
from shuxiang.common.decisions import Decision

KINDS = {
    "reference": pgettext_lazy("inquiry", "Reference question"),
    "search": pgettext_lazy("inquiry", "Literature search"),
    "copy": pgettext_lazy("inquiry", "Copy or print"),
    "delivery": pgettext_lazy("inquiry", "Delivery"),
    "other": pgettext_lazy("inquiry", "Other"),
}
STATES = {
    "open": pgettext_lazy("inquiry", "open"),
    "answered": pgettext_lazy("inquiry", "answered"),
    "dropped": pgettext_lazy("inquiry", "dropped"),
}
REFUSALS = {
    "no_question": _("Write down what is asked."),
    "nobody_asks": _("Write down who asks, or scan the card."),
    "reader_elsewhere": _("This reader belongs to another library."),
    "day_to_come": _("%(on)s is still to come."),
    "no_answer": _("Write down what was answered."),
    "bad_minutes": _("Minutes are a whole number, at most 6000."),
    "answered_already": _("This request was answered or dropped already."),
    "open_already": _("This request is open."),
}
DIFFERENCES = {"fee_differs": _("Request %(inquiry)s and its receipt do not agree.")}


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; one of the cash book in its words."""
    table = {**REFUSALS, **DIFFERENCES}
    return str(table[code] % params) if code in table else cash.speak(code, params)


def say_all(decision: Decision) -> str:
    return " ".join(speak(reason.code, dict(reason.params)) for reason in decision.reasons)
