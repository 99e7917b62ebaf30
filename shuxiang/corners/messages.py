"""Words for the codes of this room; a child of nine and a part-time teacher read them."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation import messages as circulation
from shuxiang.common.decisions import Decision
from shuxiang.holdings import messages as holdings
from shuxiang.ui.numbers import short_day

REFUSALS = {
    "box_for_whom": _(
        "“%(name)s” is neither a class nor a group of this library. A box goes to a class or a group."
    ),
    "box_full": _("A box holds at most %(most)s volumes. Begin another one."),
    "box_empty": _("There is nothing in the box yet. Scan the volumes first."),
    "box_not_planned": _("Box %(number)s has been lent already and cannot be changed any more."),
    "box_not_out": _("Box %(number)s is not lent."),
    "box_all_back": _("Everything of box %(number)s is back: there is nothing to pass on."),
    "box_same_class": _("The box is with %(label)s already. Choose another class."),
    "box_passed_on": _("It is being passed on as box %(number)s. Finish that one, or throw it away."),
    "volume_elsewhere": _("This volume belongs to another library."),
    "rule_unclear": _("Say how many volumes a head, 1 to 5, and from which place."),
    "nobody_to_count": _(
        "Nobody is in %(label)s on the books, or the box is full: the rule gives no volume."
    ),
    "no_name": _("Give it a name."),
    "stop_twice": _("The round calls at %(label)s already."),
    "round_has_stops": _("The round has stops. Throw their boxes away first."),
    "class_elsewhere": _("The class belongs to another library."),
    "corner_is_there": _("%(label)s has a corner already."),
    "corner_terms": _("A corner lends 1 to 10 volumes for 1 to 200 days."),
    "exchange_with_whom": _("Choose two different corners of this library."),
    "corners_empty": _("Both corners are empty: there is nothing to exchange."),
    "no_corner": _("“%(location)s” is no class corner."),
    "not_of_corner": _("This belongs to “%(location)s”, not to this corner. Put it aside."),
    "own_for_whom": _(
        "“%(title)s” is a pupil's own book. Who takes it? Choose the pupil first, then scan it again."
    ),
    "own_without_title": _("Write down the title."),
    "own_to_owner": _("“%(title)s” is the pupil's own. Give it back for good instead."),
    "own_not_there": _("“%(title)s” is not in the corner: somebody has it, or it went home."),
    "own_too_early": _("“%(title)s” was not there before %(on)s. Check the day."),
    "own_ended": _("“%(title)s” has left the corner already."),
    "reader_elsewhere": _("This reader belongs to another library."),
    "unknown_volume": _("“%(code)s” is no volume of this library and no pupil's own book. Scan it again."),
    "check_closed": _("The check is closed. Go on with it first."),
    "check_open": _("Close the check first."),
    "check_settled": _("This has been settled already. Take that back first."),
    "check_not_settled": _("Nothing was settled, so there is nothing to take back."),
    "check_another_open": _("Another check of this corner is open. Close that one first."),
    "day_to_come": _("%(on)s is still to come."),
    "hop_by_nobody": _("Say who has it, or where it is."),
    "hop_too_early": _("It only set out on %(on)s."),
    "drift_ended": _("The journey of “%(title)s” has ended. Enter it as found first."),
    "comment_empty": _("Write a word or two."),
    "sheet_without_reason": _(
        "Say why it is entered afterwards: a word is enough, such as “paper register”."
    ),
    "sheet_entered": _("This sheet has been entered. What is to be added goes on a new one."),
    "sheet_not_entered": _("This sheet was not entered, so there is nothing to undo."),
    "sheet_empty": _("Nothing is written on the sheet yet."),
    "sheet_without_rest": _("No row was refused."),
    "row_day": _("“%(text)s” is no day up to today. Write it like 9.3 or 2026-9-3."),
    "row_back_before": _("Back on %(back)s is before %(on)s. Check both days."),
    "row_reader": _(
        "“%(text)s” is not one pupil of the class on that day. Write the number in the class, or the whole name."
    ),
    "row_book": _("No volume is called “%(text)s”. Write the barcode, or the title as it is on the cover."),
    "row_titles": _("%(count)s titles have “%(text)s” in them. Write the barcode, or the whole title."),
    "row_all_out": _(
        "Every copy of “%(text)s” is out by the books. Take it back first, or write the barcode."
    ),
    "undone_already": _("This has been undone already."),
    "box_nothing_went": _("Of %(count)s volumes none could be lent. Beside each stands why."),
    "codes_unknown": _("%(done)s put in. %(count)s codes are no volume of this library: %(codes)s."),
    "not_of_box": _("“%(title)s” does not belong to box %(number)s. Put it aside; nothing was changed."),
    "several_called": _("%(count)s readers are called “%(text)s”. Write the card number."),
    "nobody_called": _("No reader is called “%(text)s”. Write the name or the card number."),
    "no_reader": _("Choose a pupil of the class."),
    "bad_number": _("“%(text)s” is no number."),
    "bad_day": _("“%(text)s” is no day. Write it like 2026-09-03."),
    "no_day": _("Write the day on which it happened."),
    "no_volume": _("No volume of this library bears “%(code)s”. Scan it again."),
}
DIFFERENCES = {
    "box_loan_differs": _("Box %(number)s names a loan that is not of its volume or its class."),
    "own_elsewhere": _("The pupil's own book %(number)s, its corner and its owner are not of one library."),
    "own_after_end": _("The pupil's own book %(number)s has left the corner, but somebody still has it."),
    "hop_out_of_time": _("Drifting book %(number)s was in a hand before it set out."),
    "check_without_lines": _("The check of %(label)s is open, but it has lines as if it were closed."),
}
HEAPS = {
    "present": pgettext_lazy("corner", "Here"),
    "out": pgettext_lazy("corner", "With a pupil"),
    "missing": pgettext_lazy("corner", "Missing"),
    "lent": pgettext_lazy("corner", "Here, but lent by the books"),
    "found": pgettext_lazy("corner", "Was missing, now here"),
    "foreign": pgettext_lazy("corner", "Belongs elsewhere"),
}
BOX_STATES = {
    "planned": pgettext_lazy("box", "planned"),
    "going": pgettext_lazy("box", "being lent"),
    "out": pgettext_lazy("box", "lent"),
    "cancelled": pgettext_lazy("box", "cancelled"),
}
OWN_ENDS = {"home": pgettext_lazy("own book", "given back"), "lost": pgettext_lazy("own book", "lost")}
DRIFT_ENDS = {
    "home": pgettext_lazy("drift", "back with who gave it"),
    "stays": pgettext_lazy("drift", "somebody keeps it"),
    "lost": pgettext_lazy("drift", "lost"),
}
COMMENT_STATES = {
    "waiting": pgettext_lazy("comment", "waiting"),
    "shown": pgettext_lazy("comment", "shown to all"),
    "hidden": pgettext_lazy("comment", "hidden"),
}


SKIPPED = {  # beside a volume that did not go with its box
    "lent_to_other": _("somebody has it"),
    "already_lent_to_reader": _("the class has it already"),
    "loan_limit_reached": _("over the limit of the class"),
    "has_overdue": _("the class has overdue volumes"),
    "reader_blocked": _("borrowing is stopped for the class"),
    "item_elsewhere": _("not on its shelf by the books"),
    "in_room_only": _("read in the room only"),
    "not_lendable": _("not for lending"),
    "held_for_review": _("set aside for review"),
    "item_withdrawn": _("off the books"),
    "item_not_posted": _("not entered yet"),
    "kept_for_other": _("kept for somebody"),
    "others_wait": _("others wait for it"),
}


def why_not(code: str) -> str:
    """In a few words why a volume did not go with its box."""
    return str(SKIPPED.get(code, _("could not be lent; try it at the desk to see why")))


def speak(code: str, params: Mapping[str, object]) -> str:
    """A reason in words: of this room, of lending or of the stack room."""
    table = {**REFUSALS, **DIFFERENCES}
    if code not in table:
        if code in circulation.MESSAGES:
            return circulation.speak(code, params)
        return holdings.speak(code, dict(params))
    known = {name: short_day(value) if isinstance(value, date) else value for name, value in params.items()}
    return str(table[code]) % known


def say_all(decision: Decision) -> str:
    return " ".join(speak(reason.code, reason.params) for reason in decision.reasons)


def say_kept(reasons: Sequence[Sequence[object]]) -> list[tuple[int, str]]:
    """Reasons that were kept with a row: weight and words, heaviest first."""
    said = []
    for code, weight, params in reasons:
        plain = params if isinstance(params, dict) else {}
        said.append(
            (int(str(weight)), speak(str(code), {str(key): _day(value) for key, value in plain.items()}))
        )
    return said


def _day(value: object) -> object:
    """A day that was kept as text becomes a day again."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
