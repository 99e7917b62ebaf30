"""Codes of the engine, of tables and of MARC into sentences; importers add their own to the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuxiang import marc
from shuxiang.imports import registry, tables
from shuxiang.imports.fieldwords import field_word
from shuxiang.imports.shapes import Note

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WORDS: dict[str, StrOrPromise] = {
    "already_undone": _("The import of %(file)s was undone already."),
    "check_failed": _("The file could not be judged: %(problem)s. Nothing was imported. Save the list as an Excel workbook "
        "(.xlsx) and bring that one."),
    "draft_changed": _("Meanwhile other columns were chosen for %(file)s, or it was imported. Nothing was done. Look at "
        "what stands here now."),
    "draft_closed": _("%(file)s is being opened or was imported already, so nothing was changed."),
    "field_twice": _("“%(field)s” stands on two columns: %(one)s and %(other)s. Choose it for one of them only."),
    "marc_is_books": _("This file holds MARC records, and these are books. Choose books."),
    "no_school_year": _("“%(text)s” is no school year; write it like 2016-2017."),
    "no_sheet_chosen": _("No sheet is chosen. Tick at least one."),
    "profile_gone": _("There are no columns saved as “%(name)s” any more. Choose them here."),
    "undone": _("Undone: %(count)s; left as they are: %(kept)s."),
    "books_for_loans": _("This looks like a list of books, and no column names a reader: nothing was imported. Bring it "
        "in as books."),
    "columns_left_out": _("Left out, because the library does not keep it: %(columns)s."),
    "columns_missing": _("%(name)s has no column for: %(columns)s. Name the column in the first row and try again."),
    "columns_ignored": _("Not understood, so left out and not stored: %(columns)s."),
    "columns_unused": _("Not understood and kept only with the original row: %(columns)s."),
    "format_unknown": _("%(name)s: the name must end in .xlsx or .csv."),
    "file_missing": _("There is no file %(name)s."),
    "looks_like_books": _("This looks like a list of books. Look at the preview before going on."),
    "looks_like_loans": _("This looks like a list of loans. Look at the preview before going on."),
    "looks_like_patrons": _("This looks like a list of readers. Look at the preview before going on."),
    "no_fitting_sheet": _("No sheet of %(name)s looks like this kind of list. Save the right sheet as a file of its "
        "own."),
    "not_stored": _("%(name)s could not be kept: %(problem)s. Nothing was imported. Make room on the disk and try "
        "again."),
    "row_footer": _("A total or signature line, no data."),
    "row_repeated_header": _("The column titles again, no data."),
    "row_title": _("A heading, no data."),
    "run_failed": _("The import stopped: %(problem)s. What was done until then is listed and can be undone."),
    "sheet_left_out": _("The sheet %(sheet)s is another kind of list and was left out."),
    "other_import_running": _("Another import of %(library)s is running. Wait until it has ended."),
    "still_running": _("The import of %(file)s is still running."),
    "undo_later_first": _("Later imports rest on the import of %(file)s. Undo them first: %(later)s."),
    "undo_too_late": _("The import of %(file)s is more than %(days)s days old and cannot be undone any more."),
}  # fmt: skip


def sentence(note: Note | Mapping[str, object]) -> str:
    """A note, or its JSON form, in the reader's language."""
    if isinstance(note, Note):
        code, params = note.code, note.params
    else:
        code, given = str(note["code"]), note.get("params")
        params = given if isinstance(given, Mapping) else {}
    if "field" in params:
        params = {**params, "field": field_word(str(params["field"]))}
    words = WORDS.get(code) or registry.words(code)
    if words is not None:
        return str(words) % params
    for table in (tables.MESSAGES, tables.NOTES, tables.WARNINGS):
        if code in table:
            return gettext(table[code]) % params
    if code in marc.MESSAGES:
        return gettext(marc.MESSAGES[code]).format(**params)
    return f"{code} {dict(params)}" if params else code


def totals_line(counts: Mapping[str, int]) -> str:
    """The reconciling line: read = made + changed + skipped + refused."""
    return gettext(
        "%(read)s rows read = %(made)s made + %(changed)s changed + %(skipped)s skipped + %(refused)s refused"
    ) % {
        "read": sum(counts.get(name, 0) for name in ("made", "changed", "skipped", "refused")),
        **{name: counts.get(name, 0) for name in ("made", "changed", "skipped", "refused")},
    }
