"""Sentences for the codes that an import of books may give."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "already_here": _("This row was imported before and has not changed."),
    "already_held": _("“%(title)s” is held already and the row brings nothing new."),
    "barcode_taken": _("The barcode %(barcode)s is on “%(title)s” already. Correct the barcode and import the row "
        "again."),
    "code_too_long": _("“%(code)s” is too long for a barcode or accession number. Correct it and import the row "
        "again."),
    "column_kept": _("“%(title)s” was changed by hand since; its columns were left as they are."),
    "columns_changed": _("Changed: %(columns)s."),
    "copies_added": _("%(count)s more volumes of “%(title)s”."),
    "copies_assumed": _("No number of copies is given; one volume was assumed."),
    "copies_implausible": _("%(copies)s copies of one title cannot be right (at most %(limit)s). "
        "Look whether the column is the right one."),
    "copies_unreadable": _("“%(text)s” is no number of copies. Write a number and import the row again."),
    "fewer_copies": _("The row says %(now)s copies, %(before)s before: import strikes no volumes, withdraw them "
        "instead."),
    "isbn_check_digit": _("The check digit of the ISBN %(isbn)s is wrong; it was kept as printed."),
    "isbn_not_isbn": _("“%(isbn)s” is no ISBN; it was kept as the school's own number."),
    "isbn_several": _("Several ISBNs are given: %(isbn)s; the first right one is used."),
    "isbn_addon_cut": _("Digits behind the ISBN %(isbn)s were left out."),
    "isbn_zero_restored": _("The ISBN %(isbn)s had lost its leading zero; it was put back."),
    "isbn_spreadsheet_number": _("The ISBN %(isbn)s went through a spreadsheet as a number; it was put back in "
        "order."),
    "isbn_spreadsheet_digits_lost": _("The spreadsheet shortened the ISBN to %(isbn)s; its last digits are lost. Type it "
        "again."),
    "isbn_wrong_length": _("“%(isbn)s” has the wrong number of digits for an ISBN; it was kept as it is."),
    "isbn_shared": _("The ISBN %(isbn)s is also on “%(title)s”; both were kept. Merge them if they are one book."),
    "maybe_duplicate": _("This may be “%(title)s”, which is here already; both were kept. Merge them if they are one "
        "book."),
    "no_volumes": _("The record names no volume; it was taken in without one."),
    "price_foreign": _("The price %(text)s is not in yuan; it counts as unknown."),
    "price_implausible": _("The price %(text)s cannot be right; it counts as unknown."),
    "price_several": _("Several prices are given: %(text)s; the first one is used."),
    "price_unreadable": _("The price “%(text)s” cannot be read; it counts as unknown."),
    "title_missing": _("The title is missing; the record is kept to be completed."),
    "volume_kept": _("“%(title)s” %(volume)s was used since and stays."),
    "volumes_known": _("%(count)s volumes with known barcodes (%(barcode)s …) are here already."),
}  # fmt: skip
