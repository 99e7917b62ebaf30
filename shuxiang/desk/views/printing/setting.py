"""How a run is printed: the sheet, the printer, where the first label lies, and which of the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shuxiang.common import clock
from shuxiang.common.decisions import Reason, Weight
from shuxiang.desk.views.printing.kinds import BY_CODE, Kind
from shuxiang.printing import rules, selectors
from shuxiang.printing.messages import words

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library
    from shuxiang.printing.models import Printer, PrintRun
    from shuxiang.printing.sheets import Sheet

FIELDS = ("sheet", "printer", "start", "first", "last")


@dataclass(slots=True)
class Setting:
    """As it was given, or as it is proposed; with `problems` nothing is printed. `used` is where the last sheet ended."""

    sheet: Sheet | None
    printer: Printer | None
    start: int
    first: int
    last: int
    used: int = 1
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it another print."""
        sheet = self.sheet.code if self.sheet else ""
        return sheet, self.printer.pk if self.printer else 0, self.start, self.first, self.last


def proposed(library: Library, kind: Kind) -> list[tuple[str, str, bool]]:
    """(code, name, whether large enough) of all sheets: a library's own first, then those that suit the kind."""
    places = {code: place for place, code in enumerate(kind.sheets)}
    rows = [
        (sheet.code, name, not rules.judge_size(sheet, kind.least).refused)
        for name, sheet in selectors.sheets_of(library)
    ]
    return sorted(
        (row for row in rows if row[2]),
        key=lambda row: (not row[0].startswith(selectors.OWN), places.get(row[0], len(places))),
    )


def read(library: Library, run: PrintRun, given: Mapping[str, str]) -> Setting:
    """The form, or the address; what is not given is as the run was printed, or as its kind was printed last."""
    kind = BY_CODE[run.kind]
    last = run if run.printed_at else selectors.last_choice(library, run.kind)
    code = given.get("sheet") or (last.sheet if last else "") or kind.sheets[0]
    sheet = selectors.find_sheet(library, code)
    if sheet is None and not given.get("sheet"):
        sheet = selectors.find_sheet(library, kind.sheets[0])
    printer = _printer(library, given.get("printer"), last)
    used = selectors.place_after(library, sheet, clock.now()) if sheet else 1
    found = Setting(
        sheet=sheet,
        printer=printer,
        start=_number(given.get("start"), 1),
        first=_number(given.get("first"), 1),
        last=_number(given.get("last"), run.total),
        used=used,
    )
    found.problems = _problems(found, run, kind)
    return found


def _problems(found: Setting, run: PrintRun, kind: Kind) -> list[str]:
    if found.sheet is None:
        return [words(Reason("sheet_unknown", Weight.REFUSE))]
    judged = rules.judge_run(
        found.sheet, total=run.total, start=found.start, first=found.first, last=found.last
    )
    large = rules.judge_size(found.sheet, kind.least)
    return [words(reason) for reason in (*large.refused, *judged.refused)]


def _printer(library: Library, given: str | None, last: PrintRun | None) -> Printer | None:
    """The printer given ('0' or '' for none), else that of the last time, else the only one."""
    if given is not None:
        known = given.isascii() and given.isdecimal() and len(given) < 16
        return selectors.find_printer(library, int(given)) if known else None
    if last is not None:
        return last.printer
    printers = selectors.printers_of(library)
    return printers[0] if len(printers) == 1 else None


def _number(given: str | None, otherwise: int) -> int:
    """A number from a form; 0, which no label has, for what is none."""
    text = (given or "").strip()
    if not text:
        return otherwise
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
