"""Papers of this room as plain values, written as PDF (one page after another) or as a Word file from the same values."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

import docx
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shuxiang.printing.fitting import fit, foot_of, line_height, wrap
from shuxiang.printing.pdf import A4, Align, Document, Page

LEFT, RIGHT, TOP, BOTTOM = 18.0, 18.0, 18.0, 16.0
ROW, HEADINGS, SIZE = 7.4, 7.8, 10.5
FONT = "宋体"


@dataclass(frozen=True)
class Column:
    """A heading and a share of the width."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True)
class Block:
    """A heading with a sentence below it, a table, or both."""

    caption: str
    text: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One paper, begun on a page of its own; `lines` stand below the title."""

    title: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    foot: str = ""


@dataclass
class _Flow:
    """Where on the page one is; turns it when it is full."""

    document: Document
    paper: tuple[float, float]
    foot: str
    y: float = 0.0
    page: Page = field(init=False)

    def turn(self) -> None:
        self.page = self.document.page(*self.paper)
        self.y = TOP
        self.page.text(
            self.paper[0] - RIGHT, self.paper[1] - 8, self.foot, size=8, family="serif", align="right"
        )

    @property
    def width(self) -> float:
        return self.paper[0] - LEFT - RIGHT

    def room_for(self, height: float) -> bool:
        return self.y + height <= self.paper[1] - BOTTOM

    def line(self, text: str, size: float, *, bold: bool = False, centred: bool = False) -> None:
        for part in wrap(text, width=self.width, size=size, family="serif"):
            if not self.room_for(line_height(size)):
                self.turn()
            x = self.paper[0] / 2 if centred else LEFT
            align: Align = "centre" if centred else "left"
            foot = self.y + foot_of(size)
            self.page.text(x, foot, part, size=size, family="serif", bold=bold, align=align)
            self.y += line_height(size)

    def row(self, columns: Sequence[Column], cells: Sequence[str], *, is_head: bool = False) -> None:
        high, x = HEADINGS if is_head else ROW, LEFT
        total = sum(column.width for column in columns)
        for column, text in zip(columns, cells, strict=True):
            width = column.width / total * self.width
            self.page.frame(x, self.y, width, high)
            self._cell(text, (x, width, high), "centre" if is_head else column.align, bold=is_head)
            x += width
        self.y += high

    def _cell(self, text: str, box: tuple[float, float, float], align: Align, *, bold: bool) -> None:
        if not text:
            return
        x, width, high = box
        fitted = fit(text, width=width - 2, height=high - 0.4, size=SIZE, least=5.5, family="serif")
        at = {"left": x + 1, "centre": x + width / 2, "right": x + width - 1}[align]
        y = self.y + (high - fitted.height) / 2 + foot_of(fitted.size)
        for line in fitted.lines:
            self.page.text(at, y, line, size=fitted.size, family="serif", align=align, bold=bold)
            y += line_height(fitted.size)


def write_pdf(
    out: BinaryIO,
    sheets: Sequence[Sheet],
    *,
    title: str,
    author: str,
    at: datetime,
    paper: tuple[float, float] = A4,
) -> None:
    """The sheets one after another, each from the head of a page."""
    with Document(out, title=title, author=author, at=at) as document:
        for sheet in sheets:
            _draw(_Flow(document, paper, sheet.foot), sheet)


def _draw(flow: _Flow, sheet: Sheet) -> None:
    flow.turn()
    flow.line(sheet.title, 18, bold=True, centred=True)
    flow.y += 2
    for line in sheet.lines:
        flow.line(line, 11)
    for block in sheet.blocks:
        flow.y += 4
        if not flow.room_for(line_height(13) + HEADINGS + ROW):
            flow.turn()
        flow.line(block.caption, 13, bold=True)
        if block.text:
            flow.line(block.text, 11)
        if block.columns:
            _table(flow, block)


def _table(flow: _Flow, block: Block) -> None:
    titles = [column.title for column in block.columns]
    flow.y += 1
    flow.row(block.columns, titles, is_head=True)
    for cells in block.rows:
        if not flow.room_for(ROW):
            flow.turn()
            flow.row(block.columns, titles, is_head=True)
        flow.row(block.columns, cells)


def write_word(sheets: Sequence[Sheet], *, title: str, author: str) -> bytes:
    """The same sheets as a Word file that can be written on: a page for each, A4."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(A4[0]), Mm(A4[1])
    section.left_margin = section.right_margin = Mm(LEFT)
    section.top_margin = section.bottom_margin = Mm(TOP)
    for name, points in (("Normal", 11), ("Heading 1", 18), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(points)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.core_properties.title, document.core_properties.author = title, author
    document.core_properties.comments = ""
    for number, sheet in enumerate(sheets):
        if number:
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _write_sheet(document, sheet)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _write_sheet(document: "docx.document.Document", sheet: Sheet) -> None:
    document.add_heading(sheet.title, level=1)
    for line in sheet.lines:
        document.add_paragraph(line)
    for block in sheet.blocks:
        document.add_heading(block.caption, level=2)
        if block.text:
            document.add_paragraph(block.text)
        if block.columns:
            table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
            for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
                cell.text = column.title
            for cells in block.rows:
                for cell, text in zip(table.add_row().cells, cells, strict=True):
                    cell.text = text
    document.add_paragraph(sheet.foot)
