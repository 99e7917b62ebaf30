"""Tables from the files that schools really have: any spreadsheet or text file in, rows of clean text out.

    with open_table(path, name="新书.xls") as table:
        for sheet in table.sheets:
            mapping = guess_mapping(sheet.header, sheet.sample(), BOOK_FIELDS)
            for row in sheet.rows:
                values = mapping.values(row)        # {"title": "…", "isbn": "…", …}

Knows nothing of the database or of Django. Sentences are English templates in `errors`; who shows them translates.
"""

from shuxiang.imports.tables.cells import clean_code, clean_text, guess_pad_width, isbn_from_scientific
from shuxiang.imports.tables.errors import MESSAGES, NOTES, SKIPS, WARNINGS, TableError
from shuxiang.imports.tables.fields import BOOK_FIELDS, LOAN_FIELDS, PATRON_FIELDS, FieldSpec
from shuxiang.imports.tables.mapping import ColumnGuess, Mapping, guess_kind, guess_mapping, loan_action
from shuxiang.imports.tables.model import DEFAULT, CellNote, Header, Limits, Row, TableWarning
from shuxiang.imports.tables.opening import open_table
from shuxiang.imports.tables.sheet import Sheet, TableFile
from shuxiang.imports.tables.writing import write_csv, write_xlsx

__all__ = [
    "BOOK_FIELDS",
    "DEFAULT",
    "LOAN_FIELDS",
    "MESSAGES",
    "NOTES",
    "PATRON_FIELDS",
    "SKIPS",
    "WARNINGS",
    "CellNote",
    "ColumnGuess",
    "FieldSpec",
    "Header",
    "Limits",
    "Mapping",
    "Row",
    "Sheet",
    "TableError",
    "TableFile",
    "TableWarning",
    "clean_code",
    "clean_text",
    "guess_kind",
    "guess_mapping",
    "guess_pad_width",
    "isbn_from_scientific",
    "loan_action",
    "open_table",
    "write_csv",
    "write_xlsx",
]
