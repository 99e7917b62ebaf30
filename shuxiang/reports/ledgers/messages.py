"""Reason codes of account books in words, and what a closing or a file says when it did not come about."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MESSAGES = {
    "ledger_file_suffix": _(
        "An account book is written as Excel or PDF: give a name that ends in .xlsx or .pdf."
    ),
    "ledger_none_kept": pgettext_lazy("ledger", "Keep at least one book."),
    "ledger_unknown": _("There is no book or column like this: %(book)s."),
    "ledger_twice": pgettext_lazy("ledger", "A book is kept once: %(book)s."),
}
