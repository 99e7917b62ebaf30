"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.decisions import Decision
from shuxiang.outbox import messages as outbox

WAYS = {
    "slip": pgettext_lazy("urging", "slip"),
    "wall": pgettext_lazy("urging", "list on the wall"),
    "message": pgettext_lazy("urging", "message"),
    "word": pgettext_lazy("urging", "by word of mouth"),
}
REFUSALS = {
    "nothing_overdue": _("None of these volumes is overdue any more."),
    "of_other_library": _("That belongs to another library."),
    "loan_of_other": _("One of these loans is of another reader."),
    "taken_back_already": _("This was taken back already."),
    "bad_address": _("“%(text)s” is no e-mail address."),
    "no_name": _("Write down whose address it is."),
    "no_consent": _(
        "Note who agreed to get reminders, when, and on which paper: without that no parents are written to."
    ),
}
DIFFERENCES = {"urged_elsewhere": _("A round of urging names a loan of another library.")}


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; one of the outbox in its words."""
    table = {**REFUSALS, **DIFFERENCES}
    return str(table[code] % params) if code in table else outbox.speak(code, params)


def say_all(decision: Decision) -> str:
    return " ".join(speak(reason.code, dict(reason.params)) for reason in decision.reasons)
