"""Every format that schools send, told by content and read to the same rows."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from shuxiang.imports.tables import Row, TableError, TableFile, open_table
from shuxiang.imports.tests.biff import SMALL_XLS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TITLES = ("ISBN", "书名", "价格")
BOOKS = [("9787806041574", "毛泽东诗词鉴赏", "16.80"), ("9787101070927", "西游记", "20.00")]


def read(data: bytes, name: str = "新书.xls") -> tuple[TableFile, list[Row]]:
    with open_table(data, name=name) as table:
        return table, list(table.filled_sheets[0].rows)


def texts(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read(data)[1]]


def xlsx(write: Any, **options: Any) -> bytes:
    """A workbook in memory; `write(book, sheet)` fills it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        write(book, book.add_worksheet("书籍"))
    return buffer.getvalue()


def rows_of_text(delimiter: str = ",", end: str = "\r\n") -> str:
    return end.join(delimiter.join(row) for row in (TITLES, *BOOKS)) + end


def html(body: str) -> bytes:
    return f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>{body}</table></body></html>'.encode()


def excel_2003(rows: str) -> str:
    return (
        '<?xml version="1.0" encoding="GB2312"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="书籍"><Table>'
        f"{rows}</Table></Worksheet></Workbook>"
    )


def ods(rows: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="书籍">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def ods_row(*cells: str) -> str:
    return "<table:table-row>" + "".join(ods_text(cell) for cell in cells) + "</table:table-row>"


def ods_text(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_is_read_whatever_its_encoding_delimiter_and_name(codec: str, delimiter: str) -> None:
    table, rows = read(rows_of_text(delimiter).encode(codec), "新书.xlsx")
    assert [row.cells for row in rows] == BOOKS
    assert (table.format, table.delimiter) == ("csv", delimiter)
    assert [warning.code for warning in table.file_warnings] == ["wrong_extension"]


def test_big5_is_told_from_gbk() -> None:
    text = "書名,作者,出版社\n紅樓夢,曹雪芹,臺灣商務印書館\n西遊記,吳承恩,聯經出版公司\n"
    table, rows = read(text.encode("big5"))
    assert rows[0].cells == ("紅樓夢", "曹雪芹", "臺灣商務印書館")
    assert table.encoding == "big5"


def test_western_text_is_not_taken_for_chinese() -> None:
    table, rows = read("titre;auteur;année\nThérèse Desqueyroux;François Mauriac;1927\n".encode("cp1252"))
    assert rows[0].cells == ("Thérèse Desqueyroux", "François Mauriac", "1927")
    assert table.encoding == "cp1252"


def test_a_utf8_file_with_one_gbk_line_loses_nothing_and_says_so() -> None:
    lines = ["书名,作者", *(f"第{number}本好看的故事书,作者甲" for number in range(50))]
    data = "\n".join(lines).encode() + b"\n" + "红楼梦,曹雪芹".encode("gbk") + b"\n"
    table, rows = read(data)
    assert rows[49].cells == ("第49本好看的故事书", "作者甲")
    assert rows[50].cells == ("红楼梦", "曹雪芹")
    assert [warning.code for warning in table.file_warnings] == ["mixed_encoding"]


def test_quotes_hold_delimiters_and_line_breaks_and_rows_are_numbered_as_excel_does() -> None:
    _, rows = read('书名,简介\r\n"一,二","上\r\n下"\r\n\r\n三,"说""好"""\r\n'.encode())
    assert [(row.number, row.cells) for row in rows] == [(2, ("一,二", "上\n下")), (4, ("三", '说"好"'))]


def test_a_quote_never_closed_costs_its_own_line_only() -> None:
    _, rows = read(('书名,作者\n"坏,甲\n' + "好,乙\n" * 1000).encode())
    assert len(rows) == 1001
    assert rows[0].cells == ('"坏', "甲")
    assert rows[0].notes[0].code == "unclosed_quote"


def test_a_quote_inside_a_cell_is_a_character() -> None:
    assert texts('书名,作者\n5" 软盘,甲\n好,乙\n'.encode()) == [('5" 软盘', "甲"), ("好", "乙")]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_compressed_text_is_read(pack: Callable[[bytes], bytes]) -> None:
    assert texts(pack(rows_of_text().encode("gbk"))) == BOOKS


def test_html_named_xls_gives_its_rows_with_whole_numbers_from_excel_marks() -> None:
    data = html(
        "<tr><th>ISBN</th><th>书名</th><th>入库日期</th></tr>"
        '<tr><td x:num="9787806041574">9.78781E+12</td><td>上<br>下&amp;&nbsp;</td><td x:num="42882">2017-5-27</td></tr>'
        "<tr><td x:num>0012</td><td>未闭合"
    )
    table, rows = read(data)
    assert table.format == "html"
    assert [row.cells for row in rows] == [("9787806041574", "上\n下&", "2017-5-27"), ("0012", "未闭合", "")]
    assert rows[0].is_number(0)


def test_html_in_gbk_that_claims_utf8_is_read() -> None:
    page = "<html><head><meta charset=utf-8></head><body><table><tr><td>书名</td><td>作者</td></tr>"
    data = (page + "<tr><td>红楼梦</td><td>曹雪芹</td></tr></table></body></html>").encode("gbk")
    assert texts(data) == [("红楼梦", "曹雪芹")]


def test_excel_2003_xml_is_read_in_its_real_encoding() -> None:
    rows = (
        "<Row><Cell><Data ss:Type='String'>ISBN</Data></Cell><Cell><Data ss:Type='String'>书名</Data></Cell>"
        "<Cell><Data ss:Type='String'>入库日期</Data></Cell><Cell><Data ss:Type='String'>价格</Data></Cell></Row>"
        "<Row ss:Index='5'><Cell><Data ss:Type='Number'>9787806041574</Data></Cell>"
        "<Cell><Data ss:Type='String'>诗词</Data></Cell>"
        "<Cell><Data ss:Type='DateTime'>2017-05-27T00:00:00.000</Data></Cell>"
        "<Cell><Data ss:Type='Error'>#N/A</Data></Cell></Row>"
    )
    for codec in ("gb18030", "utf-8"):
        table, read_rows = read(excel_2003(rows).encode(codec))
        assert table.format == "xml"
        assert [(row.number, row.cells) for row in read_rows] == [
            (5, ("9787806041574", "诗词", "2017-05-27", ""))
        ]
        assert read_rows[0].notes == ((3, "error_cell", ""),)


def test_open_document_keeps_shown_zeros_dates_and_leaves_comments_out() -> None:
    number = (
        '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    )
    data = ods(
        ods_row("借书证号", "ISBN", "姓名", "办证日期")
        + '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        + "<table:table-row>"
        + number.format("7", "0007")
        + number.format("9787806041574", "9.79E+12")
        + '<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>'
        "<text:p>张<text:s/>三</text:p></table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2016-09-01"><text:p>16/9/1</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    table, rows = read(data)
    assert table.format == "ods"
    assert [(row.number, row.cells) for row in rows] == [
        (5, ("0007", "9787806041574", "张 三", "2016-09-01"))
    ]


def test_a_real_biff_workbook_is_read_with_numbers_dates_and_merged_cells() -> None:
    table, rows = read(SMALL_XLS)
    assert table.format == "xls"
    assert table.sheets[0].header.above == ("新书登记表",)
    assert [row.cells for row in rows] == [
        ("一(1)班", "9787806041574", "2017-05-27"),
        ("一(1)班", "9787101070927", "2017-05-28"),
    ]
    assert rows[1].notes == ((0, "filled_from_merged", ""),)


def test_workbook_values_become_the_shortest_exact_text() -> None:
    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, ["ISBN", "册数", "价格", "入库日期", "时间", "工具书", "备注"])
        sheet.write_row(1, 0, [9787806041574, 5, 0.1 + 0.2])
        sheet.write_datetime(1, 3, dt.datetime(2017, 5, 27), day)  # noqa: DTZ001
        sheet.write_datetime(1, 4, dt.datetime(2017, 5, 27, 11, 36), instant)  # noqa: DTZ001
        sheet.write_boolean(1, 5, True)
        sheet.write_formula(1, 6, "=CONCAT(A1)", None, "算得")
        sheet.write_string(2, 0, "9.78E+12")
        sheet.write_formula(2, 6, "=1/0", None, "#DIV/0!")

    _, rows = read(xlsx(write))
    assert rows[0].cells == (
        "9787806041574", "5", "0.3", "2017-05-27", "2017-05-27 11:36:00", "TRUE", "算得",
    )  # fmt: skip
    assert [rows[0].is_number(column) for column in range(4)] == [True, True, True, False]
    assert set(rows[1].notes) == {(0, "lost_digits", "9.78E+12"), (6, "error_cell", "")}


def test_a_hidden_sheet_is_told_and_left_out_of_the_filled_ones() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["书名", "红楼梦"])
        other = book.add_worksheet("草稿")
        other.write_column(0, 0, ["书名", "旧"])
        other.hide()

    with open_table(xlsx(write), name="a.xlsx") as table:
        assert [sheet.name for sheet in table.filled_sheets] == ["书籍"]
        assert [warning.code for warning in table.sheets[1].warnings] == ["hidden_sheet"]


def test_closing_removes_temporary_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_table(gzip.compress(rows_of_text().encode()), name="a.csv.gz"):
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())
    with pytest.raises(TableError):
        open_table(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, name="a.xlsx")
    assert not list(tmp_path.iterdir())
