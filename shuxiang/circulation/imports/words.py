"""Sentences for the codes that an import of loans may give."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "action_missing": _("What happened is missing. Write 借书, 还书, 续借 or 丢书 and import the row again."),
    "action_unknown": _("“%(text)s” is no act of lending. Write 借书, 还书, 续借 or 丢书 and import the row again."),
    "beyond_copies": _("All %(copies)s volumes of “%(title)s” were out: the loan is kept without a volume."),
    "book_missing": _("The book is missing. Write its barcode, ISBN or title and import the row again."),
    "card_name_differs": _("The card %(card)s is not %(name)s's here. Correct the number; it may be a card of another "
        "school."),
    "card_unknown": _("There is no card %(card)s here. Import the readers first, or correct the number."),
    "event_known": _("This was imported before."),
    "in_future": _("%(at)s lies in the future. Correct the time and import the row again."),
    "lent_again": _("The reader had “%(title)s” out already; this is another loan."),
    "loan_kept": _("The loan of “%(title)s” was changed since and stays."),
    "lost_kept": _("“%(title)s” was reported lost; find it first, its loan stays."),
    "lost_without_time": _("The loss has no time. Write the day in the column of returns and import the row again."),
    "no_open_loan": _("“%(title)s” was not lent to this reader at %(at)s, so it cannot come back. Add the loan before "
        "it."),
    "returned_before_lent": _("The return (%(returned)s) is earlier than the loan (%(lent)s). Correct the times."),
    "time_missing": _("The time is missing. Write when it happened and import the row again."),
    "time_unreadable": _("“%(text)s” is no time that can be read. Write it like 2017-05-27 11:36."),
    "title_ambiguous": _("%(count)s titles are called “%(title)s”. Add the ISBN or the barcode."),
    "title_unknown": _("“%(title)s” is not in this library. Import the books first, or correct the number."),
    "volume_is_out": _("The volume %(barcode)s was still out at %(at)s. Enter its return first."),
    "volume_not_lendable": _("The volume %(barcode)s is missing or withdrawn. Put it back on the books first."),
}  # fmt: skip
