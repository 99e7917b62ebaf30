"""Reason codes of circulation in words a child can hear read out: what happened, why, what to do."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuxiang.common.clock import to_local
from shuxiang.common.decisions import Reason
from shuxiang.ui.numbers import short_day

MESSAGES = {
    # lending
    "reader_left": _("This reader left on %(on)s and can no longer borrow."),
    "card_lost": _("This card was reported lost. Ask the reader for the new card."),
    "card_replaced": _("This is an old card. Ask the reader for the new one."),
    "card_left": _("This card was closed when the reader left."),
    "card_undone": _("This card was taken back and is not valid."),
    "reader_blocked": _("Borrowing is stopped for this reader: %(reason)s."),
    "loan_limit_reached": _("Already has %(open)s; the limit is %(limit)s."),
    "has_overdue": _("%(count)s volumes are overdue. Ask for them back first."),
    "item_not_posted": _("This volume is not entered in the books yet. Post its batch first."),
    "item_withdrawn": _("This volume was taken off the books. Put it aside for the librarian."),
    "item_elsewhere": _("According to the books this volume is elsewhere (%(account)s)."),
    "item_was_missing": _("This volume was missing; now it is found."),
    "already_lent_to_reader": _("This reader already has this volume."),
    "lent_to_other": _("According to the books %(name)s still has it. Take it back and lend it anew?"),
    "not_lendable": _("This volume is not for lending."),
    "in_room_only": _("This is a reference work: read it here and give it back today."),
    "held_for_review": _("This title is set aside for review."),
    "earlier_than_last_movement": _(
        "Something happened to this volume later (%(at)s). Check the date and the computer's clock."
    ),
    "library_closed_today": _("The library is closed today."),
    "outside_slot": _("It is another class's turn now."),
    "due_at_recall": _("Due earlier: everything is called in that day."),
    "due_moved": _("Due later: put off to the next day the library is open."),
    "taken_meanwhile": _("Another desk was faster. Scan it again."),
    "no_copy_in": _("No copy of this title is in."),
    "reader_of_other_library": _("This reader belongs to another library."),
    "item_of_other_library": _("This volume belongs to another library."),
    "unknown_code": _(
        "“%(code)s” is neither a card nor a volume of this library. Scan it again or search by title."
    ),
    # renewing
    "loan_closed": _("This loan has already ended."),
    "renewal_gains_nothing": _("Renewing would not move the date %(on)s."),
    "renewals_used_up": _("Already renewed as often as allowed (%(limit)s)."),
    "loan_overdue": _("It was due on %(on)s."),
    # returning
    "returned_late": _("%(days)s days late."),
    "was_not_lent": _("According to the books this volume was not lent. Put it back on the shelf."),
    "found_again": _("This volume was missing; now it is found."),
    "withdrawn_came_back": _("This volume was taken off the books. Put it aside for the librarian."),
    "which_reader": _("Several readers have this title. Whose is it?"),
    # read in the room, entered afterwards
    "lent_not_counted": _("This volume is lent. Take it back at the desk; it is not counted here."),
    "back_date_without_reason": _("Say why it is entered afterwards: a word is enough, such as “paper register”."),
    "back_date_to_come": _("%(on)s is still to come. Enter a day up to today."),
    "year_closed": _("The books of %(year)s are closed: nothing is entered under %(on)s any more."),
    # done afterwards, after the network or the power was away
    "reader_uncertain": _("It is not certain who stood there: the code before it was not understood."),
    "reader_out_of_reach": _("This reader is not in your class."),
    "which_reader_meant": _("Several readers may be meant by “%(code)s”."),
    "which_title_meant": _("“%(code)s” may mean several titles."),
    "clock_was_set": _("The clock of that computer was changed meanwhile; %(at)s is the likely time."),
    "clock_ahead": _("By its clock it would have been done in the future."),
    "clock_long_ago": _("By its clock it was done more than two weeks before it arrived (%(at)s)."),
    "kept_settled_already": _("Somebody has settled this already."),
    "dismissed_without_reason": _("Say in a word why it shall not be done."),
    # undoing
    "loan_not_returned": _("This loan was not returned, so there is nothing to undo."),
    "nothing_to_undo": _("There is nothing to undo: this act moved no volume."),
    "undone_already": _("This has been undone already."),
    "renewed_again": _("This loan was renewed again since. Undo the later renewal first."),
    "item_moved_on": _("Something else has happened to this volume since. It can no longer be undone."),
    # reconciling
    "open_loan_without_movement": _("Loan %(loan)s is open, but volume %(item)s stands in “%(account)s”."),
    "volume_out_without_loan": _("Volume %(item)s stands in “loan”, but nobody has it."),
    "loan_movement_differs": _("Loan %(loan)s names a movement that does not fit it."),
    "loan_day_differs": _("The days of loan %(loan)s are not those of its movements."),
    "loan_end_differs": _("Loan %(loan)s ended otherwise than its movement says."),
    "loan_of_other_library": _("Loan %(loan)s, its volume and its reader are not of one library."),
    "loan_renewals_differ": _("Loan %(loan)s counts other renewals than were made."),
    "movement_without_loan": _("Movement %(movement)s of volume %(item)s belongs to no loan."),
    "loan_without_volume": _("Loan %(loan)s of “%(title)s” has no volume: lent beyond the copies held."),
}

ACCOUNTS = {
    "shelf": _("on the shelf"),
    "loan": _("lent"),
    "corner": _("class corner"),
    "mending": _("being mended"),
    "binding": _("being bound"),
    "display": _("on display"),
    "missing": _("missing"),
    "review": _("set aside for review"),
    "withdrawn": _("withdrawn"),
    "draft": _("not yet entered"),
    "void": _("undone"),
}


def speak(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a reason; an unknown code is shown as it is rather than hidden."""
    known = {name: _said(value) for name, value in params.items()}
    if "account" in known:
        known["account"] = str(ACCOUNTS.get(str(known["account"]), known["account"]))
    sentence = MESSAGES.get(code)
    return str(sentence) % known if sentence is not None else gettext(code)


def _said(value: object) -> object:
    """Days and moments as one says them, the library's own time."""
    if isinstance(value, datetime):
        return f"{short_day(to_local(value).date())} {to_local(value):%H:%M}"
    return short_day(value) if isinstance(value, date) else value


def words(reason: Reason) -> str:
    return speak(reason.code, reason.params)
