"""The Word file: official form, links, chart, what people wrote into it."""

import io
import zipfile

import docx as word
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from shuxiang.reports import docx
from shuxiang.reports.docx.charts import CHART_TYPE
from shuxiang.reports.rules import Control
from shuxiang.reports.selectors import with_texts
from shuxiang.reports.term_summary import compose
from shuxiang.reports.tests.books import book

MARK = docx.mark_of("lx", "term-summary", "2026-spring")


@pytest.fixture(scope="module")
def content() -> bytes:
    return docx.write(compose(book()), mark=MARK)


@pytest.fixture
def document(content: bytes) -> Document:
    return word.Document(io.BytesIO(content))


def controls(content: bytes) -> dict[str, Control]:
    return {each.key: each for each in docx.read_controls(content, mark=MARK)}


def edit(content: bytes, key: str, text: str) -> bytes:
    """What a person does in Word: put the cursor into a part and write."""
    document = word.Document(io.BytesIO(content))
    for sdt in document.element.body.iter(qn("w:sdt")):
        if f":human:{key}:" in sdt.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")):
            paragraphs = list(sdt.iter(qn("w:p")))
            for paragraph in paragraphs[1:]:
                paragraph.getparent().remove(paragraph)
            words = list(paragraphs[0].iter(qn("w:t")))
            words[0].text = text
            for each in words[1:]:
                each.text = ""
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def test_page_and_margins_follow_the_standard_for_official_papers(document: Document) -> None:
    page = document.sections[0]
    width, height, left, right = (
        (size or 0) / Mm(1)
        for size in (page.page_width, page.page_height, page.left_margin, page.right_margin)
    )
    top, bottom = (page.top_margin or 0) / Mm(1), (page.bottom_margin or 0) / Mm(1)
    sizes = [width, height, top, left, width - left - right, height - top - bottom]
    assert [round(size, 1) for size in sizes] == [210, 297, 37, 28, 156, 225]


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ],
)
def test_fonts_and_sizes_follow_the_standard(document: Document, style: str, font: str, points: int) -> None:
    made = document.styles[style]
    fonts = made.element.rPr.find(qn("w:rFonts"))
    assert (fonts.get(qn("w:eastAsia")), made.font.size) == (font, Pt(points))


def test_lines_are_29_points_apart_and_begin_two_signs_in(document: Document) -> None:
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(29)
    first = next(p for p in document.paragraphs if p.text.startswith("本学期，学校图书馆"))
    indents = list(first._p.iter(qn("w:ind")))
    assert [each.get(qn("w:firstLineChars")) for each in indents] == ["200"]


def test_the_title_is_centred_and_names_school_and_term(content: bytes) -> None:
    document = word.Document(io.BytesIO(content))
    titles = [p for p in document.element.body.iter(qn("w:p")) if _style(p) == "Title"]
    assert ["".join(t.text for t in p.iter(qn("w:t"))) for p in titles] == [
        "柳溪镇中心小学",
        "2025—2026学年第二学期图书馆工作总结",
    ]
    assert document.styles["Title"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else str(style.get(qn("w:val")))


def test_page_numbers_stand_outside(document: Document) -> None:
    odd, even = document.sections[0].footer.paragraphs[0], document.sections[0].even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert odd.text.startswith("— ") and odd.text.endswith(" —")
    assert document.settings.odd_and_even_pages_header_footer


def test_every_linked_number_leads_to_a_row_of_the_sources(document: Document) -> None:
    body = document.element.body
    marks = {each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))}
    anchors = [each.get(qn("w:anchor")) for each in body.iter(qn("w:hyperlink"))]
    assert len(anchors) > 80
    assert set(anchors) == {mark for mark in marks if mark.startswith("source_")}


def test_the_sources_name_definition_value_quotient_and_page(document: Document) -> None:
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert rows[0] == ["序号", "数据", "取值", "分子÷分母", "口径", "明细所在页面"]
    assert [
        "生均借阅册数\n2026年春季学期", "9.27册", "3,208÷346", "生均借阅册数的口径。",
        "/desk/figures/circulation.loans_per_pupil/?period=2026-spring",
    ] in [row[1:] for row in rows]  # fmt: skip


def test_heads_of_tables_are_repeated_on_the_next_page(document: Document) -> None:
    for table in document.tables:
        assert len(list(table.rows[0]._tr.iter(qn("w:tblHeader")))) == 1


def test_the_chart_is_drawn_by_word_from_a_workbook_inside(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert CHART_TYPE in archive.read("[Content_Types].xml").decode()
        chart = archive.read("word/charts/chart1.xml").decode()
        inner = zipfile.ZipFile(io.BytesIO(archive.read("word/embeddings/workbook1.xlsx")))
    assert "三（1）班" in chart and "<c:v>12.15</c:v>" in chart and "上学期" in chart
    assert "12.15" in inner.read("xl/worksheets/sheet1.xml").decode()


def test_an_untouched_file_gives_nothing_that_a_person_wrote(content: bytes) -> None:
    found = controls(content)
    assert set(found) == {"guidance", "conditions", "technical", "activities", "team", "problems", "plans"}
    assert [key for key, control in found.items() if control.is_edited] == []


@pytest.mark.parametrize("key", ["activities", "problems"])
def test_what_a_person_writes_is_read_back(content: bytes, key: str) -> None:
    found = controls(edit(content, key, "四月举办读书节，\t三百人参加。"))[key]
    assert (found.is_edited, found.text) == (True, "四月举办读书节，\t三百人参加。")


def test_kept_words_stand_in_the_next_file_and_count_as_untouched(content: bytes) -> None:
    paper = with_texts(compose(book()), {"activities": "第一段。\n第二段。"})
    found = controls(docx.write(paper, mark=MARK))["activities"]
    assert (found.is_edited, found.text) == (False, "第一段。\n第二段。")


def test_a_final_paper_has_no_prompts_and_no_marks(content: bytes) -> None:
    final = docx.write(compose(book()), mark=MARK, is_final=True)
    document = word.Document(io.BytesIO(final))
    words = "".join(each.text or "" for each in document.element.body.iter(qn("w:t")))
    assert "请写" not in words and "［" not in words
    assert "班级之间借阅不平衡" in words


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: "总结".encode(),
        lambda content: content[: len(content) // 2],
        lambda content: b"PK\x03\x04" + b"\0" * 500,
    ],
)
def test_a_damaged_file_is_no_word_file(content: bytes, damage: object) -> None:
    with pytest.raises(docx.NotWord):
        docx.read_controls(damage(content), mark=MARK)  # type: ignore[operator]


def test_a_spreadsheet_is_no_word_file(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        workbook = archive.read("word/embeddings/workbook1.xlsx")
    with pytest.raises(docx.NotWord):
        docx.read_controls(workbook, mark=MARK)


def test_another_paper_is_foreign(content: bytes) -> None:
    for mark in (
        docx.mark_of("lx", "term-summary", "2025-autumn"),
        docx.mark_of("b", "term-summary", "2026-spring"),
    ):
        with pytest.raises(docx.Foreign):
            docx.read_controls(content, mark=mark)
    blank = io.BytesIO()
    word.Document().save(blank)
    with pytest.raises(docx.Foreign):
        docx.read_controls(blank.getvalue(), mark=MARK)
