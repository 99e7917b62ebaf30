"""Words for the codes of this room: heaps, reasons, verdicts, acts, refusals."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.decisions import Decision, Reason
from shuxiang.holdings import messages as holdings
from shuxiang.imports.messages import sentence

HEAPS = {
    "present": pgettext_lazy("heap", "In its place"),
    "lost": pgettext_lazy("heap", "There, but recorded as missing"),
    "out": pgettext_lazy("heap", "There, but recorded as away"),
    "missing": pgettext_lazy("heap", "Not found"),
    "misplaced": pgettext_lazy("heap", "In the wrong place, or foreign"),
    "away": pgettext_lazy("heap", "Rightly elsewhere"),
}
HEAP_SENTENCES = {
    "present": _("Scanned, and as the books have it. Nothing to do."),
    "lost": _("These were missing and have turned up. They can be entered as found."),
    "out": _("By the books these are on loan, being mended or bound, but they were scanned on the shelf."),
    "missing": _(
        "By the books these should stand here, and nobody scanned them. Look once more before you mark them."
    ),
    "misplaced": _("These belong elsewhere, were withdrawn, or are no volumes of this library."),
    "away": _(
        "Not scanned, and the books say why: on loan, being mended, in a class corner, missing before."
    ),
}
REASONS = {
    "": "",
    "still_missing": _("missing before, and not found"),
    "missing_since": _("marked as missing after it was scanned"),
    "loan": _("on loan by the books"),
    "mending": _("being mended by the books"),
    "binding": _("being bound by the books"),
    "display": _("on display"),
    "corner": _("in a class corner, which was not counted"),
    "review": _("set aside for review"),
    "handled": _("not scanned, but handled at a desk while the stocktake ran"),
    "lent_since": _("lent after it was scanned"),
    "aside_since": _("put aside after it was scanned"),
    "withdrawn": _("withdrawn; it should not stand on the shelf"),
    "withdrawn_since": _("withdrawn after it was scanned"),
    "not_counted_here": _("does not belong to what is counted"),
    "other_place": _("belongs to another place"),
    "unknown": _("a code that no volume bears"),
    "other-library": _("belongs to another library"),
    "not-posted": _("in a batch that is not entered yet"),
    "labelled": _("an ISBN; the volumes of this title have barcodes of their own"),
    "no-more": _("an ISBN, and every volume of the title is counted"),
}
ACTS = {
    "found": _("Enter as found"),
    "take_back": pgettext_lazy("loan", "Take back"),
    "mark_missing": _("Mark as missing"),
    "bring_home": _("Carried back to its place"),
    "keep_here": _("Stays where it was found"),
    "seen_to": _("Seen to"),
}
ACT_SENTENCES = {
    "found": _("They are entered as found and stand at their homes again."),
    "take_back": _(
        "Their loans end at the moment they were scanned; what was being mended or bound is put back on the shelf."
    ),
    "mark_missing": _("They are marked as missing. They stay on the books until they are withdrawn."),
    "bring_home": _("You have carried them home; the books know no other place for them any more."),
    "keep_here": _("The place where each was scanned becomes its home."),
    "seen_to": _("Nothing changes in the books; the line is ticked off."),
}
WHY_KEPT = {
    "moved_on": _("something happened to it since the stocktake was closed"),
    "loan_closed": _("its loan has ended since"),
    "other_shelving_group": _("that place numbers its books apart: give it a call number there first"),
    "year_closed": _("the books of the year of that day are closed; is the clock of this computer right?"),
    "not_undone": _("something happened to it since, so undo left it"),
}
STATES = {
    "counting": pgettext_lazy("stocktake", "counting"),
    "closing": pgettext_lazy("stocktake", "being closed"),
    "closed": pgettext_lazy("stocktake", "closed"),
    "abandoned": pgettext_lazy("stocktake", "given up"),
}
VERDICTS = {
    "counted": _("Counted."),
    "again": _("Counted already; this scan changes nothing."),
    "unknown": _("No volume of this library bears this code. Scan it again; otherwise put it aside."),
    "other-library": _("This volume belongs to %(detail)s. Put it aside to be sent back."),
    "withdrawn": _("This volume was withdrawn. It should not stand on the shelf: put it aside."),
    "not-posted": _(
        "This volume is in a batch that is not entered yet. Enter the batch, then scan it again."
    ),
    "labelled": _(
        "This is the ISBN of “%(detail)s”, whose volumes have barcodes. Scan the library's own barcode."
    ),
    "no-more": _(
        "Every volume of “%(detail)s” on the books is counted already. This one is one too many: put it aside."
    ),
    "card": _("This is a reader's card, no volume."),
}
HEAP_SAYS = {
    "lost": _("It was recorded as missing. It is found: leave it here."),
    "out": _("By the books it is away (%(account)s). Put it aside, so that it can be taken back."),
    "misplaced": _("It belongs to another place: %(place)s."),
}
REFUSALS = {
    "not_a_class": _(
        "“%(classes)s” names no class. Write letters of the classification, such as I or H1 TP3."
    ),
    "range_backwards": _(
        "%(last)s stands before %(first)s. Write the call number that comes first on the shelf first."
    ),
    "place_elsewhere": _("The place belongs to another library."),
    "not_counting": _("“%(name)s” is not being counted any more."),
    "not_closed": _("“%(name)s” is not closed."),
    "file_being_read": _(
        "The file %(file)s is still being read. Close the stocktake when it has been counted."
    ),
    "settled_already": _("Something of “%(name)s” has been dealt with. Undo that first, then count on."),
    "scan_undone": _("This scan was taken back."),
    "no_such_act": _("This cannot be done with this heap."),
    "nothing_open": _("Nothing of it is open any more: somebody has dealt with it."),
    "still_settling": _("It is still being carried out. Undo it when it has ended."),
    "no_file": _("No file was chosen."),
    "too_large": _(
        "The file is larger than %(limit)s MB. A list of barcodes is far smaller: is it the right file?"
    ),
    "moved_on": _("Something happened to it since."),
}
DIFFERENCES = {
    "closing_unfinished": _("Closing “%(name)s” was interrupted; it is finished at the next start."),
    "heap_miscounted": _(
        "“%(name)s” says %(written)s in the heap “%(heap)s”, but its lines give %(counted)s."
    ),
    "scan_elsewhere": _("“%(name)s” counted volume %(item)s, which belongs to another library."),
    "settlement_miscounted": _(
        "Of “%(name)s”, %(written)s lines were dealt with, but its lines give %(counted)s."
    ),
}


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; a code of another room is given back as it is."""
    table = {**REFUSALS, **DIFFERENCES}
    if code not in table:
        return holdings.speak(code, params)
    words = dict(params)
    if "heap" in words:
        words["heap"] = HEAPS.get(str(words["heap"]), words["heap"])
    return str(table[code] % words)


def say(reason: Reason) -> str:
    """A refusal in words."""
    return speak(reason.code, dict(reason.params))


def say_all(decision: Decision) -> str:
    return " ".join(say(reason) for reason in decision.reasons)


def why_kept(why: str) -> str:
    """Why a line was left: what happened, or the account in which the volume is."""
    return str(WHY_KEPT.get(why) or holdings.ACCOUNTS.get(why) or why)


def why_unreadable(problem: dict[str, object]) -> str:
    """Why a file of codes cannot be read, with the remedy."""
    return sentence(problem)
