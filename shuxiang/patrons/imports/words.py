"""Sentences for the codes that an import of readers may give."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "card_is_identity": _("The card number is an identity number, which is not kept. Give the reader another "
        "number."),
    "card_missing": _("The card number is missing. Give the reader a number and import the row again."),
    "card_of_another": _("The card %(card)s belongs to %(name)s. Give a new number, or change the name of the reader "
        "first."),
    "card_or_name_too_long": _("A card number has at most 40 signs and a name 60. Look whether the columns are the right "
        "ones."),
    "card_twice": _("The card %(card)s is given to %(name)s further up. Correct one of the numbers."),
    "card_was_number": _("The spreadsheet keeps the card %(card)s as a number: zeros in front of it may be lost."),
    "class_impossible": _("There can be no class %(label)s in %(year)s. Add a column with the grade, or correct the "
        "class."),
    "class_none": _("No class is given; the reader is in none."),
    "class_unclear": _("“%(unit)s” is no class that can be read; the reader is in none."),
    "name_missing": _("The name is missing. Write it and import the row again."),
    "reader_changed": _("Changed: %(what)s."),
    "reader_kept": _("%(name)s was used since and stays."),
    "reader_twice": _("%(name)s with the card %(card)s stands further up with other values. Keep one of the two "
        "rows."),
    "reader_unchanged": _("The reader is here already and has not changed."),
    "row_repeated": _("The same row stands further up (card %(card)s)."),
    "school_year_bad": _("“%(text)s” is no school year. Write it like 2016-2017."),
}  # fmt: skip
