"""The words of the wizard that depend on what is imported."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from shuxiang.imports.reports import TOTALS
from shuxiang.ui.numbers import grouped, yuan

KINDS = {
    "books": pgettext_lazy("kind of list", "Books"),
    "patrons": pgettext_lazy("kind of list", "Readers"),
    "loans": pgettext_lazy("kind of list", "Loan history"),
}
HEADINGS = {
    "": gettext_lazy("Import"),
    "books": gettext_lazy("Import books"),
    "patrons": gettext_lazy("Import readers"),
    "loans": gettext_lazy("Import a loan history"),
}
VERDICTS = {
    "made": pgettext_lazy("verdict on a row", "New"),
    "changed": pgettext_lazy("verdict on a row", "Changed"),
    "skipped": pgettext_lazy("verdict on a row", "Skipped"),
    "refused": pgettext_lazy("verdict on a row", "Refused"),
    "remarked": pgettext_lazy("verdict on a row", "With remarks"),
}
SEALS = {"made": "new", "changed": "merged", "skipped": "noted", "refused": "refuse"}
STATES = {
    "planned": ("away", pgettext_lazy("state of an import", "Not begun")),
    "running": ("away", pgettext_lazy("state of an import", "Running")),
    "done": ("in", pgettext_lazy("state of an import", "Done")),
    "failed": ("late", pgettext_lazy("state of an import", "Stopped")),
    "undoing": ("away", pgettext_lazy("state of an import", "Being taken back")),
    "undone": ("out", pgettext_lazy("state of an import", "Taken back")),
}
DRAFT_STATES = {
    "waiting": ("away", pgettext_lazy("state of an import", "Trial run")),
    "columns": ("late", pgettext_lazy("state of an import", "Columns to be chosen")),
    "checked": ("ok", pgettext_lazy("state of an import", "Tried, not entered")),
}


def start_words(kind: str, counts: Mapping[str, int]) -> str:
    """What the one button says: the verb and the number of rows that come in."""
    number = coming(counts)
    words = {"count": grouped(number)}
    partly = counts.get("refused", 0) > 0
    if kind == "patrons":
        return ngettext("Register %(count)s row", "Register %(count)s rows", number) % words
    if kind == "loans":
        return (
            ngettext("Add %(count)s row to the history", "Add %(count)s rows to the history", number) % words
        )
    if partly:
        return ngettext("Enter %(count)s row for now", "Enter %(count)s rows for now", number) % words
    return ngettext("Enter %(count)s row", "Enter %(count)s rows", number) % words


def coming(counts: Mapping[str, int]) -> int:
    """Rows that make or change something."""
    return counts.get("made", 0) + counts.get("changed", 0)


def read(counts: Mapping[str, int]) -> int:
    """All rows: made, changed, skipped and refused."""
    return coming(counts) + counts.get("skipped", 0) + counts.get("refused", 0)


def time_left(seconds: float) -> str:
    """About how long it still takes, in the largest fitting unit."""
    if seconds < 90:
        number = max(5, round(seconds / 5) * 5)
        return ngettext("about %(count)s second", "about %(count)s seconds", number) % {"count": number}
    number = max(2, round(seconds / 60))
    return ngettext("about %(count)s minute", "about %(count)s minutes", number) % {"count": number}


def totals_said(totals: Mapping[str, int]) -> str:
    """2,662 titles, 9,945 volumes …: what is not nothing, as a ledger writes it."""
    told = {name: count for name, count in totals.items() if name in TOTALS and count}
    shown = {name: yuan(count) if name.endswith("_fen") else grouped(count) for name, count in told.items()}
    return _(", ").join(f"{shown[name]} {TOTALS[name]}" for name in TOTALS if name in shown)


def result_sentence(totals: Mapping[str, int], counts: Mapping[str, int]) -> str:
    """The sentence at the head of a result: what came in, in the units of a ledger."""
    if not coming(counts):
        return _("Nothing new came in: every row is here already or was refused.")
    said = totals_said(totals)
    return pgettext("result of an import", "Came in: %(what)s.") % {"what": said} if said else _("Done.")


def counted_sentence(kind: str, mapping: Mapping[str, object]) -> str:
    """Whether the volumes count as additions: a list says what is there already, unless its rows say otherwise."""
    if kind != "books":
        return ""
    by_sheet = mapping.get("sheets")
    said = by_sheet.values() if isinstance(by_sheet, Mapping) else [mapping.get("columns") or {}]
    if any("acquisition_kind" in columns for columns in said if isinstance(columns, Mapping)):
        return _("Volumes count as the column “way of acquisition” says; where it is empty, as opening stock, not as "
            "additions.")  # fmt: skip
    return _("These volumes count as opening stock, not as additions. For newly bought ones, add a column that says how "
        "each was acquired.")  # fmt: skip


def brings_sentence(totals: Mapping[str, int]) -> str:
    """What the trial run says would come in."""
    said = totals_said(totals)
    return _("Brings %(what)s.") % {"what": said} if said else ""
