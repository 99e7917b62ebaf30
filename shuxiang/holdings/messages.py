"""Words for the codes of this room: refusals and what reconcile finds."""

from django.utils.translation import gettext_lazy as _

from shuxiang.catalogue.clc import words
from shuxiang.catalogue.clc.judging import Fault
from shuxiang.common.decisions import Reason

ACCOUNTS = {
    "draft": _("in a draft"),
    "shelf": _("on the shelf"),
    "loan": _("on loan"),
    "corner": _("in a class corner"),
    "mending": _("being mended"),
    "binding": _("being bound"),
    "display": _("on display"),
    "missing": _("missing"),
    "review": _("set aside for review"),
    "withdrawn": _("withdrawn"),
    "void": _("void"),
}
TOTALS = {
    "titles": _("number of titles"),
    "volumes": _("number of volumes"),
    "amount_fen": _("value in fen"),
    "unknown_prices": _("number of volumes of unknown price"),
}
_PARTS = {"added": _("entered"), "withdrawn": _("withdrawn")}
_KINDS = {"issue": _("an issue"), "pupils-own": _("a pupil's own"), "drifting": _("a drifting book")}
_SERIES = {"": _("batch numbers"), "-": _("withdrawal numbers")}
REFUSALS = {
    "call_number_same": _("It has this call number already: %(call_number)s."),
    "call_number_taken": _(
        "%(call_number)s is the call number of “%(title)s”. Choose another, or add what tells them "
        "apart, like :2 for a second volume."
    ),
    "change_unknown": _("There is no such change of a call number in this library."),
    "changed_since": _(
        "“%(title)s” was given another call number since: %(call_number)s. Take that change back first."
    ),
    "batch_not_draft": _("The batch is no draft any more: it is being posted, or was posted or undone."),
    "batch_empty": _("There is no volume in the batch, so there is nothing to post."),
    "batch_not_posted": _("The batch is not posted: undo the draft instead."),
    "reversed_before_posted": _(
        "Batch %(batch)s was posted on %(posted_on)s: it cannot be reversed before that day."
    ),
    "year_closed": _(
        "The books of %(year)s are closed: nothing dated %(on)s is entered any more. Give it a day in"
        " %(following)s or later; what is wrong in a closed year is put right by a new entry."
    ),
    "day_to_come": _("%(on)s is still to come: enter the day of the entry, today or earlier."),
    "year_is_closed": _("The books are closed up to %(last)s already."),
    "year_not_over": _("%(year)s is not over yet: its books are closed from 1 January of the next year on."),
    "year_unfinished": _("Closing %(year)s was interrupted: finish that first."),
    "year_out_of_turn": _("Years are closed one after the other: %(turn)s is next, not %(year)s."),
    "year_without_entry": _("There is no entry up to the end of %(year)s, so there is nothing to close."),
    "year_being_posted": _("Batch %(batch)s is being entered into %(year)s: close the year when it is done."),
    "more_barcodes_than_volumes": _(
        "%(barcodes)s barcodes for %(copies)s volumes: give at most one for each."
    ),
    "barcode_taken": _("Barcode %(barcode)s has been given before and is never given again: use another."),
    "bad_barcode": _("“%(barcode)s” cannot be a barcode: scan 1 to 60 signs."),
    "no_such_item": _("This library has no such volume: %(items)s."),
    "cannot_label": _("Volume %(item)s is %(account)s: it gets no barcode."),
    "nothing_to_withdraw": _("No volume was chosen."),
    "several_libraries": _("The volumes belong to different libraries: withdraw them library by library."),
    "cannot_withdraw_loan": _("Volume %(item)s is on loan: take it back or mark it as lost first."),
    "cannot_withdraw_draft": _("Volume %(item)s is in a draft: undo the draft instead."),
    "cannot_withdraw_void": _("Volume %(item)s was never in the books."),
    "cannot_withdraw_withdrawn": _("Volume %(item)s has been withdrawn already."),
    "withdrawal_is_reversal": _("Entry %(number)s is a reversing entry itself: it is not reversed."),
    "withdrawal_reversed": _("Withdrawal %(number)s has been taken back already."),
    "restored_before_withdrawn": _(
        "Withdrawal %(number)s is of %(withdrawn_on)s: it cannot be taken back before that day."
    ),
    "withdrawn_before_posted": _(
        "Volume %(item)s was entered on %(posted_on)s: it cannot be withdrawn before that day."
    ),
    "cannot_mark_missing": _("Volume %(item)s is %(account)s: it cannot be marked as missing."),
    "cannot_mark_found": _("Volume %(item)s is %(account)s: it was not missing."),
    "cannot_put_aside": _("Volume %(item)s is %(account)s: it cannot be put aside."),
    "cannot_put_back": _("Volume %(item)s is %(account)s: there is nothing to put back."),
    "nothing_to_undo": _("There is nothing to undo here."),
    "undone_already": _("This was undone already."),
    "cannot_transfer": _("Volume %(item)s is %(account)s: it cannot be carried elsewhere."),
    "other_library": _("“%(location)s” belongs to another library than volume %(item)s."),
    "place_of_other_library": _("“%(location)s” belongs to another library."),
    "place_without_name": _("A place needs a code and a name."),
    "place_code_taken": _("“%(code)s” is the code of “%(location)s” already: choose another."),
    "place_group_fixed": _(
        "The volumes of “%(location)s” are numbered in its shelving group: carry them elsewhere before it changes."
    ),
    "place_class_fixed": _(
        "Volumes stand in “%(location)s”: carry them elsewhere before it becomes a class corner or stops being one."
    ),
    "place_is_default": _(
        "“%(location)s” is where everything stands that names no place: it cannot be removed."
    ),
    "default_code_fixed": _(
        "“%(location)s” takes what names no place of its own; its code stays “main”. Its name may be changed."
    ),
    "place_in_use": _("Volumes are at home in “%(location)s”, or were: it cannot be removed."),
    "group_in_use": _("“%(group)s” has places or numbered titles: it cannot be removed."),
    "place_not_measured": _(
        "“%(location)s” is not measured yet: enter its bays, the shelves of a bay and the volumes of a shelf first."
    ),
    "nothing_chosen": _(
        "Nothing was chosen: name a place, a class, a range of call numbers, or scan a list."
    ),
    "nothing_there": _(
        "No volume on the books is meant by this; codes that are none of this library: %(codes)s."
    ),
    "too_many_to_carry": _("More than %(most)s volumes are meant: carry them in several parts."),
    "carriage_not_done": _("These volumes have not been carried yet, so there is nothing to take back."),
    "other_shelving_group": _(
        "“%(location)s” numbers its books apart: volume %(item)s needs a call number there before it can move in."
    ),
}
# cataloguing, merging and splitting
REFUSALS |= {
    "shared_record": _(
        "“%(title)s” is shared with %(libraries)s (%(count)s in all): changing it needs the right to catalogue there too."
        " Volumes, call number and notes of your own library you may enter all the same."
    ),
    "too_many_copies": _("At most %(most)s copies at once, and at least one."),
    "no_such_entry": _(
        "There is nothing to take back: it was taken back already, or was never entered here."
    ),
    "entry_posted": _(
        "The volumes of “%(title)s” were posted with batch %(batch)s: reverse the batch or withdraw them."
    ),
    "set_within_itself": _("“%(title)s” cannot belong to a set that belongs to it: choose another record."),
    "split_nothing": _("No volume was chosen: tick those that belong to the other title."),
    "split_others": _("Not all of the chosen volumes belong to “%(title)s” in this library: choose again."),
    "split_all": _(
        "All volumes of “%(title)s” were chosen: then the record itself is to be changed, not divided."
    ),
    "cannot_join": _("The division cannot be taken back: it was already, or one of the records is gone."),
    "split_grown": _("“%(title)s” has got other volumes since: merge the two records instead."),
}
DIFFERENCES = {
    "copies_miscounted": _(
        "“%(title)s” notes %(on_books)s copies, %(on_shelf)s of them on the shelf; counted are %(true_books)s"
        " and %(true_shelf)s."
    ),
    "facets_stale": _(
        "“%(title)s” is filtered as “%(facets)s”, but its record and its copies say “%(true_facets)s”."
    ),
    "account_not_proven": _("Volume %(item)s is noted as %(account)s, but its movements say %(proven)s."),
    "chain_broken": _(
        "A movement of volume %(item)s starts %(source)s, but the one before it ended %(before)s."
    ),
    "movement_elsewhere": _("A movement of volume %(item)s is noted in another library."),
    "posted_but_draft": _("Volume %(item)s has an accession number but is %(account)s."),
    "draft_but_moved": _("Volume %(item)s is %(account)s but has no accession number yet."),
    "struck_but_there": _("Volume %(item)s is struck from the books but is %(account)s."),
    "withdrawn_but_not_struck": _("Volume %(item)s is withdrawn but not struck from the books."),
    "belongs_elsewhere": _(
        "Volume %(item)s, its holding, place, line and barcodes do not belong to one library."
    ),
    "posting_unfinished": _("Posting batch %(batch)s was interrupted; it is finished at the next start."),
    "voiding_unfinished": _("Undoing draft %(batch)s was interrupted; it is finished at the next start."),
    "series_disagrees": _(
        "Of the %(series)s, %(given)s were given, but the last one is said to be %(last)s."
    ),
    "numbers_missing": _("Of the %(series)s, %(first)s to %(last)s are missing."),
    "batch_not_a_run": _(
        "The %(lines)s lines of batch %(batch)s in series %(series)s do not bear the numbers %(first)s to %(last)s."
    ),
    "number_in_draft": _("Volume %(item)s has an accession number, but its batch is not posted."),
    "posted_on_other_day": _("Volume %(item)s was entered on another day than its batch."),
    "book_number_ahead": _(
        "A title of class %(clc)s has book number %(number)s, but the last one given is %(last)s."
    ),
    "call_number_not_its_parts": _(
        "“%(title)s” bears call number %(call_number)s, but its class and numbers give %(parts)s."
    ),
    "call_number_misplaced": _(
        "“%(title)s”, %(call_number)s, does not stand where its call number belongs in shelf order."
    ),
    "batch_disagrees": _("Batch %(number)s says %(what)s %(written)s, but its lines give %(counted)s."),
    "withdrawal_disagrees": _(
        "Withdrawal %(number)s says %(what)s %(written)s, but its lines give %(counted)s."
    ),
    "books_disagree": _(
        "Additions less withdrawals give %(what)s %(written)s, but what is there comes to %(counted)s."
    ),
    "year_unfinished_yet": _("Closing %(year)s was interrupted; it is finished at the next start."),
    "year_opened_otherwise": _(
        "%(year)s opened %(account)s with %(what)s %(written)s, but the year before closed it with %(counted)s."
    ),
    "year_changed_since": _(
        "%(year)s was closed with %(what)s %(written)s %(part)s in %(account)s; its entries now come to %(counted)s."
    ),
    "year_skipped": _("%(year)s is closed, but the year before it is not."),
    "struck_unapproved": _("Withdrawal %(number)s of %(on)s names nobody who approved it."),
    "lost_paid_not_lost": _(
        "Volume %(item)s was withdrawn as lost and paid for, but it had not been missing before."
    ),
    "issue_on_books": _("%(item)s is no property (%(kind)s), but it stands in the accession book."),
    "bound_without_serial": _("Volume %(item)s came from binding, but “%(title)s” is no periodical."),
    "card_missing": _("Volume %(item)s is on the books, but its title has been deleted from the catalogue."),
    "struck_wrongly": _("Volume %(item)s was struck on a day, or in a library, that cannot be."),
    "no_such_class": _("Volume %(item)s is entered under class “%(clc)s”, which does not exist."),
}
_ALL = {**REFUSALS, **DIFFERENCES}
_NAMED = dict.fromkeys(("account", "proven", "source", "before"), ACCOUNTS) | {
    "what": TOTALS, "part": _PARTS, "kind": _KINDS
}  # fmt: skip


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words; a code of another room is given back as it is."""
    if code == "class_faulty":
        return words.say(Fault(str(params["fault"]), str(params["piece"])))
    if code not in _ALL:
        return f"{code} {params}"
    said = dict(params)
    for name, known in _NAMED.items():
        if name in said:
            said[name] = known.get(str(said[name]), said[name])
    if "series" in said:
        named = _("accession numbers %(series)s") % {"series": said["series"]}
        said["series"] = _SERIES.get(str(said["series"]), named)
    return str(_ALL[code] % said)


def say(reason: Reason) -> str:
    """A refusal in words."""
    return speak(reason.code, dict(reason.params))
