"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.decisions import Decision, Reason
from shuxiang.holdings import messages as holdings

KINDS = {
    "cover": pgettext_lazy("mending", "Cover"),
    "spine": pgettext_lazy("mending", "Spine"),
    "pages": pgettext_lazy("mending", "Loose or torn pages"),
    "label": pgettext_lazy("mending", "Label or barcode"),
    "cleaning": pgettext_lazy("mending", "Cleaning"),
    "binding": pgettext_lazy("mending", "Binding"),
    "other": pgettext_lazy("mending", "Other"),
}
OUTCOMES = {
    "mended": pgettext_lazy("mending", "Mended"),
    "unmended": pgettext_lazy("mending", "Came back unmended"),
    "beyond": pgettext_lazy("mending", "Beyond mending"),
}
CAUSES = {
    "missing": _("noticed at the shelf"),
    "lost": _("lost by a reader"),
    "reversal": _("an act was undone"),
}
REFUSALS = {
    "cannot_take_in": _(
        "Volume %(item)s is %(account)s: it cannot be taken in. Take it back, or enter it as found, first."
    ),
    "cannot_mend_here": _(
        "Volume %(item)s is %(account)s: it cannot be mended here. Enter it as found first."
    ),
    "taken_in_already": _("Volume %(item)s has been taken in already."),
    "finished_already": _("Volume %(item)s has been finished already."),
    "finished_before_it_came": _(
        "Volume %(item)s came on %(came_on)s: it cannot be finished before that day."
    ),
    "item_moved_on": _(
        "Something else has happened to volume %(item)s since: this cannot be undone any more."
    ),
    "class_elsewhere": _("The class belongs to another library."),
    "due_before_sent": _("They are sent on %(on)s and cannot be due on %(due_on)s."),
    "no_name": _("Give it a name."),
    "nothing_came_home": _("Nothing was ticked that is still away."),
    "bad_cost": _("“%(text)s” is no sum in yuan. Write it like 12 or 12.50, or leave it empty."),
    "bad_number": _("“%(text)s” is no number."),
    "unknown_volume": _("No volume of this library bears “%(code)s”. Scan it again."),
    "not_marked": _("Volume %(item)s is %(account)s, so nothing was changed."),
}
DIFFERENCES = {
    "task_of_no_account": _("Volume %(item)s has been taken in to be mended, but it is %(account)s."),
    "task_elsewhere": _("The log of mending names volume %(item)s of another library."),
}


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; one of the stack room in its words."""
    table = {**REFUSALS, **DIFFERENCES}
    if code not in table:
        return holdings.speak(code, params)
    words = dict(params)
    if "account" in words:
        words["account"] = holdings.ACCOUNTS.get(str(words["account"]), words["account"])
    return str(table[code] % words)


def say(reason: Reason) -> str:
    """A refusal in words."""
    return speak(reason.code, dict(reason.params))


def say_all(decision: Decision) -> str:
    return " ".join(say(reason) for reason in decision.reasons)
