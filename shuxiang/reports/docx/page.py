"""Paper, margins, fonts and page numbers as GB/T 9704-2012 asks for them.

A4; 37 mm above, 28 mm at the left, a type area of 156 × 225 mm; 22 lines of 28 signs in 16 pt 仿宋.
"""

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from lxml import etree

from shuxiang.reports.docx.elements import element, field_runs, text_run

TITLE, BODY, HEAD1, HEAD2, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
LINE = Pt(29)  # 225 mm ÷ 22 lines
# what a machine without these fonts takes instead, in this order
FALLBACKS = {
    TITLE: "小标宋体,华文中宋,STZhongsong,宋体,SimSun",
    BODY: "仿宋,FangSong,华文仿宋,STFangsong,宋体",
    HEAD2: "楷体,KaiTi,华文楷体,STKaiti,宋体",
    HEAD1: "SimHei,微软雅黑,Microsoft YaHei",
}
# name → font, size in points
STYLES = {"Normal": (BODY, 16), "Title": (TITLE, 22), "Heading 1": (HEAD1, 16), "Heading 2": (HEAD2, 16)}


def set_up(document: Document) -> None:
    """Everything that holds for the whole file."""
    _page(document.sections[0])
    for name, (font, points) in STYLES.items():
        _style(document.styles[name], font, points)
    _title_style(document.styles["Title"])
    _name_fallbacks(document)
    document.settings.element.append(element("evenAndOddHeaders"))
    number_pages(document.sections[0])


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)


def lie_down(section: Section) -> None:
    """A page on its side, for a wide table; the binding edge is then above."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin = section.right_margin = Mm(32)
    section.footer_distance = Mm(16)


def _style(style: ParagraphStyle, font: str, points: int) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(points), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    set_fonts(style.element.get_or_add_rPr(), font)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.widow_control = True


def _title_style(style: ParagraphStyle) -> None:
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    style.paragraph_format.line_spacing = Pt(36)
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def set_fonts(properties: etree._Element, font: str) -> None:
    """Chinese in `font` with the shapes of the mainland, digits and letters in the Latin one."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    names = {"ascii": LATIN, "hAnsi": LATIN, "cs": LATIN, "eastAsia": font, "hint": "eastAsia"}
    properties.insert(0, element("rFonts", names))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("lang", {"val": "en-US", "eastAsia": "zh-CN"}))


def _name_fallbacks(document: Document) -> None:
    """The font table says what stands in for a font that is not installed."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = etree.fromstring(part.blob)
    for name, others in FALLBACKS.items():
        for old in [font for font in table if font.get(qn("w:name")) == name]:
            table.remove(old)
        font = element(
            "font", {"name": name}, element("altName", {"val": others}), element("charset", {"val": "86"})
        )
        table.append(font)
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def number_pages(section: Section) -> None:
    """— 1 — in 14 pt 宋体, one sign in from the outer edge: right on odd pages, left on even ones."""
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, "rightChars")
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT, "leftChars")


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH, indent: str) -> None:
    paragraph.alignment = side
    properties = paragraph._p.get_or_add_pPr()
    properties.append(element("ind", {indent: 100, indent.removesuffix("Chars"): 280}))
    look = [
        element("rFonts", {"ascii": SONG, "hAnsi": SONG, "eastAsia": SONG, "hint": "eastAsia"}),
        element("sz", {"val": 28}),
    ]
    copy = [etree.fromstring(etree.tostring(each)) for each in look]
    for run in (text_run("— ", *look), *field_runs("PAGE", *copy)):
        paragraph._p.append(run)
    paragraph._p.append(text_run(" —", *(etree.fromstring(etree.tostring(each)) for each in copy)))


def indent_two(paragraph: Paragraph) -> Paragraph:
    """The first line two signs in."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(element("ind", {"firstLineChars": 200, "firstLine": 640}))
    return paragraph
