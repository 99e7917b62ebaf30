"""The three tables of fields that an import may know."""

from __future__ import annotations

from shuxiang.imports.tables.bookfields import BOOK_FIELDS
from shuxiang.imports.tables.fieldspec import Detector, FieldSpec
from shuxiang.imports.tables.loanfields import LOAN_FIELDS
from shuxiang.imports.tables.patronfields import PATRON_FIELDS

__all__ = ["BOOK_FIELDS", "LOAN_FIELDS", "PATRON_FIELDS", "Detector", "FieldSpec"]
