"""A PDF written page after page, read back by another program."""

from datetime import UTC, datetime
from io import BytesIO

import pypdfium2
import pytest

from shuxiang.printing.fitting import fit, wrap
from shuxiang.printing.font import face, missing
from shuxiang.printing.pdf import A4, A4_LANDSCAPE, Document, Page, text_width
from shuxiang.printing.tables import Column, Layout, Table, paragraph

pytestmark = pytest.mark.engine_free
NAME = "阿依努尔·买买提"


def text_of(data: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return str(document[page].get_textpage().get_text_range()).replace("\r\n", "\n")


def test_text_in_both_faces_is_embedded_and_can_be_copied_again() -> None:
    out = BytesIO()
    with Document(
        out, title="个别登记帐", author="书香小学", at=datetime(2026, 9, 1, tzinfo=UTC)
    ) as document:
        page = document.page(*A4)
        page.text(20, 30, f"{NAME} I247.57/3")
        page.text(20, 40, "圖書館藏書", family="serif", bold=True)
        document.page(*A4_LANDSCAPE).text(148.5, 100, "第二页", align="centre")
    data = out.getvalue()
    with pypdfium2.PdfDocument(data) as read:
        assert [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in read] == [
            (210, 297),
            (297, 210),
        ]
        assert read.get_metadata_dict()["Title"] == "个别登记帐"
    assert text_of(data) == f"{NAME} I247.57/3\n圖書館藏書"
    assert text_of(data, 1) == "第二页"
    assert len(data) < 20_000  # the signs used, not the 8 MB of the font


def test_signs_that_the_font_lacks_are_named_and_show_as_a_printers_blank() -> None:
    out = BytesIO()
    with Document(out, title="") as document:
        document.page(*A4).text(20, 30, "王𠮷\u0001生𪚥𠮷")
    assert list(document.missing) == ["𠮷", "𪚥"]
    assert text_of(out.getvalue()) == "王〓 生〓〓"
    assert missing(["王𠮷", "\n 𪚥"]) == ("𠮷", "𪚥")


def test_ten_thousand_pages_need_the_memory_of_one() -> None:
    class Counting(BytesIO):
        longest = 0

        def write(self, data: object, /) -> int:
            self.longest = max(self.longest, len(data))  # type: ignore[arg-type]
            return len(data)  # type: ignore[arg-type]

    out = Counting()
    document = Document(out, title="")
    for number in range(10_000):
        document.page(*A4).text(20, 30, f"第 {number} 页")
    before = out.longest
    document.close()
    assert before < 500


def test_a_closed_document_without_pages_is_still_a_file() -> None:
    out = BytesIO()
    Document(out, title="").close()
    assert out.getvalue().startswith(b"%PDF-1.6")
    assert out.getvalue().rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("书香小学图书馆", 20, ["书香小学图", "书馆"]),
        ("小学（图书馆）。", 12, ["小学", "（图书", "馆）。"]),
        ("I247.57/3", 12, ["I247.", "57/3"]),
        ("Robinson Crusoe 鲁滨逊", 22, ["Robinson", "Crusoe 鲁滨", "逊"]),
        ("Donaudampfschiff", 12, ["Donau", "dampf", "schiff"]),
        ("上\n下", 20, ["上", "下"]),
        ("", 20, [""]),
    ],
)
def test_lines_break_where_chinese_and_call_numbers_may(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width=width, size=10.5) == lines


@pytest.mark.parametrize(
    "text", [NAME, "中华人民共和国国家标准汇编第十六", "I247.57/12345:2(1)", "x" * 300, "国" * 300, ""]
)
@pytest.mark.parametrize(("width", "height"), [(18, 6), (30, 4), (60, 20), (2, 2)])
def test_fitted_text_is_inside_its_box_or_said_to_be_cut(text: str, width: float, height: float) -> None:
    found = fit(text, width=width, height=height, size=12, least=4)
    assert all(text_width(line, found.size) <= width + 0.001 for line in found.lines) or width < 4
    assert found.height <= height + 0.001 or len(found.lines) == 1
    assert found.is_whole == ("".join(found.lines) == text)


def test_a_table_flows_over_pages_with_what_is_carried_forward() -> None:
    out = BytesIO()
    seen: list[tuple[int, int]] = []

    def head(page: Page, number: int) -> None:
        page.text(12, 20, f"个别登记帐 第 {number} 页", size=14)
        table.draw_row(["承前页", "", str(sum(range(number - 1)))])

    def foot(page: Page, number: int) -> None:
        table.draw_row(["过次页", "", "合计"])
        page.text(12, table.y + 8, "经手人：")
        seen.append((number, table.rows))

    with Document(out, title="") as document:
        table = Table(
            document,
            A4_LANDSCAPE,
            [Column("登录号", 20), Column("书名", 100), Column("单价", 20, "right")],
            layout=Layout(),
            head=head,
            foot=foot,
            reserved=2,
        )
        for number in range(50):
            table.row([f"B{number}", "很长的书名" * (number % 9), "12.50"])
        table.end()
    assert seen == [(1, table.rows_a_page), (2, table.rows_a_page), (3, 50 - 2 * table.rows_a_page)]
    assert table.rows_a_page == 19
    assert "个别登记帐 第 2 页" in text_of(out.getvalue(), 1)
    assert "B49" in text_of(out.getvalue(), 2)
    assert document.pages == 3


def test_an_empty_table_has_one_page_with_head_and_foot() -> None:
    out = BytesIO()
    drawn: list[int] = []
    with Document(out, title="") as document:
        table = Table(
            document,
            A4,
            [Column("书名", 1)],
            head=lambda _page, number: drawn.append(number),
            foot=lambda _page, number: drawn.append(-number),
        )
        table.end()
    assert drawn == [1, -1]
    with pytest.raises(ValueError, match="drawn on a page"):
        table.draw_row(["x"])


def test_a_paragraph_says_where_it_ends() -> None:
    with Document(BytesIO(), title="") as document:
        page = document.page(*A4)
        one = paragraph(page, "一行", x=20, y=20, width=100)
        two = paragraph(page, "两行" * 20, x=20, y=20, width=100)
    assert 23 < one < 24.5
    assert two > one + 4


def test_widths_are_those_of_the_font() -> None:
    assert face("sans").width("国") == 1000
    assert text_width("国国", 72) == pytest.approx(50.8)
