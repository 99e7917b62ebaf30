"""A paper as a Word file: block by block."""

import io
from datetime import date

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from shuxiang.reports.blocks import (
    Block,
    Chart,
    Heading,
    Human,
    Inline,
    Num,
    Paper,
    Paragraph,
    Runs,
    Signature,
    Table,
    plain,
    sources,
)
from shuxiang.reports.docx import tables
from shuxiang.reports.docx.charts import add_chart
from shuxiang.reports.docx.elements import control, link_within, text_run
from shuxiang.reports.docx.page import BODY, indent_two, set_fonts, set_up
from shuxiang.reports.docx.reading import MARK
from shuxiang.reports.docx.tags import human_tag
from shuxiang.reports.rules import fingerprint

GREY = RGBColor(0x66, 0x66, 0x66)
SUGGESTED = f"{MARK[0]}以下由系统根据数据提出，请核改后删去本行{MARK[1]}"


def write(paper: Paper, *, mark: str, is_final: bool = False) -> bytes:
    """The bytes of the file. A final paper shows no prompts and no marks at suggestions."""
    document = docx.Document()
    set_up(document)
    document.core_properties.title = "".join(paper.title)
    document.core_properties.author = paper.title[0]
    document.core_properties.comments = ""
    writer = Writer(document, anchors_of(paper), is_final)
    writer.title(paper.title, mark)
    for block in paper.blocks:
        writer.block(block)
    if facts := sources(paper):
        tables.add_sources(document, facts, writer.anchors)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def anchors_of(paper: Paper) -> dict[str, str]:
    """The bookmark of each source, by what tells sources apart."""
    return {fact.source: f"source_{n}" for n, fact in enumerate(sources(paper), 1)}


class Writer:
    """Adds blocks at the end of a document."""

    def __init__(self, document: Document, anchors: dict[str, str], is_final: bool) -> None:
        self.document, self.anchors, self.is_final = document, anchors, is_final

    def title(self, lines: tuple[str, ...], mark: str) -> None:
        paragraphs = [self.document.add_paragraph(line, style="Title") for line in lines]
        self._into_control(mark, "标题", paragraphs)
        self.document.add_paragraph()

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.paragraph(block.runs)
            case Heading():
                indent_two(self.document.add_paragraph(block.text, style=f"Heading {block.level}"))
            case Human():
                self.human(block)
            case Table():
                self.table(block)
            case Chart():
                self.chart(block)
            case Signature():
                self.signature(block.name, block.on)

    def paragraph(self, runs: Runs) -> WordParagraph:
        made = indent_two(self.document.add_paragraph())
        for run in runs:
            made._p.append(self.run(run))
        return made

    def run(self, run: Inline) -> etree._Element:
        """Words, or a number that leads to its row in the list of sources."""
        return link_within(self.anchors[run.fact.source], run.text) if isinstance(run, Num) else text_run(run)

    def human(self, part: Human) -> None:
        if part.text:
            paragraphs = [self.paragraph((line,)) for line in part.text.split("\n")]
            self._into_control(human_tag(part.key, fingerprint(part.text)), part.title, paragraphs)
        elif part.proposal:
            words = "\n".join(plain(paragraph.runs) for paragraph in part.proposal)
            paragraphs = [] if self.is_final else [self._grey(SUGGESTED)]
            paragraphs += [self.paragraph(paragraph.runs) for paragraph in part.proposal]
            self._into_control(human_tag(part.key, fingerprint(words)), f"{part.title}（建议）", paragraphs)
        elif not self.is_final:
            paragraph = self._grey(part.prompt)
            tag = human_tag(part.key, fingerprint(part.prompt))
            self._into_control(tag, part.title, [paragraph], is_empty=True)

    def _grey(self, words: str) -> WordParagraph:
        paragraph = indent_two(self.document.add_paragraph())
        paragraph.add_run(words).font.color.rgb = GREY
        return paragraph

    def _into_control(
        self, tag: str, title: str, paragraphs: list[WordParagraph], *, is_empty: bool = False
    ) -> None:
        place = paragraphs[0]._p.getparent()
        at = place.index(paragraphs[0]._p)
        inside = [paragraph._p for paragraph in paragraphs]
        place.insert(at, control(tag, title, *inside, is_empty=is_empty))

    def table(self, table: Table) -> None:
        self.caption(table.caption)
        tables.add_table(self.document, table, self.run)
        self.document.add_paragraph().paragraph_format.line_spacing = Pt(12)

    def chart(self, chart: Chart) -> None:
        add_chart(self.document, chart)
        self.caption(chart.caption, above=False)

    def caption(self, words: str, *, above: bool = True) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = above
        run = paragraph.add_run(words)
        run.font.size = Pt(14)
        set_fonts(run._r.get_or_add_rPr(), BODY)

    def signature(self, name: str, on: date) -> None:
        """Name and date at the right: the date four signs in, the name centred over it, both kept together."""
        when = f"{on.year}年{on.month}月{on.day}日"
        date_width, name_width = _width(when), _width(name)
        inset = 4 + max(0.0, (name_width - date_width) / 2 - 2)
        for words, signs in ((name, inset + (date_width - name_width) / 2), (when, inset)):
            if words == name:
                self.document.add_paragraph().paragraph_format.keep_with_next = True
            paragraph = self.document.add_paragraph(words)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(16 * signs)
            paragraph.paragraph_format.keep_with_next = words == name


def _width(text: str) -> float:
    """In signs of Chinese: digits are half as wide."""
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)
