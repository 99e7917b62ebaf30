"""The rotation table as a poster: A4 or A3 on its side, type as large as the cells take; and the slip of one class."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from shuxiang.libraries.models import Library
from shuxiang.libraries.rotation import Cell, Grid
from shuxiang.printing.fitting import fit, foot_of, line_height
from shuxiang.printing.pdf import A3_LANDSCAPE, A4_LANDSCAPE, Document, Page
from shuxiang.visits.messages import ACTIVITIES, WEEKDAYS
from shuxiang.visits.sheets import Block, Column, Sheet

PAPERS = {"a4": A4_LANDSCAPE, "a3": A3_LANDSCAPE}
WEEKS = {"every": "", "A": "A ", "B": "B "}


def draw_poster(
    out: BinaryIO,
    library: Library,
    tables: Sequence[tuple[str, Grid]],
    day: date,
    *,
    paper: tuple[float, float],
    at: datetime,
) -> None:
    """A page for each room's table, as it holds on a day."""
    title = _("Rotation table")
    with Document(out, title=title, author=library.name, at=at) as document:
        for room, grid in tables:
            _page(document.page(*paper), f"{library.name}　{room}", grid, day)


def _page(page: Page, name: str, grid: Grid, day: date) -> None:
    unit = page.width / 297  # A3 is the same drawing, larger
    margin = 12 * unit
    page.text(page.width / 2, 22 * unit, name, size=26 * unit, family="sans", align="centre", bold=True)
    words = _("Rotation table, from %(on)s") % {"on": day.isoformat()}
    page.text(page.width / 2, 32 * unit, words, size=14 * unit, family="sans", align="centre")
    top, first = 38 * unit, 34 * unit
    width = (page.width - 2 * margin - first) / len(grid.weekdays)
    head = 13 * unit
    rows = max(1, len(grid.lines))
    high = min(62 * unit, (page.height - top - head - 16 * unit) / rows)
    page.frame(margin, top, first, head, line=0.4)
    for place, weekday in enumerate(grid.weekdays):
        x = margin + first + place * width
        page.frame(x, top, width, head, line=0.4)
        _words(page, str(WEEKDAYS[weekday]), (x, top, width, head), 16 * unit, bold=True)
    for number, line in enumerate(grid.lines):
        y = top + head + number * high
        page.frame(margin, y, first, high, line=0.4)
        _words(page, f"{line.starts:%H:%M}\n{line.ends:%H:%M}", (margin, y, first, high), 16 * unit)
        for place, (_weekday, cells) in enumerate(line.days):
            x = margin + first + place * width
            page.frame(x, y, width, high, line=0.4)
            _words(page, "\n".join(_cell(cell) for cell in cells), (x, y, width, high), 20 * unit, bold=True)
    if any(cell.week != "every" for line in grid.lines for _day, cells in line.days for cell in cells):
        words = _("A: odd teaching weeks. B: even teaching weeks.")
        page.text(margin, page.height - 8 * unit, words, size=11 * unit, family="sans")


def _cell(cell: Cell) -> str:
    who = cell.who or (_("Everybody") if cell.activity != "closed" else "")
    what = "" if cell.activity == "lend" else str(ACTIVITIES[cell.activity])
    return WEEKS[cell.week] + (f"{who}（{what}）" if who and what else who or what)


def _words(
    page: Page, text: str, box: tuple[float, float, float, float], size: float, *, bold: bool = False
) -> None:
    x, y, width, high = box
    if not text:
        return
    lines = text.count("\n") + 4
    fitted = fit(text, width=width - 3, height=high - 2, size=size, least=6, family="sans", lines=lines)
    foot = y + (high - fitted.height) / 2 + foot_of(fitted.size)
    for line in fitted.lines:
        page.text(x + width / 2, foot, line, size=fitted.size, family="sans", align="centre", bold=bold)
        foot += line_height(fitted.size)


def class_sheet(library: Library, label: str, cells: Sequence[tuple[str, int, Cell]], day: date) -> Sheet:
    """The times of one class on half a page: (room, weekday, cell), in the order of the week."""
    columns = (
        Column(_("Day"), 20),
        Column(_("Time"), 30),
        Column(_("Room"), 36),
        Column(_("What for"), 36),
        Column(_("Week"), 20),
    )
    rows = tuple(
        (
            str(WEEKDAYS[weekday]),
            f"{cell.starts:%H:%M}–{cell.ends:%H:%M}",
            room,
            str(ACTIVITIES[cell.activity]),
            {"every": _("every week"), "A": _("odd weeks"), "B": _("even weeks")}[cell.week],
        )
        for room, weekday, cell in cells
    )
    title = _("%(class)s: our times in the library") % {"class": label}
    line = f"{library.name}　" + _("from %(on)s") % {"on": day.isoformat()}
    return Sheet(title, (line,), (Block(_("Times"), "", columns, rows),))
