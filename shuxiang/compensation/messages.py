"""Words for the codes of this room, and a reckoning said in a sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from shuxiang.cashbook import messages as cash
from shuxiang.common.decisions import Decision, Reason
from shuxiang.common.money import format_yuan
from shuxiang.holdings import messages as holdings

SEVERITIES = {
    "lost": pgettext_lazy("damage", "lost"),
    "heavy": pgettext_lazy("damage", "badly damaged"),
    "light": pgettext_lazy("damage", "soiled or scribbled on"),
    "cover": pgettext_lazy("damage", "cover damaged"),
}
MATERIALS = {
    "book": pgettext_lazy("compensation", "ordinary book"),
    "reference": pgettext_lazy("compensation", "reference work"),
    "serial": pgettext_lazy("compensation", "periodical"),
    "set": pgettext_lazy("compensation", "volume of a set"),
}
BASES = {
    "list": pgettext_lazy("compensation", "list price"),
    "current": pgettext_lazy("compensation", "today's price"),
    "set": pgettext_lazy("compensation", "price of the set"),
    "unknown": pgettext_lazy("compensation", "sum for unknown prices"),
    "none": pgettext_lazy("compensation", "no price"),
}
STATES = {
    "open": pgettext_lazy("compensation", "open"),
    "settled": pgettext_lazy("compensation", "settled"),
    "found": pgettext_lazy("compensation", "found again"),
    "cancelled": pgettext_lazy("compensation", "opened by mistake"),
}
WAYS = {
    "": pgettext_lazy("compensation", "not settled"),
    "cash": pgettext_lazy("compensation", "in cash"),
    "edition": pgettext_lazy("compensation", "same edition"),
    "waiver": pgettext_lazy("compensation", "waived"),
    "repair": pgettext_lazy("compensation", "repaired by the reader"),
}
REFUSALS = {
    "loan_closed": _(
        "This loan has been returned: nothing is lost. Open the case from the volume if it is damaged."
    ),
    "case_already": _("There is a case for %(item)s already."),
    "price_unknown": _(
        "Nobody knows what %(item)s cost. Type today's price, or set a sum for unknown prices in the rules."
    ),
    "not_damaged": _("Say how it is damaged. What is lost is entered from the loan."),
    "not_at_hand": _("Volume %(item)s is not here by the books: take it back or enter it as found first."),
    "case_ended": _("This case has ended already."),
    "more_than_due": _("Only %(fen)s yuan are left to pay."),
    "waiver_unsigned": _("A waiver needs the name of who approved it, and a reason."),
    "cannot_repair_lost": _("What is lost cannot be repaired."),
    "begun_otherwise": _("Something was paid or brought already. Undo that first."),
    "no_volume": _("This loan had no volume, so none can take its place. Enter the new one as a gift."),
    "barcode_taken": _("Barcode %(barcode)s was given already. Scan another, or leave it empty."),
    "nothing_to_withdraw": _("None of the chosen cases waits to be withdrawn any more."),
    "not_approved": _("Write down who approves the withdrawal."),
    "still_on_books": _("The volume stands in the books: take it back, it has been found."),
    "withdrawn_otherwise": _("The volume was withdrawn by another list. Take that withdrawal back first."),
    "restored_stays": _("The volume has come back to the books. If it is lost again, open a new case."),
    "item_moved_on": _("Something else has happened to the volume since: this cannot be undone any more."),
    "new_moved_on": _("The new volume has been lent or moved since: withdraw it from the books instead."),
    "not_a_loss": _("The volume was never lost."),
    "refund_too_much": _("Paid were %(fen)s yuan: no more can go back."),
    "refund_late": _(
        "By your rules money goes back within %(days)s days, here until %(on)s. Pay it back all the same?"
    ),
    "no_such_set": _("There is no rule table of this name."),
    "bad_table": _("A rule table has 1 to %(most)s rows."),
    "bad_rule": _("Row %(place)s cannot be meant: look at its factor, its sums and its numbers of copies."),
    "bad_policy": _("Write sums in yuan and days as whole numbers."),
    "bad_sum": cash.REFUSALS["bad_sum"],
}
DIFFERENCES = {
    "paid_differs": _("Case %(case)s says that %(fen)s yuan were paid; the cash book says %(book)s."),
    "settled_half": _("Case %(case)s is settled, but something is left to pay."),
    "not_struck": _("Case %(case)s names a withdrawal that does not strike its volume."),
    "stray_receipt": _("Receipt %(number)s is for a case that does not know it."),
}


def in_words(reckoning: Mapping[str, Any]) -> str:
    """How a sum came about, to be read to a parent: list price 18.00 yuan × 2 (ordinary book) = 36.00 yuan."""
    material = str(MATERIALS.get(str(reckoning.get("material")), ""))
    total, fee = int(reckoning["total_fen"]), int(reckoning["fee_fen"])
    if reckoning["base"] == "none" and not fee and not reckoning.get("limit"):
        return pgettext("compensation", "nothing to pay, it is repaired")
    parts = []
    if reckoning["base"] != "none":
        price = _("%(base)s %(sum)s yuan") % {
            "base": BASES[str(reckoning["base"])],
            "sum": format_yuan(int(reckoning["base_fen"])),
        }
        times = f"{int(reckoning['factor']) / 100:g}"
        parts.append(
            f"{price} × {times}" + pgettext("compensation", " (%(material)s)") % {"material": material}
        )
    if fee:
        parts.append(_("%(sum)s yuan fixed") % {"sum": format_yuan(fee)})
    words = " + ".join(parts)
    if reckoning.get("limit"):
        limit = _("at least") if reckoning["limit"] == "min" else _("at most")
        words = f"{words} → {limit}" if words else str(limit)
    sentence = _("%(steps)s = %(total)s yuan") % {"steps": words, "total": format_yuan(total)}
    return str(sentence).replace("） ", "）")  # a full-width bracket brings its own blank


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; those of the cash book and of the stack room in theirs."""
    table = {**REFUSALS, **DIFFERENCES}
    if code not in table:
        known = code in cash.REFUSALS
        return cash.speak(code, params) if known else holdings.speak(code, params)
    sums = ("fen", "book")
    words = {k: format_yuan(v) if k in sums and isinstance(v, int) else v for k, v in params.items()}
    return str(table[code] % words)


def say(reason: Reason) -> str:
    return speak(reason.code, dict(reason.params))


def say_all(decision: Decision) -> str:
    return " ".join(say(reason) for reason in decision.reasons)
