"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.decisions import Decision, Reason
from shuxiang.common.money import format_yuan

ACTS = {
    "receipt": pgettext_lazy("cash", "received"),
    "refund": pgettext_lazy("cash", "paid back"),
    "reversal": pgettext_lazy("cash", "reversed"),
    "handover": pgettext_lazy("cash", "handed over"),
}
KINDS = {
    "compensation": pgettext_lazy("cash", "Compensation"),
    "card": pgettext_lazy("cash", "Card"),
    "copy": pgettext_lazy("cash", "Copies and prints"),
    "service": pgettext_lazy("cash", "Service"),
    "other": pgettext_lazy("cash", "Other"),
}
REFUSALS = {
    "bad_sum": _("Write a sum above zero in yuan, like 12 or 12.50."),
    "no_payer": _("Write down who pays."),
    "day_to_come": _("%(on)s is still to come."),
    "day_closed": _("The cash book of %(on)s is closed. Enter it on a day that is open: tomorrow."),
    "no_receipt": _("Only a receipt can be paid back."),
    "reversed_already": _("This entry has been reversed already."),
    "more_than_received": _("Of this receipt %(left)s yuan are left to pay back."),
    "more_than_there_is": _("By the book there are %(fen)s yuan in the box: no more can be handed over."),
    "reversal_stands": _("A reversal is not reversed. Enter the sum again."),
    "paid_back_in_part": _("%(fen)s yuan of it were paid back. Reverse that first."),
    "closed_already": _("The cash book is closed up to %(on)s; a closed day is not opened again."),
    "counted_below_zero": _("The money counted cannot be less than nothing."),
    "difference_unexplained": _(
        "What was counted differs from the book by %(fen)s yuan. Count again, or write down why."
    ),
    "not_signed": _("Write down who counted and signs for it."),
}
DIFFERENCES = {
    "gap_in_receipts": _("Cash book of %(year)s: %(count)s entries, but the last number is %(last)s."),
    "wrong_answer": _("Entry %(number)s of the cash book does not fit the one it answers."),
    "refunded_too_much": _("More was paid back than receipt %(number)s came to."),
    "close_differs": _("The closing of %(on)s is not what the entries of its days come to."),
}
_SUMS = ("fen", "left")


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words, sums in yuan."""
    words = {
        key: format_yuan(value) if key in _SUMS and isinstance(value, int) else value
        for key, value in params.items()
    }
    return str({**REFUSALS, **DIFFERENCES}[code] % words)


def say(reason: Reason) -> str:
    return speak(reason.code, dict(reason.params))


def say_all(decision: Decision) -> str:
    """All that stands in the way; a code of another room, which cannot be here, as it is."""
    known = {**REFUSALS, **DIFFERENCES}
    return " ".join(say(reason) if reason.code in known else reason.code for reason in decision.reasons)
