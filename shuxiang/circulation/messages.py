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
    "kept_for_other": _("It is kept for %(name)s on the pick-up shelf."),
    "others_wait": _("%(count)s others wait for this title."),
    "has_recalled": _("%(count)s volumes have been called in. Ask for them back."),
    "due_in_vacation": _("%(name)s: due on %(on)s."),
    # waiting
    "hold_exists": _("This reader waits for this title already."),
    "hold_limit_reached": _("Waits for %(holds)s already; the limit is %(limit)s."),
    "copy_is_in": _("A copy is in (%(place)s). It can be lent at once."),
    "no_copy_to_wait_for": _("The library has no copy of this title that could come back."),
    "not_lendable_to_wait_for": _("This title is read in the room only; nobody needs to wait for it."),
    "hold_ended": _("Nobody waits here any more: the hold has ended meanwhile. Look again."),
    "move_without_reason": _("Say why somebody is put before the others."),
    "keep_for": _("Put it on the pick-up shelf: for %(class)s %(name)s, kept until %(on)s."),
    "suspended": _("Borrowing is stopped for this reader until %(on)s, because of the delay."),
    # calling in
    "recall_without_reason": _("Say why the volumes are called in; it stands on the slips."),
    "recall_in_the_past": _("%(on)s is past. Name today or a later day."),
    "recall_too_far": _("%(on)s is more than a year away. Look at the year again."),
    "nothing_to_recall": _("Nothing to call in: all of it is due by %(on)s anyhow, or nothing is out."),
    "recall_reversed": _("This recall was taken back already."),
    "recalled_since": _("The volume has been called in since. Take that back first."),
    # lending rules and holidays
    "policy_out_of_bounds": _("%(question)s: from %(least)s to %(most)s."),
    "policy_of_all": _("The row for all readers and places stays; change its numbers instead."),
    "policy_of_other_library": _("This category or place belongs to another library."),
    "vacation_needs_name": _("Give it a name, such as “summer holidays 2027”."),
    "vacation_order": _("The last day of lending is before the first."),
    "vacation_due_too_early": _("The day on which all is due is before the last day of lending (%(on)s)."),
    "vacation_day_and_days": _("Either a day on which all is due, or a number of days: not both."),
    "vacation_says_nothing": _("Name a day on which all is due, a number of days, or a limit."),
    "vacation_days_bad": _("A loan lasts from 1 to %(most)s days."),
    "vacation_limit_bad": _("A limit is a number from 0 to %(most)s."),
    "vacation_overlaps": _("“%(name)s” holds on some of these days for the same readers."),
    # renewing
    "loan_recalled": _("It was called in and is due on %(on)s."),
    "loan_closed": _("This loan has already ended."),
    "nothing_to_renew": _("According to the books nobody has it, so there is nothing to renew."),
    "not_lent_to_reader": _("According to the books this reader does not have it."),
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
    "back_date_without_reason": _(
        "Say why it is entered afterwards: a word is enough, such as “paper register”."
    ),
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
    "kept_dismissed_long_ago": _(
        "It was dismissed more than 30 days ago; who stood there is no longer kept. Do at the desk what is to be done."
    ),
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
    "ready_hold_without_volume": _(
        "Hold %(hold)s: its volume %(item)s is said to be on the pick-up shelf, but stands in “%(account)s”."
    ),
    "filled_hold_without_loan": _("Hold %(hold)s is filled, but names no loan of its reader and title."),
    "hold_of_other_library": _("Hold %(hold)s, its volume and its reader are not of one library."),
    "recall_day_differs": _("Loan %(loan)s: what was called in does not fit the days kept of it."),
    "loan_without_volume": _("Loan %(loan)s of “%(title)s” has no volume: lent beyond the copies held."),
}

POLICY_WORDS = {
    "loan_limit": _("Volumes at once"),
    "loan_days": _("Days of a loan"),
    "renewals": _("Renewals"),
    "renewal_days": _("Days of a renewal"),
    "in_room_only": _("To be read in the room"),
    "hold_limit": _("Titles waited for at once"),
    "hold_days": _("Days on the pick-up shelf"),
    "suspension_per_day_late": _("Days without lending for each day late"),
}

ENDED_BECAUSE = {  # why the program itself ended a hold
    "reader_left": _("the reader left"),
    "volume_withdrawn": _("the volume was taken off the books"),
    "merged": _("two records became one, and the reader waited for both"),
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
    if code == "policy_out_of_bounds":
        known["question"] = str(POLICY_WORDS.get(str(known["question"]), known["question"]))
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
