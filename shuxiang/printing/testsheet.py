"""The test sheet of the calibrator: two lines to measure to, two more for the size, and what to do. Knows no Django."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from shuxiang.printing.fitting import fit, foot_of, line_height
from shuxiang.printing.labels import Box
from shuxiang.printing.pdf import Document, Page
from shuxiang.printing.rules import Correction, marks_of

TICK = 3.0  # mm


def write_test_sheet(
    out: BinaryIO,
    paper: tuple[float, float],
    *,
    lines: Sequence[str],
    correction: Correction,
    at: datetime | None = None,
) -> None:
    """A page with a line across and one down where rules.marks_of says, their distances written beside them, and `lines`."""
    wide, high = paper
    marks = marks_of(wide, high)
    with Document(out, title=lines[0] if lines else "", at=at) as document:
        page = document.page(wide, high)
        page.shift(*correction.shift)
        far_x, far_y = marks.x + marks.wide, marks.y + marks.high
        for x, number in ((marks.x, marks.x), (far_x, marks.wide)):
            page.line(x, marks.y - TICK, x, far_y + TICK, width=0.15)
            _number(page, x + 0.6, marks.y + 3.2 if number == marks.x else far_y - 1.2, number)
        for y, number in ((marks.y, marks.y), (far_y, marks.high)):
            page.line(marks.x - TICK, y, far_x + TICK, y, width=0.15)
            _number(page, marks.x + (5 if number == marks.y else 0.6), y - 0.8, number)
        _say(page, lines, Box(marks.x + 2, marks.y + 6, marks.wide - 4, marks.high - 8))


def _number(page: Page, x: float, y: float, number: float) -> None:
    page.text(x, y, f"{number:g}", size=7)


def _say(page: Page, lines: Sequence[str], box: Box) -> None:
    """The instructions inside the frame, as large as there is room."""
    if box.width <= 0 or box.height <= 0:
        return
    fitted = fit("\n".join(lines), width=box.width, height=box.height, size=12, least=3.5, lines=20)
    foot = box.y + foot_of(fitted.size)
    for line in fitted.lines:
        page.text(box.x, foot, line, size=fitted.size)
        foot += line_height(fitted.size)
