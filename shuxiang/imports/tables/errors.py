"""What can go wrong with a whole file, and the words for it."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "empty": "The file %(name)s is empty. Save the table again and send that file.",
    "no_table": "No table was found in %(name)s. Put the column titles in one row and the data below it.",
    "image": "%(name)s is a picture, not a table. Send the table itself as an Excel workbook (.xlsx) or CSV.",
    "pdf": "%(name)s is a PDF, not a table. Send the table from which it was made, as .xlsx or CSV.",
    "word": "%(name)s is a Word document. Copy its table into a spreadsheet and save that as .xlsx.",
    "archive": "%(name)s is an archive of files. Unpack it and send the table inside.",
    "not_a_table": "%(name)s is not a table. Open it in the program that made it and save it as an Excel workbook "
    "(.xlsx) or as CSV.",
    "marc": "%(name)s holds MARC records, not a table. It can be imported as books only.",
    "marc_damaged": "%(name)s begins like a MARC file, but no record in it is whole. Export it again from the program "
    "that made it, and send that file.",
    "encrypted": "%(name)s is protected by a password. Open it, remove the password, save it and send it again.",
    "damaged": "%(name)s is damaged or was cut off while copying. Open it in the program that made it, save it "
    "under a new name and send that file.",
    "unknown_format": "The format of %(name)s is not known. Save it as an Excel workbook (.xlsx) or as CSV.",
    "file_too_large": "%(name)s has %(size_mb)d MB; at most %(limit_mb)d MB can be read at once. Split it into "
    "several files.",
    "unpacks_too_large": "%(name)s unpacks to more than %(limit_mb)d MB, so it was not opened. Copy the cells "
    "that are needed into a new workbook and send that one.",
    "suspicious_compression": "%(name)s is compressed %(ratio)d-fold, which no real table is, so it was not "
    "opened. Copy the cells that are needed into a new workbook and send that one.",
    "forbidden_xml": "%(name)s declares XML entities or a document type, which no spreadsheet program writes, so "
    "it was not opened. Open it in a spreadsheet program and save it as .xlsx.",
    "too_many_columns": "The sheet %(sheet)s of %(name)s has more than %(limit)d columns. Delete the empty "
    "columns to the right of the table and send the file again.",
    "too_many_rows": "The sheet %(sheet)s of %(name)s has more than %(limit)d rows. Split it into several files.",
    "too_many_cells": "The sheet %(sheet)s of %(name)s spans more than %(limit)d cells. Delete the empty rows and "
    "columns around the table and send the file again.",
    "too_many_sheets": "%(name)s has more than %(limit)d sheets. Split it into several files.",
    "cannot_read": "%(name)s could not be read: %(reason)s. Check the disk or memory stick and try again.",
    "cannot_write": "%(name)s could not be written: %(reason)s. Check that the disk has room and that the file is "
    "not open in another program.",
    "cell_too_long": "Row %(row)d, column %(column)s has %(length)d characters; a workbook cell holds at most "
    "%(limit)d. Export as CSV instead.",
    "too_many_rows_to_write": "A workbook sheet holds at most %(limit)d rows. Export as CSV instead.",
}
"""English sentence templates (msgids) by error code; the room that shows them translates and fills them."""

NOTES: Final[dict[str, str]] = {
    "lost_digits": "Row %(row)d, column %(column)s: the spreadsheet program shortened a long number to %(text)s. "
    "Format the column as text and type the number again.",
    "error_cell": "Row %(row)d, column %(column)s: the cell shows an error instead of a value. Correct its formula.",
    "filled_from_merged": "Row %(row)d, column %(column)s: the value was taken from the merged cell above.",
    "undecodable": "Row %(row)d, column %(column)s: some characters could not be read (shown as \ufffd). "
    "Correct the row after the import.",
    "unclosed_quote": "Row %(row)d: a quotation mark is opened but never closed; the line was read as it stands.",
    "extra_cells": "Row %(row)d has more cells than the header has columns; those beyond were kept out.",
    "cell_cut": "Row %(row)d, column %(column)s: the text was longer than %(limit)d characters and was cut.",
}
"""English templates for what is worth telling about one row; it is still read."""

SKIPS: Final[dict[str, str]] = {
    "repeated_header": "Row %(row)d repeats the column titles.",
    "footer": "Row %(row)d is a total or a signature line, not data.",
    "title": "Row %(row)d is a heading, not data.",
}
"""English templates for rows that are no data, by `Row.skip`."""

WARNINGS: Final[dict[str, str]] = {
    "no_header": "The sheet %(sheet)s has no row of column titles; the columns were guessed from their content.",
    "duplicate_titles": "The sheet %(sheet)s has several columns with the title %(title)s.",
    "untitled_columns": "The sheet %(sheet)s has columns without a title: %(columns)s.",
    "hidden_sheet": "The sheet %(sheet)s is hidden.",
    "mixed_encoding": "%(name)s mixes character encodings; unreadable characters are shown as \ufffd.",
    "uncertain_encoding": "The character encoding of %(name)s is uncertain; it was read as %(encoding)s. Look at "
    "the preview before going on.",
    "wrong_extension": "%(name)s is named like %(extension)s but is really %(format)s; it was read as such.",
}
"""English templates for what is worth telling about a file or a sheet."""


class TableError(Exception):
    """A file that cannot be read (or written) as a table at all; `MESSAGES[code] % params` is the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return MESSAGES[self.code] % self.params
