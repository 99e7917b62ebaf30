"""The rows of a dry run that a person may want to correct, as a workbook that import reads back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.imports.messages import sentence
from shuxiang.imports.models import Draft, DraftRow
from shuxiang.imports.reports import VERDICTS
from shuxiang.imports.selectors import rows_to_correct
from shuxiang.imports.services.checking import kept_titles
from shuxiang.imports.services.looking import Head
from shuxiang.imports.tables import write_xlsx


def write_corrections(draft: Draft, path: Path) -> int:
    """Refused rows and those with a remark, in the columns of the file; beside them what is to be done.

    MARC records have no columns: their number and title stand instead. Returns how many rows.
    """
    head = Head.from_json(draft.head)
    titles = list(dict.fromkeys(title for group in head.groups for title in group.titles))
    kept = [kept_titles(draft.kind, _by_field(one)) for one in draft.mapping.get("sheets", {}).values()]
    titles = [title for title in titles if any(some is None or title in some for some in kept)]
    rows = rows_to_correct(draft)
    # The words of these two columns are of no field, so that the workbook can be brought back as it is.
    beside = [_("Row in the file"), _("Verdict of the trial run"), pgettext("correction", "What to do")]
    return write_xlsx(path, [*(titles or [_("Title")]), *beside], _lines(rows.iterator(), titles), "1")


def _by_field(columns: Mapping[str, Sequence[object]]) -> dict[str, str]:
    """Field → column title, of the mapping of one sheet."""
    return {name: str(entry[1]) for name, entry in columns.items()}


def _lines(rows: Iterator[DraftRow], titles: list[str]) -> Iterator[list[str]]:
    for row in rows:
        place = f"{row.sheet} {row.number}" if row.sheet else str(row.number)
        why = " ".join(sentence(reason) for reason in row.reasons)
        cells = [row.cells.get(title, "") for title in titles] if titles else [row.label]
        yield [*cells, place, str(VERDICTS[row.verdict]), why]
