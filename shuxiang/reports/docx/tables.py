"""Tables of a paper: ruled, heads repeated on every page; and the list of sources at its end."""

from collections.abc import Callable, Sequence
from copy import deepcopy

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from shuxiang.reports.blocks import Inline, Runs, Table
from shuxiang.reports.docx.elements import bookmark, element, text_run
from shuxiang.reports.docx.page import HEAD1, lie_down, set_fonts
from shuxiang.reports.facts import Fact
from shuxiang.reports.summary.words import period_name

Run = Callable[[Inline], etree._Element]
SOURCE_HEAD = ("序号", "数据", "取值", "分子÷分母", "口径", "明细所在页面")
SOURCE_WIDTHS = (11, 40, 24, 28, 58, 72)
SOURCE_NOTE = (
    "文中数字均由下列数据项得出，点击文中数字可到对应的一行；在系统中打开“明细所在页面”，可见逐条记录。"
)
SMALL = 9


def add_table(document: Document, table: Table, run: Run) -> None:
    """A table of the text: 12 pt, a long list smaller; columns of words to the left, the others centred."""
    points = SMALL if table.is_small else 12
    made = _new(document, table.head, table.widths_mm, points=points)
    pattern = _pattern(made, table)
    _size(made, table.widths_mm)
    if not table.rows:
        made._tbl.remove(pattern)
    for number, cells in enumerate(table.rows):
        # a list of ten thousand volumes: each row is a copy of the first, forms and widths are set once
        row = pattern if number == len(table.rows) - 1 else deepcopy(pattern)
        made._tbl.append(row)
        for paragraph, runs in zip(row.iter(qn("w:p")), cells, strict=True):
            _fill(paragraph, runs, run, points=points)
    if table.total:
        _total(made, table, run)


def _pattern(made: WordTable, table: Table) -> etree._Element:
    """A row of the text without its words."""
    row = _row(made)
    for n, cell in enumerate(row.cells):
        _prepare(cell, centred=n >= table.words, leading=12 if table.is_small else 20)
    return row._tr


def _total(made: WordTable, table: Table, run: Run) -> None:
    row = _row(made)
    for cell, runs, width in zip(row.cells, table.total, table.widths_mm, strict=True):
        cell.width = Mm(width)
        _fill(_prepare(cell, centred=True, leading=20)._p, runs, run, points=12, bold=True)


def add_sources(document: Document, facts: Sequence[Fact], anchors: dict[str, str]) -> None:
    """数据来源: one row a figure and period, which the numbers of the text lead to. It begins a page of its own."""
    lie_down(document.add_section(WD_SECTION.NEW_PAGE))
    document.add_paragraph("附：数据来源", style="Heading 1")
    note = document.add_paragraph()
    note.paragraph_format.line_spacing = Pt(20)
    note._p.append(_small(SOURCE_NOTE, 10))
    made = _new(document, SOURCE_HEAD, SOURCE_WIDTHS, points=SMALL)
    for n, fact in enumerate(facts, 1):
        row = _row(made)
        for column, words in enumerate(_source_cells(n, fact)):
            paragraph = _prepare(row.cells[column], centred=column in {0, 2, 3}, leading=13)
            inside: list[etree._Element] = [_small(words, SMALL)]
            if column == 0:
                inside = bookmark(anchors[fact.source], n, *inside)
            for piece in inside:
                paragraph._p.append(piece)
    _size(made, SOURCE_WIDTHS)


def _source_cells(n: int, fact: Fact) -> tuple[str, ...]:
    parts = {"class": "按班级", "month": "按月份", "clc": "按分类", "division": "按部类", "grade": "按年级"}
    of = f"（{parts.get(fact.by, fact.by)}）" if fact.by else ""
    value = "逐项见页面" if fact.by else f"{_plain(fact.rounded, fact.decimals)}{fact.unit}"
    quotient = (
        f"{_plain(fact.numerator)}÷{_plain(fact.denominator)}"
        if fact.denominator is not None and not fact.by
        else "—"
    )
    when = "" if fact.code.startswith("standard.") else f"\n{period_name(fact.period)}"
    return str(n), f"{fact.title}{of}{when}", value, quotient, fact.formula, fact.path or fact.code


def _plain(number: object, decimals: int | None = None) -> str:
    """1,234.50 with the figure's decimals; a side of a quotient with as many as it has, at most two."""
    if number is None:
        return "—"
    value = float(str(number))
    digits = decimals if decimals is not None else 0 if value == int(value) else 2
    return f"{value:,.{digits}f}"


def _small(words: str, points: int) -> etree._Element:
    """A run of a size, with its line breaks."""
    made = text_run("", element("sz", {"val": points * 2}))
    made.remove(made[-1])
    for n, line in enumerate(words.split("\n")):
        if n:
            made.append(element("br"))
        made.append(text_run(line)[-1])
    return made


def _new(document: Document, head: Sequence[str], widths_mm: Sequence[int], *, points: int) -> WordTable:
    table: WordTable = document.add_table(rows=1, cols=len(head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    row._tr.get_or_add_trPr().append(element("tblHeader"))
    for cell, words in zip(row.cells, head, strict=True):
        run = _prepare(cell, centred=True, leading=20 if points > SMALL else 15).add_run(words)
        run.font.size = Pt(points)
        set_fonts(run._r.get_or_add_rPr(), HEAD1)
    return table


def _row(table: WordTable) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    return row


def _prepare(cell: _Cell, *, centred: bool, leading: int) -> WordParagraph:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph: WordParagraph = cell.paragraphs[0]
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)
    form.space_before = form.space_after = Pt(2 if leading > 15 else 1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    return paragraph


def _fill(paragraph: etree._Element, runs: Runs, run: Run, *, points: int, bold: bool = False) -> None:
    for each in runs:
        made = run(each)
        for word_run in made.iter("{*}r"):
            properties = element(
                "rPr", None, *([element("b")] if bold else []), element("sz", {"val": points * 2})
            )
            word_run.insert(0, properties)
        paragraph.append(made)


def _size(table: WordTable, widths_mm: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
