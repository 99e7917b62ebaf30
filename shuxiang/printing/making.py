"""Labels go onto sheets: the PDF, the first sheet as a picture, and what stood in the way of single labels.

Knows no Django.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from shuxiang.printing.codes import OFFICE, ROLL
from shuxiang.printing.font import missing
from shuxiang.printing.labels import Label, Placed, place
from shuxiang.printing.pdf import Document, Page
from shuxiang.printing.rules import Correction
from shuxiang.printing.shapes import Shape, Text, draw, frame, moved
from shuxiang.printing.sheets import Sheet

STRAIGHT = Correction()


@dataclass(slots=True)
class Told:
    """What came of the labels: printed, sheets, those left out (they cannot be printed here), those with text cut short,
    and the signs that the font does not have."""

    printed: int = 0
    sheets: int = 0
    left_out: list[Placed] = field(default_factory=list)
    cut: list[Placed] = field(default_factory=list)
    missing: tuple[str, ...] = ()


def sheets_needed(sheet: Sheet, start: int, labels: int) -> int:
    """Sheets for so many labels when the first lies at place `start` (from 1)."""
    return -(-(start - 1 + labels) // sheet.labels) if labels else 0


def placed(labels: Iterable[Label], sheet: Sheet, told: Told) -> Iterator[Placed]:
    """The labels that can be printed on such a sheet, one after another; `told` hears of the others."""
    inside, dots = sheet.inside, ROLL if sheet.is_roll else OFFICE
    seen: dict[str, None] = {}
    for label in labels:
        found = place(label, inside, dots=dots)
        if found.refused is not None:
            told.left_out.append(found)
            continue
        if found.cut:
            told.cut.append(found)
        seen.update(dict.fromkeys(missing(s.text for s in found.shapes if isinstance(s, Text))))
        told.printed += 1
        yield found
    told.missing = tuple(seen)


def write(
    out: BinaryIO,
    labels: Iterable[Label],
    sheet: Sheet,
    *,
    start: int = 1,
    correction: Correction = STRAIGHT,
    title: str,
    author: str = "",
    at: datetime | None = None,
) -> Told:
    """The labels as a PDF, the first at place `start` of the first sheet, moved by what the printer was found to be off."""
    told = Told()
    with Document(out, title=title, author=author, at=at) as document:
        page: Page | None = None
        for number, label in enumerate(placed(labels, sheet, told), start - 1):
            if page is None or number % sheet.labels == 0:
                page = _turn(document, sheet, correction)
            x, y = sheet.corner(number)
            for shape in label.shapes:
                draw(page, shape, x, y)
        if page is None:
            _turn(document, sheet, correction)
        told.sheets = document.pages
    return told


def _turn(document: Document, sheet: Sheet, correction: Correction) -> Page:
    """A sheet; on blank paper with the lines to cut along."""
    page = document.page(sheet.page_width, sheet.page_height)
    page.shift(*correction.shift)
    if sheet.cut:
        for place_ in range(sheet.labels):
            for line in frame(*sheet.corner(place_), sheet.width, sheet.height, dashed=True):
                draw(page, line)
    return page


def first_sheet(labels: Sequence[Label], sheet: Sheet, *, start: int = 1) -> tuple[list[Shape], Told]:
    """What is drawn on the first sheet, and what came of all labels."""
    told, shapes = Told(), list[Shape]()
    for number, label in enumerate(placed(labels, sheet, told), start - 1):
        if number < sheet.labels:
            x, y = sheet.corner(number)
            shapes += [moved(shape, x, y) for shape in label.shapes]
    told.sheets = sheets_needed(sheet, start, told.printed)
    return shapes, told
