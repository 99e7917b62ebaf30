"""What an import did, or would do, in lines and as JSON: the same for the command line, the API and the wizard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from shuxiang.common.money import format_yuan
from shuxiang.imports.messages import sentence, totals_line
from shuxiang.imports.models import Run
from shuxiang.imports.selectors import rows_to_look_at
from shuxiang.imports.services import Preview
from shuxiang.imports.shapes import Undone
from shuxiang.imports.tables import BOOK_FIELDS, LOAN_FIELDS, PATRON_FIELDS

VERDICTS = {
    "made": gettext_lazy("made"),
    "changed": gettext_lazy("changed"),
    "skipped": gettext_lazy("skipped"),
    "refused": gettext_lazy("refused"),
}
TOTALS = {
    "records": gettext_lazy("titles"),
    "items": gettext_lazy("volumes"),
    "amount_fen": gettext_lazy("yuan"),
    "unknown_prices": gettext_lazy("volumes of unknown price"),
    "patrons": gettext_lazy("readers"),
    "classes": pgettext_lazy("behind a number", "classes"),
    "loans": gettext_lazy("loans"),
    "open": gettext_lazy("still open"),
    "without_volume": gettext_lazy("without a volume"),
}


_FIELDS = {"books": BOOK_FIELDS, "patrons": PATRON_FIELDS, "loans": LOAN_FIELDS}


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row that a person should look at."""

    number: int
    sheet: str
    verdict: str
    label: str
    reasons: tuple[dict[str, object], ...]

    def line(self) -> str:
        """Row 12 “…”: refused. Why, and what to do."""
        place = f"{self.sheet}!{self.number}" if self.sheet else str(self.number)
        why = " ".join(sentence(reason) for reason in self.reasons)
        words = {"place": place, "label": self.label, "verdict": VERDICTS[self.verdict], "why": why}
        if not self.label:
            return _("Row %(place)s: %(verdict)s. %(why)s") % words
        return _("Row %(place)s “%(label)s”: %(verdict)s. %(why)s") % words

    def to_json(self) -> dict[str, object]:
        return {
            "row": self.number,
            "sheet": self.sheet,
            "verdict": self.verdict,
            "label": self.label,
            "reasons": [{**reason, "sentence": sentence(reason)} for reason in self.reasons],
        }


@dataclass(slots=True)
class Report:
    """`run` is empty for a dry run; `rows` are those refused, skipped, changed or with a remark."""

    kind: str
    file: str
    run: str
    mapping: dict[str, object]
    warnings: list[str]
    counts: dict[str, int]
    totals: dict[str, int]
    rows: list[RowReport] = field(default_factory=list)

    @property
    def read(self) -> int:
        return sum(self.counts.values())

    def head(self) -> Iterator[str]:
        """What the columns were taken for, and what is odd about the file."""
        if columns := columns_line(self.mapping, self.kind):
            yield columns
        yield from self.warnings

    def tail(self) -> Iterator[str]:
        """The line that reconciles, then how to undo when there is something to undo."""
        line, totals = totals_line(self.counts), totals_words(self.totals)
        yield _("%(line)s: %(totals)s") % {"line": line, "totals": totals} if totals else line
        if self.run and not (self.counts["made"] or self.counts["changed"]):
            yield _("Nothing was changed.")
        elif self.run:
            yield _("Undo with: shuxiang undo %(run)s") % {"run": self.run}
        else:
            yield _("Nothing was written: this was a dry run.")

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "file": self.file,
            "run": self.run or None,
            "dry_run": not self.run,
            "mapping": self.mapping,
            "warnings": self.warnings,
            "read": self.read,
            **self.counts,
            "totals": self.totals,
            "rows": [row.to_json() for row in self.rows],
        }


def totals_words(totals: Mapping[str, int]) -> str:
    """2662 titles, 9945 volumes …"""
    shown = {
        name: format_yuan(count) if name.endswith("_fen") else str(count) for name, count in totals.items()
    }
    return _(", ").join(f"{shown[name]} {TOTALS[name]}" for name in TOTALS if name in totals)


def columns_line(mapping: Mapping[str, object], kind: str = "") -> str:
    columns = mapping.get("columns")
    if not isinstance(columns, dict):
        return ""
    is_chinese = (get_language() or "").startswith("zh")
    words = {spec.name: spec.synonyms[0] for spec in _FIELDS.get(kind, ()) if is_chinese}
    pairs = (f"{entry[1]} → {words.get(name, name)}" for name, entry in columns.items())
    return _("Columns: %(pairs)s") % {"pairs": ", ".join(pairs)}


def of_preview(preview: Preview, kind: str = "", file: str = "") -> Report:
    return Report(
        kind=kind,
        file=file,
        run="",
        mapping=preview.mapping,
        warnings=[sentence(note) for note in preview.warnings],
        counts={verdict: preview.counts.get(verdict, 0) for verdict in VERDICTS},
        totals=preview.totals,
        rows=[
            RowReport(
                row.number, row.sheet, row.verdict, row.label, tuple(note.to_json() for note in row.notes)
            )
            for row in preview.rows
        ],
    )


def of_run(run: Run) -> Report:
    warnings: Sequence[dict[str, object]] = run.options.get("warnings", [])
    return Report(
        kind=run.kind,
        file=run.file.name,
        run=str(run.pk),
        mapping=run.mapping,
        warnings=[sentence(note) for note in warnings],
        counts={
            "made": run.rows_made,
            "changed": run.rows_changed,
            "skipped": run.rows_skipped,
            "refused": run.rows_refused,
        },
        totals=run.totals,
        rows=[
            RowReport(row.number, row.sheet, row.verdict, row.label, tuple(row.reasons))
            for row in rows_to_look_at(run).iterator()
        ],
    )


def undone_lines(undone: Undone) -> Iterator[str]:
    """What went, and by name what stayed."""
    for note in undone.kept:
        yield sentence(note)
    words = totals_words(undone.reversed)
    yield _("Undone: %(what)s; %(kept)s left as they are.") % {"what": words or "0", "kept": len(undone.kept)}
