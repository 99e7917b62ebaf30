"""What this room prints: slips for class teachers, the registers of a term, the score sheet."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.libraries.models import Library
from shuxiang.visits.models import TeacherReading
from shuxiang.visits.selectors import Row, ScoreSheet
from shuxiang.visits.sheets import Block, Column, Sheet
from shuxiang.visits.slips import Owed, Slip


def slip_sheet(library: Library, slip: Slip, term: str, today: date) -> Sheet:
    """The slip of one class as a page."""
    blocks = []
    if slip.overdue:
        columns = (
            _no(),
            Column(pgettext("reader", "Name"), 18),
            Column(_("Title"), 60),
            Column(_("Due on"), 20),
            Column(_("Days late"), 14, "right"),
        )
        rows = tuple(
            (_n(row.number), row.name, row.title, row.on.isoformat(), str(row.days)) for row in slip.overdue
        )
        blocks.append(Block(_("Overdue"), _("Please remind them to bring these back."), columns, rows))
    if slip.lost:
        columns = (
            _no(),
            Column(pgettext("reader", "Name"), 18),
            Column(_("Title"), 60),
            Column(_("Lost on"), 20),
            Column(_("Price"), 14, "right"),
        )
        rows = tuple(
            (_n(row.number), row.name, row.title, row.on.isoformat(), _yuan(row)) for row in slip.lost
        )
        blocks.append(Block(_("Lost this term"), "", columns, rows))
    if slip.never:
        names = "、".join(f"{number}. {name}" if number else name for number, name in slip.never)
        blocks.append(Block(_("Have borrowed nothing this term"), names))
    if not blocks:
        blocks.append(
            Block(_("Nothing to remind of"), _("Nothing is overdue or lost, and everybody has borrowed."))
        )
    lines = (
        f"{library.name}　{today.isoformat()}",
        _("%(term)s: %(borrowed)s of %(pupils)s pupils have borrowed, %(loans)s volumes.")
        % {"term": term, "borrowed": slip.borrowed, "pupils": slip.pupils, "loans": slip.loans},
    )
    title = pgettext("slip", "%(class)s: from the library to the class teacher") % {"class": slip.label}
    return Sheet(title, lines, tuple(blocks), _("For the class teacher only; please do not post."))


def _no() -> Column:
    return Column(pgettext("in the class", "No."), 10, "right")


def _n(number: int | None) -> str:
    return str(number) if number else ""


def _yuan(row: Owed) -> str:
    return "—" if row.price_fen is None else f"{Decimal(row.price_fen) / 100:.2f}"


def lesson_sheet(library: Library, rows: Sequence[Row], term: str, states: dict[str, str]) -> Sheet:
    """The register of reading lessons of a term: planned and written, line by line, with the sum at its head."""
    held = sum(row.lesson is not None and row.lesson.state == "held" for row in rows)
    planned = sum(row.planned is not None for row in rows)
    columns = (
        Column(_("Day"), 20),
        Column(_("Time"), 20),
        Column(_("Class"), 18),
        Column(_("Teacher"), 16),
        Column(_("Topic and books"), 52),
        Column(_("Pupils"), 12, "right"),
        Column(_("Remark"), 24),
    )
    cells = []
    for row in rows:
        at, lesson = row.lesson or row.planned, row.lesson
        if at is None:
            continue
        what = " · ".join(part for part in (lesson.topic, lesson.books) if part) if lesson else ""
        heads = str(lesson.head_count) if lesson and lesson.head_count is not None else ""
        remark = "" if lesson is None else lesson.reason if lesson.state == "dropped" else ""
        state = (
            states["none"] if lesson is None else states[lesson.state] if lesson.state == "dropped" else ""
        )
        when = f"{at.starts:%H:%M}–{at.ends:%H:%M}"
        teacher = lesson.teacher if lesson else ""
        cells.append((row.on.isoformat(), when, row.label, teacher, what, heads, f"{state} {remark}".strip()))
    text = _("%(planned)s planned, %(held)s held.") % {"planned": planned, "held": held}
    block = Block(_("Lessons"), text, columns, tuple(cells))
    return Sheet(_("Register of reading lessons"), (f"{library.name}　{term}",), (block,))


def reading_sheet(library: Library, rows: Sequence[TeacherReading], days: tuple[date, date]) -> Sheet:
    """The teachers' reading-room register of some days, with empty lines to write on."""
    columns = (
        Column(_("Day"), 20),
        Column(_("Time"), 14),
        Column(_("Teacher"), 24),
        Column(_("Room"), 26),
        Column(_("Read"), 56),
        Column(_("Signature"), 24),
    )
    cells: list[tuple[str, ...]] = [
        (row.on.isoformat(), f"{row.starts:%H:%M}", row.name, row.room.name, row.what, "") for row in rows
    ]
    cells += [("",) * len(columns)] * max(0, 20 - len(cells))
    text = _("%(count)s entries.") % {"count": len(rows)}
    title = _("Teachers' reading-room register")
    line = f"{library.name}　{days[0].isoformat()} – {days[1].isoformat()}"
    return Sheet(title, (line,), (Block(title, text, columns, tuple(cells)),))


def score_paper(library: Library, sheet: ScoreSheet, term: str) -> Sheet:
    """The ranking with all criteria, and below it how each is computed."""
    columns = (
        Column(pgettext("rank", "Place"), 10, "right"),
        Column(_("Class"), 22),
        *(Column(criterion.name, 20, "right") for criterion in sheet.criteria),
        Column(_("Sum"), 16, "right"),
    )
    rows = tuple(
        (
            str(line.placed.place),
            line.school_class.label,
            *(f"{cell.points:g}" if not cell.points else f"{cell.points:.2f}" for cell in line.cells),
            f"{line.placed.total:.2f}",
        )
        for line in sheet.lines
    )
    return Sheet(
        _("Score sheet of the classes"),
        (f"{library.name}　{term}",),
        (Block(_("Ranking"), "", columns, rows),),
    )
